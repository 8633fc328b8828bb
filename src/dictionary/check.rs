//! Checks the parameters of an operation against the dictionary. Reports all problems at once, in the order they are found.

pub use super::given::{Given, paths};

use crate::card;
use crate::currency::Currency;
#[cfg(not(page))]
use crate::dictionary::hidden;
use crate::dictionary::plan::Place;
use crate::dictionary::{Demand, Kind, Parameter, Plan, Presence, RESERVED_SOURCE, Rule, reserved_end};
use crate::issue::{Code, Issues, Severity};
use crate::payment::is_purchase_only;
use crate::text::{cut, has_word, is_digits, push_ascii, words};
use alloc::string::String;
use alloc::vec::Vec;

/// The context in which parameters are validated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The instant that expiry dates are compared with, in milliseconds since 1970; `None` skips the comparison.
    pub at: Option<i64>,
    /// Parameters to allow although no table lists them.
    pub allow: &'a [&'a str],
    /// What the account and the call supply: alternating names and values.
    pub supplied: &'a [&'a str],
    /// Whether the request is a form for the payment page.
    pub page: bool,
    /// The `payment_option` of the payment it refers to; empty if unknown.
    pub paid_by: &'a str,
}

const GENERAL: &str = "DOC in common: every parameter is signed and echoed";
const SIGNED: &str = "APS signs text, objects and lists of them";

/// Everything that is wrong with the parameters of a command, in the order found.
///
/// Empty text counts as absent, since it is left out of a request.
#[must_use]
pub fn validate<'a>(plan: &'static Plan, params: &'a [Given<'a>], options: &'a Options<'a>) -> Issues<'a> {
    let mut issues = Issues::default();
    check(plan, params, options, &mut issues);
    issues
}

/// Like [`validate`], appended to the issues already found.
pub fn check<'a>(plan: &'static Plan, params: &'a [Given<'a>], options: &'a Options<'a>, issues: &mut Issues<'a>) {
    let mut check = Check::new(plan, params, options, issues);
    for (place, given) in params.iter().enumerate() {
        if given.is_part {
            check.judge_part(given);
        }
        let Some(seen) = check.seen.get(place).copied() else { continue };
        if !seen.text.is_empty() {
            check.judge(seen.place.and_then(|place| plan.at(place)), given);
        }
        #[cfg(not(page))]
        if given.is_structure {
            check.judge_members(given, place);
        }
    }
    for place in plan.required.iter().copied() {
        if !check.is_given(place)
            && let Some(parameter) = plan.at(place)
        {
            check.error(parameter, parameter.name, Code::Missing);
        }
    }
    for rule in plan.rules(check.rules()) {
        check.judge_rule(rule);
    }
    check.judge_card();
}

/// Adds what JavaScript already rejected: alternating path, code, and what the code tells: the type expected, a
/// limit, a position.
pub fn push_refused<'a>(issues: &mut Issues<'a>, refused: &[&'a str]) {
    issues.by(SIGNED);
    for entry in refused.chunks_exact(3) {
        let [path, code, expected] = entry else { continue };
        #[cfg(not(page))]
        if *code == "unsafe" {
            push_unsafe(issues, path, expected);
            continue;
        }
        let Some(code) = Code::from_name(if *code == "unsafe" { "bad_format" } else { code }) else { continue };
        let name = match code {
            Code::TooLong => "#max",
            Code::BadCharacter => "#position",
            Code::Conflict => "with",
            _ => "expected",
        };
        issues.error(path, code).with(name, expected);
    }
}

/// An integer that JavaScript could not represent exactly. Its digits are shown unless they may be those of a card.
#[cfg(not(page))]
fn push_unsafe<'a>(issues: &mut Issues<'a>, path: &'a str, digits: &str) {
    issues.error(path, Code::BadFormat);
    if super::is_public_number(path) {
        issues.with("number", digits);
    } else {
        issues.with("expected", "a string: the number is beyond what a JavaScript number holds");
    }
}

/// A path without its list indexes.
pub(super) fn unnumbered(name: &str) -> String {
    let (mut path, mut rest) = (String::new(), name);
    while let Some((before, after)) = cut(rest, '[') {
        path.push_str(before);
        path.push_str("[]");
        rest = cut(after, ']').unwrap_or_default().1;
    }
    path.push_str(rest);
    path
}

/// Where a value may contain `=`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Equals {
    /// Nowhere.
    Refused,
    /// At its end, as in encoded bytes.
    Padding,
    /// Anywhere except after a reserved name.
    Guarded,
}

/// A parameter that is given: its place in the plan, and its text; empty for a structure that is empty where one is expected.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    place: Option<Place>,
    pub(super) text: &'a str,
}

pub(super) struct Check<'c, 'a> {
    pub(super) plan: &'static Plan,
    #[cfg(not(page))]
    pub(super) params: &'a [Given<'a>],
    pub(super) options: &'a Options<'a>,
    pub(super) issues: &'c mut Issues<'a>,
    pub(super) seen: Vec<Seen<'a>>,
    // By place in the plan: the index plus 1 of the parameter in the list of those seen; 0 if it is not given.
    places: Vec<u16>,
}

impl<'c, 'a> Check<'c, 'a> {
    fn new(plan: &'static Plan, params: &'a [Given<'a>], options: &'a Options<'a>, issues: &'c mut Issues<'a>) -> Self {
        let mut places = alloc::vec![0; plan.parameters().len()];
        let mut seen = Vec::with_capacity(params.len());
        for (at, given) in params.iter().enumerate() {
            // A path names a part, not a parameter.
            let place = if given.is_part { plan.place(&unnumbered(&given.name)) } else { plan.place(&given.name) };
            let place = place.filter(|place| plan.at(*place).is_some_and(|own| own.is_part == given.is_part));
            let is_empty = given.is_structure && !params.get(at.wrapping_add(1)).is_some_and(|next| next.is_part);
            let belongs = place.and_then(|place| plan.at(place)).is_some_and(|own| own.kind == Kind::Object);
            let text = if is_empty && belongs { "" } else { given.value };
            seen.push(Seen { place, text });
            if let Some(slot) = place.and_then(|place| places.get_mut(place))
                && !given.is_part
            {
                // There are a few thousand at most.
                *slot = u16::try_from(seen.len()).unwrap_or(u16::MAX);
            }
        }
        Self {
            plan,
            #[cfg(not(page))]
            params,
            options,
            issues,
            seen,
            places,
        }
    }

    #[inline(never)]
    pub(super) fn error(&mut self, parameter: &Parameter, name: &'a str, code: Code) -> &mut Issues<'a> {
        self.issues.by(parameter.source()).error(name, code)
    }

    #[inline(never)]
    pub(super) fn expected(&mut self, parameter: &Parameter, name: &'a str, expected: &str) {
        self.issues.by(parameter.source()).expected(name, expected);
    }

    /// The text of a parameter, empty if it is not given; non-empty for a structure.
    fn given(&self, place: Place) -> &'a str {
        let at = self.places.get(place).and_then(|at| usize::from(*at).checked_sub(1));
        at.and_then(|at| self.seen.get(at)).map_or("", |seen| seen.text)
    }

    pub(super) fn given_of(&self, place: Option<Place>) -> &'a str {
        place.map_or("", |place| self.given(place))
    }

    fn is_given(&self, place: Place) -> bool {
        !self.given(place).is_empty()
    }

    fn judge(&mut self, parameter: Option<&Parameter>, given: &'a Given<'a>) {
        match parameter {
            Some(parameter) => self.judge_member(parameter, given),
            None if !given.is_part => self.judge_unlisted(given),
            #[cfg(not(page))]
            None if !given.is_structure => self.judge_extra(given),
            None => {}
        }
    }

    fn judge_part(&mut self, given: &'a Given<'a>) {
        let name: &'a str = &given.name;
        // The name of a part is signed followed by `=`.
        let reserved = reserved_end(name.as_bytes());
        let before = name.len().wrapping_sub(reserved.len()).wrapping_sub(1);
        let is_own = !reserved.is_empty() && matches!(name.as_bytes().get(before), Some(b'.' | b'['));
        if is_own || cut(name, '=').is_some() {
            self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", "=");
        }
        self.report_reserved_text(name, given.value, Equals::Padding);
    }

    fn judge_unlisted(&mut self, given: &'a Given<'a>) {
        let Given { name, value, .. } = given;
        let name: &'a str = name;
        if name == self.plan.command.selector {
            if *value != self.plan.command.name || given.is_structure {
                self.issues.by(GENERAL).conflict(name, "command");
            }
        } else if self.options.allow.contains(&name) {
            // APS would echo it, and its name could not be told apart from the one it ends in.
            if cut(name, '=').is_some() || !reserved_end(name.as_bytes()).is_empty() {
                self.issues.by(RESERVED_SOURCE).error(name, Code::ReservedText).with("text", name);
            }
            self.report_reserved_text(name, value, Equals::Refused);
            #[cfg(not(page))]
            self.report_hidden(GENERAL, name, value, Severity::Warning);
        } else {
            let source = "APS answers 00027 to extra parameters";
            self.issues.by(source).error(name, Code::Unknown);
            #[cfg(not(page))]
            self.report_hidden(source, name, name, Severity::Error);
        }
    }

    fn judge_member(&mut self, parameter: &Parameter, given: &'a Given<'a>) {
        let name: &'a str = &given.name;
        let is_on_page = self.options.page && !self.options.allow.contains(&name);
        let is_of_browser = is_on_page && parameter.is_of_browser;
        #[cfg(not(page))]
        let is_of_api = is_on_page && parameter.is_of_api;
        #[cfg(page)]
        let is_of_api = false;
        if parameter.presence == Presence::Refused || is_of_browser || is_of_api {
            self.error(parameter, name, Code::NotAllowed);
            #[cfg(not(page))]
            if is_of_browser {
                self.issues.with("sender", "the customer's browser");
            } else if is_of_api {
                self.issues.with("endpoint", "the payment API");
            }
            return;
        }
        match (given.is_structure, parameter.kind) {
            #[cfg(not(page))]
            (true, Kind::Object) => self.judge_structure(parameter, given),
            #[cfg(page)]
            (true, Kind::Object) => {}
            (false, kind) if kind != Kind::Object => self.judge_text(parameter, given),
            _ => self.report_misplaced(parameter, given),
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

    /// Text, an object or a list where another type is expected.
    pub(super) fn report_misplaced(&mut self, parameter: &Parameter, given: &'a Given<'a>) {
        #[cfg(not(page))]
        let is_list = parameter.is_list;
        #[cfg(page)]
        let is_list = false;
        let expected = match parameter.kind {
            Kind::Object if is_list => "a list",
            Kind::Object => "an object",
            _ => "text",
        };
        self.expected(parameter, &given.name, expected);
        // The format of parts is documented or inferred; whether APS rejects others is not known.
        if given.is_part {
            self.issues.of(Severity::Warning);
        }
    }

    /// Reports an invisible character, and returns whether there is one.
    #[cfg(not(page))]
    pub(super) fn report_hidden(
        &mut self,
        source: &'static str,
        name: &'a str,
        text: &str,
        severity: Severity,
    ) -> bool {
        let Some((position, character)) = hidden::find(text) else { return false };
        self.issues.by(source).error(name, Code::BadCharacter).of(severity).with_number("#position", position);
        self.issues.with("character", &character);
        true
    }

    /// The brand that pays: that of the card if there is one, else the one named here or by the payment.
    pub(super) fn brand(&self) -> &'a str {
        let number = self.given_of(self.plan.card_number);
        // Most requests have no card number, so the ranges need not be searched.
        if !number.is_empty()
            && let Some(brand) = card::brand(number)
        {
            return brand.name();
        }
        match self.given_of(self.plan.payment_option) {
            "" => self.options.paid_by,
            named => named,
        }
    }

    /// What the brand of the card forbids or discourages.
    fn judge_card(&mut self) {
        let amount = self.given_of(self.plan.amount);
        // A `payment_option` is checked elsewhere. Only lists in APS's plugins say which numbers belong to these brands.
        if self.plan.command.name == "AUTHORIZATION"
            && self.given_of(self.plan.payment_option).is_empty()
            && is_purchase_only(self.brand())
        {
            self.issues.by("DOC payment tables").error("card_number", Code::PurchaseOnly).of(Severity::Warning);
        }
        if is_digits(amount)
            && amount.as_bytes().last() != Some(&b'0')
            && self.brand() == "VISA"
            && Currency::from_code(self.given_of(self.plan.currency)).is_some_and(|currency| currency.exponent() == 3)
        {
            self.issues.by("NEW standard 3-D Secure: VISA");
            self.issues.error("amount", Code::VisaLastDigit).of(Severity::Warning);
        }
    }

    /// APS signs `name=value` without separators, so a value must not contain what could be read as another parameter.
    pub(super) fn report_reserved_text(&mut self, name: &'a str, text: &str, equals: Equals) {
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

    /// The rules that may apply: those without conditions, and those whose parameters are given.
    fn rules(&self) -> u64 {
        let mut rules = if self.brand().is_empty() { 0 } else { self.plan.by_brand };
        rules |= self.plan.always;
        for seen in self.seen.iter().filter(|seen| !seen.text.is_empty()) {
            rules |= seen.place.and_then(|place| self.plan.at(place)).map_or(0, |parameter| parameter.rules);
        }
        rules
    }

    fn judge_rule(&mut self, rule: &Rule) {
        let reason = words(rule.when).find(|name| self.is_named(name)).unwrap_or_default();
        if !rule.when.is_empty() {
            let value = if reason.is_empty() { self.brand() } else { self.named(reason) };
            if !(rule.values.is_empty() || has_word(rule.values, value)) {
                return;
            }
        }
        if has_word(rule.others, self.named(rule.unless)) {
            return;
        }
        #[cfg(not(page))]
        if !(rule.and.is_empty() || has_word(rule.also, self.named(rule.and))) {
            return;
        }
        match rule.demand {
            Demand::OneOf => {
                if !words(rule.names).any(|name| self.is_named(name)) {
                    let (first, others) = cut(rule.names, ' ').unwrap_or((rule.names, ""));
                    let alternatives = listed(others);
                    self.report_broken(rule, reason, first, Code::Missing);
                    if !alternatives.is_empty() {
                        self.issues.with("alternatives", &alternatives);
                    }
                }
            }
            Demand::Only => {
                let value = self.named(rule.names);
                if !value.is_empty() && !has_word(rule.only, value) {
                    self.report_broken(rule, reason, rule.names, Code::NotAllowed);
                    #[cfg(not(page))]
                    self.issues.with("allowed", &listed(rule.only));
                }
            }
            Demand::Needs | Demand::Refuses => {
                let wanted = rule.demand == Demand::Needs;
                for name in words(rule.names) {
                    if self.is_named(name) != wanted {
                        self.report_broken(rule, reason, name, if wanted { Code::Missing } else { Code::NotAllowed });
                    }
                }
            }
        }
    }

    #[inline(never)]
    fn named(&self, name: &str) -> &'a str {
        self.given_of(self.plan.place(name))
    }

    fn is_named(&self, name: &str) -> bool {
        !self.named(name).is_empty()
    }

    #[inline(never)]
    fn report_broken(&mut self, rule: &Rule, reason: &'static str, name: &'static str, code: Code) {
        self.issues.by(rule.source()).error(name, code).of(rule.severity);
        if !reason.is_empty() {
            self.issues.with("with", reason);
        } else if !rule.when.is_empty() {
            // Only lists in APS's plugins say which brand a card belongs to.
            self.issues.of(Severity::Warning).with("with", "card_number");
        }
    }
}

/// Words separated by commas.
pub(super) fn listed(names: &str) -> String {
    let mut list = String::new();
    words(names).for_each(|name| push_listed(&mut list, name));
    list
}

pub(super) fn push_listed(list: &mut String, name: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(name);
}
