//! Currencies and amounts.

use aps_payops::amount::{Amount, AmountError, MAX_MINOR};
use aps_payops::currency::Currency;
use iso_currency::IntoEnumIterator;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use std::cmp::Ordering;
use std::collections::BTreeMap;

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap_or_else(|| panic!("{code} is a currency"))
}

fn text(amount: Amount) -> String {
    let mut out = String::new();
    amount.push_text(&mut out);
    out
}

fn minor(text: &str, code: &str) -> Result<u64, AmountError> {
    Amount::parse(text, currency(code)).map(Amount::minor)
}

/// What `iso_currency` still lists, though ISO 4217 has moved it to the list of historic codes.
const HISTORIC: [(&str, &str); 5] = [
    ("BGN", "Bulgaria took the euro on 2026-01-01"),
    ("CUC", "withdrawn in 2021; CUP remains"),
    ("HRK", "Croatia took the euro on 2023-01-01"),
    ("SLL", "SLE since 2022, SLL historic since the end of 2023"),
    ("ZWL", "ZWG since 2024"),
];

/// What `iso_currency` flags as superseded, though list one still has it.
const BOTH: [(&str, &str); 1] = [("VES", "list one has VED and VES side by side since 2021")];

#[test]
fn the_table_is_iso_currency_but_for_known_differences() {
    let ours: BTreeMap<String, u16> =
        Currency::all().map(|own| (own.code().to_owned(), u16::from(own.exponent()))).collect();
    let mut theirs = BTreeMap::new();
    for other in iso_currency::Currency::iter() {
        // No exponent: XXX, XTS, metals, SDR and the like.
        let Some(exponent) = other.exponent() else { continue };
        if other.is_superseded().is_some() && !BOTH.iter().any(|(code, _)| *code == other.code()) {
            assert!(HISTORIC.iter().any(|(code, _)| *code == other.code()), "{} is superseded", other.code());
            continue;
        }
        theirs.insert(other.code().to_owned(), exponent);
    }
    assert_eq!(ours, theirs);
    for (code, _) in HISTORIC {
        assert!(iso_currency::Currency::from_code(code).is_some(), "{code}: no difference any more");
        assert_eq!(Currency::from_code(code), None, "{code}");
    }
    for (code, _) in BOTH {
        let other = iso_currency::Currency::from_code(code).expect("listed");
        assert!(other.is_superseded().is_some(), "{code}: no difference any more");
    }
}

#[test]
fn the_table_can_be_searched() {
    let all: Vec<Currency> = Currency::all().collect();
    assert_eq!(all.len(), 165);
    assert!(all.is_sorted_by_key(|own| own.code()));
    for own in all {
        assert_eq!(Currency::from_code(own.code()), Some(own));
        assert!(matches!(own.exponent(), 0 | 2 | 3 | 4), "{own:?}");
        #[cfg(feature = "reference")]
        assert!(!own.name().is_empty() && own.name().trim() == own.name(), "{own:?}");
    }
}

#[test]
fn exponents_are_those_of_iso_4217() {
    let with = |exponent: u8| -> Vec<&str> {
        Currency::all().filter(|own| own.exponent() == exponent).map(Currency::code).collect()
    };
    assert_eq!(with(3), ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);
    assert_eq!(with(4), ["CLF", "UYW"]);
    assert_eq!(
        with(0),
        [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF"
        ]
    );
    for code in ["AED", "SAR", "QAR", "EGP", "USD", "EUR", "GBP", "XCG", "ZWG", "SLE", "VED", "VES", "MRU", "STN"] {
        assert_eq!(currency(code).exponent(), 2, "{code}");
    }
    for code in ["CHE", "CHW", "COU", "MXV", "USN", "BOV", "XAD"] {
        assert_eq!(currency(code).exponent(), 2, "{code}, a fund");
    }
    for code in [
        "", "A", "AE", "AEDX", "aed", "Aed", " AED", "AE2", "ÅED", "XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XDR",
        "XSU", "XUA", "ANG", "BYR", "MRO", "STD", "\0\0\0",
    ] {
        assert_eq!(Currency::from_code(code), None, "{code}");
    }
}

#[cfg(feature = "reference")]
#[test]
fn names_stand_beside_their_codes() {
    for (code, name) in [
        ("AED", "UAE Dirham"),
        ("BHD", "Bahraini Dinar"),
        ("EGP", "Egyptian Pound"),
        ("JOD", "Jordanian Dinar"),
        ("KWD", "Kuwaiti Dinar"),
        ("SAR", "Saudi Riyal"),
        ("ZWG", "Zimbabwe Gold"),
    ] {
        assert_eq!(currency(code).name(), name);
    }
}

#[test]
fn text_is_read_exactly() {
    for (given, code, wanted) in [
        ("49.99", "AED", 4999),
        ("49.9", "AED", 4990),
        ("49", "AED", 4900),
        ("0", "AED", 0),
        ("0.00", "AED", 0),
        ("0.29", "AED", 29),
        ("4.35", "AED", 435),
        ("19.99", "AED", 1999),
        ("007", "AED", 700),
        ("00.10", "AED", 10),
        ("000000000000000000000000000001", "AED", 100),
        ("99999999.99", "AED", MAX_MINOR),
        ("1.234", "KWD", 1234),
        ("1.75", "IQD", 1750),
        ("9999999.999", "KWD", MAX_MINOR),
        ("500", "JPY", 500),
        ("9999999999", "JPY", MAX_MINOR),
        ("1.2345", "CLF", 12345),
        ("999999.9999", "UYW", MAX_MINOR),
    ] {
        assert_eq!(minor(given, code), Ok(wanted), "{given} {code}");
    }
}

#[test]
fn whatever_is_not_exact_is_refused() {
    for given in [
        "",
        " ",
        ".",
        "..",
        "5.",
        ".5",
        "1.2.3",
        "1e3",
        "1E3",
        "1,000",
        "1,5",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "-5",
        "+5",
        "-0",
        "٥",
        "٤٩٫٩٩",
        "1٫5",
        "５",
        "0x10",
        "0b1",
        "1/2",
        "NaN",
        "Infinity",
        "∞",
        "½",
        "²",
        "AED 5",
        "5 AED",
        "$5",
        "1.a",
        "a.1",
        "1..2",
        "1.-2",
        "1.2x9",
        "\u{0}1",
        "\u{feff}1",
        "1\u{200e}",
    ] {
        assert_eq!(minor(given, "AED"), Err(AmountError::NotAnAmount), "{given:?}");
        let digits = Amount::from_minor_digits(given, currency("AED"));
        assert_eq!(digits, Err(AmountError::NotAnAmount), "{given:?}");
    }
    for (given, code) in [
        ("19.999", "AED"),
        ("19.990", "AED"),
        ("5.0", "JPY"),
        ("1.2345", "KWD"),
        ("1.23456", "CLF"),
        ("99999999999.999", "AED"),
    ] {
        assert_eq!(minor(given, code), Err(AmountError::TooManyDecimals), "{given} {code}");
    }
    for (given, code) in [
        ("100000000.00", "AED"),
        ("100000000", "AED"),
        ("10000000.000", "KWD"),
        ("10000000000", "JPY"),
        ("1000000", "CLF"),
        ("18446744073709551617", "JPY"),
        ("18446744073709551615.99", "AED"),
    ] {
        assert_eq!(minor(given, code), Err(AmountError::TooLong), "{given} {code}");
    }
    assert_eq!(Amount::parse(&"9".repeat(1 << 20), currency("AED")), Err(AmountError::TooLong));
    assert_eq!(Amount::from_minor_digits("4.5", currency("AED")), Err(AmountError::NotAnAmount));
    for digits in ["10000000000", "18446744073709551616", &"9".repeat(1000)] {
        assert_eq!(Amount::from_minor_digits(digits, currency("AED")), Err(AmountError::TooLong));
    }
    assert_eq!(Amount::from_minor(MAX_MINOR + 1, currency("AED")), Err(AmountError::TooLong));
    assert_eq!(Amount::from_minor(u64::MAX, currency("AED")), Err(AmountError::TooLong));
}

#[test]
fn sums_stay_in_bounds_and_in_one_currency() {
    let aed = |minor| Amount::from_minor(minor, currency("AED")).expect("in bounds");
    let kwd = Amount::from_minor(1, currency("KWD")).expect("in bounds");
    assert_eq!(aed(1).plus(aed(2)), Ok(aed(3)));
    assert_eq!(aed(3).minus(aed(3)), Ok(aed(0)));
    assert_eq!(aed(2).minus(aed(3)), Err(AmountError::Negative));
    assert_eq!(aed(MAX_MINOR).plus(aed(1)), Err(AmountError::TooLong));
    assert_eq!(aed(MAX_MINOR).plus(aed(0)), Ok(aed(MAX_MINOR)));
    assert_eq!(aed(1).compare(aed(2)), Ok(Ordering::Less));
    assert_eq!(aed(2).compare(aed(2)), Ok(Ordering::Equal));
    assert_eq!(aed(1).plus(kwd), Err(AmountError::CurrencyMismatch));
    assert_eq!(kwd.minus(aed(1)), Err(AmountError::CurrencyMismatch));
    assert_eq!(aed(1).compare(kwd), Err(AmountError::CurrencyMismatch));
    assert_ne!(aed(1), kwd);
    assert_eq!(format!("{:?}", aed(1).currency()), "AED");
}

// The oracle: digits cut by the standard library, not by us.
fn expected_text(minor: u64, exponent: usize) -> String {
    let digits = format!("{minor:0width$}", width = exponent + 1);
    let (whole, decimals) = digits.split_at(digits.len() - exponent);
    if exponent == 0 { whole.to_owned() } else { format!("{whole}.{decimals}") }
}

fn round_trip(minor: u64, own: Currency) {
    let amount = Amount::from_minor(minor, own).expect("in bounds");
    let written = text(amount);
    assert_eq!(written, expected_text(minor, usize::from(own.exponent())));
    assert_eq!(Amount::parse(&written, own), Ok(amount));
    assert_eq!(amount.digits(), minor.to_string());
    assert_eq!(Amount::from_minor_digits(&amount.digits(), own), Ok(amount));
}

#[test]
fn every_currency_writes_its_decimals() {
    for own in Currency::all() {
        for minor in [0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 12_345, MAX_MINOR - 1, MAX_MINOR] {
            round_trip(minor, own);
        }
    }
}

#[test]
fn a_million_amounts_survive_text() {
    for code in ["AED", "KWD", "JPY", "CLF"] {
        let own = currency(code);
        // Every amount to 1,000.00 AED, then steps that reach every last digit up to 99,999.99.
        for minor in (0..=100_000).chain((100_001..10_000_000).step_by(67)) {
            round_trip(minor, own);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_amount_survives_text(minor in 0..=MAX_MINOR, index in 0..165usize) {
        round_trip(minor, Currency::all().nth(index).expect("a currency"));
    }

    #[test]
    fn any_text_is_read_as_the_grammar_says(given in "[0-9]{0,12}(\\.[0-9]{0,5})?|\\PC{0,6}", index in 0..165usize) {
        let own = Currency::all().nth(index).expect("a currency");
        let exponent = usize::from(own.exponent());
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, decimals) = given.split_once('.').map_or((given.as_str(), None), |(a, b)| (a, Some(b)));
        let wanted = if !digits(whole) || decimals.is_some_and(|part| !digits(part)) {
            Err(AmountError::NotAnAmount)
        } else if decimals.map_or(0, str::len) > exponent {
            Err(AmountError::TooManyDecimals)
        } else {
            let minor: u64 = format!("{whole}{:0<exponent$}", decimals.unwrap_or("")).parse().expect("at most 16 digits");
            if minor > MAX_MINOR { Err(AmountError::TooLong) } else { Ok(minor) }
        };
        prop_assert_eq!(Amount::parse(&given, own).map(Amount::minor), wanted);
    }

    #[test]
    fn sums_and_differences_undo_each_other(a in any::<u32>(), b in any::<u32>()) {
        let own = currency("AED");
        let (a, b) = (Amount::from_minor(a.into(), own).expect("fits"), Amount::from_minor(b.into(), own).expect("fits"));
        let sum = a.plus(b).expect("two 32-bit numbers fit ten digits");
        prop_assert_eq!(sum.minus(b), Ok(a));
        prop_assert!(sum.compare(a) != Ok(Ordering::Less));
    }
}
