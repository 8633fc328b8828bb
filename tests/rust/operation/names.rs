//! Keys, the lane, and who waits for whom.

use super::desk::{Desk, MINUTE, SEND, capture, intent, settled, unchanged};
use aps_payops::operation::{
    Answer, Ask, CarryOut, Command, Event, Intent, LookUp, Mode, Next, Purpose, Read, Recorded, Refusal, Status, decide,
};

const fn refused(refusal: Refusal) -> Next {
    Next::Answer(Answer::Refused(refusal))
}

const ONCE: Next = Next::LookUp(LookUp { purpose: Purpose::Once, reference: None });

#[test]
fn a_settled_key_is_answered_as_recorded() {
    for status in [Status::Succeeded, Status::Failed, Status::Rejected] {
        let mut desk = Desk::default();
        assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
        assert_eq!(desk.reply("a", status), settled(status));
        let revision = desk.state.revision;
        let again = Intent { attempt: "another".into(), ..capture("a", 3_000) };
        assert_eq!(desk.begin(desk.ask(again), &unchanged()), Next::Answer(Answer::Recorded(status)));
        assert_eq!(desk.state.revision, revision);
    }
}

#[test]
fn other_contents_or_another_payment_under_a_key_are_refused() {
    let mut desk = Desk::default();
    let ask = Ask { recorded: Recorded::Elsewhere, ..desk.ask(capture("a", 3_000)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), refused(Refusal::OtherContents));
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    assert_eq!(desk.tell(&Event::Ask(desk.ask(capture("a", 3_001)))), refused(Refusal::OtherContents));
    let mut refund = capture("a", 3_000);
    refund.command = Command::Refund;
    assert_eq!(desk.tell(&Event::Ask(desk.ask(refund))), refused(Refusal::OtherContents));
    desk.reply("a", Status::Succeeded);
    assert_eq!(desk.tell(&Event::Ask(desk.ask(capture("a", 3_001)))), refused(Refusal::OtherContents));
}

#[test]
fn an_open_key_waits_then_looks_up_once_then_stands_as_it_is() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    let again = Ask { wait: 500, ..desk.ask(Intent { attempt: "another".into(), ..capture("a", 3_000) }) };
    assert_eq!(desk.tell(&Event::Ask(again.clone())), Next::Wait { at_most: 500 });
    let again = Ask { wait: 0, ..again };
    assert_eq!(desk.tell(&Event::Ask(again.clone())), ONCE);
    let again = Ask { looked_up: true, ..again };
    assert_eq!(desk.tell(&Event::Ask(again.clone())), Next::Answer(Answer::Open(Status::Sent)));
    desk.tell(&Event::Lost { key: "a".into() });
    assert_eq!(desk.tell(&Event::Ask(again)), Next::Answer(Answer::Open(Status::Uncertain)));
    for status in [Status::Pending, Status::ActionRequired] {
        assert_eq!(desk.reply("a", status), Next::Answer(Answer::Open(status)));
        let again = desk.ask(Intent { attempt: "another".into(), ..capture("a", 3_000) });
        assert_eq!(desk.tell(&Event::Ask(again.clone())), ONCE);
        let next = desk.tell(&Event::Ask(Ask { looked_up: true, ..again }));
        assert_eq!(next, Next::Answer(Answer::Open(status)));
    }
}

#[test]
fn another_key_is_busy_while_one_is_open_and_nothing_is_recorded() {
    for status in [Status::Sent, Status::Pending, Status::ActionRequired, Status::Uncertain, Status::Prepared] {
        let mut desk = Desk::default();
        if status == Status::Prepared {
            desk.tell(&Event::Ask(Ask { mode: Mode::Prepare, ..desk.ask(capture("a", 3_000)) }));
        } else {
            assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
        }
        if !matches!(status, Status::Sent | Status::Prepared) {
            desk.reply("a", status);
        }
        let (revision, other) = (desk.state.revision, desk.ask(capture("b", 3_000)));
        assert_eq!(desk.tell(&Event::Ask(other.clone())), refused(Refusal::Busy), "{status:?}");
        let waiting = Ask { wait: 700, ..other };
        let is_at_rest = !matches!(status, Status::Sent | Status::Prepared);
        // An operation that nobody works on may be settled by asking.
        assert_eq!(desk.tell(&Event::Ask(waiting.clone())) == ONCE, is_at_rest, "{status:?}");
        let waiting = Ask { looked_up: true, ..waiting };
        assert_eq!(desk.tell(&Event::Ask(waiting)), Next::Wait { at_most: 700 });
        assert_eq!((desk.state.revision, desk.rows.len()), (revision, 1));
    }
}

#[test]
fn what_is_prepared_is_carried_out_once() {
    let mut desk = Desk::default();
    let prepare = Ask { mode: Mode::Prepare, ..desk.ask(capture("a", 3_000)) };
    assert_eq!(desk.tell(&Event::Ask(prepare)), Next::Answer(Answer::Open(Status::Prepared)));
    assert_eq!((desk.row("a").status, desk.row("a").has_baseline), (Status::Prepared, false));
    let prepare = Ask { mode: Mode::Prepare, ..desk.ask(capture("a", 3_000)) };
    assert_eq!(desk.tell(&Event::Ask(prepare)), Next::Answer(Answer::Open(Status::Prepared)));
    let wish = |desk: &Desk, attempt: &str, reading: Option<Read>| {
        let (key, attempt) = ("a".into(), attempt.into());
        let recorded = desk.recorded("a");
        Event::CarryOut(CarryOut {
            key,
            fingerprint: capture("a", 3_000).fingerprint,
            attempt,
            recorded,
            reading,
            wait: 0,
            left: None,
            looked_up: false,
            now: desk.now,
        })
    };
    let Next::LookUp(LookUp { purpose: Purpose::Baseline { revision }, .. }) = desk.tell(&wish(&desk, "x", None))
    else {
        panic!("no baseline")
    };
    let reading = Some(Read { revision, reading: Some(unchanged()) });
    assert_eq!(desk.tell(&wish(&desk, "x", reading)), Next::Start);
    assert_eq!((desk.row("a").status, desk.row("a").attempt.as_str()), (Status::Sent, "x"));
    // Another one finds it under way.
    assert_eq!(desk.tell(&wish(&desk, "y", None)), ONCE);
    // What was not sent is prepared again.
    let next = desk.tell(&Event::NotSent { key: "a".into(), attempt: "x".into() });
    assert_eq!((next, desk.row("a").status), (Next::Answer(Answer::NotSent), Status::Prepared));
}

#[test]
fn what_was_never_prepared_is_not_carried_out() {
    let mut desk = Desk::default();
    assert_eq!(desk.tell(&Event::CarryOut(carry_out(capture("a", 3_000)))), refused(Refusal::NotPrepared));
}

fn carry_out(intent: Intent) -> CarryOut {
    CarryOut {
        key: intent.key,
        fingerprint: intent.fingerprint,
        attempt: "x".into(),
        recorded: Recorded::Nothing,
        reading: None,
        wait: 0,
        left: None,
        looked_up: false,
        now: 0,
    }
}

#[test]
fn what_was_prepared_anew_is_not_carried_out_with_the_former_contents() {
    let mut desk = Desk::default();
    desk.tell(&Event::Ask(Ask { mode: Mode::Prepare, ..desk.ask(capture("a", 3_000)) }));
    let (former, found) = (carry_out(capture("a", 1_000)), desk.state.clone());
    assert_eq!((desk.tell(&Event::CarryOut(former.clone())), &desk.state), (refused(Refusal::OtherContents), &found));
    // Nor is the outcome of the new contents that of the former.
    let reading = Some(Read { revision: desk.state.revision, reading: Some(unchanged()) });
    let own = CarryOut { reading, recorded: desk.recorded("a"), ..carry_out(capture("a", 3_000)) };
    assert_eq!(desk.tell(&Event::CarryOut(own)), Next::Start);
    let late = |desk: &Desk| Event::CarryOut(CarryOut { recorded: desk.recorded("a"), ..former.clone() });
    assert_eq!(desk.tell(&late(&desk)), refused(Refusal::OtherContents));
    desk.reply("a", Status::Succeeded);
    assert_eq!(desk.tell(&late(&desk)), refused(Refusal::OtherContents));
}

#[test]
fn a_payment_that_was_seen_since_it_was_prepared_is_not_alone() {
    let purchase = || intent("a", Command::Purchase, 500);
    let prepared = || {
        let mut desk = Desk::default();
        desk.tell(&Event::Ask(Ask { mode: Mode::Prepare, ..desk.ask(purchase()) }));
        desk
    };
    for is_carried_out in [true, false] {
        let wish = |desk: &Desk| {
            if is_carried_out {
                Event::CarryOut(carry_out(purchase()))
            } else {
                Event::Ask(desk.ask(Intent { attempt: "x".into(), ..purchase() }))
            }
        };
        let mut desk = prepared();
        assert_eq!(desk.tell(&wish(&desk)), Next::Start);
        let mut desk = prepared();
        desk.look(unchanged());
        // A reference that was used before identifies nothing, so the totals must be read.
        let next = decide(&desk.state, &wish(&desk)).next;
        assert!(matches!(next, Next::LookUp(LookUp { purpose: Purpose::Baseline { .. }, .. })), "{next:?}");
    }
}

#[test]
fn the_same_contents_asked_for_carry_out_what_was_prepared() {
    let mut desk = Desk::default();
    desk.tell(&Event::Ask(Ask { mode: Mode::Prepare, ..desk.ask(intent("a", Command::Purchase, 500)) }));
    let ask = desk.ask(Intent { attempt: "x".into(), ..intent("a", Command::Purchase, 500) });
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Start);
    assert_eq!(desk.row("a").attempt, "x");
}

#[test]
fn only_the_attempt_that_recorded_an_intent_may_send_or_free_it() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    for event in [
        Event::NotSent { key: "a".into(), attempt: "another".into() },
        Event::Start(aps_payops::operation::Start {
            key: "a".into(),
            attempt: "another".into(),
            elapsed: 0,
            left: None,
        }),
    ] {
        assert_eq!(desk.tell(&event), Next::Again);
    }
    // Whose own attempt is found recorded, after a cut connection, goes on; but not when it is old.
    assert_eq!(desk.tell(&Event::Ask(desk.ask(capture("a", 3_000)))), Next::Start);
    desk.now = 2 * MINUTE;
    assert_eq!(desk.tell(&Event::Ask(desk.ask(capture("a", 3_000)))), refused(Refusal::Deadline));
    assert!(desk.rows.is_empty());
}
