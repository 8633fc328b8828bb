//! What proves an outcome, and what does not.

use super::desk::{Desk, MINUTE, SEND, TIMEOUT, WINDOW, capture, intent, reading, settled, unchanged};
use aps_payops::operation::{
    Answer, Command, DAY, Event, Evidence, Find, LEAST_ASSUMPTION, LookUp, Mode, Next, Notice, Observation, Operation,
    Purpose, Reading, Recorded, Reference, Refusal, Report, Settle, Status, Totals,
};

fn lost(amount: u64, reading: &Reading) -> Desk {
    let mut desk = Desk::default();
    let next = desk.lose(capture("a", amount), reading);
    assert!(matches!(next, Next::LookUp(ref own) if own.purpose == Purpose::Outcome), "{next:?}");
    desk
}

fn outcome(desk: &Desk, key: &str) -> (Status, Option<Evidence>) {
    (desk.row(key).status, desk.row(key).evidence)
}

/// Takes a lost operation for absent.
fn assume(desk: &mut Desk, reading: Reading) -> Next {
    desk.now += i64::try_from(TIMEOUT + LEAST_ASSUMPTION).unwrap();
    let assume_absent_after = Some(0);
    desk.tell(&Event::Status(Observation { assume_absent_after, ..desk.observation(reading) }))
}

fn notice(own: &Operation, status: Status) -> Notice {
    Notice {
        command: own.command.clone(),
        amount: own.amount,
        currency: own.currency.clone(),
        status,
        tag: own.tag.clone(),
        reference: own.reference.as_ref().map(|own| own.text.clone()),
        recorded: Recorded::Nothing,
        searched: false,
        now: 0,
    }
}

fn notify(desk: &mut Desk, notice: Notice) -> Next {
    match desk.tell(&Event::Notification(notice.clone())) {
        Next::Find(find) => {
            let found = desk.rows.values().find(|own| match &find {
                Find::Key(key) => own.key == *key,
                Find::Tag(tag) => own.tag.as_ref() == Some(tag),
                Find::Reference(text) => own.reference.as_ref().is_some_and(|own| own.text == *text),
                Find::Alike => {
                    own.command == notice.command
                        && own.amount == notice.amount
                        && own.status == notice.status
                        && !own.notified
                }
            });
            let recorded = found.cloned().map_or(Recorded::Nothing, Recorded::Here);
            desk.tell(&Event::Notification(Notice { recorded, searched: true, ..notice }))
        }
        next => next,
    }
}

#[test]
fn the_baseline_is_the_greater_of_what_is_told_and_what_is_known() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    desk.reply("a", Status::Succeeded);
    // CHECK_STATUS is behind.
    assert_eq!(desk.begin(desk.ask(capture("b", 2_000)), &unchanged()), SEND);
    assert_eq!(desk.row("b").baseline.captured, 3_000);
    desk.reply("b", Status::Failed);
    assert!(desk.reports.is_empty());
    // Someone else captured 400.
    assert_eq!(desk.begin(desk.ask(capture("c", 1_000)), &reading(3_400, 0, "04")), SEND);
    assert_eq!((desk.row("c").baseline.captured, desk.state.known.captured), (3_400, 3_400));
    let [Report::Outside { known, reported, suspects }] = desk.reports.as_slice() else { panic!("{:?}", desk.reports) };
    assert_eq!((known.captured, reported.captured, suspects.len()), (3_000, 3_400, 0));
}

#[test]
fn growth_of_exactly_the_amount_proves_a_capture() {
    for (captured, last, proves) in
        [(3_000, "04", true), (2_999, "04", false), (3_001, "04", false), (0, "02", false), (6_000, "04", false)]
    {
        let mut desk = lost(3_000, &unchanged());
        let next = desk.look(reading(captured, 0, last));
        assert_eq!(next == settled(Status::Succeeded), proves, "{captured}");
        assert_eq!(outcome(&desk, "a").1, proves.then_some(Evidence::Totals));
    }
    // Without totals there is nothing to see.
    let mut desk = lost(3_000, &unchanged());
    desk.look(Reading { totals: None, found: false, last: String::new() });
    assert_eq!(outcome(&desk, "a"), (Status::Uncertain, None));
}

#[test]
fn a_void_is_proven_by_its_status_and_a_payment_by_its_reference_and_amount() {
    let mut desk = Desk::default();
    desk.lose(intent("a", Command::Void, 0), &unchanged());
    assert_eq!(desk.look(reading(0, 0, "08")), settled(Status::Succeeded));
    for (command, last, totals, proves) in [
        (Command::Authorization, "02", [3_000, 0], true),
        (Command::Authorization, "03", [3_000, 0], false),
        (Command::Authorization, "02", [3_001, 0], false),
        (Command::Purchase, "14", [3_000, 3_000], true),
        (Command::Purchase, "14", [3_000, 0], true),
        (Command::Purchase, "13", [0, 0], false),
        (Command::Purchase, "02", [3_000, 0], false),
    ] {
        let mut desk = Desk::default();
        desk.lose(intent("a", command.clone(), 3_000), &unchanged());
        let totals = Totals { authorized: totals[0], captured: totals[1], ..Totals::default() };
        let next = desk.look(Reading { totals: Some(totals), found: true, last: last.into() });
        assert_eq!(next == settled(Status::Succeeded), proves, "{command:?} {last} {totals:?}");
    }
}

#[test]
fn a_refund_is_proven_by_a_reference_used_once() {
    for (once, proves) in [(true, true), (false, false)] {
        let mut desk = Desk::default();
        let mut refund = intent("a", Command::Refund, 500);
        refund.reference = Some(Reference { text: "r".into(), once });
        desk.lose(refund, &reading(1_000, 0, "04"));
        let seen = desk.observation(reading(1_000, 0, "04"));
        let seen = Observation { reference: Some("r".into()), refunded: Some(true), ..seen };
        desk.tell(&Event::Status(seen));
        assert_eq!(outcome(&desk, "a").1, proves.then_some(Evidence::Reference));
    }
}

#[test]
fn a_reference_that_was_looked_up_proves_no_refund_that_was_opened_meanwhile() {
    let mut desk = Desk::default();
    desk.lose(intent("a", Command::Refund, 500), &reading(1_000, 0, "04"));
    desk.reply("a", Status::Succeeded);
    desk.lose(intent("b", Command::Refund, 500), &reading(1_000, 500, "06"));
    let late = desk.observation(reading(1_000, 500, "06"));
    let late = Observation { reference: Some("reference of a".into()), refunded: Some(true), ..late };
    desk.tell(&Event::Status(late));
    assert_eq!(desk.row("b").status, Status::Uncertain);
}

#[test]
fn a_refund_beside_another_is_looked_up_by_its_reference() {
    for (once, reference) in [(true, Some("r".to_string())), (false, None)] {
        let mut desk = Desk::default();
        let mut refund = intent("a", Command::Refund, 500);
        refund.reference = Some(Reference { text: "r".into(), once });
        let first = desk.lose(refund, &reading(1_000, 0, "04"));
        assert_eq!(first, Next::LookUp(LookUp { purpose: Purpose::Outcome, reference: None }));
        let open = Next::Answer(Answer::Open(Status::Uncertain));
        let by_reference = |text| Next::LookUp(LookUp { purpose: Purpose::Outcome, reference: Some(text) });
        // Less than its amount is not it.
        assert_eq!(desk.look(reading(1_000, 499, "06")), open);
        assert_eq!(desk.look(reading(1_000, 600, "06")), reference.map_or(open.clone(), by_reference));
        let unknown = Observation { refunded: Some(false), ..desk.observation(reading(1_000, 600, "06")) };
        assert_eq!(desk.tell(&Event::Status(unknown)), open);
    }
}

#[test]
fn a_tagged_notification_proves_and_one_without_a_tag_does_not() {
    let mut desk = lost(3_000, &unchanged());
    let own = notice(desk.row("a"), Status::Succeeded);
    for other in [
        Notice { tag: None, ..own.clone() },
        Notice { tag: Some("another".into()), ..own.clone() },
        Notice { amount: 3_001, ..own.clone() },
        Notice { currency: "USD".into(), ..own.clone() },
    ] {
        assert_eq!(notify(&mut desk, other), Next::Answer(Answer::Unattributed));
        assert_eq!(outcome(&desk, "a"), (Status::Uncertain, None));
    }
    assert_eq!(notify(&mut desk, own.clone()), settled(Status::Succeeded));
    assert_eq!(outcome(&desk, "a"), (Status::Succeeded, Some(Evidence::Notification)));
    // The same again, and the reply that comes late, change nothing.
    let known = desk.state.known;
    assert_eq!(notify(&mut desk, own), Next::Answer(Answer::Recorded(Status::Succeeded)));
    assert_eq!(desk.reply("a", Status::Succeeded), settled(Status::Succeeded));
    assert_eq!((desk.state.known, desk.row("a").contradiction), (known, None));
}

#[test]
fn a_notification_without_a_tag_goes_to_a_settled_operation_that_has_none_yet() {
    let mut desk = Desk::default();
    for key in ["a", "b"] {
        let mut untagged = capture(key, 3_000);
        untagged.tag = None;
        assert_eq!(desk.begin(desk.ask(untagged), &unchanged()), SEND);
        desk.reply(key, Status::Succeeded);
    }
    let own = notice(desk.row("a"), Status::Succeeded);
    for _ in 0..2 {
        assert_eq!(notify(&mut desk, own.clone()), Next::Answer(Answer::Recorded(Status::Succeeded)));
    }
    assert!(desk.row("a").notified && desk.row("b").notified);
    assert_eq!(notify(&mut desk, own), Next::Answer(Answer::Unattributed));
}

#[test]
fn absence_proves_nothing_and_may_be_assumed_where_the_merchant_says_so() {
    let mut desk = lost(3_000, &unchanged());
    desk.now = i64::MAX / 2;
    desk.look(unchanged());
    assert_eq!(outcome(&desk, "a"), (Status::Uncertain, None), "nobody stated an assumption");

    let mut desk = lost(3_000, &unchanged());
    let least = i64::try_from(TIMEOUT + LEAST_ASSUMPTION).unwrap();
    for (asked_at, after, reading, absent) in [
        (least - 1, 0, unchanged(), false),
        (2 * least, 3 * LEAST_ASSUMPTION, unchanged(), false),
        (least, 0, reading(3_000, 0, "05"), true),
        (least, 0, reading(5_000, 0, "04"), false),
        (least, 0, Reading { last: "20".into(), ..unchanged() }, false),
        (least, 0, Reading { totals: None, ..unchanged() }, false),
        (least, 0, unchanged(), true),
        (least, 0, reading(2_999, 0, "04"), true),
    ] {
        let mut desk = Desk { state: desk.state.clone(), rows: desk.rows.clone(), ..Desk::default() };
        let is_grown = reading.totals.is_some_and(|totals| totals.captured == 3_000);
        let observation =
            Observation { assume_absent_after: Some(after), asked_at, ..desk.observation(reading.clone()) };
        desk.tell(&Event::Status(observation));
        let expected = match (absent, is_grown) {
            (true, true) => (Status::Succeeded, Some(Evidence::Totals)),
            (true, false) => (Status::Failed, Some(Evidence::Assumed)),
            (false, _) => (Status::Uncertain, None),
        };
        assert_eq!(outcome(&desk, "a"), expected, "{asked_at} {reading:?}");
    }
    desk.now = least;
    desk.reply("a", Status::Pending);
    assume(&mut desk, unchanged());
    assert_eq!(outcome(&desk, "a"), (Status::Pending, None), "what is pending is not absent");
}

#[test]
fn beside_one_assumed_absent_only_identity_proves() {
    for (first, second, contested) in [(3_000, 3_000, true), (2_000, 3_000, true), (3_001, 3_000, false)] {
        let mut desk = lost(first, &unchanged());
        assert_eq!(assume(&mut desk, unchanged()), settled(Status::Failed));
        assert_eq!(desk.reports, [Report::Assumed { key: "a".into() }]);
        let next = desk.lose(capture("b", second), &unchanged());
        // There is nothing to ask for, where totals cannot tell.
        assert_eq!(next == Next::Answer(Answer::Open(Status::Uncertain)), contested);
        desk.look(reading(second, 0, "04"));
        assert_eq!(outcome(&desk, "b").1, (!contested).then_some(Evidence::Totals));
        if contested {
            let own = notice(desk.row("b"), Status::Succeeded);
            assert_eq!(notify(&mut desk, own), settled(Status::Succeeded));
        }
    }
}

#[test]
fn an_assumption_that_was_wrong_is_a_contradiction_and_no_suspicion_any_more() {
    let mut desk = lost(3_000, &unchanged());
    assume(&mut desk, unchanged());
    let own = notice(desk.row("a"), Status::Succeeded);
    assert_eq!(notify(&mut desk, own), Next::Answer(Answer::Recorded(Status::Failed)));
    let row = desk.row("a");
    assert_eq!((row.status, row.contradiction.map(|other| other.status)), (Status::Failed, Some(Status::Succeeded)));
    assert!(matches!(&desk.reports[1..], [Report::Contradiction { key, .. }] if key == "a"), "{:?}", desk.reports);
    assert_eq!((desk.state.suspects.len(), desk.state.known.captured), (0, 3_000));
    desk.lose(capture("b", 3_000), &reading(3_000, 0, "04"));
    assert_eq!(desk.look(reading(6_000, 0, "04")), settled(Status::Succeeded));
}

#[test]
fn two_definite_outcomes_that_differ_are_reported_and_the_first_stands() {
    for (first, second) in [(Status::Succeeded, Status::Failed), (Status::Rejected, Status::Succeeded)] {
        let mut desk = Desk::default();
        assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
        desk.reply("a", first);
        let own = notice(desk.row("a"), second);
        notify(&mut desk, own);
        assert_eq!((outcome(&desk, "a"), desk.reports.len()), ((first, Some(Evidence::Reply)), 1));
        let word = Settle { key: "a".into(), status: second, recorded: desk.recorded("a"), now: desk.now };
        assert_eq!(desk.tell(&Event::Settle(word)), settled(second));
        assert_eq!((outcome(&desk, "a"), desk.row("a").contradiction), ((second, Some(Evidence::Person)), None));
    }
    // Failed and rejected agree: it did not take place.
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    desk.reply("a", Status::Failed);
    let own = notice(desk.row("a"), Status::Rejected);
    notify(&mut desk, own);
    assert_eq!((desk.row("a").contradiction, desk.reports.len()), (None, 0));
}

#[test]
fn a_person_settles_what_is_open_but_not_while_it_may_be_sent() {
    let say = |desk: &mut Desk, status| {
        let word = Settle { key: "a".into(), status, recorded: desk.recorded("a"), now: desk.now };
        desk.tell(&Event::Settle(word))
    };
    for status in [Status::Succeeded, Status::Failed] {
        let mut desk = Desk::default();
        assert_eq!(say(&mut desk, status), Next::Find(Find::Key("a".into())));
        let elsewhere = Settle { key: "a".into(), status, recorded: Recorded::Elsewhere, now: desk.now };
        let next = desk.tell(&Event::Settle(elsewhere));
        assert_eq!(next, Next::Answer(Answer::Refused(Refusal::UnknownOperation)));
        assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
        assert_eq!(say(&mut desk, status), Next::Answer(Answer::Refused(Refusal::Busy)));
        desk.now = 2 * MINUTE;
        assert_eq!(say(&mut desk, status), settled(status));
        assert_eq!(outcome(&desk, "a"), (status, Some(Evidence::Person)));
        // It may yet move money, or never have: totals prove nothing of the next one of its amount.
        assert_eq!((desk.state.suspects.len(), desk.state.known.captured), (1, 0));
        desk.lose(capture("b", 3_000), &unchanged());
        desk.look(reading(3_000, 0, "04"));
        assert_eq!(outcome(&desk, "b"), (Status::Uncertain, None));
    }
}

#[test]
fn what_a_person_settles_anew_is_how_the_payment_ended() {
    let mut desk = Desk::default();
    desk.lose(intent("a", Command::Purchase, 500), &unchanged());
    desk.now = 2 * MINUTE;
    for (status, is_held) in [(Status::Succeeded, true), (Status::Failed, false), (Status::Succeeded, true)] {
        let word = Settle { key: "a".into(), status, recorded: desk.recorded("a"), now: desk.now };
        assert_eq!(desk.tell(&Event::Settle(word)), settled(status));
        assert_eq!(desk.state.holds_money(desk.now), is_held, "{status:?}");
    }
}

#[test]
fn totals_below_those_before_do_not_show_that_it_is_absent() {
    let late = |desk: &mut Desk, reading| {
        desk.now = 1 << 40;
        let observation = Observation { assume_absent_after: Some(0), ..desk.observation(reading) };
        desk.tell(&Event::Status(observation));
        desk.state.lane.is_none()
    };
    let missing = Reading { totals: Some(Totals::default()), found: false, last: String::new() };
    for (command, before, less) in [
        (Command::Capture, reading(1_000, 0, "04"), reading(500, 0, "04")),
        (Command::Refund, reading(5_000, 1_000, "06"), reading(5_000, 500, "06")),
        (Command::Void, unchanged(), missing.clone()),
        (Command::Refund, reading(5_000, 0, "04"), reading(1_000, 0, "04")),
        (Command::Capture, reading(1_000, 500, "06"), reading(1_000, 0, "04")),
    ] {
        let mut desk = Desk::default();
        desk.lose(intent("a", command.clone(), 3_000), &before);
        assert!(!late(&mut desk, less) && !late(&mut desk, missing.clone()), "{command:?}");
        assert!(late(&mut desk, before), "{command:?}");
    }
}

#[test]
fn a_refund_whose_totals_cannot_be_read_is_looked_up_by_its_reference() {
    let unreadable = || Reading { totals: None, found: false, last: String::new() };
    for (once, reference) in [(true, Some("r".to_owned())), (false, None)] {
        let mut desk = Desk::default();
        let mut refund = intent("a", Command::Refund, 500);
        refund.reference = Some(Reference { text: "r".into(), once });
        desk.lose(refund, &reading(1_000, 0, "04"));
        let Next::LookUp(look_up) = desk.look(unreadable()) else { panic!("it is still looked up") };
        assert_eq!(look_up.reference, reference);
    }
}

#[test]
fn what_a_person_settles_anew_contests_what_is_open() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    desk.reply("a", Status::Failed);
    desk.lose(capture("b", 3_000), &unchanged());
    let word = Settle { key: "a".into(), status: Status::Succeeded, recorded: desk.recorded("a"), now: desk.now };
    desk.tell(&Event::Settle(word));
    assert!(desk.row("b").contested);
    desk.look(reading(3_000, 0, "04"));
    assert_eq!(outcome(&desk, "b"), (Status::Uncertain, None));
}

#[test]
fn a_capture_behind_a_lapsed_authorization_is_reported_and_stays_open() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(intent("a", Command::Authorization, 10_000)), &unchanged()), SEND);
    desk.reply("a", Status::Succeeded);
    desk.lose(capture("b", 3_000), &unchanged());
    let end = i64::try_from(WINDOW + DAY).unwrap();
    for (now, reports) in [(end, 0), (end + 1, 1), (end + 2, 1)] {
        desk.now = now;
        desk.look(unchanged());
        assert_eq!(desk.reports.len(), reports);
    }
    assert_eq!(desk.reports, [Report::Lapsed { key: "b".into() }]);
    assert_eq!((outcome(&desk, "b"), desk.row("b").lapsed), ((Status::Uncertain, None), true));
}

#[test]
fn a_reference_that_is_taken_identifies_nothing() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(intent("a", Command::Purchase, 3_000)), &unchanged()), SEND);
    let heard = aps_payops::operation::Heard {
        key: "a".into(),
        status: Status::Uncertain,
        answered_before: true,
        recorded: desk.recorded("a"),
        now: 0,
    };
    assert_eq!(desk.tell(&Event::Reply(heard)), Next::Answer(Answer::Open(Status::Uncertain)));
    let totals = Totals { authorized: 3_000, captured: 3_000, ..Totals::default() };
    desk.look(Reading { totals: Some(totals), found: true, last: "14".into() });
    assert_eq!(outcome(&desk, "a"), (Status::Uncertain, None));
}

#[test]
fn what_a_customer_did_on_a_hosted_page_is_found_even_when_more_has_followed() {
    for (reading, proves) in [
        (reading(3_000, 0, "04"), true),
        (Reading { last: "20".into(), ..unchanged() }, false),
        (Reading { last: "03".into(), ..unchanged() }, false),
    ] {
        let mut desk = Desk::default();
        let ask =
            aps_payops::operation::Ask { mode: Mode::Expect, ..desk.ask(intent("a", Command::Authorization, 10_000)) };
        assert_eq!(desk.tell(&Event::Ask(ask)), Next::Answer(Answer::Open(Status::ActionRequired)));
        desk.look(reading);
        assert_eq!(outcome(&desk, "a").1, proves.then_some(Evidence::Totals));
    }
}

#[test]
fn a_customer_who_never_came_back_is_assumed_to_have_left() {
    let seen = |last: &str| Reading { last: last.into(), totals: Some(Totals::default()), found: true };
    let missing = Reading { found: false, ..seen("") };
    for (reading, is_expected, is_assumed) in [
        (seen("20"), false, true),
        (seen("20"), true, true),
        (seen("13"), false, true),
        (seen("19"), false, false),
        (missing.clone(), false, false),
        (missing, true, true),
    ] {
        let mut desk = Desk::default();
        let ask = desk.ask(intent("a", Command::Purchase, 500));
        let mode = if is_expected { Mode::Expect } else { Mode::Send };
        desk.begin(aps_payops::operation::Ask { mode, ..ask }, &unchanged());
        if !is_expected {
            desk.reply("a", Status::ActionRequired);
        }
        let least = i64::try_from(TIMEOUT + LEAST_ASSUMPTION).unwrap();
        for (asked_at, is_over) in [(least - 1, false), (least, is_assumed)] {
            let observation = desk.observation(reading.clone());
            desk.tell(&Event::Status(Observation { assume_absent_after: Some(0), asked_at, ..observation }));
            assert_eq!(desk.state.lane.is_none(), is_over, "{reading:?} {is_expected} {asked_at}");
        }
    }
}

#[test]
fn a_message_about_a_first_attempt_that_a_person_corrects_does_not_settle_the_second() {
    let mut desk = Desk::default();
    let purchase = |key| intent(key, Command::Purchase, 500);
    assert_eq!(desk.begin(desk.ask(purchase("a")), &unchanged()), SEND);
    desk.reply("a", Status::Rejected);
    assert_eq!(desk.begin(desk.ask(purchase("b")), &unchanged()), SEND);
    let word = Settle { key: "a".into(), status: Status::Failed, recorded: desk.recorded("a"), now: desk.now };
    assert_eq!(desk.tell(&Event::Settle(word)), settled(Status::Failed));
    let late = notice(desk.row("a"), Status::Failed);
    notify(&mut desk, late);
    assert_eq!(outcome(&desk, "b"), (Status::Sent, None));
}
