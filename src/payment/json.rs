//! Payments as JSON, for keeping: `{"version":1,"command":"AUTHORIZATION","currency":"AED","authorized":"10000",
//! "captured":"0","refunded":"0","voided":false,"at":0,"lapsesAt":604800000,"payment_option":"VISA"}`.

use super::{AUTHORIZATION, BY_VALUE, Names, PURCHASE, Payment, not_an_instant};
use crate::amount::Amount;
use crate::currency::Currency;
use crate::issue::{Code, Issue};
use crate::json::Writer;
use crate::text::{push_u64, read_u64};
use crate::value::Value;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

const VERSION: &str = "1";

const KEPT: Names = Names {
    authorized: "authorized",
    captured: "captured",
    refunded: "refunded",
    voided: "voided",
    at: "at",
    lapses_at: "lapsesAt",
};

const MEMBERS: [&str; 11] = [
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

impl Payment {
    /// Writes the payment as a JSON object.
    pub fn write_json(&self, writer: &mut Writer) {
        writer.begin_object();
        writer.name("version");
        writer.raw(VERSION);
        let mut text = |name: &str, value: &str| {
            writer.name(name);
            writer.string(value);
        };
        text("command", self.command());
        text("currency", self.currency.code());
        text("authorized", &self.authorized_amount().digits());
        text("captured", &self.captured_amount().digits());
        text("refunded", &self.refunded_amount().digits());
        if let Some(name) = &self.payment_option {
            text("payment_option", name);
        }
        if let Some(name) = &self.digital_wallet {
            text("digital_wallet", name);
        }
        writer.name("voided");
        writer.boolean(self.voided);
        for (name, instant) in [("at", self.at), ("lapsesAt", self.lapses_at)] {
            if let Some(instant) = instant {
                let mut number = String::new();
                if instant < 0 {
                    number.push('-');
                }
                push_u64(&mut number, instant.unsigned_abs());
                writer.name(name);
                writer.raw(&number);
            }
        }
        writer.end_object();
    }

    /// Reads what [`Payment::write_json`] has written, and nothing that is impossible.
    ///
    /// # Errors
    /// `unknown` members, `missing` ones, another `version` (`not_allowed`), and all that makes a payment impossible.
    pub fn read_json(json: &Value<'_>) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let Value::Object(json) = json else {
            issues.push(Issue::error("payment", Code::BadFormat, BY_VALUE).with("expected", "an object"));
            return Err(issues);
        };
        for (name, value) in json {
            if !MEMBERS.contains(&name.as_ref()) {
                issues.push(Issue::error(name, Code::Unknown, BY_VALUE));
            } else if !matches!(value, Value::Text(_)) {
                issues.push(Issue::error(name, Code::BadFormat, BY_VALUE).with("expected", "a single value"));
            }
        }
        if required(json, "version", &mut issues).is_some_and(|version| version != VERSION) {
            issues.push(Issue::error("version", Code::NotAllowed, BY_VALUE));
        }
        let purchase = match required(json, "command", &mut issues) {
            Some(PURCHASE) => Some(true),
            Some(AUTHORIZATION) => Some(false),
            Some(_) => {
                issues.push(Issue::error("command", Code::NotAllowed, BY_VALUE));
                None
            }
            None => None,
        };
        let currency = required(json, "currency", &mut issues).and_then(|code| {
            let currency = Currency::from_code(code);
            if currency.is_none() {
                issues.push(Issue::error("currency", Code::BadCurrency, BY_VALUE));
            }
            currency
        });
        let mut total = |name: &'static str| {
            let digits = required(json, name, &mut issues)?;
            // The limit of ten digits is the same in every currency, so it holds even for an unknown one.
            let amount = Currency::all().next().and_then(|any| Amount::from_minor_digits(digits, any).ok());
            if amount.is_none() {
                issues.push(Issue::error(name, Code::NotAnAmount, BY_VALUE));
            }
            amount.map(Amount::minor)
        };
        let (authorized, captured, refunded) = (total("authorized"), total("captured"), total("refunded"));
        let voided = match required(json, "voided", &mut issues) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => {
                issues.push(Issue::error("voided", Code::BadFormat, BY_VALUE).with("expected", "true or false"));
                None
            }
            None => None,
        };
        let at = instant(json, "at", &mut issues);
        let lapses_at = instant(json, "lapsesAt", &mut issues);
        match purchase {
            Some(true) if lapses_at.is_some() => {
                issues.push(Issue::error("lapsesAt", Code::Conflict, BY_VALUE).with("with", "command"));
            }
            Some(false) => {
                for name in ["at", "lapsesAt"] {
                    required(json, name, &mut issues);
                }
            }
            _ => {}
        }
        let (Some(purchase), Some(currency), Some(authorized), Some(captured), Some(refunded), Some(voided)) =
            (purchase, currency, authorized, captured, refunded, voided)
        else {
            return Err(issues);
        };
        let name = |name: &str| text(json, name).filter(|text| !text.is_empty()).map(String::from);
        // Without its window an authorization would pass for a purchase.
        if !purchase && lapses_at.is_none() {
            return Err(issues);
        }
        let payment = Self {
            currency,
            authorized,
            captured,
            refunded,
            voided,
            at,
            lapses_at: lapses_at.filter(|_| !purchase),
            payment_option: name("payment_option"),
            digital_wallet: name("digital_wallet"),
        };
        payment.checked(&KEPT, issues)
    }
}

type Member<'a> = (Cow<'a, str>, Value<'a>);

fn find<'a, 'b>(json: &'a [Member<'b>], name: &str) -> Option<&'a Value<'b>> {
    json.iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

fn text<'a>(json: &'a [Member<'_>], name: &str) -> Option<&'a str> {
    find(json, name).and_then(Value::as_text)
}

fn required<'a>(json: &'a [Member<'_>], name: &str, issues: &mut Vec<Issue>) -> Option<&'a str> {
    let text = text(json, name).filter(|text| !text.is_empty());
    // A member of another type has its issue already.
    if text.is_none() && matches!(find(json, name), None | Some(Value::Text(_))) {
        issues.push(Issue::error(name, Code::Missing, BY_VALUE));
    }
    text
}

fn instant(json: &[Member<'_>], name: &str, issues: &mut Vec<Issue>) -> Option<i64> {
    let text = text(json, name)?;
    let (digits, sign) = text.strip_prefix('-').map_or((text, 1), |digits| (digits, -1));
    let instant =
        read_u64(digits).and_then(|number| i64::try_from(number).ok()).map(|number| number.saturating_mul(sign));
    if instant.is_none() && !text.is_empty() {
        issues.push(not_an_instant(name));
    }
    instant
}
