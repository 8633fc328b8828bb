//! Payments as fields, the format in which JavaScript stores them (as JSON, under the same names).

use super::{AUTHORIZATION, BY_VALUE, Names, Origin, PURCHASE, PaidBy, Payment, not_an_instant};
use crate::amount::MAX_MINOR;
use crate::currency::Currency;
use crate::issue::{Code, Issues};
use crate::message::flat::{Fields, push_field};
use crate::text::{push_ascii, push_i64, push_u64, read_i64, read_u64};
use alloc::string::String;

const VERSION: &str = "1";

/// The names of the fields, in order.
pub const NAMES: [&str; 11] = [
    "version",
    "command",
    "currency",
    "authorized",
    "captured",
    "refunded",
    "voided",
    "at",
    "lapsesAt",
    "payment_option",
    "digital_wallet",
];

const RECORDED: Names = Names {
    authorized: "authorized",
    captured: "captured",
    refunded: "refunded",
    voided: "voided",
    at: "at",
    window: "lapsesAt",
    window_form: "an instant within 365 days after at",
};

impl<'a> Payment<'a> {
    /// Appends the payment as fields.
    #[inline(never)]
    pub fn push_fields(&self, out: &mut String) {
        push_field(out, VERSION);
        push_field(out, self.command());
        push_field(out, self.currency.code());
        for minor in [self.authorized, self.captured, self.refunded] {
            push_u64(out, minor);
            push_ascii(out, 0);
        }
        push_field(out, if self.voided { "true" } else { "false" });
        for instant in [self.made_at(), self.lapses_at()] {
            push_instant(out, instant);
            push_ascii(out, 0);
        }
        push_field(out, self.payment_option.unwrap_or_default());
        out.push_str(self.digital_wallet.unwrap_or_default());
    }

    /// Reads what [`Payment::push_fields`] wrote, and rejects invalid payments. Always takes as many fields as a payment has.
    ///
    /// # Errors
    /// `missing` values, another `version` (`not_allowed`), and everything that makes a payment invalid.
    #[inline(never)]
    pub fn read_fields(fields: &mut Fields<'a>) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::new(BY_VALUE);
        let version = fields.text();
        require(&mut issues, "version", version, version == VERSION, Code::NotAllowed);
        let command = fields.text();
        let is_command = matches!(command, PURCHASE | AUTHORIZATION);
        require(&mut issues, "command", command, is_command, Code::NotAllowed);
        let code = fields.text();
        let currency = Currency::from_code(code);
        require(&mut issues, "currency", code, currency.is_some(), Code::BadCurrency);
        let [authorized, captured, refunded] =
            ["authorized", "captured", "refunded"].map(|name| read_total(&mut issues, name, fields.text()));
        let voided = fields.text();
        require(&mut issues, "voided", voided, matches!(voided, "true" | "false"), Code::NotAllowed);
        let [at, lapses_at] = ["at", "lapsesAt"].map(|name| read_instant(&mut issues, name, fields.text(), command));
        if command == PURCHASE && lapses_at.is_some() {
            issues.conflict("lapsesAt", "command");
        }
        let PaidBy { payment_option, digital_wallet } = PaidBy::read_fields(fields);
        let origin = match (at, lapses_at) {
            _ if command == PURCHASE => Some(Origin::Purchase { at }),
            (Some(at), Some(lapses_at)) => Some(Origin::Authorization { at, lapses_at }),
            _ => None,
        };
        if !issues.is_empty() {
            return Err(issues);
        }
        // Otherwise each of them has an issue.
        let (Some(origin), Some(currency)) = (origin, currency) else { return Err(issues) };
        let (Some(authorized), Some(captured), Some(refunded)) = (authorized, captured, refunded) else {
            return Err(issues);
        };
        let voided = voided == "true";
        let payment = Self { origin, currency, authorized, captured, refunded, voided, payment_option, digital_wallet };
        payment.check(&RECORDED, &mut issues);
        payment.unless(issues)
    }
}

#[inline(never)]
fn require<'a>(issues: &mut Issues<'a>, name: &'a str, text: &str, right: bool, code: Code) {
    if !right {
        issues.error(name, if text.is_empty() { Code::Missing } else { code });
    }
}

/// A total in minor units.
#[inline(never)]
pub(super) fn read_total<'a>(issues: &mut Issues<'a>, name: &'a str, digits: &str) -> Option<u64> {
    let minor = read_u64(digits).filter(|minor| *minor <= MAX_MINOR);
    require(issues, name, digits, minor.is_some(), Code::NotAnAmount);
    minor
}

/// An instant, which only a purchase may lack.
#[inline(never)]
fn read_instant<'a>(issues: &mut Issues<'a>, name: &'a str, text: &str, command: &str) -> Option<i64> {
    let instant = read_i64(text);
    if instant.is_none() && !text.is_empty() {
        not_an_instant(issues, name);
    } else if text.is_empty() && command == AUTHORIZATION {
        issues.error(name, Code::Missing);
    }
    instant
}

/// An instant in milliseconds since 1970, if there is one.
#[inline(never)]
pub(super) fn push_instant(out: &mut String, instant: Option<i64>) {
    if let Some(instant) = instant {
        push_i64(out, instant);
    }
}
