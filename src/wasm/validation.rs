//! Amounts, validation, cards and codes.

use super::memory::{answer, call, read};
use super::question::{Question, read_language};
use crate::amount::{Amount, AmountError};
use crate::card;
use crate::currency::Currency;
use crate::issue::{Code, Issues};
use crate::message::flat::{Fields, push_field};
use crate::text::push_ascii;
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// Reads an amount: currency, decimal text, parameter name, language. Returns eight times the minor units plus the decimals
/// of the currency; or a negative number: the length of the issues written.
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
                Err(why) => {
                    issues
                        .error(parameter, Code::NotAnAmount)
                        .with("currency", code)
                        .with_number("#decimals", decimals);
                    #[cfg(not(page))]
                    crate::amount_cause::explain_decimal(&mut issues, text, currency, why);
                    #[cfg(page)]
                    let _ = why;
                }
            }
        } else {
            issues.error("currency", Code::BadCurrency);
            #[cfg(not(page))]
            crate::amount_cause::explain_currency(&mut issues, code);
        }
        let mut out = String::new();
        issues.push_fields(&mut out, read_language(fields.text()));
        Err(out)
    });
    match found {
        Ok(found) => found as f64,
        Err(issues) => -(answer(&issues) as f64),
    }
}

/// The brand of a card number as it is being typed, ignoring spaces and hyphens, and `accepted` if APS accepts it; both empty
/// if the number does not identify it.
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

/// The outcome of a response code alone.
#[wasm_bindgen]
#[must_use]
pub fn outcome(length: usize) -> usize {
    call(length, |code, out| out.push_str(crate::reply::code::outcome_of_code(code).name()))
}

/// Validates parameters (see [`Question`]). Returns issues: first what was already rejected, one each.
#[wasm_bindgen]
#[must_use]
pub fn validate(length: usize) -> usize {
    call(length, |flat, out| {
        let (question, doubts) = Question::read(&mut Fields::new(flat));
        let options = question.options();
        question.issues(&options, doubts).push_fields(out, question.language);
    })
}
