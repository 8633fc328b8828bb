//! Checks a single value against its parameter's entry in the dictionary.

use super::check::{Check, Equals, Given, listed, push_listed};
#[cfg(not(page))]
use super::hidden;
#[cfg(not(page))]
use super::internet::{Url, is_ip};
use super::notation::{is_date, is_date_time, is_email, is_plain, is_usual_email, takes};
use super::{Kind, Parameter};
use crate::amount::MAX_MINOR;
#[cfg(not(page))]
use crate::amount_cause;
use crate::card;
use crate::currency::Currency;
use crate::issue::{Code, Severity};
use crate::text::{count_characters, has_word, is_digits, read_u64};
use alloc::string::String;

const EMAIL: &str = "an e-mail address, such as name@example.com";

/// The format of a kind of value, in words, if its characters alone do not make it valid.
const fn format_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Expiry => "YYMM, a real month",
        Kind::Date => "YYYY-MM-DD, a real day",
        Kind::DateTime => "a real time with the offset to UTC, 2030-12-20T15:36:55+03:00",
        #[cfg(not(page))]
        Kind::Ip => "one IPv4 or IPv6 address without a port, such as 192.0.2.1 or 2001:db8::1",
        _ => return None,
    })
}

impl<'a> Check<'_, 'a> {
    pub(super) fn judge_text(&mut self, parameter: &Parameter, given: &'a Given<'a>) {
        let Given { value: text, is_part, .. } = *given;
        let name: &'a str = &given.name;
        match parameter.kind {
            Kind::Amount => return self.judge_amount(parameter, name, text),
            Kind::Choice => return self.judge_choice(parameter, name, text),
            Kind::Currency => {
                if Currency::from_code(text).is_none() && !self.is_hidden(parameter, name, text) {
                    self.error(parameter, name, Code::BadCurrency);
                    #[cfg(not(page))]
                    amount_cause::explain_currency(self.issues, text);
                }
                return;
            }
            _ => {}
        }
        let plain = is_plain(parameter, text);
        let fits = self.judge_length(parameter, name, text, plain);
        let listed = plain || self.judge_characters(parameter, name, text);
        // Unless `=` is among the characters listed, plain text must not contain it.
        if !is_part && (!plain || matches!(parameter.kind, Kind::Url | Kind::Opaque | Kind::Encoded)) {
            let equals = match parameter.kind {
                Kind::Url | Kind::Opaque => Equals::Guarded,
                Kind::Encoded => Equals::Padding,
                _ => Equals::Refused,
            };
            self.report_reserved_text(name, text, equals);
        }
        if fits && listed {
            self.judge_form(parameter, name, text, plain);
        }
        #[cfg(not(page))]
        if !(fits && listed)
            && let Some(format) = format_of(parameter.kind)
        {
            self.issues.with("expected", format);
        }
    }

    /// The format of a value whose length and characters are valid.
    fn judge_form(&mut self, parameter: &Parameter, name: &'a str, text: &str, plain: bool) {
        let expected = match parameter.kind {
            Kind::CardNumber => return self.judge_card_number(parameter, name, text),
            #[cfg(not(page))]
            Kind::Url => return self.judge_url(parameter, name, text),
            Kind::Expiry => match (card::read_expiry(text), self.options.at) {
                (Some(expiry), Some(at)) if card::is_expired(expiry, at) => {
                    self.error(parameter, name, Code::Expired);
                    None
                }
                (Some(_), _) => None,
                (None, _) => format_of(Kind::Expiry),
            },
            Kind::SecurityCode => match (self.brand(), text.len()) {
                ("", _) | ("AMEX", 4) => None,
                ("AMEX", _) => Some("4 digits"),
                (_, 3) => None,
                _ => Some("3 digits"),
            },
            Kind::Email if !is_email(text, plain) => Some(EMAIL),
            Kind::Email if !is_usual_email(text) => {
                // APS documents only the characters.
                self.issues.by("RFC 5321, 2.3.5 and 4.1.2").expected(name, EMAIL);
                self.issues.of(Severity::Warning);
                None
            }
            Kind::Date if is_date(text) => None,
            Kind::DateTime if is_date_time(text) => None,
            #[cfg(not(page))]
            Kind::Ip if is_ip(text) => None,
            kind => format_of(kind),
        };
        if let Some(expected) = expected {
            self.expected(parameter, name, expected);
        }
    }

    /// The URL of a page that the browser is sent to from APS's.
    #[cfg(not(page))]
    fn judge_url(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        let Some(url) = Url::read(text) else {
            self.expected(parameter, name, "an absolute URL with a host, such as https://shop.example/return");
            return;
        };
        if !url.is_secure() {
            self.issues.by("NEW reference: return_url must be https").expected(name, "an https URL");
            self.issues.of(Severity::Warning);
        }
        if url.has_fragment {
            let expected = "without a fragment (#): no browser sends one to a server";
            self.issues.by("RFC 3986, 3.5").expected(name, expected);
            self.issues.of(Severity::Warning);
        }
    }

    /// Reports an invisible character if that is what is wrong with the value.
    #[cfg_attr(page, allow(unused_variables, clippy::unused_self, reason = "a page does not look for them"))]
    fn is_hidden(&mut self, parameter: &Parameter, name: &'a str, text: &str) -> bool {
        #[cfg(not(page))]
        return self.report_hidden(parameter.source(), name, text, Severity::Error);
        #[cfg(page)]
        false
    }

    fn judge_card_number(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        if !card::takes_length(self.brand(), text.len()) {
            self.expected(parameter, name, "complete: a digit is missing, or there is one too many");
        } else if !card::checksum_holds(text) {
            self.issues.by("ISO/IEC 7812-1").error(name, Code::BadChecksum);
        } else if !parameter.brands().is_empty()
            && card::brand(text).is_some_and(|brand| !has_word(parameter.brands(), brand.name()))
        {
            // Only lists in APS's plugins say which numbers belong to a brand.
            let allowed = listed(parameter.brands());
            self.error(parameter, name, Code::NotAllowed).of(Severity::Warning).with("allowed", &allowed);
            #[cfg(not(page))]
            self.issues.with("brand", card::brand(text).map_or("", card::Brand::name));
        }
    }

    fn judge_amount(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        let fits = parameter.max.is_none_or(|max| text.len() <= max);
        let is_padded = text.as_bytes().first() == Some(&b'0');
        let code = match read_u64(text) {
            Some(0) if parameter.may_be_zero() && text == "0" => return,
            Some(0) if fits => Code::ZeroAmount,
            Some(minor) if minor > 0 && is_padded => Code::NotAnAmount,
            Some(minor) if minor <= MAX_MINOR && fits => return,
            None if !is_digits(text) || is_padded => Code::NotAnAmount,
            _ => return self.report_too_long(parameter, name),
        };
        if self.is_hidden(parameter, name, text) {
            return;
        }
        self.error(parameter, name, code);
        #[cfg(not(page))]
        if code == Code::NotAnAmount {
            let currency = Currency::from_code(self.given_of(self.plan.currency));
            amount_cause::explain_minor(self.issues, text, currency);
        }
    }

    fn judge_choice(&mut self, parameter: &Parameter, name: &'a str, text: &str) {
        if let Some(choice) = parameter.choices().find(|choice| choice.value == text) {
            if choice.purchase_only && self.plan.command.name == "AUTHORIZATION" {
                self.error(parameter, name, Code::PurchaseOnly);
            }
            return;
        }
        if self.is_hidden(parameter, name, text) {
            return;
        }
        let mut allowed = String::new();
        parameter.choices().for_each(|choice| push_listed(&mut allowed, choice.value));
        self.error(parameter, name, Code::NotAllowed).with("allowed", &allowed);
    }

    fn report_too_long(&mut self, parameter: &Parameter, name: &'a str) {
        let max = parameter.max.unwrap_or_default() as u64;
        self.error(parameter, name, Code::TooLong).with_number("#max", max);
    }

    fn judge_length(&mut self, parameter: &Parameter, name: &'a str, text: &str, plain: bool) -> bool {
        let count = if plain { text.len() } else { count_characters(text) };
        if parameter.max.is_some_and(|max| count > max) {
            self.report_too_long(parameter, name);
        } else if count < parameter.min {
            self.error(parameter, name, Code::TooShort).with_number("#min", parameter.min as u64);
        } else {
            return true;
        }
        false
    }

    fn judge_characters(&mut self, parameter: &Parameter, name: &'a str, text: &str) -> bool {
        let severity = match parameter.kind {
            Kind::Text | Kind::Url | Kind::Opaque | Kind::Encoded | Kind::Email => Severity::Warning,
            _ => Severity::Error,
        };
        #[cfg(not(page))]
        let is_hidden = self.report_hidden(parameter.source(), name, text, severity);
        #[cfg(page)]
        let is_hidden = false;
        let mut position = 0u64;
        for character in text.chars() {
            position = position.saturating_add(1);
            #[cfg(not(page))]
            if hidden::name_of(character).is_some() {
                continue;
            }
            if !takes(parameter, character) {
                self.error(parameter, name, Code::BadCharacter).of(severity).with_number("#position", position);
                return severity == Severity::Warning;
            }
        }
        !is_hidden || severity == Severity::Warning
    }
}
