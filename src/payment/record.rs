//! Payments as fields, the form in which JavaScript keeps them (as JSON there, under the same names).

use super::{AUTHORIZATION, BY_VALUE, NONE, PURCHASE, Payment, not_an_instant};
use crate::amount::MAX_MINOR;
use crate::currency::Currency;
use crate::issue::{Code, Issues};
use crate::message::flat::{Fields, push_field};
use crate::text::{has_word, push_ascii, push_i64, push_u64, read_i64, read_u64};
use alloc::string::String;

const VERSION: &str = "1";

/// The names of the fields, in their order.
pub const NAMES: &str =
    "version command currency authorized captured refunded voided at lapsesAt payment_option digital_wallet";
const REPORTED: &str = "authorized captured refunded voided at lapsesAt";

impl<'a> Payment<'a> {
    /// Appends the payment as fields.
    pub fn push_fields(&self, out: &mut String) {
        push_field(out, VERSION);
        push_field(out, self.command());
        push_field(out, self.currency.code());
        for minor in [self.authorized, self.captured, self.refunded] {
            push_u64(out, minor);
            push_ascii(out, 0);
        }
        out.push_str(if self.voided { "true\0" } else { "false\0" });
        for instant in [self.at, self.lapses_at] {
            push_instant(out, instant);
            push_ascii(out, 0);
        }
        push_field(out, self.payment_option);
        out.push_str(self.digital_wallet);
    }

    /// Reads what [`Payment::push_fields`] has written, and nothing that is impossible.
    ///
    /// # Errors
    /// What is `missing`, another `version` (`not_allowed`), and all that makes a payment impossible.
    pub fn read_fields(fields: &mut Fields<'a>) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let payment = Self::read(fields, &mut issues);
        payment.filter(|_| issues.is_empty()).ok_or(issues)
    }

    /// As [`Payment::read_fields`]. No payment if there are issues.
    #[inline(never)]
    pub(crate) fn read(fields: &mut Fields<'a>, issues: &mut Issues<'a>) -> Option<Self> {
        issues.by(BY_VALUE);
        let before = issues.len();
        let version = fields.text();
        must(issues, "version", version, version == VERSION, Code::NotAllowed);
        let command = fields.text();
        let purchase = command == PURCHASE;
        must(issues, "command", command, purchase || command == AUTHORIZATION, Code::NotAllowed);
        let code = fields.text();
        let currency = Currency::from_code(code);
        must(issues, "currency", code, currency.is_some(), Code::BadCurrency);
        let authorized = total(issues, "authorized", fields.text());
        let captured = total(issues, "captured", fields.text());
        let refunded = total(issues, "refunded", fields.text());
        let voided = fields.text();
        must(issues, "voided", voided, has_word("true false", voided), Code::NotAllowed);
        let at = instant(issues, "at", fields.text(), command);
        let lapses_at = instant(issues, "lapsesAt", fields.text(), command);
        if purchase && lapses_at != NONE {
            issues.conflict("lapsesAt", "command");
        }
        // All fields, before anything may end this: what follows them is read next.
        let (payment_option, digital_wallet) = (fields.text(), fields.text());
        let payment = Self {
            currency: currency?,
            voided: voided == "true",
            authorized,
            captured,
            refunded,
            at,
            lapses_at,
            payment_option,
            digital_wallet,
        };
        if issues.len() == before {
            payment.check(REPORTED, issues);
        }
        Some(payment)
    }
}

#[inline(never)]
fn must<'a>(issues: &mut Issues<'a>, name: &'a str, text: &str, right: bool, code: Code) {
    if !right {
        issues.error(name, if text.is_empty() { Code::Missing } else { code });
    }
}

/// A total in minor units.
pub(super) fn total<'a>(issues: &mut Issues<'a>, name: &'a str, digits: &str) -> u64 {
    let minor = read_u64(digits).unwrap_or(u64::MAX);
    must(issues, name, digits, minor <= MAX_MINOR, Code::NotAnAmount);
    minor
}

/// An instant, which only a purchase may lack.
fn instant<'a>(issues: &mut Issues<'a>, name: &'a str, text: &str, command: &str) -> i64 {
    if let Some(instant) = read_i64(text) {
        return instant;
    }
    if !text.is_empty() {
        not_an_instant(issues, name);
    } else if command == AUTHORIZATION {
        issues.error(name, Code::Missing);
    }
    NONE
}

/// An instant in milliseconds since 1970; nothing if there is none.
pub(super) fn push_instant(out: &mut String, instant: i64) {
    if instant != NONE {
        push_i64(out, instant);
    }
}
