//! APS's parameters, commands and rules, against which requests are checked.
//!
//! They are defined in `src/dictionary/dictionary.toml` only. The build script turns them into text, the smallest form in a
//! page; a [`Plan`] is parsed from it once for each command, and every check and build uses it.
//!
//! ```text
//! PARAMETERS  name, max, special characters or values, kind and characters, min, presence by command, source
//! COMMANDS    name, channels, selector, effect, what the browser adds, what is not signed in replies, what no form takes, rules
//! rule        severity and source | when | values | unless | values | demand | parameters | values | and | values
//! ```
//!
//! Fields are separated by tabs, in the order that compresses best. Both tables are sorted by name. Presence is one letter
//! for each command in their order: `r`equired, `o`ptional, `s`upplied, refused (`x`) or unknown (`-`).

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

/// The letters and digits that a parameter may contain, besides its special characters.
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

/// What a parameter contains, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier: other characters are errors.
    Identifier,
    /// Free text: other characters are only warnings, since the lists are documented but not known to be enforced.
    Text,
    /// The URL of a page: as `Opaque`, and absolute.
    Url,
    /// Text made by others: as `Text`, but `=` is allowed unless a reserved name precedes it.
    Opaque,
    /// An IPv4 or IPv6 address.
    Ip,
    /// Encoded bytes, which may end in `=`.
    Encoded,
    /// A number or similar: other characters are errors.
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
    /// A day and time with the offset to UTC, as in ISO 8601.
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
    /// As APS writes it.
    pub value: &'static str,
    /// Rejected for AUTHORIZATION.
    pub purchase_only: bool,
}

/// Whether a command takes a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must be present.
    Required,
    /// May be present.
    Optional,
    /// Supplied by the account or the call; a value given by the caller must agree.
    Supplied,
    /// Known, and rejected for this command.
    Refused,
}

/// A parameter of a command, or part of one.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Parameter {
    /// APS's name, or the path of a part (`products[].product_name`).
    pub name: &'static str,
    /// Whether the command takes it.
    pub presence: Presence,
    /// What it contains.
    pub kind: Kind,
    /// Its letters and digits.
    pub characters: Characters,
    /// The minimum length in characters.
    pub min: usize,
    /// The maximum length in characters, or in elements of a list, where a limit is known.
    pub max: Option<usize>,
    /// Whether it is part of another parameter.
    pub is_part: bool,
    /// For a structure, whether it is a list.
    #[cfg(not(page))]
    pub is_list: bool,
    /// Whether the browser adds it to a form for the payment page: not signed, and rejected in the signed part.
    pub is_of_browser: bool,
    /// Whether it goes with the payment API only, and is rejected in a form.
    #[cfg(not(page))]
    pub is_of_api: bool,
    // Special characters; for a choice, its values, marked with `*` if AUTHORIZATION does not take them; for a card number,
    // the brands accepted; for a structure, `closed` if all its parts are known, else `open`, and the parts required.
    takes: &'static str,
    /// The rules that depend on it.
    pub rules: plan::Rules,
    // The ASCII characters that it may contain, one bit each.
    ascii: [u32; 4],
    source: usize,
}

impl Parameter {
    /// Parses a line of the table for a command; `None` if the command does not know the parameter.
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
            #[cfg(not(page))]
            is_of_api: has_word(command.api, name),
            takes,
            rules: 0,
            ascii: [0; 4],
            source: number(next()).unwrap_or_default(),
        };
        parameter.ascii = notation::ascii_of(characters, parameter.special());
        Some(parameter)
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &'static str {
        line(SOURCES, self.source)
    }

    /// Special characters, besides the letters and digits.
    #[must_use]
    pub const fn special(&self) -> &'static str {
        if matches!(self.kind, Kind::Amount | Kind::Choice | Kind::CardNumber) { "" } else { self.takes }
    }

    /// For an amount, whether it may be zero.
    #[must_use]
    pub fn may_be_zero(&self) -> bool {
        self.kind == Kind::Amount && self.takes == "0"
    }

    /// For a card number, the brands accepted, as words; any brand if empty.
    #[must_use]
    pub const fn brands(&self) -> &'static str {
        if matches!(self.kind, Kind::CardNumber) { self.takes } else { "" }
    }

    /// Whether it is a structure whose parts are all known.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.kind == Kind::Object && self.takes.starts_with("closed")
    }

    /// The members, as words, required in a structure, or in each object of a list.
    #[must_use]
    pub fn members(&self) -> &'static str {
        if self.kind == Kind::Object { cut(self.takes, ' ').unwrap_or_default().1 } else { "" }
    }

    /// Whether AUTHORIZATION does not take a value.
    #[must_use]
    #[inline(never)]
    pub fn is_purchase_only(&self, value: &str) -> bool {
        words(self.takes).any(|word| cut(word, '*').is_some_and(|(own, _)| own == value))
    }

    /// The allowed values; empty if the list is open.
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
    // Its index among all commands, which are sorted by name.
    place: usize,
    /// APS's name.
    pub name: &'static str,
    /// The parameter that holds the name.
    pub selector: &'static str,
    /// Its effect on money, which decides what a lost answer means.
    pub effect: Effect,
    /// Where it may be sent, as words: `api` (JSON from server to server), `page` (a form that the browser posts), `upload`
    /// and `batch` (files), `reporting` (reports).
    pub channels: &'static str,
    /// Parameters, as words, that are left out of the signature of a reply.
    pub unsigned_reply: &'static str,
    browser: &'static str,
    #[cfg(not(page))]
    api: &'static str,
    rules: &'static str,
}

/// The effect of a command on money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It moves or holds an amount.
    Money,
    /// It only queries.
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
            #[cfg(not(page))]
            api: next(),
            rules: next(),
        })
    }

    /// All its parameters and their parts, sorted by name.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> {
        lines(PARAMETERS).filter_map(|line| Parameter::read(line, self))
    }
}

/// The statuses, as words, with which a reply to a command reports success or failure.
#[must_use]
pub fn statuses(command: &str) -> &'static str {
    lines(STATUSES).find_map(|line| cut(line, ' ').filter(|(name, _)| *name == command)).unwrap_or_default().1
}

/// The parameters that decide what a reply means and which payment it concerns, as words sorted by name. Followed by `=`,
/// each of them could make a signed message ambiguous.
pub const RESERVED: &str =
    "amount command currency fort_id maintenance_reference merchant_reference order_description response_code status";

/// Whether any command has a parameter of that name.
#[cfg(not(page))]
#[must_use]
pub fn is_parameter(name: &str) -> bool {
    use std::sync::OnceLock;
    static NAMES: OnceLock<alloc::vec::Vec<&str>> = OnceLock::new();
    let name_of = |line: &'static str| base(cut(line, '\t').unwrap_or_default().0);
    NAMES.get_or_init(|| lines(PARAMETERS).map(name_of).collect()).binary_search(&name).is_ok()
}

/// Whether a parameter is a number or a numeric identifier, and not secret.
#[cfg(not(page))]
#[must_use]
pub(crate) fn is_public_number(name: &str) -> bool {
    let own = lines(PARAMETERS).map(|line| cut(line, '\t').unwrap_or_default());
    let holds = |word: &[u8]| name.as_bytes().windows(word.len()).any(|own| own == word);
    let is_secret = holds(b"otp") || holds(b"token");
    let mut own = own.filter(|(full, _)| !is_secret && base(full) == name);
    own.any(|(_, rest)| {
        let kind = rest.split('\t').nth(2).unwrap_or_default();
        matches!(kind.as_bytes().first(), Some(b'i' | b'n'))
    })
}

/// The reserved name at the end of a text, or an empty string.
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

// APS's name, without the word after `@`.
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
