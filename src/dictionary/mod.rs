//! APS's parameters, commands and rules, as requests are held against them.
//!
//! They are written in `src/dictionary/dictionary.toml`, their one home. The build script makes lines of text of them, here read as
//! far as they are asked for: nothing is as small in a page, and a parameter is found in a microsecond.
//!
//! ```text
//! PARAMETERS  name, max, special characters or values, kind and characters, min, presence by command, source
//! COMMANDS    name, channels, selector, effect, what the browser adds, what is not signed in replies, what
//!             is required, rules
//! rule        severity and source | when | values | unless | values | demand | parameters | values
//! ```
//!
//! Fields end at a tab and stand in the order that compresses best. Both kinds of lines are sorted, and a presence is a
//! letter for each command in their order: `r`equired, `o`ptional, `s`upplied, refused (`x`) or none (`-`).

pub mod check;
mod notation;
#[cfg(feature = "signature")]
pub mod packed;
#[cfg(feature = "signature")]
pub mod pieces;

pub use crate::issue::Severity;

use crate::text::{cut, line, read_u64, take, words};

include!(concat!(env!("OUT_DIR"), "/dictionary.rs"));

/// The letters and digits a parameter takes; its special characters come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Unicode letters and marks.
    Alpha,
    /// Unicode letters and marks, ASCII digits.
    Alnum,
    /// ASCII digits.
    Numeric,
    /// No list of characters is known.
    Any,
}

/// What a parameter holds, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names something: another character is an error.
    Identifier,
    /// Free text: another character is only a warning, since the lists are documented but not known to be enforced.
    Text,
    /// An address of a page: as `Text`, and `=` is allowed unless a reserved name stands before it.
    Url,
    /// Encoded bytes, which may end in `=`.
    Encoded,
    /// A number or a number-like thing: another character is an error.
    Number,
    /// Minor units of the currency.
    Amount,
    /// ISO 4217, capital letters.
    Currency,
    /// An e-mail address.
    Email,
    /// A card number.
    CardNumber,
    /// `YYMM`.
    Expiry,
    /// A card's security code.
    SecurityCode,
    /// `YYYY-MM-DD`.
    Date,
    /// A day and a time with the offset to UTC, as ISO 8601 has it.
    DateTime,
    /// One of `choices`.
    Choice,
    /// A nested object or list.
    Object,
}

/// An allowed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As APS spells it.
    pub value: &'static str,
    /// Refused for AUTHORIZATION.
    pub purchase_only: bool,
}

/// How a command stands to a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// The account or the call supplies it; given as well, it must agree.
    Supplied,
    /// Known, and refused here.
    Refused,
}

/// A parameter of a command, or a part of one.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// APS's name, or the path of a part (`products[].product_name`).
    pub name: &'static str,
    /// How the command stands to it.
    pub presence: Presence,
    /// What it holds.
    pub kind: Kind,
    /// Its letters and digits.
    pub characters: Characters,
    // Characters besides those; of a choice, its values, marked with `*` where AUTHORIZATION does not take them; of a card
    // number the brands taken; `closed` of a structure all parts of which are known, and which of them it needs.
    takes: &'static str,
    /// At least so many characters.
    pub min: usize,
    /// At most so many characters, or elements of a list; 0 when no limit is known.
    pub max: usize,
    // The place of its source, in digits: most are never asked for.
    source: &'static str,
}

impl Parameter {
    // What a line says of a parameter for a command; none if that one does not know it.
    fn read(line: &'static str, command: usize) -> Option<Self> {
        let mut fields = line;
        let mut next = || take(&mut fields, '\t');
        let name = base(next());
        let (max, takes, letters, min) = (number(next()), next(), next(), number(next()).max(1));
        let presence = match next().as_bytes().get(command)? {
            b'r' => Presence::Required,
            b'o' => Presence::Optional,
            b's' => Presence::Supplied,
            b'x' => Presence::Refused,
            _ => return None,
        };
        let [kind, characters] = letters.as_bytes() else { return None };
        let kind = match kind {
            b'i' => Kind::Identifier,
            b't' => Kind::Text,
            b'u' => Kind::Url,
            b'b' => Kind::Encoded,
            b'n' => Kind::Number,
            b'a' => Kind::Amount,
            b'y' => Kind::Currency,
            b'm' => Kind::Email,
            b'c' => Kind::CardNumber,
            b'e' => Kind::Expiry,
            b's' => Kind::SecurityCode,
            b'd' => Kind::Date,
            b'z' => Kind::DateTime,
            b'w' => Kind::Choice,
            _ => Kind::Object,
        };
        let characters = match characters {
            b'a' => Characters::Alpha,
            b'b' => Characters::Alnum,
            b'n' => Characters::Numeric,
            _ => Characters::Any,
        };
        Some(Self { name, presence, kind, characters, takes, min, max, source: next() })
    }

    /// Where this comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        line_of_source(self.source)
    }

    /// Characters besides the letters and digits.
    #[must_use]
    pub const fn special(&self) -> &'static str {
        if matches!(self.kind, Kind::Amount | Kind::Choice | Kind::CardNumber) { "" } else { self.takes }
    }

    /// Of an amount whether it may be zero.
    #[must_use]
    pub fn may_be_zero(&self) -> bool {
        self.kind == Kind::Amount && self.takes == "0"
    }

    /// Of a card number the brands that are taken, as words; any, if empty.
    #[must_use]
    pub const fn brands(&self) -> &'static str {
        if matches!(self.kind, Kind::CardNumber) { self.takes } else { "" }
    }

    /// Whether it is a structure all parts of which are known.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.kind == Kind::Object && !self.takes.is_empty()
    }

    /// The members, as words, that a structure must have, or each of the objects in a list.
    #[must_use]
    pub fn members(&self) -> &'static str {
        if self.kind == Kind::Object { cut(self.takes, ' ').unwrap_or_default().1 } else { "" }
    }

    /// Whether a value is one that AUTHORIZATION does not take.
    #[must_use]
    #[inline(never)]
    pub fn is_purchase_only(&self, value: &str) -> bool {
        words(self.takes).any(|word| cut(word, '*').is_some_and(|(own, _)| own == value))
    }

    /// The allowed values; none when they are not a closed list.
    pub fn choices(&self) -> impl Iterator<Item = Choice> + use<> {
        words(if self.kind == Kind::Choice { self.takes } else { "" }).map(|word| match cut(word, '*') {
            Some((value, _)) => Choice { value, purchase_only: true },
            None => Choice { value: word, purchase_only: false },
        })
    }
}

/// A rule between parameters. Several names or values are words of one text.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// It applies when any of these parameters, words, is given; always, if empty.
    pub when: &'static str,
    /// Only when that, the one, has one of these values; any, if empty.
    pub values: &'static str,
    /// Not when this parameter
    pub unless: &'static str,
    /// has one of these values.
    pub others: &'static str,
    /// What it asks for.
    pub demand: Demand,
    /// Of which parameters.
    pub names: &'static str,
    /// With which values.
    pub only: &'static str,
    /// Whether breaking it stops the request.
    pub severity: Severity,
    source: &'static str,
}

/// What a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// At least one of the parameters.
    OneOf,
    /// All of the parameters.
    Needs,
    /// None of the parameters.
    Refuses,
    /// That the parameter, where given, has one of the values.
    Only,
}

impl Rule {
    /// Where it comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        line_of_source(self.source)
    }

    fn read(text: &'static str) -> Self {
        let mut parts = text;
        let mut next = || take(&mut parts, '|');
        let head = next();
        Self {
            severity: if head.as_bytes().first() == Some(&b'e') { Severity::Error } else { Severity::Warning },
            source: head.get(1..).unwrap_or_default(),
            when: next(),
            values: next(),
            unless: next(),
            others: next(),
            demand: match next() {
                "o" => Demand::OneOf,
                "n" => Demand::Needs,
                "r" => Demand::Refuses,
                _ => Demand::Only,
            },
            names: next(),
            only: next(),
        }
    }
}

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its place among all commands, which are sorted by name.
    pub place: usize,
    /// APS's name.
    pub name: &'static str,
    selector: &'static str,
    effect: &'static str,
    /// Where it may be sent, as words: `api` (JSON from server to server), `page` (a form that the browser posts),
    /// `upload` and `batch` (files), `reporting` (reports).
    pub channels: &'static str,
    /// Parameters, as words, that the browser adds to a form for the payment page: not signed, and refused in what is.
    pub browser: &'static str,
    /// Parameters, as words, that are left out of the signature of a reply.
    pub unsigned_reply: &'static str,
    /// Parameters, as words, that must be there.
    pub required: &'static str,
    rules: &'static str,
}

impl Command {
    /// Finds a command by name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let rest = from_line(COMMANDS, name);
        let before = COMMANDS.bytes().take(COMMANDS.len().saturating_sub(rest.len()));
        let command = Self::read(cut(rest, '\n')?.0, before.filter(|byte| *byte == b'\n').count());
        (command.name == name).then_some(command)
    }

    /// All commands, sorted by name.
    pub fn all() -> impl Iterator<Item = Self> {
        lines(COMMANDS).enumerate().map(|(place, line)| Self::read(line, place))
    }

    fn read(line: &'static str, place: usize) -> Self {
        let mut fields = line;
        let mut next = || take(&mut fields, '\t');
        Self {
            place,
            name: next(),
            channels: next(),
            selector: next(),
            effect: next(),
            browser: next(),
            unsigned_reply: next(),
            required: next(),
            rules: next(),
        }
    }

    /// The parameter that holds the name: `command`, `query_command` or `service_command`.
    #[must_use]
    pub fn selector(&self) -> &'static str {
        match self.selector {
            "q" => "query_command",
            "s" => "service_command",
            _ => "command",
        }
    }

    /// What it does to money, which decides what its lost answer means: `money` moves or holds it, a `query` only asks, a
    /// `service` does neither.
    #[must_use]
    pub fn effect(&self) -> &'static str {
        match self.effect {
            "m" => "money",
            "q" => "query",
            _ => "service",
        }
    }

    /// Finds a parameter of the command, or a part of one by its path without numbers (`products[].product_name`).
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Parameter> {
        let mut rest = from_line(PARAMETERS, name);
        loop {
            let (line, after) = cut(rest, '\n')?;
            if base(cut(line, '\t')?.0) != name {
                return None;
            }
            if let Some(own) = Parameter::read(line, self.place) {
                return Some(own);
            }
            rest = after;
        }
    }

    /// All its parameters, parts of parameters among them, sorted by name.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        let place = self.place;
        lines(PARAMETERS).filter_map(move |line| Parameter::read(line, place))
    }

    /// Its rules.
    pub fn rules(&self) -> impl Iterator<Item = Rule> + use<> {
        let mut rest = self.rules;
        core::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            Some(Rule::read(take(&mut rest, ';')))
        })
    }
}

/// The statuses of a reply to a command that tell its success or failure, as words.
#[must_use]
pub fn statuses(command: &str) -> &'static str {
    lines(STATUSES).find_map(|line| cut(line, ' ').filter(|(name, _)| *name == command)).unwrap_or_default().1
}

/// The parameters that decide what a reply means and for which payment, as words sorted by name. With `=` behind it, each of them
/// could make a signed message readable in two ways.
pub const RESERVED: &str =
    "amount command currency fort_id maintenance_reference merchant_reference order_description response_code status";

/// Whether a request of any command may have a parameter of that name.
#[must_use]
pub fn is_parameter(name: &str) -> bool {
    let line = cut(from_line(PARAMETERS, name), '\n').unwrap_or_default().0;
    base(cut(line, '\t').unwrap_or_default().0) == name
}

/// The reserved name that a text ends in; empty if none.
#[must_use]
#[inline(never)]
pub fn reserved_end(text: &[u8]) -> &'static str {
    words(RESERVED).find(|name| text.ends_with(name.as_bytes())).unwrap_or_default()
}

/// Why text is reserved.
pub const RESERVED_SOURCE: &str = "APS's signed text has no separators";

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let (line, after) = cut(rest, '\n')?;
        rest = after;
        Some(line)
    })
}

// Sorted lines from the first on whose name is not before the one wanted.
#[inline(never)]
fn from_line(text: &'static str, wanted: &str) -> &'static str {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = low.midpoint(high);
        let before = text.as_bytes().get(..middle).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
        let line = text.get(start..).and_then(|rest| cut(rest, '\n')).unwrap_or_default().0;
        if cut(line, '\t').unwrap_or_default().0 < wanted {
            low = start.saturating_add(line.len()).saturating_add(1);
        } else {
            high = start;
        }
    }
    text.get(low..).unwrap_or_default()
}

// The name that APS knows, without the word that tells it from others.
fn base(name: &'static str) -> &'static str {
    cut(name, '@').map_or(name, |(base, _)| base)
}

fn number(digits: &str) -> usize {
    read_u64(digits).and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}

fn line_of_source(place: &str) -> &'static str {
    line(SOURCES, number(place))
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Command, Kind, PARAMETERS, Presence, RESERVED, base, is_parameter, lines, statuses};
    use crate::text::words;

    #[test]
    fn everything_is_sorted_and_found() {
        assert!(lines(COMMANDS).is_sorted() && lines(PARAMETERS).is_sorted() && words(RESERVED).is_sorted());
        for command in Command::all() {
            assert_eq!(Command::find(command.name).map(|own| own.place), Some(command.place));
            assert!(!statuses(command.name).is_empty(), "{}", command.name);
            let mut found = 0;
            for parameter in command.parameters() {
                let own = command.parameter(parameter.name).unwrap();
                assert_eq!((own.name, own.max, own.source()), (parameter.name, parameter.max, parameter.source()));
                assert!(!own.source().is_empty());
                assert_eq!(own.kind == Kind::Choice, own.choices().next().is_some());
                found += 1;
            }
            assert!(found >= 5, "{}", command.name);
            let known = |name: &str| assert!(command.parameter(name).is_some(), "{} {name}", command.name);
            words(command.browser).for_each(known);
            let required = command.parameters().filter(|own| own.presence == Presence::Required);
            assert!(required.map(|own| own.name).eq(words(command.required)), "{}", command.name);
            for rule in command.rules() {
                words(rule.when).chain(words(rule.unless)).for_each(known);
                words(rule.names).for_each(known);
                assert!(!rule.source().is_empty() && !rule.names.is_empty());
            }
        }
        let names = |names: &'static str| words(names).all(is_parameter);
        assert!(names("3ds_xid access_code airline_data card_number payment_option wallet_amount"));
        for name in ["", "a", "3ds", "card_numbe", "card_number@verify", "payment_option ", "xpayment_option", "zzz"] {
            assert!(!is_parameter(name), "{name}");
        }
        assert!(Command::find("capture").is_none() && statuses("capture").is_empty());
        let capture = Command::find("CAPTURE").unwrap();
        assert!(capture.parameter("").is_none() && capture.parameter("zzz").is_none());
        assert!(capture.parameter("3ds_eci").is_none() && capture.parameter("amount@").is_none());
        assert_eq!(base("card_number@verify"), "card_number");
        assert_eq!(capture.parameter("amount").map(|own| own.presence), Some(Presence::Required));
    }
}
