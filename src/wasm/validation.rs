//! Amounts, validation, cards and codes.

use super::memory::call;
use crate::amount::{Amount, AmountError, MAX_MINOR};
use crate::card;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::fields::Fields;
use crate::issue::{Code, Issues, Language};
use crate::operation::{Given, Options, Shape, push_refused, validate as check};
use crate::payment::{NO_AMOUNT, Payment};
use crate::text::{read_i64, read_u64};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

pub(super) fn language(name: &str) -> Language {
    Language::from_name(name).unwrap_or_default()
}

/// The decimals of a currency, −1 when it is not known.
#[wasm_bindgen]
#[must_use]
pub fn currency_exponent(length: usize) -> i32 {
    let mut exponent = -1;
    call(length, |code| {
        exponent = Currency::from_code(code).map_or(-1, |currency| i32::from(currency.exponent()));
        String::new()
    });
    exponent
}

/// Currency and decimal text as minor units, −1 when it is not exact: `amount_issues` says why.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "ten digits are exact in a double")]
pub fn amount_parse(length: usize) -> f64 {
    let mut minor = -1.0;
    call(length, |flat| {
        let mut fields = Fields::new(flat);
        let amount = Currency::from_code(fields.text()).and_then(|own| Amount::parse(fields.text(), own).ok());
        minor = amount.map_or(-1.0, |amount| amount.minor() as f64);
        String::new()
    });
    minor
}

/// What is wrong with decimal text that `amount_parse` refused: currency, text, the name it goes by, language.
#[wasm_bindgen]
#[must_use]
pub fn amount_issues(length: usize) -> usize {
    call(length, |flat| {
        let mut fields = Fields::new(flat);
        let (currency, text, parameter) = (fields.text(), fields.text(), fields.text());
        let mut issues = Issues::new("NEW handling currencies; ISO 4217");
        match Currency::from_code(currency) {
            None => {
                issues.error("currency", Code::BadCurrency);
            }
            Some(currency) => match Amount::parse(text, currency) {
                Ok(_) => {}
                Err(AmountError::TooLong) => issues.above(parameter, Code::TooLong, 10),
                Err(_) => {
                    issues.error(parameter, Code::NotAnAmount).with("currency", currency.code());
                    issues.with_number("#decimals", u64::from(currency.exponent()));
                }
            },
        }
        let mut out = String::new();
        issues.push_fields(&mut out, language(fields.text()));
        out
    })
}

/// The brand of a card number as it is being typed, spaces and hyphens aside; empty when it does not tell.
#[wasm_bindgen]
#[must_use]
pub fn card_brand(length: usize) -> usize {
    call(length, |text| {
        let mut digits = String::new();
        for byte in text.bytes() {
            match byte {
                b' ' | b'-' => {}
                b'0'..=b'9' if digits.len() < 19 => digits.push(char::from(byte)),
                _ => return String::new(),
            }
        }
        card::brand(&digits).map_or("", card::Brand::name).into()
    })
}

/// The outcome that a response code means by itself.
#[wasm_bindgen]
#[must_use]
pub fn outcome(length: usize) -> usize {
    call(length, |code| crate::code::outcome_of_code(code).name().into())
}

/// Validates parameters. Fields: language; command; the instant for expiry dates; `1` for a form of the payment page; the
/// list of what was refused before; of parameters to admit; of what the account supplies; the instant for the life cycle
/// and the fields of the payment, or an empty one; then for each parameter its shape (`t`, `s`, `p`), name and value.
/// Answers issues: first those of what was refused before, one each.
#[wasm_bindgen]
#[must_use]
pub fn validate(length: usize) -> usize {
    call(length, |flat| {
        let mut fields = Fields::new(flat);
        let language = language(fields.text());
        let command = fields.text();
        let at = read_i64(fields.text());
        let page = fields.text() == "1";
        let (refused, allow, supplied) = (fields.list(), fields.list(), fields.list());
        let options = Options { at, allow: &allow, supplied: &supplied, page };
        let mut issues = Issues::default();
        push_refused(&mut issues, &refused);
        let life_at = read_i64(fields.text());
        let mut others = Issues::default();
        let payment = if life_at.is_some() { Payment::read(&mut fields, &mut others) } else { None };
        let mut params = Vec::new();
        while !fields.is_empty() {
            let shape = match fields.text() {
                "t" => Shape::Text,
                "s" => Shape::Structure,
                _ => Shape::Part,
            };
            params.push(Given { shape, name: fields.text(), value: fields.text() });
        }
        if let Some(command) = Command::find(command) {
            issues.append(check(command, &params, &options));
            if let (Some(payment), Some(at), true) = (payment, life_at, others.is_empty()) {
                let text = |name| params.iter().find(|given| given.name == name).map_or("", |given| given.value);
                let currency = text("currency");
                // What is no amount has its issue already.
                let minor = Currency::from_code(currency).and_then(|_| read_u64(text("amount")));
                let minor = minor.filter(|minor| *minor <= MAX_MINOR).unwrap_or(NO_AMOUNT);
                payment.judge(command.name, minor, currency, at, &mut others);
            }
            issues.append(others);
        } else {
            issues.by("DOC all tables").error("command", Code::UnknownCommand);
        }
        let mut out = String::new();
        issues.push_fields(&mut out, language);
        out
    })
}
