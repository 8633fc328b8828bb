//! Amounts, validation, cards and codes.

use super::walk::Walk;
use super::{milliseconds, next_params, next_text, writing};
use crate::amount::{Amount, AmountError};
use crate::card;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issue, Language};
use crate::json::Reader;
use crate::operation::{Options, validate as check};
use crate::payment::Payment;
use crate::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

const AMOUNT_SOURCE: &str = "NEW handling currencies; ISO 4217";

/// The decimals of a currency, −1 when it is not known.
#[wasm_bindgen]
#[must_use]
pub fn currency_exponent(code: &str) -> i32 {
    Currency::from_code(code).map_or(-1, |currency| i32::from(currency.exponent()))
}

/// Decimal text as minor units, −1 when it is not exact: `amount_issues` says why.
#[wasm_bindgen]
#[must_use]
pub fn amount_parse(text: &str, currency: &str) -> f64 {
    Currency::from_code(currency)
        .and_then(|currency| Amount::parse(text, currency).ok())
        // Ten digits are exact in a double.
        .map_or(-1.0, |amount| amount.minor() as f64)
}

/// What is wrong with decimal text that `amount_parse` refused.
#[wasm_bindgen]
#[must_use]
pub fn amount_issues(text: &str, currency: &str, parameter: &str, language: &str) -> String {
    let issue = match Currency::from_code(currency) {
        None => Issue::error("currency", Code::BadCurrency, AMOUNT_SOURCE),
        Some(currency) => match Amount::parse(text, currency) {
            Ok(_) => return String::new(),
            Err(AmountError::TooLong) => Issue::error(parameter, Code::TooLong, AMOUNT_SOURCE).with("max", 10),
            Err(_) => Issue::error(parameter, Code::NotAnAmount, AMOUNT_SOURCE)
                .with("currency", currency.code())
                .with("decimals", u64::from(currency.exponent())),
        },
    };
    writing::issues(&[issue], Language::from_name(language).unwrap_or_default())
}

/// The brand of a card number as it is being typed, spaces and hyphens aside; empty when it does not tell.
#[wasm_bindgen]
#[must_use]
pub fn card_brand(text: &str) -> String {
    let digits: String = text.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    let known = digits.len() <= 19 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if known { card::brand(&digits).map_or_else(String::new, |brand| brand.name().into()) } else { String::new() }
}

/// The outcome that a response code means by itself.
#[wasm_bindgen]
#[must_use]
pub fn outcome(code: &str) -> String {
    crate::code::outcome_of_code(code).name().into()
}

/// Validates parameters that are all text: command, parameters, options.
#[wasm_bindgen]
#[must_use]
pub fn validate(flat: &str) -> String {
    let mut reader = Reader::new(flat);
    let command = next_text(&mut reader);
    let params = match reader.next_value() {
        Ok(Some(Value::Object(members))) => Params::from_members(members),
        _ => Params::new(),
    };
    let options = next_params(&mut reader);
    report(&command, &params, Vec::new(), &options)
}

/// Validates parameters of any JavaScript value.
#[wasm_bindgen]
#[must_use]
pub fn validate_value(command: &str, value: &JsValue, options: &str) -> String {
    let options = next_params(&mut Reader::new(options));
    let mut walk = Walk::default();
    let params = walk.params(value);
    report(command, &params, walk.into_issues(), &options)
}

fn report(command: &str, params: &Params<'_>, mut issues: Vec<Issue>, options: &Params<'_>) -> String {
    let language = options.text("language").and_then(Language::from_name).unwrap_or_default();
    match Command::find(command) {
        None => issues.insert(0, Issue::error("command", Code::UnknownCommand, "DOC all tables")),
        Some(command) => {
            let read = read_options(options);
            let found = check(command, params, &read);
            // What the walk refused stands once: nothing further is said of it.
            let known = issues.len();
            for issue in found {
                let told = issues.iter().take(known).any(|own| own.parameter == issue.parameter);
                if !told {
                    issues.push(issue);
                }
            }
            issues = crate::issue::sorted(issues);
            if let Some(Value::Object(state)) = options.get("payment") {
                issues.extend(life_cycle(command, params, state, options));
            }
        }
    }
    writing::issues(&issues, language)
}

/// Whether a payment among the options forbids the command.
#[cfg(feature = "server")]
pub(super) fn forbidden(command: &Command, params: &Params<'_>, options: &Params<'_>) -> bool {
    match options.get("payment") {
        Some(Value::Object(state)) => !life_cycle(command, params, state, options).is_empty(),
        _ => false,
    }
}

fn life_cycle(
    command: &Command,
    params: &Params<'_>,
    state: &[(alloc::borrow::Cow<'_, str>, Value<'_>)],
    options: &Params<'_>,
) -> Vec<Issue> {
    let at = milliseconds(options, "paymentAt").unwrap_or_default();
    let amount = params
        .text("currency")
        .and_then(Currency::from_code)
        .zip(params.text("amount"))
        .and_then(|(currency, digits)| Amount::from_minor_digits(digits, currency).ok());
    match Payment::read_json(&Value::Object(state.to_vec())) {
        Ok(payment) => payment.issues(command.name, amount, at),
        Err(issues) => issues,
    }
}

pub(super) fn read_options<'a>(options: &'a Params<'_>) -> Options<'a> {
    let list = |name: &str| match options.get(name) {
        Some(Value::List(entries)) => entries.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    };
    let supplied = match options.get("supplied") {
        Some(Value::Object(members)) => {
            members.iter().filter_map(|(name, value)| value.as_text().map(|text| (name.as_ref(), text))).collect()
        }
        _ => Vec::new(),
    };
    Options {
        at: milliseconds(options, "at"),
        allow: list("allow"),
        accept: list("accept"),
        supplied,
        page: options.text("page") == Some("true"),
    }
}
