//! APS's parameters, commands and rules, as requests are held against them.
//!
//! They are written in `src/dictionary/dictionary.toml`, their one home. The build script makes text of them, since nothing is as small
//! in a page; a [`Plan`] is read of it once for each command, and is what every check and build works with.
//!
//! ```text
//! PARAMETERS  name, max, special characters or values, kind and characters, min, presence by command, source
//! COMMANDS    name, channels, selector, effect, what the browser adds, what is not signed in replies, rules
//! rule        severity and source | when | values | unless | values | demand | parameters | values
//! ```
//!
//! Fields end at a tab and stand in the order that compresses best. Both are sorted by name, and a presence is a letter for each
//! command in their order: `r`equired, `o`ptional, `s`upplied, refused (`x`) or none (`-`).

pub mod check;
pub mod given;
#[cfg(not(page))]
mod hidden;
#[cfg(not(page))]
mod internet;
mod judge;
mod notation;
pub mod plan;
#[cfg(not(page))]
mod structure;

pub use crate::issue::Severity;
pub use plan::{Demand, Plan, Rule};

use crate::text::{cut, has_word, line, read_u64, take, words};

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

impl Characters {
    const fn from_letter(letter: u8) -> Self {
        match letter {
            b'a' => Self::Alpha,
            b'b' => Self::Alnum,
            b'n' => Self::Numeric,
            _ => Self::Any,
        }
    }
}

/// What a parameter holds, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names something: another character is an error.
    Identifier,
    /// Free text: another character is only a warning, since the lists are documented but not known to be enforced.
    Text,
    /// An address of a page: as `Opaque`, and absolute.
    Url,
    /// What others made: as `Text`, and `=` is allowed unless a reserved name stands before it.
    Opaque,
    /// An IPv4 or IPv6 address.
    Ip,
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

impl Kind {
    const fn from_letter(letter: u8) -> Self {
        match letter {
            b'i' => Self::Identifier,
            b't' => Self::Text,
            b'u' => Self::Url,
            b'q' => Self::Opaque,
            b'p' => Self::Ip,
            b'b' => Self::Encoded,
            b'n' => Self::Number,
            b'a' => Self::Amount,
            b'y' => Self::Currency,
            b'm' => Self::Email,
            b'c' => Self::CardNumber,
            b'e' => Self::Expiry,
            b's' => Self::SecurityCode,
            b'd' => Self::Date,
            b'z' => Self::DateTime,
            b'w' => Self::Choice,
            _ => Self::Object,
        }
    }
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
    /// At least so many characters.
    pub min: usize,
    /// At most so many characters, or elements of a list, where a limit is known.
    pub max: Option<usize>,
    /// Whether it is a part of another one.
    pub is_part: bool,
    /// Of an object whether it is a list.
    #[cfg(not(page))]
    pub is_list: bool,
    /// Whether the browser adds it to a form for the payment page: not signed, and refused in what is.
    pub is_of_browser: bool,
    // Characters besides those; of a choice, its values, marked with `*` where AUTHORIZATION does not take them; of a card
    // number the brands taken; `closed` of a structure all parts of which are known, and which of them it needs.
    takes: &'static str,
    /// The rules that depend on it.
    pub rules: plan::Rules,
    // The ASCII characters that it takes, a bit each.
    ascii: [u32; 4],
    source: usize,
}

impl Parameter {
    /// What a line says of a parameter for a command; none if that one does not know it.
    fn read(line: &'static str, command: &Command) -> Option<Self> {
        let mut fields = line;
        let mut next = || take(&mut fields, '\t');
        let name = base(next());
        let (max, takes, letters, min) = (next(), next(), next(), next());
        let presence = match next().as_bytes().get(command.place)? {
            b'r' => Presence::Required,
            b'o' => Presence::Optional,
            b's' => Presence::Supplied,
            b'x' => Presence::Refused,
            _ => return None,
        };
        let [kind, characters] = letters.as_bytes() else { return None };
        let (kind, characters) = (Kind::from_letter(*kind), Characters::from_letter(*characters));
        let mut parameter = Self {
            name,
            presence,
            kind,
            characters,
            min: number(min).unwrap_or(1),
            max: number(max),
            is_part: name.bytes().any(|byte| matches!(byte, b'.' | b'[')),
            #[cfg(not(page))]
            is_list: letters.as_bytes().first() == Some(&b'l'),
            is_of_browser: has_word(command.browser, name),
            takes,
            rules: 0,
            ascii: [0; 4],
            source: number(next()).unwrap_or_default(),
        };
        parameter.ascii = notation::ascii_of(characters, parameter.special());
        Some(parameter)
    }

    /// Where this comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        line(SOURCES, self.source)
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

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    // Its place among all commands, which are sorted by name.
    place: usize,
    /// APS's name.
    pub name: &'static str,
    /// The parameter that holds the name.
    pub selector: &'static str,
    /// What it does to money, which decides what its lost answer means.
    pub effect: Effect,
    /// Where it may be sent, as words: `api` (JSON from server to server), `page` (a form that the browser posts),
    /// `upload` and `batch` (files), `reporting` (reports).
    pub channels: &'static str,
    /// Parameters, as words, that are left out of the signature of a reply.
    pub unsigned_reply: &'static str,
    browser: &'static str,
    rules: &'static str,
}

/// What a command does to money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It moves or holds an amount.
    Money,
    /// It only asks.
    Query,
    /// Neither.
    Service,
}

impl Effect {
    /// `money`, `query` or `service`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Query => "query",
            Self::Service => "service",
        }
    }
}

impl Command {
    /// Finds a command by name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::place_of(name).and_then(Self::at)
    }

    fn place_of(name: &str) -> Option<usize> {
        COMMANDS.iter().position(|line| {
            let line = line.as_bytes();
            line.get(name.len()) == Some(&b'\t') && line.starts_with(name.as_bytes())
        })
    }

    /// All commands, sorted by name.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..COMMANDS.len()).filter_map(Self::at)
    }

    fn at(place: usize) -> Option<Self> {
        let mut fields = *COMMANDS.get(place)?;
        let mut next = || take(&mut fields, '\t');
        Some(Self {
            place,
            name: next(),
            channels: next(),
            selector: match next() {
                "q" => "query_command",
                "s" => "service_command",
                _ => "command",
            },
            effect: match next() {
                "m" => Effect::Money,
                "q" => Effect::Query,
                _ => Effect::Service,
            },
            browser: next(),
            unsigned_reply: next(),
            rules: next(),
        })
    }

    /// All its parameters, parts of parameters among them, sorted by name.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> {
        lines(PARAMETERS).filter_map(|line| Parameter::read(line, self))
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
#[cfg(not(page))]
#[must_use]
pub fn is_parameter(name: &str) -> bool {
    use std::sync::OnceLock;
    static NAMES: OnceLock<alloc::vec::Vec<&str>> = OnceLock::new();
    let name_of = |line: &'static str| base(cut(line, '\t').unwrap_or_default().0);
    NAMES.get_or_init(|| lines(PARAMETERS).map(name_of).collect()).binary_search(&name).is_ok()
}

/// Whether a parameter is a number, or names something by one, and none that is kept secret.
#[cfg(not(page))]
#[must_use]
pub(crate) fn is_public_number(name: &str) -> bool {
    let own = lines(PARAMETERS).map(|line| cut(line, '\t').unwrap_or_default());
    let is_secret = ["otp", "token"].iter().any(|word| name.contains(word));
    let mut own = own.filter(|(full, _)| !is_secret && base(full) == name);
    own.any(|(_, rest)| {
        let kind = rest.split('\t').nth(2).unwrap_or_default();
        matches!(kind.as_bytes().first(), Some(b'i' | b'n'))
    })
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

// The name that APS knows, without the word that tells it from others.
fn base(name: &'static str) -> &'static str {
    cut(name, '@').map_or(name, |(base, _)| base)
}

fn number(digits: &str) -> Option<usize> {
    read_u64(digits).and_then(|number| usize::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::{
        COMMANDS, Command, Kind, PARAMETERS, Plan, Presence, RESERVED, base, is_parameter, is_public_number, lines,
        statuses,
    };
    use crate::text::words;

    #[test]
    fn everything_is_sorted_and_found() {
        assert!(COMMANDS.is_sorted() && lines(PARAMETERS).is_sorted() && words(RESERVED).is_sorted());
        for command in Command::all() {
            assert_eq!(Command::find(command.name).map(|own| own.place), Some(command.place));
            assert!(!statuses(command.name).is_empty(), "{}", command.name);
            let plan = Plan::find(command.name).unwrap();
            let mut found = 0;
            for parameter in command.parameters() {
                let own = plan.parameter(parameter.name).unwrap();
                assert_eq!((own.name, own.max, own.source()), (parameter.name, parameter.max, parameter.source()));
                assert!(!own.source().is_empty());
                assert_eq!(own.kind == Kind::Choice, own.choices().next().is_some());
                found += 1;
            }
            assert!(found >= 5, "{}", command.name);
            for name in words(command.browser) {
                assert!(plan.parameter(name).unwrap().is_of_browser, "{} {name}", command.name);
            }
        }
        let names = |names: &'static str| words(names).all(is_parameter);
        assert!(names("3ds_xid access_code airline_data card_number payment_option wallet_amount"));
        for name in ["", "a", "3ds", "card_numbe", "card_number@verify", "payment_option ", "xpayment_option", "zzz"] {
            assert!(!is_parameter(name), "{name}");
        }
        let numbers = ["fort_id", "merchant_reference", "phone_number", "payment_link_id", "batch_id"];
        for name in numbers {
            assert!(is_public_number(name), "{name}");
        }
        for name in ["card_number", "card_security_code", "expiry_date", "otp", "token_name", "no_such", "products"] {
            assert!(!is_public_number(name), "{name}");
        }
        assert!(Command::find("capture").is_none() && statuses("capture").is_empty());
        assert!(Command::find("").is_none() && Plan::find("CAPTUR").is_none());
        let capture = Plan::find("CAPTURE").unwrap();
        assert!(capture.parameter("").is_none() && capture.parameter("zzz").is_none());
        assert!(capture.parameter("3ds_eci").is_none() && capture.parameter("amount@").is_none());
        assert_eq!(base("card_number@verify"), "card_number");
        assert_eq!(capture.parameter("amount").map(|own| own.presence), Some(Presence::Required));
    }
}
