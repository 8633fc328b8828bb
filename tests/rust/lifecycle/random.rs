//! Random sequences of operations, compared with the rules written a second time.

use super::check_status::reply;
use super::*;

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

/// The rules written a second time, as plainly as possible.
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
