//! The life cycle: the frozen cases, random sequences against the rules said once more, and reading from outside.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

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
    let file: serde_json::Value = serde_json::from_str(include_str!("../lifecycle-cases.json")).expect("JSON");
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

// ---- random sequences -------------------------------------------------------------------------------------------

#[derive(Clone, Debug)]
struct Step {
    command: &'static str,
    minor: u64,
    wait: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let command = prop_oneof![
        5 => Just("CAPTURE"),
        4 => Just("REFUND"),
        1 => Just("VOID_AUTHORIZATION"),
        1 => Just("CHECK_STATUS"),
        1 => Just("PURCHASE"),
    ];
    let step = (command, 0..60u64, prop_oneof![3 => Just(0), 2 => 0..3 * DAY, 1 => Just(7 * DAY)])
        .prop_map(|(command, minor, wait)| Step { command, minor, wait });
    collection::vec(step, 0..24)
}

/// The rules said once more, as plainly as can be.
#[derive(Clone, Debug, Default, PartialEq)]
struct Books {
    purchase: bool,
    authorized: u64,
    captured: u64,
    refunded: u64,
    voided: bool,
}

impl Books {
    fn take(&mut self, step: &Step, age: i64) -> bool {
        let open = !self.purchase && !self.voided && age < 7 * DAY;
        match step.command {
            "CAPTURE" if open && step.minor > 0 && self.captured + step.minor <= self.authorized => {
                self.captured += step.minor;
            }
            "VOID_AUTHORIZATION" if open && self.captured == 0 => self.voided = true,
            "REFUND" if step.minor > 0 && self.refunded + step.minor <= self.captured => self.refunded += step.minor,
            "CHECK_STATUS" => {}
            _ => return false,
        }
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_sequences_keep_the_rules(purchase in any::<bool>(), whole in 1..100u64, steps in steps()) {
        let mut payment = if purchase {
            Payment::purchased(aed(whole), START, PaidBy::default()).expect("possible")
        } else {
            authorization(whole)
        };
        let captured = if purchase { whole } else { 0 };
        let mut books = Books { purchase, authorized: whole, captured, ..Books::default() };
        let mut at = START;
        for step in steps {
            at += step.wait;
            let given = matches!(step.command, "CAPTURE" | "REFUND").then(|| aed(step.minor));
            let before = payment;
            let issues = before.issues(Operation::new(step.command, given, at));
            let result = before.after(Operation::new(step.command, given, at));
            prop_assert_eq!(result.is_ok(), issues.is_empty());
            prop_assert_eq!(result.is_ok(), books.take(&step, at - START), "{:?} {:?}", step, books);
            // What the view offers is what some amount makes right, and the most it says is the most there is.
            let view = before.at(at);
            for command in ["CAPTURE", "VOID_AUTHORIZATION", "REFUND", "CHECK_STATUS", "AUTHORIZATION", "PURCHASE"] {
                let most = match command {
                    "CAPTURE" => Some(view.capturable),
                    "REFUND" => Some(view.refundable),
                    _ => None,
                };
                let offered = view.commands.contains(&command);
                prop_assert_eq!(offered, before.issues(Operation::new(command, most, at)).is_empty(), "{}", command);
                prop_assert_eq!(offered, before.issues(Operation::new(command, None, at)).is_empty(), "{}", command);
                if let Some(more) = most.and_then(|most| most.plus(aed(1)).ok()) {
                    prop_assert!(!before.issues(Operation::new(command, Some(more), at)).is_empty());
                }
            }
            if let Ok(next) = result {
                payment = next;
            }
            let totals = [payment.authorized_amount(), payment.captured_amount(), payment.refunded_amount()];
            let [authorized, captured, refunded] = totals.map(Amount::minor);
            prop_assert!(refunded <= captured && captured <= authorized);
            prop_assert_eq!((authorized, captured, refunded), (books.authorized, books.captured, books.refunded));
            prop_assert_eq!(payment.at(at).state == State::Voided, books.voided);
            let written = record(&payment);
            prop_assert_eq!(read(&written).expect("its own fields"), payment);
        }
    }

    #[test]
    fn instants_and_amounts_at_the_edges(at in any::<i64>(), when in any::<i64>(), minor in 0..=MAX_MINOR, days in any::<u32>()) {
        if let Ok(payment) = Payment::authorized(aed(minor), at, days, PaidBy::default()) {
            let view = payment.at(when);
            let end = at + i64::from(days) * DAY;
            prop_assert_eq!(view.lapses_at, Some(end));
            prop_assert_eq!(view.authorization == Authorization::Lapsed, when >= end);
            let written = record(&payment);
            prop_assert_eq!(read(&written).expect("its own fields"), payment);
        }
        let small = Payment::authorized(aed(minor), at % 8_000_000_000_000_000, days % 365 + 1, PaidBy::default());
        prop_assert_eq!(small.is_ok(), minor > 0);
    }

    #[test]
    fn observing_never_takes_back(
        whole in 1..100u64, known in (0..100u64, 0..100u64), seen in (0..100u64, 0..100u64),
        status in prop_oneof![Just("02"), Just("04"), Just("05"), Just("06"), Just("07"), Just("08"), Just("09")],
        voided in any::<bool>(),
    ) {
        let mut payment = authorization(whole);
        for (command, minor) in [("CAPTURE", known.0), ("REFUND", known.1)] {
            payment = payment.after(Operation::new(command, Some(aed(minor)), START)).unwrap_or(payment);
        }
        if voided {
            payment = payment.after(Operation::new("VOID_AUTHORIZATION", None, START)).unwrap_or(payment);
        }
        let reply = reply(status, &format!("{status}000"), whole, seen.0, seen.1);
        if let Ok(next) = payment.observed(&reply, START) {
            prop_assert!(next.captured_amount().minor() >= payment.captured_amount().minor().max(seen.0));
            prop_assert!(next.refunded_amount().minor() >= payment.refunded_amount().minor().max(seen.1));
            prop_assert_eq!(next.authorized_amount(), payment.authorized_amount());
            let gone = |own: &Payment<'_>| own.at(START).state == State::Voided;
            prop_assert_eq!(gone(&next), gone(&payment) || status == "08");
            prop_assert_eq!(next.observed(&reply, START).expect("again"), next);
            let written = record(&next);
            prop_assert_eq!(read(&written).expect("its own fields"), next);
        }
    }

    #[test]
    fn any_fields_are_read_or_refused(fields in collection::vec("[a-z0-9-]{0,6}", 0..14)) {
        let text = fields.join("\0");
        prop_assert!(read(&text).is_err());
    }
}

// ---- making a payment -------------------------------------------------------------------------------------------

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
    let told = "1 AUTHORIZATION AED 10000 0 0 false 1795377600000 1795982400000 VISA APPLE_PAY";
    assert_eq!(record(&payment).replace('\0', " "), told);
    assert_eq!(NAMES.len(), told.split(' ').count());
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

// ---- CHECK_STATUS -----------------------------------------------------------------------------------------------

fn reply(status: &str, code: &str, authorized: u64, captured: u64, refunded: u64) -> Status<'static> {
    Status {
        response_code: "12000",
        transaction_status: leaked(status),
        transaction_code: leaked(code),
        authorized_amount: leaked(&authorized.to_string()),
        captured_amount: leaked(&captured.to_string()),
        refunded_amount: leaked(&refunded.to_string()),
        ..Status::default()
    }
}

const fn context<'c>(currency: &'c str, command: &'c str, authorized_at: Option<i64>, window_days: u32) -> Context<'c> {
    Context { currency, command, authorized_at, window_days }
}

fn derive(reply: &Status<'static>, command: &str) -> Result<Payment<'static>, Vec<(String, &'static str)>> {
    Payment::from_status(reply, context("AED", command, Some(START), 7))
        .map_err(|issues| issues.iter().map(|own| (own.parameter.to_owned(), own.code.name())).collect())
}

#[test]
fn status_replies_that_tell_all() {
    for (command, status, code, totals, state) in [
        ("AUTHORIZATION", "02", "02000", (100, 0, 0), State::Authorized),
        ("AUTHORIZATION", "04", "04000", (100, 30, 0), State::PartiallyCaptured),
        ("AUTHORIZATION", "04", "04000", (100, 100, 0), State::Captured),
        ("AUTHORIZATION", "06", "06000", (100, 100, 40), State::PartiallyRefunded),
        ("AUTHORIZATION", "06", "06000", (100, 30, 30), State::Refunded),
        ("AUTHORIZATION", "08", "08000", (100, 0, 0), State::Voided),
        // A failed operation changes nothing, and after a capture it hides no void.
        ("AUTHORIZATION", "05", "05042", (100, 30, 0), State::PartiallyCaptured),
        ("AUTHORIZATION", "05", "05047", (100, 100, 0), State::Captured),
        ("AUTHORIZATION", "07", "07048", (100, 30, 10), State::PartiallyRefunded),
        ("AUTHORIZATION", "09", "09034", (100, 30, 0), State::PartiallyCaptured),
        ("PURCHASE", "14", "14000", (100, 100, 0), State::Captured),
        // Whether a purchase has an authorized amount is not documented: it is what was captured.
        ("PURCHASE", "14", "14000", (0, 100, 0), State::Captured),
        ("PURCHASE", "06", "06000", (100, 100, 1), State::PartiallyRefunded),
        ("PURCHASE", "06", "06000", (100, 100, 100), State::Refunded),
        ("PURCHASE", "07", "07048", (100, 100, 0), State::Captured),
    ] {
        let (authorized, captured, refunded) = totals;
        let payment = derive(&reply(status, code, authorized, captured, refunded), command).expect(code);
        assert_eq!(payment.at(START).state, state, "{command} {code}");
        assert_eq!(payment.authorized_amount(), aed(100));
        assert_eq!((payment.captured_amount(), payment.refunded_amount()), (aed(captured), aed(refunded)));
        assert_eq!(payment.command(), command);
    }
    let old = derive(&reply("02", "02000", 100, 0, 0), "AUTHORIZATION").expect("whole");
    assert_eq!(old.at(START + 7 * DAY).state, State::Lapsed);
}

#[test]
fn status_replies_that_do_not_tell() {
    for (command, status, code, totals, wanted) in [
        // It failed: there is nothing to act on.
        ("AUTHORIZATION", "03", "03666", (100, 0, 0), ("transaction_status", "not_authorized")),
        ("PURCHASE", "13", "13666", (0, 0, 0), ("transaction_status", "not_authorized")),
        // It is not over.
        ("AUTHORIZATION", "01", "01000", (0, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "10", "10030", (0, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "15", "15777", (100, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "19", "19000", (100, 0, 0), ("transaction_status", "not_allowed")),
        ("AUTHORIZATION", "20", "20064", (0, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "40", "40000", (0, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "00", "00001", (0, 0, 0), ("transaction_status", "not_allowed")),
        ("PURCHASE", "99", "99000", (100, 100, 0), ("transaction_status", "not_allowed")),
        ("AUTHORIZATION", "04", "04006", (100, 30, 0), ("transaction_code", "not_allowed")),
        ("AUTHORIZATION", "05", "05784", (100, 30, 0), ("transaction_code", "not_allowed")),
        // A void may be hidden behind what failed after it.
        ("AUTHORIZATION", "05", "05042", (100, 0, 0), ("transaction_status", "not_allowed")),
        ("AUTHORIZATION", "09", "09047", (100, 0, 0), ("transaction_status", "not_allowed")),
        ("AUTHORIZATION", "07", "07048", (100, 0, 0), ("transaction_status", "not_allowed")),
        // It contradicts itself, or the command.
        ("AUTHORIZATION", "02", "04000", (100, 30, 0), ("transaction_code", "conflict")),
        ("AUTHORIZATION", "02", "0200", (100, 30, 0), ("transaction_code", "conflict")),
        ("AUTHORIZATION", "02", "", (100, 0, 0), ("transaction_code", "missing")),
        ("AUTHORIZATION", "14", "14000", (100, 100, 0), ("transaction_status", "conflict")),
        ("PURCHASE", "02", "02000", (100, 0, 0), ("transaction_status", "conflict")),
        ("PURCHASE", "08", "08000", (100, 0, 0), ("transaction_status", "conflict")),
        ("AUTHORIZATION", "04", "04000", (100, 0, 0), ("captured_amount", "conflict")),
        ("AUTHORIZATION", "06", "06000", (100, 30, 0), ("refunded_amount", "conflict")),
        ("AUTHORIZATION", "08", "08000", (100, 30, 0), ("transaction_status", "conflict")),
        ("AUTHORIZATION", "04", "04000", (100, 101, 0), ("captured_amount", "exceeds_authorized")),
        ("AUTHORIZATION", "06", "06000", (100, 30, 31), ("refunded_amount", "exceeds_captured")),
        ("AUTHORIZATION", "02", "02000", (0, 0, 0), ("authorized_amount", "conflict")),
        ("PURCHASE", "14", "14000", (100, 30, 0), ("captured_amount", "conflict")),
        ("PURCHASE", "14", "14000", (100, 0, 0), ("captured_amount", "conflict")),
    ] {
        let (authorized, captured, refunded) = totals;
        let issues = derive(&reply(status, code, authorized, captured, refunded), command).expect_err(code);
        assert_eq!(issues, [(wanted.0.to_owned(), wanted.1)], "{command} {code}");
    }
}

fn with(name: &str, value: &str) -> Status<'static> {
    let whole = "12000\0\x0002\x0002000\x00100\x000\x000\0\0";
    let at = Status::NAMES.iter().position(|own| *own == name).expect("a field");
    let mut fields: Vec<&str> = whole.split('\0').collect();
    fields[at] = value;
    Status::read_fields(&mut Fields::new(leaked(&fields.join("\0"))))
}

#[test]
fn status_replies_that_lack_something() {
    for name in ["response_code", "transaction_status", "transaction_code", "authorized_amount"] {
        let issues = derive(&with(name, ""), "AUTHORIZATION").expect_err(name);
        assert!(issues.contains(&(name.to_owned(), "missing")), "{name}: {issues:?}");
    }
    // Of an authorization nothing need be captured or refunded.
    for name in ["captured_amount", "refunded_amount"] {
        assert_eq!(derive(&with(name, ""), "AUTHORIZATION"), derive(&with(name, "0"), "AUTHORIZATION"), "{name}");
    }
    for (name, value, code) in [
        ("response_code", "12036", "not_authorized"),
        ("response_code", "12001", "not_allowed"),
        ("response_code", "11000", "not_allowed"),
        ("response_code", "04000", "not_allowed"),
        ("captured_amount", "1111.11", "not_an_amount"),
        ("captured_amount", "-1", "not_an_amount"),
        ("authorized_amount", "10000000000", "not_an_amount"),
        ("currency", "USD", "currency_mismatch"),
        ("payment_option", "MADA", "purchase_only"),
    ] {
        assert_eq!(derive(&with(name, value), "AUTHORIZATION"), Err(vec![(name.to_owned(), code)]), "{name} {value}");
    }
    assert_eq!(derive(&with("currency", "AED"), "AUTHORIZATION"), derive(&with("currency", ""), "AUTHORIZATION"));
    let paid = derive(&with("payment_option", "VISA"), "AUTHORIZATION").expect("whole");
    assert_eq!(paid.payment_option(), Some("VISA"));
    assert_eq!(
        derive(&with("captured_amount", "{}"), "AUTHORIZATION"),
        Err(vec![("captured_amount".to_owned(), "not_an_amount")])
    );
}

#[test]
fn a_total_left_out_is_zero_unless_the_last_operation_left_its_mark() {
    let told = |status: &'static str, totals: [&'static str; 3]| Status {
        response_code: "12000",
        transaction_status: status,
        authorized_amount: totals[0],
        captured_amount: totals[1],
        refunded_amount: totals[2],
        ..Status::default()
    };
    let read = |status, totals| told(status, totals).totals().map_err(|issues| issues[0].code.name());
    for (status, totals, wanted) in [
        ("02", ["100", "", ""], (100, 0, 0)),
        ("04", ["", "30", ""], (0, 30, 0)),
        ("05", ["100", "", ""], (100, 0, 0)),
        ("06", ["100", "30", "5"], (100, 30, 5)),
        ("06", ["", "", "5"], (0, 0, 5)),
        ("08", ["", "", ""], (0, 0, 0)),
        ("13", ["", "", ""], (0, 0, 0)),
        // Which of the two a purchase shows is not documented.
        ("14", ["100", "", ""], (100, 0, 0)),
        ("14", ["", "100", ""], (0, 100, 0)),
        ("20", ["", "", ""], (0, 0, 0)),
        ("", ["", "", ""], (0, 0, 0)),
    ] {
        let (authorized, captured, refunded) = wanted;
        let wanted = Totals { authorized, captured, refunded, last_status: status, last_code: "" };
        assert_eq!(read(status, totals), Ok(Some(wanted)), "{status} {totals:?}");
        assert_eq!(wanted.is_voided(), status == "08");
    }
    for (status, totals, code) in [
        ("02", ["", "", ""], "missing"),
        ("02", ["0", "", ""], "conflict"),
        ("04", ["100", "", ""], "missing"),
        ("04", ["100", "0", ""], "conflict"),
        ("06", ["100", "30", ""], "missing"),
        ("06", ["100", "30", "0"], "conflict"),
        ("14", ["", "", ""], "missing"),
        ("14", ["0", "0", "0"], "conflict"),
        ("20", ["1.00", "", ""], "not_an_amount"),
        ("20", ["", "-1", ""], "not_an_amount"),
        ("20", ["", "", "10000000000"], "not_an_amount"),
    ] {
        assert_eq!(read(status, totals), Err(code), "{status} {totals:?}");
    }
    assert_eq!(Status { response_code: "12036", ..told("04", [""; 3]) }.totals(), Ok(None));
    for (response_code, code) in [("", "missing"), ("12001", "not_allowed"), ("11000", "not_allowed")] {
        let issues = Status { response_code, ..told("02", ["1", "", ""]) }.totals().expect_err(response_code);
        assert_eq!(codes(&issues), [code]);
    }
}

#[test]
fn status_replies_read_wrongly() {
    let whole = reply("02", "02000", 100, 0, 0);
    let issues = |currency, command, at, days| {
        let issues = Payment::from_status(&whole, context(currency, command, at, days)).expect_err("refused");
        issues.iter().map(|own| format!("{} {}", own.parameter, own.code.name())).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(issues("aed", "AUTHORIZATION", Some(START), 7), "currency bad_currency");
    assert_eq!(issues("AED", "CAPTURE", Some(START), 7), "command not_allowed");
    assert_eq!(issues("AED", "NONE", Some(START), 7), "command unknown_command");
    assert_eq!(issues("AED", "AUTHORIZATION", None, 7), "authorizedAt missing");
    assert_eq!(issues("AED", "AUTHORIZATION", Some(i64::MAX), 7), "authorizedAt bad_format");
    assert_eq!(issues("AED", "AUTHORIZATION", Some(START), 0), "windowDays bad_format");
    assert_eq!(
        issues("", "", None, 0),
        "currency bad_currency, command unknown_command, authorizedAt missing, windowDays bad_format"
    );
    // A purchase needs no date.
    let purchase =
        Payment::from_status(&reply("14", "14000", 100, 100, 0), context("AED", "PURCHASE", None, 0)).expect("whole");
    assert_eq!(read(&record(&purchase)), Ok(purchase));
}

#[test]
fn observing_brings_up_to_date() {
    let known = authorization(100).after(Operation::new("CAPTURE", Some(aed(30)), START)).expect("open");
    let seen = |status: &str, code: &str, totals: (u64, u64, u64)| {
        known
            .observed(&reply(status, code, totals.0, totals.1, totals.2), START + 8 * DAY)
            .map(|next| (next.captured_amount().minor(), next.refunded_amount().minor()))
            .map_err(|issues| {
                issues.iter().map(|own| format!("{} {}", own.parameter, own.code.name())).collect::<Vec<_>>().join(", ")
            })
    };
    assert_eq!(seen("04", "04000", (100, 80, 0)), Ok((80, 0)));
    assert_eq!(seen("06", "06000", (100, 80, 5)), Ok((80, 5)));
    // An old reply that comes late, with or without a failed operation since.
    assert_eq!(seen("02", "02000", (100, 0, 0)), Ok((30, 0)));
    assert_eq!(seen("05", "05042", (100, 0, 0)), Ok((30, 0)));
    assert_eq!(seen("04", "04000", (100, 20, 0)), Ok((30, 0)));
    // Not this payment.
    assert_eq!(seen("08", "08000", (100, 0, 0)), Err("transaction_status conflict".to_owned()));
    assert_eq!(seen("04", "04000", (200, 80, 0)), Err("authorized_amount conflict".to_owned()));
    assert_eq!(seen("14", "14000", (100, 100, 0)), Err("transaction_status conflict".to_owned()));
    assert_eq!(seen("04", "04000", (100, 101, 0)), Err("captured_amount exceeds_authorized".to_owned()));
    assert_eq!(seen("06", "06000", (100, 20, 25)), Err("refunded_amount exceeds_captured".to_owned()));
    // Nothing to go by.
    assert_eq!(seen("15", "15777", (100, 80, 0)), Err("transaction_status not_allowed".to_owned()));
    assert_eq!(seen("03", "03666", (100, 0, 0)), Err("transaction_status not_authorized".to_owned()));
    let gone = Status { response_code: "12036", ..Status::default() };
    assert_eq!(
        parameters(&known.observed(&gone, START).expect_err("absent")),
        [("response_code", Code::NotAuthorized)]
    );
    let late = known.observed(&reply("04", "04000", 100, 30, 0), i64::MAX);
    assert_eq!(parameters(&late.expect_err("no instant")), [("at", Code::BadFormat)]);
}

#[test]
fn observing_a_void_or_a_purchase() {
    let fresh = authorization(100);
    let void = fresh.observed(&reply("08", "08000", 100, 0, 0), START).expect("a void");
    assert_eq!(void.at(START).state, State::Voided);
    // Whether a void still shows the authorized amount is not documented.
    assert_eq!(fresh.observed(&reply("08", "08000", 0, 0, 0), START), Ok(void));
    // It stays, and a capture after it cannot be.
    assert_eq!(void.observed(&reply("02", "02000", 100, 0, 0), START), Ok(void));
    assert_eq!(void.observed(&reply("09", "09047", 100, 0, 0), START), Ok(void));
    let issues = void.observed(&reply("04", "04000", 100, 30, 0), START).expect_err("captured after a void");
    assert_eq!(parameters(&issues), [("transaction_status", Code::Conflict)]);
    let purchase = Payment::purchased(aed(100), START, PaidBy::default()).expect("possible");
    for authorized in [0, 100] {
        let next = purchase.observed(&reply("06", "06000", authorized, 100, 40), START).expect("refunded");
        assert_eq!(next.refunded_amount(), aed(40));
    }
    let issues = purchase.observed(&reply("14", "14000", 100, 99, 0), START).expect_err("another purchase");
    assert_eq!(parameters(&issues), [("captured_amount", Code::Conflict)]);
    let issues = purchase.observed(&reply("14", "14000", 100, 101, 0), START).expect_err("another purchase");
    assert!(issues.iter().all(|own| own.parameter == "captured_amount"));
}
