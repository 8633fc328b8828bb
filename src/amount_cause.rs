//! Why a text is not an amount, as facts of an issue: each cause has its own sentence (`src/issue.rs`).

use crate::amount::{Amount, AmountError};
use crate::currency::Currency;
use crate::issue::Issues;
use crate::text::{cut, is_digits};
use alloc::string::String;

/// Longer text is not an amount and may be a card number, so it is not repeated.
const MOST_DIGITS: usize = 11;
const LONGEST: usize = 20;

/// A decimal amount as a person wrote it (`49,99`, `1,234.56`, `AED 49.99`), as [`Amount::parse`] reads it.
fn decimal_of(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let number = text.trim_matches(|own: char| own.is_ascii_alphabetic() || matches!(own, ' ' | '$'));
    let mark = number.rfind(['.', ','])?;
    let (whole, decimals) = number.split_at_checked(mark)?;
    let (mark, decimals) = decimals.split_at_checked(1)?;
    // `1,234` is ambiguous.
    let is_ambiguous = mark == "," && decimals.len() == 3;
    if is_ambiguous || !is_digits(decimals) || cut(whole, if mark == "." { '.' } else { ',' }).is_some() {
        return None;
    }
    let mut decimal: String = whole.chars().filter(|own| !matches!(own, '.' | ',' | ' ' | '\'')).collect();
    if decimal.is_empty() {
        decimal.push('0');
    }
    let is_short = decimal.len().saturating_add(decimals.len()) <= MOST_DIGITS;
    if !is_short || !is_digits(&decimal) {
        return None;
    }
    decimal.push('.');
    decimal.push_str(decimals);
    Some(decimal)
}

/// Adds to the last issue why its text is not a number of minor units.
pub fn explain_minor(issues: &mut Issues<'_>, text: &str, currency: Option<Currency>) {
    if let Some(decimal) = decimal_of(text) {
        match currency.map(|own| (own, Amount::parse(&decimal, own))) {
            Some((own, Ok(amount))) => {
                issues.with("given", text).with("decimal", &decimal).with("currency", own.code());
                issues.with("minor", &amount.digits());
            }
            Some((own, Err(AmountError::TooManyDecimals))) => explain_excess(issues, text, own),
            _ => {
                issues.with("given", text).with("decimal", &decimal);
            }
        }
        return;
    }
    let trimmed = text.trim_start_matches('0');
    if is_digits(text) && trimmed.len() <= MOST_DIGITS {
        issues.with("trimmed", trimmed);
    } else {
        issues.with("expected", "minor units: ASCII digits alone, such as 4999");
    }
}

/// Adds to the last issue why its text is not a decimal amount of the currency. `~` precedes minor units; `-` precedes the
/// type of a value that is not text.
pub fn explain_decimal(issues: &mut Issues<'_>, text: &str, currency: Currency, why: AmountError) {
    if let Some(minor) = text.strip_prefix('~') {
        explain_minor(issues, minor, Some(currency));
    } else if let Some(kind) = text.strip_prefix('-').filter(|kind| kind.bytes().all(|own| own.is_ascii_lowercase())) {
        issues.with("type", kind);
    } else if why == AmountError::TooManyDecimals && text.len() <= MOST_DIGITS {
        issues.with("excess", text);
    } else if text.is_empty() {
        issues.with("suggested", "49.99");
    } else if let Some(decimal) = decimal_of(text).filter(|decimal| Amount::parse(decimal, currency).is_ok()) {
        issues.with("written", text).with("decimal", &decimal);
    }
}

fn explain_excess(issues: &mut Issues<'_>, text: &str, currency: Currency) {
    issues.with("excess", text).with("currency", currency.code());
    issues.with_number("#decimals", u64::from(currency.exponent()));
}

/// Adds to the last issue why its text is not a currency.
pub fn explain_currency(issues: &mut Issues<'_>, code: &str) {
    if code.is_empty() {
        issues.with("suggested", "AED");
    } else if code.len() <= 8 && code.bytes().all(|own| own.is_ascii_alphabetic()) {
        issues.with("given", code);
        let upper = code.to_ascii_uppercase();
        if Currency::from_code(&upper).is_some() {
            issues.with("meant", &upper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decimal_of;

    #[test]
    fn what_looks_like_a_decimal_amount() {
        for (text, decimal) in [
            ("49.99", "49.99"),
            ("49,99", "49.99"),
            ("0.5", "0.5"),
            (".5", "0.5"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1 234,5", "1234.5"),
            ("AED 49.99", "49.99"),
            ("49.99AED", "49.99"),
            ("$49.99", "49.99"),
            ("1.234", "1.234"),
        ] {
            assert_eq!(decimal_of(text).as_deref(), Some(decimal), "{text}");
        }
        for text in
            ["", "4999", "1,234", "1.2.3", "-1.5", "1e5", "49.", "x", "4111111111.111111", "٤٩.٩٩", "1.5%", "...", ","]
        {
            assert_eq!(decimal_of(text), None, "{text}");
        }
    }
}
