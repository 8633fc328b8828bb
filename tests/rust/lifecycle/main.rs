//! The life cycle of a payment: the frozen cases, views, and reading a stored payment.

mod check_status;
mod random;

use aps_payops::amount::{Amount, MAX_MINOR};
use aps_payops::currency::Currency;
use aps_payops::issue::{Code, Issue, Issues};
use aps_payops::message::flat::Fields;
use aps_payops::payment::{
    Authorization, Context, MAX_WINDOW_DAYS, NAMES, Operation, PaidBy, Payment, State, Status, Totals, WINDOW_DAYS,
};
use proptest::collection;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

const DAY: i64 = 86_400_000;
// 2026-11-22T20:00:00Z.
const START: i64 = 1_795_377_600_000;

fn amount(minor: u64, code: &str) -> Amount {
    Amount::from_minor(minor, Currency::from_code(code).expect("a currency")).expect("in bounds")
}

fn aed(minor: u64) -> Amount {
    amount(minor, "AED")
}

fn codes(issues: &[Issue<'_>]) -> Vec<&'static str> {
    issues.iter().map(|issue| issue.code.name()).collect()
}

fn parameters<'a>(issues: &[Issue<'a>]) -> Vec<(&'a str, Code)> {
    issues.iter().map(|issue| (issue.parameter, issue.code)).collect()
}

fn paid_by<'a>(payment_option: &'a str, digital_wallet: &'a str) -> PaidBy<'a> {
    PaidBy { payment_option: Some(payment_option), digital_wallet: Some(digital_wallet) }
}

fn authorization(minor: u64) -> Payment<'static> {
    Payment::authorized(aed(minor), START, WINDOW_DAYS, PaidBy::default()).expect("possible")
}

fn record(payment: &Payment<'_>) -> String {
    let mut out = String::new();
    payment.push_fields(&mut out);
    out
}

fn read(text: &str) -> Result<Payment<'_>, Issues<'_>> {
    Payment::read_fields(&mut Fields::new(text))
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

// ---- the frozen cases -------------------------------------------------------------------------------------------

fn text<'a>(json: &'a serde_json::Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_else(|| panic!("{name} in {json}"))
}

fn expected_codes(expect: &serde_json::Value) -> Vec<&str> {
    expect["codes"].as_array().expect("codes").iter().map(|code| code.as_str().expect("a code")).collect()
}

fn start(start: &serde_json::Value) -> Result<Payment<'_>, Issues<'_>> {
    let amount = amount(text(start, "amount").parse().expect("digits"), text(start, "currency"));
    let option = start["payment_option"].as_str();
    if text(start, "command") == "PURCHASE" {
        return Payment::purchased(amount, START, PaidBy { payment_option: option, digital_wallet: None });
    }
    let window = start["windowDays"].as_u64().expect("windowDays");
    Payment::authorized(
        amount,
        START,
        window.try_into().expect("32 bits"),
        PaidBy { payment_option: option, digital_wallet: None },
    )
}

#[test]
fn frozen_cases() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../lifecycle-cases.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    let mut steps_run = 0;
    for case in cases {
        let name = text(case, "name");
        let mut payment = match (start(&case["start"]), case["start"].get("expect")) {
            (Ok(payment), None) => payment,
            (Err(issues), Some(expect)) => {
                assert_eq!(codes(&issues), expected_codes(expect), "{name}: start");
                assert!(case["steps"].as_array().expect("steps").is_empty());
                continue;
            }
            (other, expect) => panic!("{name}: {other:?}, expected {expect:?}"),
        };
        let mut at = START;
        for (index, step) in case["steps"].as_array().expect("steps").iter().enumerate() {
            let place = format!("{name}, step {}", index + 1);
            if let Some(after) = step.get("afterMs") {
                at = START + after.as_i64().expect("milliseconds");
            }
            let currency =
                step.get("currency").map_or(text(&case["start"], "currency"), |own| own.as_str().expect("code"));
            let given =
                step.get("amount").map(|own| amount(own.as_str().expect("digits").parse().expect("digits"), currency));
            let command = text(step, "command");
            let expect = &step["expect"];
            let result = payment.after(Operation::new(command, given, at));
            if expect["ok"] == false {
                let issues = result.expect_err(&place);
                assert_eq!(codes(&issues), expected_codes(expect), "{place}");
            } else {
                assert!(payment.issues(Operation::new(command, given, at)).is_empty(), "{place}");
                payment = result.unwrap_or_else(|issues| panic!("{place}: {:?}", codes(&issues)));
                let view = payment.at(at);
                let found = [
                    view.state.name().to_owned(),
                    view.authorization.name().to_owned(),
                    payment.authorized_amount().digits(),
                    payment.captured_amount().digits(),
                    payment.refunded_amount().digits(),
                    view.capturable.digits(),
                    view.refundable.digits(),
                ];
                let wanted =
                    ["state", "authorization", "authorized", "captured", "refunded", "capturable", "refundable"]
                        .map(|name| text(expect, name));
                assert_eq!(found, wanted, "{place}");
            }
            steps_run += 1;
        }
    }
    assert!(cases.len() >= 150 && steps_run >= 350, "{} cases, {steps_run} steps", cases.len());
}

#[test]
fn a_view_says_what_may_follow() {
    let payment = authorization(10_000);
    let view = payment.at(START);
    assert_eq!(view.commands, ["CAPTURE", "VOID_AUTHORIZATION", "CHECK_STATUS"]);
    assert_eq!(view.lapses_at, Some(START + 7 * DAY));
    let part = payment.after(Operation::new("CAPTURE", Some(aed(3000)), START)).expect("open");
    assert_eq!(part.at(START).commands, ["CAPTURE", "REFUND", "CHECK_STATUS"]);
    assert_eq!(part.at(START + 7 * DAY).commands, ["REFUND", "CHECK_STATUS"]);
    assert_eq!(payment.at(START + 7 * DAY).commands, ["CHECK_STATUS"]);
    let purchase = Payment::purchased(aed(5), START, PaidBy::default()).expect("possible");
    assert_eq!(purchase.at(START).commands, ["REFUND", "CHECK_STATUS"]);
    assert_eq!(purchase.at(START).lapses_at, None);
    assert_eq!((payment.command(), purchase.command()), ("AUTHORIZATION", "PURCHASE"));
    // The payment that was captured from is as it was.
    assert_eq!(payment.captured_amount(), aed(0));
}

#[test]
fn an_issue_says_how_much_is_left() {
    let part = authorization(10_000).after(Operation::new("CAPTURE", Some(aed(3000)), START)).expect("open");
    for (command, most) in [("CAPTURE", 7000), ("REFUND", 3000)] {
        let issues = part.issues(Operation::new(command, Some(aed(9999)), START));
        let [issue] = &issues[..] else { panic!("{issues:?}") };
        assert_eq!(issue.parameter, "amount");
        assert_eq!(issue.fact("max"), most.to_string());
    }
}

#[test]
fn what_cannot_be_made() {
    let window =
        |days| Payment::authorized(aed(1), START, days, PaidBy::default()).map_err(|issues| codes(&issues).join(" "));
    assert!(window(1).is_ok() && window(MAX_WINDOW_DAYS).is_ok());
    for days in [0, MAX_WINDOW_DAYS + 1, u32::MAX] {
        assert_eq!(window(days), Err("bad_format".to_owned()));
    }
    for at in [i64::MIN, i64::MAX, 8_640_000_000_000_001, -8_640_000_000_000_001] {
        let issues = Payment::purchased(aed(1), at, PaidBy::default()).expect_err("out of bounds");
        assert_eq!(parameters(&issues), [("at", Code::BadFormat)]);
        let issues = Payment::authorized(aed(1), at, 7, PaidBy::default()).expect_err("out of bounds");
        assert_eq!(parameters(&issues), [("at", Code::BadFormat)]);
    }
    let issues =
        Payment::authorized(aed(1), 8_640_000_000_000_000, 7, PaidBy::default()).expect_err("its end is out of bounds");
    assert_eq!(parameters(&issues), [("windowDays", Code::BadFormat)]);
    for name in ["4005550000000001", "VISA\"", "VI SA", "ÉLO", "A_NAME_LONGER_THAN_20", "-"] {
        let issues = Payment::authorized(aed(1), START, 7, paid_by(name, name)).expect_err(name);
        assert_eq!(parameters(&issues), [("payment_option", Code::BadFormat), ("digital_wallet", Code::BadFormat)]);
        assert!(issues.iter().all(|issue| !format!("{issue:?}").contains(name) || name == "-"), "{name} is repeated");
    }
    let wallet = Payment::authorized(aed(1), START, 7, paid_by("VISA", "APPLE_PAY")).expect("possible");
    assert_eq!((wallet.payment_option(), wallet.digital_wallet()), (Some("VISA"), Some("APPLE_PAY")));
    let none = Payment::authorized(aed(1), START, 7, PaidBy::default()).expect("possible");
    assert_eq!((none.payment_option(), none.digital_wallet()), (None, None));
}

// ---- as fields --------------------------------------------------------------------------------------------------

#[test]
fn fields_are_as_documented() {
    let payment = Payment::authorized(aed(10_000), START, 7, paid_by("VISA", "APPLE_PAY")).expect("possible");
    let text = "1 AUTHORIZATION AED 10000 0 0 false 1795377600000 1795982400000 VISA APPLE_PAY";
    assert_eq!(record(&payment).replace('\0', " "), text);
    assert_eq!(NAMES.len(), text.split(' ').count());
    let purchase = Payment::purchased(amount(1, "KWD"), -1, PaidBy::default()).expect("possible");
    assert_eq!(record(&purchase), "1\0PURCHASE\0KWD\x001\x001\x000\0false\0-1\0\0\0");
    assert_eq!(read(&record(&purchase)), Ok(purchase));
}

/// A record with another value of one field.
fn changed(record: &str, name: &str, value: &str) -> String {
    let at = NAMES.iter().position(|own| *own == name).expect("a field");
    let mut fields: Vec<&str> = record.split('\0').collect();
    fields[at] = value;
    fields.join("\0")
}

fn refusals(text: &str) -> String {
    let issues = read(text).expect_err(text);
    let found: Vec<String> = issues.iter().map(|own| format!("{} {}", own.parameter, own.code.name())).collect();
    found.join(", ")
}

#[test]
fn impossible_payments_are_refused() {
    let good = record(&authorization(10_000));
    assert!(read(&good).is_ok());
    for (name, value, wanted) in [
        ("version", "2", "version not_allowed"),
        ("version", "", "version missing"),
        ("command", "CAPTURE", "command not_allowed"),
        ("command", "PURCHASE", "lapsesAt conflict"),
        ("currency", "aed", "currency bad_currency"),
        ("currency", "XXX", "currency bad_currency"),
        ("authorized", "100.00", "authorized not_an_amount"),
        ("authorized", "-1", "authorized not_an_amount"),
        ("authorized", "1e4", "authorized not_an_amount"),
        ("authorized", "10000000000", "authorized not_an_amount"),
        ("authorized", "0", "authorized zero_amount"),
        ("captured", "10001", "captured exceeds_authorized"),
        ("captured", "", "captured missing"),
        ("refunded", "1", "refunded exceeds_captured"),
        ("voided", "0", "voided not_allowed"),
        ("voided", "", "voided missing"),
        ("at", "", "at missing"),
        ("at", "1.5", "at bad_format"),
        ("at", "--1", "at bad_format"),
        ("at", "99999999999999999999", "at bad_format"),
        ("at", "8640000000000001", "at bad_format"),
        ("lapsesAt", "", "lapsesAt missing"),
        ("lapsesAt", "1795377600000", "lapsesAt bad_format"),
        ("lapsesAt", "1895982400000", "lapsesAt bad_format"),
        ("payment_option", "MADA", "payment_option purchase_only"),
        ("payment_option", "4005550000000001", "payment_option bad_format"),
    ] {
        assert_eq!(refusals(&changed(&good, name, value)), wanted, "{name} {value}");
    }
    let voided = changed(&changed(&good, "captured", "1"), "voided", "true");
    assert_eq!(refusals(&voided), "voided conflict");
    let purchase = record(&Payment::purchased(aed(10_000), START, PaidBy::default()).expect("possible"));
    for (name, value, wanted) in [
        ("captured", "9999", "captured conflict"),
        ("voided", "true", "voided conflict"),
        ("lapsesAt", "1795982400000", "lapsesAt conflict"),
    ] {
        assert_eq!(refusals(&changed(&purchase, name, value)), wanted, "{name} {value}");
    }
    assert_eq!(codes(&read("").expect_err("empty")), ["missing"; 7]);
}
