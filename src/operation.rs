//! Holds the parameters of an operation against the dictionary. Every problem at once, in the order of names.

use crate::amount::MAX_MINOR;
use crate::card;
use crate::currency::Currency;
use crate::dictionary::{Characters, Command, Demand, Kind, Parameter, Presence, RESERVED, RESERVED_SOURCE, Rule, When};
use crate::issue::{Code, Fact, Issue, Severity};
use crate::text::{is_digits, push_u64, read_u64};
use crate::unicode::is_letter_or_mark;
use crate::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// What else is known when parameters are validated.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The instant that expiry dates are compared with, in milliseconds since 1970; not compared if none.
    pub at: Option<i64>,
    /// Parameters to admit although no table lists them.
    pub allow: Vec<&'a str>,
    /// Warnings to leave out, as `parameter:code`.
    pub accept: Vec<&'a str>,
    /// What the account and the call supply, by name.
    pub supplied: Vec<(&'a str, &'a str)>,
    /// Whether the request is a form for the payment page.
    pub page: bool,
}

const GENERAL: &str = "DOC in common: every parameter is signed and echoed";
const VISA: &str = "NEW standard 3-D Secure: VISA in three-decimal currencies";

/// Everything that is wrong with the parameters of a command.
///
/// An empty text counts as absent, since it is left out of a request.
#[must_use]
pub fn validate(command: &'static Command, params: &Params<'_>, options: &Options<'_>) -> Vec<Issue> {
    let mut check = Check { command, params, options, issues: Vec::new() };
    let mut required = 0usize;
    for (name, value) in params.iter() {
        if value.as_text() == Some("") {
            continue;
        }
        if let Some(member) = command.member(name) {
            if member.presence == Presence::Required {
                required = required.saturating_add(1);
            }
            check.member(member.presence, member.parameter, value);
        } else {
            check.unlisted(name, value);
        }
    }
    if required < command.members.iter().filter(|member| member.presence == Presence::Required).count() {
        check.missing();
    }
    for rule in command.rules {
        check.rule(rule);
    }
    check.visa();
    check.finish()
}

struct Check<'a> {
    command: &'static Command,
    params: &'a Params<'a>,
    options: &'a Options<'a>,
    issues: Vec<Issue>,
}

impl Check<'_> {
    fn finish(mut self) -> Vec<Issue> {
        if self.issues.is_empty() {
            return self.issues;
        }
        let accept = &self.options.accept;
        self.issues.retain(|issue| {
            issue.severity == Severity::Error
                || !accept.iter().any(|entry| entry.split_once(':') == Some((issue.parameter.as_str(), issue.code.name())))
        });
        crate::issue::sorted(self.issues)
    }

    fn add(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    fn given(&self, name: &str) -> Option<&str> {
        let value = self.params.get(name)?;
        match value {
            Value::Text(text) if text.is_empty() => None,
            Value::Text(text) => Some(text),
            Value::Object(_) | Value::List(_) => Some("{}"),
        }
    }

    fn unlisted(&mut self, name: &str, value: &Value<'_>) {
        if name == self.command.selector.name() {
            if value.as_text() != Some(self.command.name) {
                self.add(Issue::error(name, Code::Conflict, GENERAL).with("with", "command"));
            }
        } else if self.options.allow.contains(&name) {
            self.reserved(name, value, false);
        } else {
            self.add(Issue::error(name, Code::Unknown, "APS answers 00027 to extra parameters"));
        }
    }

    fn missing(&mut self) {
        for member in self.command.members {
            let parameter = member.parameter;
            if member.presence == Presence::Required && self.given(parameter.name).is_none() {
                self.add(Issue::error(parameter.name, Code::Missing, parameter.source));
            }
        }
    }

    fn member(&mut self, presence: Presence, parameter: &'static Parameter, value: &Value<'_>) {
        let refused = presence == Presence::Refused
            || (self.options.page && self.command.not_on_page.contains(&parameter.name));
        if refused {
            self.add(Issue::error(parameter.name, Code::NotAllowed, parameter.source));
            return;
        }
        match (value, parameter.kind) {
            (Value::Text(text), Kind::Object) => {
                let _ = text;
                self.add(Issue::error(parameter.name, Code::BadFormat, parameter.source).with("expected", "an object"));
            }
            (Value::Text(text), _) => self.text(parameter, text),
            (Value::Object(_) | Value::List(_), Kind::Object) => self.reserved(parameter.name, value, true),
            (Value::Object(_) | Value::List(_), _) => {
                self.add(Issue::error(parameter.name, Code::BadFormat, parameter.source).with("expected", "text"));
            }
        }
        if presence == Presence::Supplied {
            let own = self.options.supplied.iter().find(|(name, _)| *name == parameter.name);
            if own.is_some_and(|(_, own)| value.as_text() != Some(own)) {
                self.add(Issue::error(parameter.name, Code::Conflict, GENERAL).with("with", "account"));
            }
        }
    }

    fn text(&mut self, parameter: &'static Parameter, text: &str) {
        let expect = |expected: &'static str| {
            Issue::error(parameter.name, Code::BadFormat, parameter.source).with("expected", expected)
        };
        match parameter.kind {
            Kind::Amount => return self.amount(parameter, text),
            Kind::Currency => {
                if Currency::from_code(text).is_none() {
                    self.add(Issue::error(parameter.name, Code::BadCurrency, parameter.source));
                }
                return;
            }
            Kind::Choice => return self.choice(parameter, text),
            _ => {}
        }
        if !self.length(parameter, text) {
            return;
        }
        let listed = self.characters(parameter, text);
        if !matches!(parameter.kind, Kind::CardNumber | Kind::Expiry | Kind::SecurityCode) {
            self.reserved_text(parameter.name, text, matches!(parameter.kind, Kind::Url | Kind::Encoded));
        }
        if !listed {
            return;
        }
        match parameter.kind {
            Kind::CardNumber => self.card_number(parameter, text),
            Kind::Expiry => match card::read_expiry(text) {
                None => self.add(expect("YYMM, a real month")),
                Some(expiry) => {
                    if self.options.at.is_some_and(|at| card::is_expired(expiry, at)) {
                        self.add(Issue::error(parameter.name, Code::Expired, parameter.source));
                    }
                }
            },
            Kind::SecurityCode => {
                let brand = self.brand();
                let fits = match brand {
                    Some("AMEX") => text.len() == 4,
                    Some(_) => text.len() == 3,
                    None => true,
                };
                if !fits {
                    self.add(expect(if brand == Some("AMEX") { "4 digits" } else { "3 digits" }));
                }
            }
            Kind::Email => {
                let shaped = text.split_once('@').is_some_and(|(name, host)| {
                    !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
                });
                if !shaped {
                    self.add(expect("an e-mail address"));
                }
            }
            Kind::Date if !is_date(text) => self.add(expect("YYYY-MM-DD, a real day")),
            _ => {}
        }
    }

    fn amount(&mut self, parameter: &'static Parameter, text: &str) {
        let issue = |code| Issue::error(parameter.name, code, parameter.source);
        if !is_digits(text) || (text.len() > 1 && text.starts_with('0') && text.bytes().any(|byte| byte != b'0')) {
            self.add(issue(Code::NotAnAmount));
        } else if read_u64(text).is_none_or(|minor| minor > MAX_MINOR) || text.len() > usize::from(parameter.max) {
            self.add(issue(Code::TooLong).with("max", u64::from(parameter.max)));
        } else if text.bytes().all(|byte| byte == b'0') {
            self.add(issue(Code::ZeroAmount));
        }
    }

    fn choice(&mut self, parameter: &'static Parameter, text: &str) {
        match parameter.choices.iter().find(|choice| choice.value == text) {
            Some(choice) if choice.purchase_only && self.command.name == "AUTHORIZATION" => {
                self.add(Issue::error(parameter.name, Code::PurchaseOnly, parameter.source));
            }
            Some(_) => {}
            None => {
                let allowed = list(parameter.choices.iter().map(|choice| choice.value));
                let issue = Issue::error(parameter.name, Code::NotAllowed, parameter.source);
                self.add(issue.with("allowed", Fact::Text(allowed)));
            }
        }
    }

    /// Lengths are checked first: of a text that is far too long nothing else is worth saying.
    fn length(&mut self, parameter: &'static Parameter, text: &str) -> bool {
        let (min, max) = (usize::from(parameter.min), usize::from(parameter.max));
        let short = text.len() <= max && text.len() >= min && text.is_ascii();
        if short {
            return true;
        }
        let count = crate::text::count_characters(text);
        if max > 0 && count > max {
            self.add(Issue::error(parameter.name, Code::TooLong, parameter.source).with("max", max as u64));
        } else if count < min {
            self.add(Issue::error(parameter.name, Code::TooShort, parameter.source).with("min", min as u64));
        } else {
            return true;
        }
        false
    }

    fn characters(&mut self, parameter: &'static Parameter, text: &str) -> bool {
        let Some(place) = text.chars().position(|character| !takes(parameter, character)) else { return true };
        let severity = match parameter.kind {
            Kind::Text | Kind::Url | Kind::Encoded | Kind::Email => Severity::Warning,
            _ => Severity::Error,
        };
        let issue = Issue::error(parameter.name, Code::BadCharacter, parameter.source);
        self.add(Issue { severity, ..issue }.with("position", (place as u64).saturating_add(1)));
        severity == Severity::Warning
    }

    fn card_number(&mut self, parameter: &'static Parameter, text: &str) {
        if card::brand(text).is_some_and(|brand| !brand.takes_length(text.len())) {
            let issue = Issue::error(parameter.name, Code::BadFormat, parameter.source);
            self.add(issue.with("expected", "as many digits as its brand has"));
        } else if !card::checksum_holds(text) {
            self.add(Issue::error(parameter.name, Code::BadChecksum, "ISO/IEC 7812-1"));
        }
    }

    /// The brand that pays: of the card if there is one, else the one named.
    fn brand(&self) -> Option<&str> {
        match self.given("card_number").map(card::brand) {
            Some(Some(brand)) => Some(brand.name()),
            _ => self.given("payment_option"),
        }
    }

    fn visa(&mut self) {
        let Some(amount) = self.given("amount") else { return };
        if amount.ends_with('0') || !is_digits(amount) || self.brand() != Some("VISA") {
            return;
        }
        if self.given("currency").and_then(Currency::from_code).is_some_and(|currency| currency.exponent() == 3) {
            self.add(Issue::warning("amount", Code::VisaLastDigit, VISA));
        }
    }

    fn reserved(&mut self, name: &str, value: &Value<'_>, equals: bool) {
        match value {
            Value::Text(text) => self.reserved_text(name, text, equals),
            Value::Object(members) => {
                for (member, value) in members {
                    let mut path = String::from(name);
                    path.push('.');
                    path.push_str(member);
                    // A member's name is signed with `=` behind it.
                    if RESERVED.contains(&member.as_ref()) || member.contains('=') {
                        self.add(Issue::error(&path, Code::ReservedText, RESERVED_SOURCE).with("text", "="));
                    }
                    self.reserved(&path, value, equals);
                }
            }
            Value::List(values) => {
                for (place, value) in values.iter().enumerate() {
                    let mut path = String::from(name);
                    path.push('[');
                    push_u64(&mut path, place as u64);
                    path.push(']');
                    self.reserved(&path, value, equals);
                }
            }
        }
    }

    /// APS signs `name=value` with nothing between, so a value may not hold what could be read as another parameter.
    fn reserved_text(&mut self, name: &str, text: &str, equals: bool) {
        if !text.as_bytes().contains(&b'=') {
            return;
        }
        let found = if equals {
            let mut ends = text.split('=');
            ends.next_back();
            ends.find_map(|before| RESERVED.iter().find(|reserved| before.ends_with(**reserved)))
        } else {
            Some(&"=")
        };
        if let Some(text) = found {
            let mut shown = String::from(*text);
            if equals {
                shown.push('=');
            }
            self.add(Issue::error(name, Code::ReservedText, RESERVED_SOURCE).with("text", Fact::Text(shown)));
        }
    }

    fn rule(&mut self, rule: &'static Rule) {
        let applies = match rule.when {
            None => true,
            Some(When::Given(name)) => self.given(name).is_some(),
            Some(When::Is(name, values)) => self.given(name).is_some_and(|value| values.contains(&value)),
            Some(When::GivenUnless(name, other, values)) => {
                self.given(name).is_some() && !self.given(other).is_some_and(|value| values.contains(&value))
            }
        };
        if !applies {
            return;
        }
        let because = match rule.when {
            Some(When::Given(name) | When::Is(name, _) | When::GivenUnless(name, ..)) => Some(name),
            None => None,
        };
        let mut say = |name: &str, code: Code, alternatives: Option<String>| {
            let mut issue = Issue { severity: rule.severity, ..Issue::error(name, code, rule.source) };
            if let Some(because) = because {
                issue = issue.with("with", because);
            }
            if let Some(alternatives) = alternatives {
                issue = issue.with("alternatives", Fact::Text(alternatives));
            }
            self.issues.push(issue);
        };
        let params = self.params;
        let absent = |name: &str| params.get(name).is_none_or(|value| value.as_text() == Some(""));
        match rule.demand {
            Demand::OneOf(names) => {
                if names.iter().all(|name| absent(name))
                    && let Some((first, others)) = names.split_first()
                {
                    say(first, Code::Missing, Some(list(others.iter().copied())));
                }
            }
            Demand::Needs(names) => {
                names.iter().filter(|name| absent(name)).for_each(|name| say(name, Code::Missing, None));
            }
            Demand::Refuses(names) => {
                names.iter().filter(|name| !absent(name)).for_each(|name| say(name, Code::NotAllowed, None));
            }
            Demand::Only(name, values) => {
                if !absent(name) && !params.text(name).is_some_and(|value| values.contains(&value)) {
                    say(name, Code::NotAllowed, None);
                }
            }
        }
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for name in names {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(name);
    }
    out
}

fn takes(parameter: &Parameter, character: char) -> bool {
    let own = match parameter.characters {
        Characters::Any => !character.is_control(),
        Characters::Numeric => character.is_ascii_digit(),
        Characters::Alpha => is_letter_or_mark(character),
        Characters::Alnum => character.is_ascii_digit() || is_letter_or_mark(character),
    };
    // Byte by byte, since the specials are ASCII: core's search for a character brings half a kilobyte along.
    own || u8::try_from(character).is_ok_and(|byte| parameter.special.as_bytes().contains(&byte))
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        read_u64(part)
    };
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(leap),
        _ => 0,
    };
    parts.next().is_none() && (1..=days).contains(&day)
}
