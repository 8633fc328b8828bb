//! Payments as JSON, for keeping: `{"version":1,"command":"AUTHORIZATION","currency":"AED","authorized":"10000",
//! "captured":"0","refunded":"0","voided":false,"at":0,"lapsesAt":604800000,"payment_option":"VISA"}`.

use super::{AUTHORIZATION, BY_VALUE, Names, PURCHASE, Payment, not_an_instant};
use crate::amount::MAX_MINOR;
use crate::currency::Currency;
use crate::issue::{Code, Issues};
use crate::text::{has_word, read_i64, read_u64};
use crate::value::{Member, Value, find, text_of};
use crate::writer::Writer;

const VERSION: &str = "1";

const KEPT: Names = Names {
    authorized: "authorized",
    captured: "captured",
    refunded: "refunded",
    voided: "voided",
    at: "at",
    lapses_at: "lapsesAt",
};

const MEMBERS: &str =
    "version command currency authorized captured refunded voided at lapsesAt payment_option digital_wallet";

impl Payment {
    /// Writes the payment as a JSON object.
    pub fn write_json(&self, writer: &mut Writer) {
        writer.begin_object();
        writer.name("version");
        writer.raw(VERSION);
        writer.member("command", self.command());
        writer.member("currency", self.currency.code());
        for (name, minor) in [("authorized", self.authorized), ("captured", self.captured), ("refunded", self.refunded)]
        {
            writer.member(name, &self.amount(minor).digits());
        }
        for (name, text) in [("payment_option", &self.payment_option), ("digital_wallet", &self.digital_wallet)] {
            if !text.is_empty() {
                writer.member(name, text);
            }
        }
        writer.name("voided");
        writer.boolean(self.voided);
        for (name, instant) in [("at", self.at), ("lapsesAt", self.lapses_at)] {
            if let Some(instant) = instant {
                writer.name(name);
                writer.signed(instant);
            }
        }
        writer.end_object();
    }

    /// Reads what [`Payment::write_json`] has written, and nothing that is impossible.
    ///
    /// # Errors
    /// `unknown` members, `missing` ones, another `version` (`not_allowed`), and all that makes a payment impossible.
    pub fn read_json(json: &Value<'_>) -> Result<Self, Issues> {
        let mut issues = Issues::new(BY_VALUE);
        let Value::Object(members) = json else {
            issues.expected("payment", "an object");
            return Err(issues);
        };
        for (name, value) in members {
            if !has_word(MEMBERS, name) {
                issues.error(name, Code::Unknown);
            } else if value.as_text().is_none() {
                issues.expected(name, "a single value");
            }
        }
        let mut read = Reading { members, issues, whole: true };
        let version = read.required("version");
        read.must("version", version, version == VERSION, Code::NotAllowed);
        // Another version may still be read to the end: what else is wrong is told as well.
        read.whole = true;
        let command = read.required("command");
        let purchase = command == PURCHASE;
        read.must("command", command, purchase || command == AUTHORIZATION, Code::NotAllowed);
        let has_command = read.whole;
        let code = read.required("currency");
        let currency = Currency::from_code(code);
        read.must("currency", code, currency.is_some(), Code::BadCurrency);
        let authorized = read.total("authorized");
        let captured = read.total("captured");
        let refunded = read.total("refunded");
        let voided = read.required("voided");
        if !has_word("true false", voided) {
            read.whole = false;
            if !voided.is_empty() {
                read.issues.expected("voided", "true or false");
            }
        }
        let at = read.instant("at");
        let lapses_at = read.instant("lapsesAt");
        if purchase {
            if lapses_at.is_some() {
                read.issues.conflict("lapsesAt", "command");
            }
        } else if has_command {
            read.required("at");
            read.required("lapsesAt");
            // Without its window an authorization would pass for a purchase.
            read.whole &= lapses_at.is_some();
        }
        let Some(currency) = currency.filter(|_| read.whole) else { return Err(read.issues) };
        let payment = Self {
            currency,
            voided: voided == "true",
            authorized,
            captured,
            refunded,
            at,
            lapses_at: lapses_at.filter(|_| !purchase),
            payment_option: text_of(members, "payment_option").into(),
            digital_wallet: text_of(members, "digital_wallet").into(),
        };
        payment.checked(&KEPT, read.issues)
    }
}

struct Reading<'a> {
    members: &'a [Member<'a>],
    issues: Issues,
    // Whether all that makes a payment was there and could be read.
    whole: bool,
}

impl<'a> Reading<'a> {
    #[inline(never)]
    fn required(&mut self, name: &str) -> &'a str {
        let text = text_of(self.members, name);
        // A member of another type has its issue already.
        if text.is_empty() && find(self.members, name).is_none_or(|value| value.as_text().is_some()) {
            self.issues.error(name, Code::Missing);
        }
        text
    }

    fn must(&mut self, name: &str, text: &str, right: bool, code: Code) {
        if !right {
            self.whole = false;
            if !text.is_empty() {
                self.issues.error(name, code);
            }
        }
    }

    #[inline(never)]
    fn total(&mut self, name: &str) -> u64 {
        let digits = self.required(name);
        let minor = read_u64(digits).unwrap_or(u64::MAX);
        self.must(name, digits, minor <= MAX_MINOR, Code::NotAnAmount);
        minor
    }

    #[inline(never)]
    fn instant(&mut self, name: &str) -> Option<i64> {
        let text = text_of(self.members, name);
        let instant = read_i64(text);
        if instant.is_none() && !text.is_empty() {
            not_an_instant(&mut self.issues, name);
        }
        instant
    }
}
