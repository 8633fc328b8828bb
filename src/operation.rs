//! Holds the parameters of an operation against the dictionary. Every problem at once, in the order in which they are found.

use crate::amount::MAX_MINOR;
use crate::card;
use crate::currency::Currency;
use crate::dictionary::{
    Characters, Command, Demand, Kind, Member, Parameter, Presence, RESERVED, RESERVED_SOURCE, Rule, When,
};
use crate::issue::{Code, Issues, Severity};
use crate::text::{count_characters, cut, has_word, is_digits, push_u64, read_u64, words};
use crate::unicode::is_letter_or_mark;
use crate::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// What a parameter, or a part of one, is given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// An object or a list; its parts follow.
    Structure,
    /// Text inside a structure, under its path (`products[0].product_name`).
    Part,
}

/// A parameter as given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its name, or the path.
    pub name: &'a str,
    /// Its text; of a structure something that is not empty.
    pub value: &'a str,
    /// What it is given as.
    pub shape: Shape,
}

/// What else is known when parameters are validated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The instant that expiry dates are compared with, in milliseconds since 1970; not compared if none.
    pub at: Option<i64>,
    /// Parameters to admit although no table lists them.
    pub allow: &'a [&'a str],
    /// What the account and the call supply: names and values in turn.
    pub supplied: &'a [&'a str],
    /// Whether the request is a form for the payment page.
    pub page: bool,
}

const GENERAL: &str = "DOC in common: every parameter is signed and echoed";
const SIGNED: &str = "APS signs text, objects and lists of them";

/// Everything that is wrong with the parameters of a command, in the order in which it is found.
///
/// An empty text counts as absent, since it is left out of a request.
#[must_use]
pub fn validate<'a>(command: &'static Command, params: &'a [Given<'a>], options: &'a Options<'a>) -> Issues<'a> {
    let mut check = Check { command, params, options, issues: Issues::default() };
    let mut required = 0usize;
    for given in params {
        if given.value.is_empty() {
            continue;
        }
        let member = if given.shape == Shape::Part { None } else { command.member(given.name) };
        required = required.saturating_add(check.given_as(member, given));
    }
    check.missing(required);
    for rule in command.rules {
        check.rule(rule);
    }
    check.visa();
    check.issues
}

/// What is known of parameters before they are judged.
#[cfg(feature = "signature")]
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    /// What the dictionary says of each; nothing of the one that names the command.
    pub(crate) members: &'k [Option<&'static Member>],
    /// How many parameters the command requires.
    pub(crate) required: usize,
    /// Whether the parameter that a rule depends on is given, by the rule's place.
    pub(crate) applies: &'k dyn Fn(usize) -> bool,
}

/// Whether nothing stops a request. The same checks as in [`validate`], for one who has looked everything up already.
#[cfg(feature = "signature")]
pub(crate) fn is_sound(command: &'static Command, params: &[Given<'_>], known: &Known<'_>) -> bool {
    let options = Options::default();
    let mut check = Check { command, params, options: &options, issues: Issues::default() };
    let mut required = 0usize;
    for (given, member) in params.iter().zip(known.members) {
        required = required.saturating_add(check.given_as(*member, given));
    }
    for (place, rule) in command.rules.iter().enumerate() {
        if (known.applies)(place) {
            check.rule(rule);
        }
    }
    required == known.required && !check.issues.has_error()
}

/// Adds what was refused before there were parameters: path, code and what was expected, in turn.
pub fn push_refused<'a>(issues: &mut Issues<'a>, refused: &[&'a str]) {
    issues.by(SIGNED);
    for entry in refused.chunks_exact(3) {
        let [path, code, expected] = entry else { continue };
        let Some(code) = Code::from_name(code) else { continue };
        let name = match code {
            Code::TooLong => "#max",
            Code::Conflict => "with",
            _ => "expected",
        };
        issues.error(path, code).with(name, expected);
    }
}

/// The parameters of a message in a row, structures followed by their parts.
#[must_use]
pub fn paths<'a>(params: &'a Params<'_>) -> Vec<(String, &'a str, Shape)> {
    fn parts<'a>(path: &str, value: &'a Value<'_>, out: &mut Vec<(String, &'a str, Shape)>) {
        if let Value::Text(text) = value {
            out.push((path.into(), text, Shape::Part));
        }
        for (name, member) in value.members() {
            let mut inner = String::from(path);
            inner.push('.');
            inner.push_str(name);
            parts(&inner, member, out);
        }
        for (place, element) in value.elements().iter().enumerate() {
            let mut inner = String::from(path);
            inner.push('[');
            push_u64(&mut inner, place as u64);
            inner.push(']');
            parts(&inner, element, out);
        }
    }
    let mut out = Vec::new();
    for (name, value) in params.iter() {
        if let Value::Text(text) = value {
            out.push((name.into(), text.as_ref(), Shape::Text));
        } else {
            out.push((name.into(), "{}", Shape::Structure));
            parts(name, value, &mut out);
        }
    }
    out
}

/// Where a value may hold `=`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Equals {
    /// Nowhere.
    Refused,
    /// At its end, as encoded bytes do.
    Padding,
    /// Anywhere but behind a reserved name.
    Guarded,
}

struct Check<'a> {
    command: &'static Command,
    params: &'a [Given<'a>],
    options: &'a Options<'a>,
    issues: Issues<'a>,
}

impl<'a> Check<'a> {
    #[inline(never)]
    fn error(&mut self, parameter: &'static Parameter, code: Code) -> &mut Issues<'a> {
        self.issues.by(parameter.source).error(parameter.name, code)
    }

    #[inline(never)]
    fn expected(&mut self, parameter: &'static Parameter, expected: &str) {
        self.issues.by(parameter.source).expected(parameter.name, expected);
    }

    /// The text of a parameter, empty if it is not given; of a structure something else.
    #[inline(never)]
    fn given(&self, name: &str) -> &'a str {
        let own = self.params.iter().find(|given| given.name == name && given.shape != Shape::Part);
        own.map_or("", |given| given.value)
    }

    fn is_given(&self, name: &str) -> bool {
        !self.given(name).is_empty()
    }

    /// Checks one parameter, and tells how many of those required it is.
    fn given_as(&mut self, member: Option<&'static Member>, given: &Given<'a>) -> usize {
        let Some(member) = member else {
            self.unlisted(given);
            return 0;
        };
        self.member(member.presence, member.parameter, given);
        usize::from(member.presence == Presence::Required)
    }

    fn unlisted(&mut self, given: &Given<'a>) {
        let Given { name, value, shape } = *given;
        if shape == Shape::Part {
            // A part's name is signed with `=` behind it.
            let mut parts = name.as_bytes().split(|byte| matches!(byte, b'.' | b'[')).skip(1);
            if cut(name, b'=').is_some() || parts.any(|part| RESERVED.iter().any(|own| own.as_bytes() == part)) {
                self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", "=");
            }
            self.reserved_text(name, value, Equals::Padding);
        } else if name == self.command.selector.name() {
            if value != self.command.name || shape != Shape::Text {
                self.issues.by(GENERAL).conflict(name, "command");
            }
        } else if self.options.allow.contains(&name) {
            // APS would echo it, and nobody could tell its name from the one it ends in.
            if cut(name, b'=').is_some() || RESERVED.iter().any(|reserved| name.ends_with(reserved)) {
                self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", name);
            }
            self.reserved_text(name, value, Equals::Refused);
        } else {
            self.issues.by("APS answers 00027 to extra parameters").error(name, Code::Unknown);
        }
    }

    fn missing(&mut self, required: usize) {
        let members = self.command.members.iter().filter(|member| member.presence == Presence::Required);
        if required == members.clone().count() {
            return;
        }
        for member in members {
            let parameter = member.parameter;
            if !self.is_given(parameter.name) {
                self.error(parameter, Code::Missing);
            }
        }
    }

    fn member(&mut self, presence: Presence, parameter: &'static Parameter, given: &Given<'a>) {
        if presence == Presence::Refused || (self.options.page && has_word(self.command.not_on_page, parameter.name)) {
            self.error(parameter, Code::NotAllowed);
            return;
        }
        match (given.shape, parameter.kind) {
            (Shape::Text, Kind::Object) => self.expected(parameter, "an object"),
            (Shape::Text, _) => self.text(parameter, given.value),
            (_, Kind::Object) => {}
            _ => self.expected(parameter, "text"),
        }
        if presence == Presence::Supplied {
            for own in self.options.supplied.chunks_exact(2) {
                if let [name, value] = own
                    && *name == parameter.name
                    && (*value != given.value || given.shape != Shape::Text)
                {
                    self.issues.by(GENERAL).conflict(parameter.name, "account");
                }
            }
        }
    }

    fn text(&mut self, parameter: &'static Parameter, text: &str) {
        match parameter.kind {
            Kind::Amount => return self.amount(parameter, text),
            Kind::Choice => return self.choice(parameter, text),
            Kind::Currency => {
                if Currency::from_code(text).is_none() {
                    self.error(parameter, Code::BadCurrency);
                }
                return;
            }
            _ => {}
        }
        let plain = is_plain(parameter, text);
        if !self.length(parameter, text, plain) {
            return;
        }
        let listed = plain || self.characters(parameter, text);
        // Where `=` is not among the characters listed, plain text has none.
        if !plain || matches!(parameter.kind, Kind::Url | Kind::Encoded) {
            let equals = match parameter.kind {
                Kind::Url => Equals::Guarded,
                Kind::Encoded => Equals::Padding,
                _ => Equals::Refused,
            };
            self.reserved_text(parameter.name, text, equals);
        }
        if !listed {
            return;
        }
        let expected = match parameter.kind {
            Kind::CardNumber if card::brand(text).is_some_and(|brand| !brand.takes_length(text.len())) => {
                "as many digits as its brand has"
            }
            Kind::CardNumber if !card::checksum_holds(text) => {
                self.issues.by("ISO/IEC 7812-1").error(parameter.name, Code::BadChecksum);
                return;
            }
            Kind::Expiry => match (card::read_expiry(text), self.options.at) {
                (None, _) => "YYMM, a real month",
                (Some(expiry), Some(at)) if card::is_expired(expiry, at) => {
                    self.error(parameter, Code::Expired);
                    return;
                }
                _ => return,
            },
            Kind::SecurityCode => match self.brand() {
                "AMEX" if text.len() != 4 => "4 digits",
                "" | "AMEX" => return,
                _ if text.len() != 3 => "3 digits",
                _ => return,
            },
            Kind::Email if !is_email(text, plain) => "an e-mail address",
            Kind::Date if !is_date(text) => "YYYY-MM-DD, a real day",
            _ => return,
        };
        self.expected(parameter, expected);
    }

    fn amount(&mut self, parameter: &'static Parameter, text: &str) {
        let max = u64::from(parameter.max);
        let is_padded = text.as_bytes().first() == Some(&b'0');
        let code = match read_u64(text) {
            Some(0) if text.len() as u64 <= max => Code::ZeroAmount,
            Some(minor) if minor > 0 && is_padded => Code::NotAnAmount,
            Some(minor) if minor <= MAX_MINOR && text.len() as u64 <= max => return,
            None if !is_digits(text) || is_padded => Code::NotAnAmount,
            _ => {
                self.error(parameter, Code::TooLong).with_number("#max", max);
                return;
            }
        };
        self.error(parameter, code);
    }

    fn choice(&mut self, parameter: &'static Parameter, text: &str) {
        let mut allowed = String::new();
        for choice in parameter.choices() {
            if choice.value == text {
                if choice.purchase_only && self.command.name == "AUTHORIZATION" {
                    self.error(parameter, Code::PurchaseOnly);
                }
                return;
            }
            push_listed(&mut allowed, choice.value);
        }
        self.error(parameter, Code::NotAllowed).with("allowed", &allowed);
    }

    /// Lengths are checked first: of a text that is far too long nothing else is worth saying.
    fn length(&mut self, parameter: &'static Parameter, text: &str, plain: bool) -> bool {
        let (min, max) = (usize::from(parameter.min), usize::from(parameter.max));
        let count = if plain { text.len() } else { count_characters(text) };
        if max > 0 && count > max {
            self.error(parameter, Code::TooLong).with_number("#max", max as u64);
        } else if count < min {
            self.error(parameter, Code::TooShort).with_number("#min", min as u64);
        } else {
            return true;
        }
        false
    }

    fn characters(&mut self, parameter: &'static Parameter, text: &str) -> bool {
        let mut position = 0u64;
        for character in text.chars() {
            position = position.saturating_add(1);
            if !takes(parameter, character) {
                let severity = match parameter.kind {
                    Kind::Text | Kind::Url | Kind::Encoded | Kind::Email => Severity::Warning,
                    _ => Severity::Error,
                };
                self.error(parameter, Code::BadCharacter).of(severity).with_number("#position", position);
                return severity == Severity::Warning;
            }
        }
        true
    }

    /// The brand that pays: of the card if there is one, else the one named.
    fn brand(&self) -> &'a str {
        match card::brand(self.given("card_number")) {
            Some(brand) => brand.name(),
            None => self.given("payment_option"),
        }
    }

    fn visa(&mut self) {
        let amount = self.given("amount");
        if is_digits(amount)
            && amount.as_bytes().last() != Some(&b'0')
            && self.brand() == "VISA"
            && Currency::from_code(self.given("currency")).is_some_and(|currency| currency.exponent() == 3)
        {
            self.issues.by("NEW standard 3-D Secure: VISA in three-decimal currencies");
            self.issues.error("amount", Code::VisaLastDigit).of(Severity::Warning);
        }
    }

    /// APS signs `name=value` with nothing between, so a value may not hold what could be read as another parameter.
    fn reserved_text(&mut self, name: &'a str, text: &str, equals: Equals) {
        for (place, byte) in text.bytes().enumerate() {
            if byte != b'=' {
                continue;
            }
            let before = text.as_bytes().get(..place).unwrap_or_default();
            let mut found = String::new();
            if equals == Equals::Padding && text.bytes().skip(place).all(|byte| byte == b'=') {
                return;
            }
            if equals == Equals::Guarded {
                let Some(reserved) = RESERVED.iter().find(|reserved| before.ends_with(reserved.as_bytes())) else {
                    continue;
                };
                found.push_str(reserved);
            }
            found.push('=');
            self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", &found);
            return;
        }
    }

    fn rule(&mut self, rule: &'static Rule) {
        let (because, applies) = match rule.when {
            None => ("", true),
            Some(When::Given(name)) => (name, self.is_given(name)),
            Some(When::Is(name, values)) => (name, has_word(values, self.given(name))),
            Some(When::GivenUnless(name, other, values)) => {
                (name, self.is_given(name) && !has_word(values, self.given(other)))
            }
        };
        if !applies {
            return;
        }
        self.issues.by(rule.source);
        let (names, code, wanted) = match rule.demand {
            Demand::OneOf(names) => {
                if !words(names).any(|name| self.is_given(name)) {
                    let (first, others) = cut(names, b' ').unwrap_or((names, ""));
                    let mut alternatives = String::new();
                    words(others).for_each(|name| push_listed(&mut alternatives, name));
                    self.broken(rule, first, Code::Missing, because);
                    self.issues.with("alternatives", &alternatives);
                }
                return;
            }
            Demand::Only(name, values) => {
                if self.is_given(name) && !has_word(values, self.given(name)) {
                    self.broken(rule, name, Code::NotAllowed, because);
                }
                return;
            }
            Demand::Needs(names) => (names, Code::Missing, true),
            Demand::Refuses(names) => (names, Code::NotAllowed, false),
        };
        for name in words(names) {
            if self.is_given(name) != wanted {
                self.broken(rule, name, code, because);
            }
        }
    }

    #[inline(never)]
    fn broken(&mut self, rule: &Rule, name: &'static str, code: Code, because: &str) {
        self.issues.error(name, code).of(rule.severity);
        if !because.is_empty() {
            self.issues.with("with", because);
        }
    }
}

fn push_listed(list: &mut String, name: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(name);
}

/// Whether a text is ASCII that the parameter lists, as nearly every text is: told a byte at a time.
fn is_plain(parameter: &Parameter, text: &str) -> bool {
    let special = parameter.special().as_bytes();
    let (letters, digits) = match parameter.characters {
        Characters::Any => return false,
        Characters::Numeric => (false, true),
        Characters::Alpha => (true, false),
        Characters::Alnum => (true, true),
    };
    text.bytes()
        .all(|byte| letters && byte.is_ascii_alphabetic() || digits && byte.is_ascii_digit() || special.contains(&byte))
}

fn takes(parameter: &Parameter, character: char) -> bool {
    let own = match parameter.characters {
        Characters::Any => !character.is_control(),
        Characters::Numeric => character.is_ascii_digit(),
        Characters::Alpha => is_letter_or_mark(character),
        Characters::Alnum => character.is_ascii_digit() || is_letter_or_mark(character),
    };
    // Byte by byte, since the specials are ASCII: core's search for a character brings half a kilobyte along.
    own || parameter.special().bytes().any(|byte| char::from(byte) == character)
}

fn is_email(text: &str, plain: bool) -> bool {
    cut(text, b'@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && cut(host, b'@').is_none())
        && (plain || !text.bytes().any(|byte| byte.is_ascii_whitespace()))
}

fn is_date(text: &str) -> bool {
    let Some((year, (month, day))) = cut(text, b'-').and_then(|(year, rest)| Some((year, cut(rest, b'-')?))) else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (read_u64(year), read_u64(month), read_u64(day)) else { return false };
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}
