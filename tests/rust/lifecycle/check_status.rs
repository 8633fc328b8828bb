//! Payments made from the answer to `CHECK_STATUS`, or brought up to date by it.

use super::*;

pub(super) fn reply(status: &str, code: &str, authorized: u64, captured: u64, refunded: u64) -> Status<'static> {
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
    let status_of = |status: &'static str, totals: [&'static str; 3]| Status {
        response_code: "12000",
        transaction_status: status,
        authorized_amount: totals[0],
        captured_amount: totals[1],
        refunded_amount: totals[2],
        ..Status::default()
    };
    let read = |status, totals| status_of(status, totals).totals().map_err(|issues| issues[0].code.name());
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
    assert_eq!(Status { response_code: "12036", ..status_of("04", [""; 3]) }.totals(), Ok(None));
    for (response_code, code) in [("", "missing"), ("12001", "not_allowed"), ("11000", "not_allowed")] {
        let issues = Status { response_code, ..status_of("02", ["1", "", ""]) }.totals().expect_err(response_code);
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
