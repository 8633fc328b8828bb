//! Holds the parameters of an operation against the dictionary. Every problem at once, in the order in which they are found.

use crate::amount::MAX_MINOR;
use crate::card;
use crate::currency::Currency;
use crate::dictionary::notation::{is_date, is_date_time, is_email, is_plain, takes};
use crate::dictionary::{Command, Demand, Kind, Parameter, Presence, RESERVED_SOURCE, Rule, reserved_end};
use crate::issue::{Code, Issues, Severity};
use crate::message::value::{Params, Value};
use crate::payment::is_purchase_only;
use crate::text::{count_characters, cut, has_word, is_digits, push_ascii, push_u64, read_u64, words};
use alloc::string::String;
use alloc::vec::Vec;

/// A parameter as given, or a part of one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Its name; of a part its path (`products[0].product_name`).
    pub name: &'a str,
    /// Its text; of a structure something that is not empty, unless one belongs here and it holds nothing.
    pub value: &'a str,
    /// Whether it is a part of a structure before it.
    pub is_part: bool,
    /// Whether it is an object or a list; its parts follow.
    pub is_structure: bool,
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
    /// The `payment_option` of the payment that it is about; empty if unknown. A page is about none: it has not begun.
    #[cfg(feature = "signature")]
    pub paid_by: &'a str,
}

const GENERAL: &str = "DOC in common: every parameter is signed and echoed";
const SIGNED: &str = "APS signs text, objects and lists of them";

/// Everything that is wrong with the parameters of a command, in the order in which it is found.
///
/// An empty text counts as absent, since it is left out of a request.
#[must_use]
pub fn validate<'a>(command: Command, params: &'a [Given<'a>], options: &'a Options<'a>) -> Issues<'a> {
    let mut issues = Issues::default();
    check(command, params, options, &mut issues);
    issues
}

/// As [`validate`], behind what was found before.
pub fn check<'a>(command: Command, params: &'a [Given<'a>], options: &'a Options<'a>, issues: &mut Issues<'a>) {
    let mut check = Check { command: &command, params, options, issues };
    for (place, given) in params.iter().enumerate() {
        if given.is_part {
            check.part(given);
        }
        if !given.value.is_empty() {
            let parameter = check.described(given);
            check.judge(parameter.as_ref(), given);
        }
        // A page sends no structures.
        if cfg!(feature = "signature") && given.is_structure {
            check.members(given, params.get(place..).unwrap_or_default());
        }
    }
    for name in words(command.required) {
        if !check.is_given(name)
            && let Some(parameter) = command.parameter(name)
        {
            check.error(&parameter, name, Code::Missing);
        }
    }
    for rule in command.rules() {
        check.rule(&rule);
    }
    check.card();
}

/// Whether nothing stops a request. The same checks as in [`validate`], for one who has looked up each parameter (none
/// for what was judged before), the rules that depend on one that is given, and whether all that is required is there.
#[cfg(feature = "signature")]
pub(crate) fn is_sound<'a>(
    command: Command,
    params: &[Given<'_>],
    parameters: impl Iterator<Item = Option<&'a Parameter>>,
    rules: impl Iterator<Item = &'a Rule>,
) -> bool {
    let options = Options::default();
    let mut issues = Issues::default();
    let mut check = Check { command: &command, params, options: &options, issues: &mut issues };
    for (given, parameter) in params.iter().zip(parameters) {
        if let Some(parameter) = parameter {
            check.member(parameter, given);
        }
    }
    for rule in rules {
        check.rule(rule);
    }
    !issues.has_error()
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

/// A path with its places in lists left out, which say nothing.
fn unnumbered(name: &str) -> String {
    let (mut path, mut rest) = (String::new(), name);
    while let Some((before, after)) = cut(rest, '[') {
        path.push_str(before);
        path.push_str("[]");
        rest = cut(after, ']').unwrap_or_default().1;
    }
    path.push_str(rest);
    path
}

/// The parameters of a message in a row, structures followed by their parts.
#[must_use]
pub fn paths<'a>(params: &'a Params<'_>) -> Vec<(String, Given<'a>)> {
    fn push<'a>(path: &str, value: &'a Value<'_>, is_part: bool, out: &mut Vec<(String, Given<'a>)>) {
        let text = value.as_text();
        let given = Given { name: "", value: text.unwrap_or("{}"), is_part, is_structure: text.is_none() };
        out.push((path.into(), given));
        for (name, member) in value.members() {
            let mut inner = String::from(path);
            inner.push('.');
            inner.push_str(name);
            push(&inner, member, true, out);
        }
        for (place, element) in value.elements().iter().enumerate() {
            let mut inner = String::from(path);
            inner.push('[');
            push_u64(&mut inner, place as u64);
            inner.push(']');
            push(&inner, element, true, out);
        }
    }
    let mut out = Vec::new();
    for (name, value) in params.iter() {
        push(name, value, false, &mut out);
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

struct Check<'c, 'a> {
    command: &'c Command,
    params: &'a [Given<'a>],
    options: &'a Options<'a>,
    issues: &'c mut Issues<'a>,
}

impl<'a> Check<'_, 'a> {
    #[inline(never)]
    fn error(&mut self, parameter: &Parameter, name: &'a str, code: Code) -> &mut Issues<'a> {
        self.issues.by(parameter.source()).error(name, code)
    }

    #[inline(never)]
    fn expected(&mut self, parameter: &Parameter, name: &'a str, expected: &str) {
        self.issues.by(parameter.source()).expected(name, expected);
    }

    /// The text of a parameter, empty if it is not given; of a structure something else.
    #[inline(never)]
    fn given(&self, name: &str) -> &'a str {
        let own = self.params.iter().find(|given| given.name == name && !given.is_part);
        own.map_or("", |given| given.value)
    }

    fn is_given(&self, name: &str) -> bool {
        !self.given(name).is_empty()
    }

    /// What the dictionary says of a parameter, or of a part of one.
    fn described(&self, given: &Given<'_>) -> Option<Parameter> {
        if !given.is_part {
            // A path names a part, and no parameter.
            let is_whole = !given.name.bytes().any(|byte| matches!(byte, b'.' | b'['));
            return self.command.parameter(given.name).filter(|_| is_whole);
        }
        self.command.parameter(&unnumbered(given.name))
    }

    fn judge(&mut self, parameter: Option<&Parameter>, given: &Given<'a>) {
        match parameter {
            Some(parameter) => self.member(parameter, given),
            None if !given.is_part => self.unlisted(given),
            // A page sends no structures, so its artefact lists no part that has nothing to check.
            None if cfg!(feature = "signature") && !given.is_structure => self.extra(given),
            None => {}
        }
    }

    fn part(&mut self, given: &Given<'a>) {
        let Given { name, value, .. } = *given;
        // A part's name is signed with `=` behind it.
        let reserved = reserved_end(name.as_bytes());
        let before = name.len().wrapping_sub(reserved.len()).wrapping_sub(1);
        let is_own = !reserved.is_empty() && matches!(name.as_bytes().get(before), Some(b'.' | b'['));
        if is_own || cut(name, '=').is_some() {
            self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", "=");
        }
        self.reserved_text(name, value, Equals::Padding);
    }

    /// A part that no table has, of a structure whose parts are known: what APS makes of it is not known.
    #[inline(never)]
    fn extra(&mut self, given: &Given<'a>) {
        let end = given.name.bytes().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or_default();
        let whole = given.name.get(..end).and_then(|name| self.command.parameter(name));
        if let Some(parameter) = whole.filter(Parameter::is_closed) {
            self.error(&parameter, given.name, Code::Unknown).of(Severity::Warning);
        }
    }

    /// The members that a structure must have, or each of the objects in a list.
    #[inline(never)]
    fn members(&mut self, given: &Given<'a>, parts: &[Given<'a>]) {
        let mut path = unnumbered(given.name);
        let structure = self.command.parameter(path.strip_suffix("[]").unwrap_or(&path));
        path.push('.');
        let length = path.len();
        for member in words(structure.map_or("", |own| own.members())) {
            path.truncate(length);
            path.push_str(member);
            // What is said of a list holds for its elements, not for itself.
            let Some(own) = self.command.parameter(&path) else { continue };
            let rest = |part: &Given<'a>| part.name.strip_prefix(given.name);
            let is_own = |part: &Given<'a>| {
                !part.value.is_empty() && rest(part).and_then(|rest| rest.strip_prefix('.')) == Some(member)
            };
            if !parts.iter().take_while(|part| rest(part).is_some()).any(is_own) {
                self.error(&own, own.name, Code::Missing).with("with", given.name);
            }
        }
    }

    fn unlisted(&mut self, given: &Given<'a>) {
        let Given { name, value, .. } = *given;
        if name == self.command.selector() {
            if value != self.command.name || given.is_structure {
                self.issues.by(GENERAL).conflict(name, "command");
            }
        } else if self.options.allow.contains(&name) {
            // APS would echo it, and nobody could tell its name from the one it ends in.
            if cut(name, '=').is_some() || !reserved_end(name.as_bytes()).is_empty() {
                self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", name);
            }
            self.reserved_text(name, value, Equals::Refused);
        } else {
            self.issues.by("APS answers 00027 to extra parameters").error(name, Code::Unknown);
        }
    }

    fn member(&mut self, parameter: &Parameter, given: &Given<'a>) {
        let name = given.name;
        if parameter.presence == Presence::Refused
            || (self.options.page && has_word(self.command.browser, name) && !self.options.allow.contains(&name))
        {
            self.error(parameter, name, Code::NotAllowed);
            return;
        }
        match (given.is_structure, parameter.kind) {
            (true, Kind::Object) => self.elements(parameter, name),
            (false, kind) if kind != Kind::Object => self.text(parameter, given),
            _ => {
                self.expected(parameter, name, if given.is_structure { "text" } else { "an object" });
                // What parts look like is documented or inferred; that APS refuses others is not.
                if given.is_part {
                    self.issues.of(Severity::Warning);
                }
            }
        }
        if parameter.presence == Presence::Supplied {
            for own in self.options.supplied.chunks_exact(2) {
                if let [own, value] = own
                    && *own == name
                    && (*value != given.value || given.is_structure)
                {
                    self.issues.by(GENERAL).conflict(name, "account");
                }
            }
        }
    }

    /// Holds a list against its greatest number of elements: in the server's artefact alone, for no page sends lists.
    #[inline(never)]
    fn elements(&mut self, parameter: &Parameter, name: &'a str) {
        let max = parameter.max as u64;
        if cfg!(feature = "signature") && max > 0 {
            let mut beyond = String::from(name);
            beyond.push('[');
            push_u64(&mut beyond, max);
            beyond.push(']');
            if self.params.iter().any(|given| given.is_part && given.name == beyond) {
                self.error(parameter, name, Code::TooLong).with_number("#max", max);
            }
        }
    }

    fn text(&mut self, parameter: &Parameter, given: &Given<'a>) {
        let Given { name, value: text, is_part, .. } = *given;
        match parameter.kind {
            Kind::Amount => return self.amount(parameter, name, text),
            Kind::Choice => return self.choice(parameter, name, text),
            Kind::Currency => {
                if Currency::from_code(text).is_none() {
                    self.error(parameter, name, Code::BadCurrency);
                }
                return;
            }
            _ => {}
        }
        let plain = is_plain(parameter, text);
        let fits = self.length(parameter, name, text, plain);
        let listed = plain || self.characters(parameter, name, text);
        // Where `=` is not among the characters listed, plain text has none.
        if !is_part && (!plain || matches!(parameter.kind, Kind::Url | Kind::Encoded)) {
            let equals = match parameter.kind {
                Kind::Url => Equals::Guarded,
                Kind::Encoded => Equals::Padding,
                _ => Equals::Refused,
            };
            self.reserved_text(name, text, equals);
        }
        if !(fits && listed) {
            return;
        }
        let expected = match parameter.kind {
            Kind::CardNumber if !card::takes_length(self.brand(), text.len()) => {
                "complete: a digit is missing, or there is one too many"
            }
            Kind::CardNumber if !card::checksum_holds(text) => {
                self.issues.by("ISO/IEC 7812-1").error(name, Code::BadChecksum);
                return;
            }
            Kind::CardNumber if cfg!(feature = "signature") && !parameter.brands().is_empty() => {
                return self.brand_taken(parameter, name, text);
            }
            Kind::Expiry => match (card::read_expiry(text), self.options.at) {
                (None, _) => "YYMM, a real month",
                (Some(expiry), Some(at)) if card::is_expired(expiry, at) => {
                    self.error(parameter, name, Code::Expired);
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
            // What only a server sends, only its artefact has room to check to the end.
            Kind::DateTime if cfg!(feature = "signature") && !is_date_time(text) => {
                "a real time with the offset to UTC, 2030-12-20T15:36:55+03:00"
            }
            _ => return,
        };
        self.expected(parameter, name, expected);
    }

    /// Which numbers are a brand's, only lists of APS's plugins tell.
    #[inline(never)]
    fn brand_taken(&mut self, parameter: &Parameter, name: &'a str, number: &str) {
        if card::brand(number).is_some_and(|brand| !has_word(parameter.brands(), brand.name())) {
            let mut allowed = String::new();
            words(parameter.brands()).for_each(|brand| push_listed(&mut allowed, brand));
            self.error(parameter, name, Code::NotAllowed).of(Severity::Warning).with("allowed", &allowed);
        }
    }

    fn amount(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        let max = parameter.max as u64;
        let is_padded = text.as_bytes().first() == Some(&b'0');
        let code = match read_u64(text) {
            Some(0) if parameter.may_be_zero() && text == "0" => return,
            Some(0) if text.len() as u64 <= max => Code::ZeroAmount,
            Some(minor) if minor > 0 && is_padded => Code::NotAnAmount,
            Some(minor) if minor <= MAX_MINOR && text.len() as u64 <= max => return,
            None if !is_digits(text) || is_padded => Code::NotAnAmount,
            _ => {
                self.error(parameter, name, Code::TooLong).with_number("#max", max);
                return;
            }
        };
        self.error(parameter, name, code);
    }

    fn choice(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        let mut allowed = String::new();
        for choice in parameter.choices() {
            if choice.value == text {
                if choice.purchase_only && self.command.name == "AUTHORIZATION" {
                    self.error(parameter, name, Code::PurchaseOnly);
                }
                return;
            }
            push_listed(&mut allowed, choice.value);
        }
        self.error(parameter, name, Code::NotAllowed).with("allowed", &allowed);
    }

    fn length(&mut self, parameter: &Parameter, name: &'a str, text: &str, plain: bool) -> bool {
        let Parameter { min, max, .. } = *parameter;
        let count = if plain { text.len() } else { count_characters(text) };
        if max > 0 && count > max {
            self.error(parameter, name, Code::TooLong).with_number("#max", max as u64);
        } else if count < min {
            self.error(parameter, name, Code::TooShort).with_number("#min", min as u64);
        } else {
            return true;
        }
        false
    }

    fn characters(&mut self, parameter: &Parameter, name: &'a str, text: &str) -> bool {
        let mut position = 0u64;
        for character in text.chars() {
            position = position.saturating_add(1);
            if !takes(parameter, character) {
                let severity = match parameter.kind {
                    Kind::Text | Kind::Url | Kind::Encoded | Kind::Email => Severity::Warning,
                    _ => Severity::Error,
                };
                self.error(parameter, name, Code::BadCharacter).of(severity).with_number("#position", position);
                return severity == Severity::Warning;
            }
        }
        true
    }

    /// The brand that pays: of the card if there is one, else the one named, here or by the payment.
    fn brand(&self) -> &'a str {
        match card::brand(self.given("card_number")) {
            Some(brand) => brand.name(),
            #[cfg(feature = "signature")]
            None if !self.is_given("payment_option") => self.options.paid_by,
            None => self.given("payment_option"),
        }
    }

    /// What the brand of the card forbids, or makes unwise.
    fn card(&mut self) {
        let amount = self.given("amount");
        // Of a `payment_option` it is told there. Which numbers are these brands', only lists of APS's plugins tell.
        if self.command.name == "AUTHORIZATION" && !self.is_given("payment_option") && is_purchase_only(self.brand()) {
            self.issues.by("DOC payment tables").error("card_number", Code::PurchaseOnly).of(Severity::Warning);
        }
        if is_digits(amount)
            && amount.as_bytes().last() != Some(&b'0')
            && self.brand() == "VISA"
            && Currency::from_code(self.given("currency")).is_some_and(|currency| currency.exponent() == 3)
        {
            self.issues.by("NEW standard 3-D Secure: VISA");
            self.issues.error("amount", Code::VisaLastDigit).of(Severity::Warning);
        }
    }

    /// APS signs `name=value` with nothing between, so a value may not hold what could be read as another parameter.
    fn reserved_text(&mut self, name: &'a str, text: &str, equals: Equals) {
        let (mut at, mut rest) = (0usize, text);
        while let Some((before, after)) = cut(rest, '=') {
            at = at.saturating_add(before.len());
            let reserved = reserved_end(text.as_bytes().get(..at).unwrap_or_default());
            if equals == Equals::Padding && reserved.is_empty() && after.bytes().all(|byte| byte == b'=') {
                return;
            }
            if equals != Equals::Guarded || !reserved.is_empty() {
                let mut found = String::new();
                if equals == Equals::Guarded {
                    found.push_str(reserved);
                }
                push_ascii(&mut found, b'=');
                self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", &found);
                return;
            }
            at = at.saturating_add(1);
            rest = after;
        }
    }

    fn rule(&mut self, rule: &Rule) {
        if !rule.when.is_empty() {
            let value = match self.reason(rule) {
                // A card has a brand, whether its way to pay is named or not.
                "" if cfg!(feature = "signature")
                    && rule.when == "payment_option"
                    && rule.severity == Severity::Error =>
                {
                    self.brand()
                }
                name => self.given(name),
            };
            if value.is_empty() || !(rule.values.is_empty() || has_word(rule.values, value)) {
                return;
            }
        }
        if !rule.unless.is_empty() && has_word(rule.others, self.given(rule.unless)) {
            return;
        }
        match rule.demand {
            Demand::OneOf => {
                if !words(rule.names).any(|name| self.is_given(name)) {
                    let (first, others) = cut(rule.names, ' ').unwrap_or((rule.names, ""));
                    let mut alternatives = String::new();
                    words(others).for_each(|name| push_listed(&mut alternatives, name));
                    self.broken(rule, first, Code::Missing);
                    if !alternatives.is_empty() {
                        self.issues.with("alternatives", &alternatives);
                    }
                }
            }
            Demand::Only => {
                let value = self.given(rule.names);
                if !value.is_empty() && !has_word(rule.only, value) {
                    self.broken(rule, rule.names, Code::NotAllowed);
                }
            }
            Demand::Needs | Demand::Refuses => {
                let wanted = rule.demand == Demand::Needs;
                for name in words(rule.names) {
                    if self.is_given(name) != wanted {
                        self.broken(rule, name, if wanted { Code::Missing } else { Code::NotAllowed });
                    }
                }
            }
        }
    }

    /// The parameter given that makes a rule apply; empty if there is none.
    fn reason(&self, rule: &Rule) -> &'static str {
        // A page has no rule that depends on any of several.
        if cfg!(feature = "signature") {
            words(rule.when).find(|name| self.is_given(name)).unwrap_or_default()
        } else {
            rule.when
        }
    }

    #[inline(never)]
    fn broken(&mut self, rule: &Rule, name: &'static str, code: Code) {
        self.issues.by(rule.source()).error(name, code).of(rule.severity);
        if rule.when.is_empty() {
            return;
        }
        let mut with = self.reason(rule);
        // Which card is whose, only lists of APS's plugins tell.
        if cfg!(feature = "signature") && with.is_empty() {
            with = "card_number";
            self.issues.of(Severity::Warning);
        }
        self.issues.with("with", with);
    }
}

fn push_listed(list: &mut String, name: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(name);
}
