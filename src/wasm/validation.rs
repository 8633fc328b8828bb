//! Amounts, validation, cards and codes.

use super::{finished, language, writing};
use crate::amount::{Amount, AmountError};
use crate::card;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issues, Language};
use crate::operation::{Options, push_refused, validate as check};
use crate::payment::Payment;
use crate::text::read_i64;
use crate::tree;
use crate::value::{Member, Value, find, text_of};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// The decimals of a currency, −1 when it is not known.
#[wasm_bindgen]
#[must_use]
pub fn currency_exponent(code: &str) -> i32 {
    finished(Currency::from_code(code).map_or(-1, |currency| i32::from(currency.exponent())))
}

/// Decimal text as minor units, −1 when it is not exact: `amount_issues` says why.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "ten digits are exact in a double")]
pub fn amount_parse(text: &str, currency: &str) -> f64 {
    let amount = Currency::from_code(currency).and_then(|currency| Amount::parse(text, currency).ok());
    finished(amount.map_or(-1.0, |amount| amount.minor() as f64))
}

/// What is wrong with decimal text that `amount_parse` refused.
#[wasm_bindgen]
#[must_use]
pub fn amount_issues(text: &str, currency: &str, parameter: &str, language: &str) -> String {
    let mut issues = Issues::new("NEW handling currencies; ISO 4217");
    match Currency::from_code(currency) {
        None => {
            issues.error("currency", Code::BadCurrency);
        }
        Some(currency) => match Amount::parse(text, currency) {
            Ok(_) => {}
            Err(AmountError::TooLong) => issues.above(parameter, Code::TooLong, 10),
            Err(_) => {
                let decimals = u64::from(currency.exponent());
                issues.error(parameter, Code::NotAnAmount).with("currency", currency.code());
                issues.with_number("decimals", decimals);
            }
        },
    }
    finished(writing::issues(&issues, Language::from_name(language).unwrap_or_default()))
}

/// The brand of a card number as it is being typed, spaces and hyphens aside; empty when it does not tell.
#[wasm_bindgen]
#[must_use]
pub fn card_brand(text: &str) -> String {
    let mut digits = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' | b'-' => {}
            b'0'..=b'9' if digits.len() < 19 => digits.push(char::from(byte)),
            _ => return finished(String::new()),
        }
    }
    finished(card::brand(&digits).map_or("", card::Brand::name).into())
}

/// The outcome that a response code means by itself.
#[wasm_bindgen]
#[must_use]
pub fn outcome(code: &str) -> String {
    finished(crate::code::outcome_of_code(code).name().into())
}

/// Validates parameters: a tree of command, parameters and options. Answers a list of issues, or nothing.
#[wasm_bindgen]
#[must_use]
pub fn validate(flat: &str) -> String {
    let values = tree::read(flat);
    let member = |index| values.get(index).map(Value::members).unwrap_or_default();
    let (params, options) = (member(1), member(2));
    let read = read_options(options);
    let issues = match values.first().and_then(Value::as_text).and_then(Command::find) {
        None => {
            let mut issues = Issues::new("DOC all tables");
            issues.error("command", Code::UnknownCommand);
            push_refused(&mut issues, read.refused);
            issues
        }
        Some(command) => {
            let mut issues = check(command, params, &read);
            issues.append(life_cycle(command, params, options));
            issues
        }
    };
    finished(writing::issues(&issues, language(options)))
}

/// What a payment among the options says of the command.
pub(super) fn life_cycle(command: &Command, params: &[Member<'_>], options: &[Member<'_>]) -> Issues {
    let Some(state) = find(options, "payment") else { return Issues::default() };
    let at = read_i64(text_of(options, "paymentAt")).unwrap_or_default();
    let amount = Currency::from_code(text_of(params, "currency"))
        .and_then(|currency| Amount::from_minor_digits(text_of(params, "amount"), currency).ok());
    match Payment::read_json(state) {
        Ok(payment) => payment.issues(command.name, amount, at),
        Err(issues) => issues,
    }
}

pub(super) fn read_options<'a>(options: &'a [Member<'a>]) -> Options<'a> {
    let list = |name: &str| find(options, name).map(Value::elements).unwrap_or_default();
    Options {
        at: read_i64(text_of(options, "at")),
        allow: list("allow"),
        accept: list("accept"),
        supplied: find(options, "supplied").map(Value::members).unwrap_or_default(),
        refused: list("refused"),
        page: text_of(options, "page") == "true",
    }
}
