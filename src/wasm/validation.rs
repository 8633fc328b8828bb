//! Amounts, validation, cards and codes.

use super::memory::{answer, call, read};
use crate::amount::{Amount, AmountError, MAX_MINOR};
use crate::card;
use crate::currency::Currency;
use crate::dictionary::Command;
#[cfg(feature = "signature")]
use crate::dictionary::Kind;
use crate::dictionary::check::{Given, Options, check, push_refused};
use crate::issue::{Code, Issues, Language};
use crate::message::flat::{Fields, push_field};
use crate::payment::{Operation, Payment};
use crate::text::{push_ascii, read_i64, read_u64};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

pub(super) fn language(name: &str) -> Language {
    Language::from_name(name).unwrap_or_default()
}

/// Reads an amount: currency, decimal text, the name it goes by, language. Answers eight times the minor units and, on
/// top, the decimals of the currency; or, below zero, the length of the issues that it leaves.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "ten digits, three bits more, are exact in a double")]
pub fn amount(length: usize) -> f64 {
    let found = read(length, |flat| {
        let mut fields = Fields::new(flat);
        let (code, text, parameter) = (fields.text(), fields.text(), fields.text());
        let mut issues = Issues::new("NEW handling currencies; ISO 4217");
        if let Some(currency) = Currency::from_code(code) {
            let decimals = u64::from(currency.exponent());
            match Amount::parse(text, currency) {
                Ok(amount) => return Ok(amount.minor().wrapping_mul(8).wrapping_add(decimals)),
                Err(AmountError::TooLong) => issues.above(parameter, Code::TooLong, 10),
                Err(_) => {
                    issues
                        .error(parameter, Code::NotAnAmount)
                        .with("currency", code)
                        .with_number("#decimals", decimals);
                }
            }
        } else {
            issues.error("currency", Code::BadCurrency);
        }
        let mut out = String::new();
        issues.push_fields(&mut out, language(fields.text()));
        Err(out)
    });
    match found {
        Ok(found) => found as f64,
        Err(issues) => -(answer(&issues) as f64),
    }
}

/// The brand of a card number as it is being typed, spaces and hyphens aside, and `accepted` if APS takes it; both empty
/// when the number does not tell.
#[wasm_bindgen]
#[must_use]
pub fn card_brand(length: usize) -> usize {
    call(length, |text, out| {
        let mut digits = String::new();
        for byte in text.bytes() {
            match byte {
                b' ' | b'-' => {}
                b'0'..=b'9' if digits.len() < 19 => push_ascii(&mut digits, byte),
                _ => return,
            }
        }
        if let Some(brand) = card::scheme(&digits) {
            push_field(out, brand.name());
            out.push_str(if brand.is_accepted() { "accepted" } else { "" });
        }
    })
}

/// The outcome that a response code means by itself.
#[wasm_bindgen]
#[must_use]
pub fn outcome(length: usize) -> usize {
    call(length, |code, out| out.push_str(crate::reply::code::outcome_of_code(code).name()))
}

/// Validates parameters. Fields: language; command; the instant for expiry dates; `1` for a form of the payment page; the
/// list of what was refused before; of parameters to admit; of what the account supplies; the instant for the life cycle
/// and the fields of the payment, or an empty one; then for each parameter its shape (`t` text, `s` structure, `p`
/// and `q` the same as part of one), name and value.
/// Answers issues: first those of what was refused before, one each.
#[wasm_bindgen]
#[must_use]
pub fn validate(length: usize) -> usize {
    call(length, |flat, out| {
        let mut fields = Fields::new(flat);
        let language = language(fields.text());
        let command = fields.text();
        let at = read_i64(fields.text());
        let page = fields.text() == "1";
        let (refused, allow, supplied) = (fields.list(), fields.list(), fields.list());
        let options = Options {
            at,
            allow: &allow,
            supplied: &supplied,
            page,
            #[cfg(feature = "signature")]
            paid_by: "",
        };
        let mut issues = Issues::default();
        push_refused(&mut issues, &refused);
        let life_at = read_i64(fields.text());
        let payment = life_at.map(|_| Payment::read_fields(&mut fields));
        #[cfg(feature = "signature")]
        let options = Options { paid_by: paid_by(payment.as_ref()), ..options };
        let mut params = Vec::new();
        while !fields.is_empty() {
            let shape = fields.text();
            let (is_part, is_structure) = (matches!(shape, "p" | "q"), matches!(shape, "s" | "q"));
            params.push(Given { is_part, is_structure, name: fields.text(), value: fields.text() });
        }
        if let Some(command) = Command::find(command) {
            #[cfg(feature = "signature")]
            mark_empty(command, &mut params);
            check(command, &params, &options, &mut issues);
            match (payment, life_at) {
                (Some(Ok(payment)), Some(at)) => {
                    let text = |name| params.iter().find(|given| given.name == name).map_or("", |given| given.value);
                    // What is no currency or no amount has its issue already.
                    let currency = Currency::from_code(text("currency"));
                    let minor = read_u64(text("amount")).filter(|minor| (1..=MAX_MINOR).contains(minor));
                    let minor = minor.filter(|_| currency.is_some());
                    issues.append(payment.issues(Operation { command: command.name, minor, currency, at }));
                }
                (Some(Err(others)), _) => issues.append(others),
                _ => {}
            }
        } else {
            issues.by("DOC all tables").error("command", Code::UnknownCommand);
        }
        issues.push_fields(out, language);
    })
}

/// The `payment_option` of a payment; empty if unknown.
#[cfg(feature = "signature")]
fn paid_by<'a>(payment: Option<&Result<Payment<'a>, Issues<'a>>>) -> &'a str {
    payment.and_then(|read| read.as_ref().ok()).and_then(Payment::payment_option).unwrap_or_default()
}

/// Takes structures that hold nothing for none, where one belongs.
#[cfg(feature = "signature")]
fn mark_empty(command: Command, params: &mut [Given<'_>]) {
    let mut rest = params;
    while let [given, after @ ..] = rest {
        if given.is_structure
            && !after.first().is_some_and(|next| next.is_part)
            && command.parameter(given.name).is_some_and(|own| own.kind == Kind::Object)
        {
            given.value = "";
        }
        rest = after;
    }
}
