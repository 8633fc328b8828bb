//! From the wish to the reply.

use super::desk::{Desk, SEND, TIMEOUT, capture, intent, reading, settled, unchanged};
use aps_payops::operation::{Answer, Ask, Command, Evidence, Next, Purpose, Reading, Refusal, Start, Status};
use aps_payops::operation::{Basis, Event, Mode, Read, Totals};

#[test]
fn an_intent_is_recorded_with_its_baseline_before_it_is_sent() {
    let mut desk = Desk::default();
    let ask = desk.ask(capture("a", 3_000));
    let Next::LookUp(look_up) = desk.tell(&Event::Ask(ask.clone())) else { panic!("no baseline asked for") };
    assert_eq!((look_up.purpose, desk.state.revision), (Purpose::Baseline { revision: 0 }, 0));
    let reading = Some(Read { revision: 0, reading: Some(reading(1_000, 0, "04")) });
    assert_eq!(desk.tell(&Event::Ask(Ask { reading, ..ask })), Next::Start);
    let row = desk.row("a").clone();
    assert_eq!((row.status, row.baseline.captured, row.has_baseline), (Status::Sent, 1_000, true));
    assert_eq!(desk.state.lane, Some(row));
    let start = Start { key: "a".into(), attempt: "attempt of a".into(), elapsed: 10, left: None };
    assert_eq!(desk.tell(&Event::Start(start)), SEND);
    assert_eq!(desk.reply("a", Status::Succeeded), settled(Status::Succeeded));
    let row = desk.row("a");
    assert_eq!((row.status, row.evidence), (Status::Succeeded, Some(Evidence::Reply)));
    assert_eq!((desk.state.lane.is_none(), desk.state.known.captured), (true, 4_000));
}

#[test]
fn a_baseline_that_was_read_at_another_revision_is_read_again() {
    let mut desk = Desk::default();
    let ask = desk.ask(capture("a", 3_000));
    desk.tell(&Event::Ask(ask.clone()));
    let mut other = Desk::default();
    std::mem::swap(&mut other, &mut desk);
    assert_eq!(other.begin(other.ask(capture("b", 3_000)), &unchanged()), SEND);
    assert_eq!(other.reply("b", Status::Succeeded), settled(Status::Succeeded));
    let reading = Some(Read { revision: 0, reading: Some(unchanged()) });
    let next = other.tell(&Event::Ask(Ask { reading, ..ask }));
    assert!(matches!(&next, Next::LookUp(own) if own.purpose == Purpose::Baseline { revision: 2 }), "{next:?}");
}

#[test]
fn totals_that_cannot_be_read_stop_it() {
    let not_found =
        Reading { totals: Some(aps_payops::operation::Totals::default()), found: false, last: String::new() };
    for reading in [not_found, Reading { totals: None, ..unchanged() }] {
        let mut desk = Desk::default();
        assert_eq!(desk.begin(desk.ask(capture("a", 1)), &reading), Next::Answer(Answer::NoBaseline));
        assert_eq!((desk.rows.len(), desk.state.revision), (0, 0));
    }
}

#[test]
fn what_was_not_sent_frees_its_key() {
    let mut desk = Desk::default();
    let event = Event::NotSent { key: "a".into(), attempt: "attempt of a".into() };
    for _ in 0..2 {
        assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
        assert_eq!(desk.tell(&event), Next::Answer(Answer::NotSent));
        assert!(desk.rows.is_empty() && desk.state.lane.is_none());
    }
}

#[test]
fn too_late_or_with_too_little_time_left_nothing_is_sent() {
    for (elapsed, left) in [(TIMEOUT + 1, None), (0, Some(1_999))] {
        let mut desk = Desk::default();
        let ask = desk.ask(intent("a", Command::Purchase, 500));
        assert_eq!(desk.tell(&Event::Ask(ask)), Next::Start);
        let start = Start { key: "a".into(), attempt: "attempt of a".into(), elapsed, left };
        assert_eq!(desk.tell(&Event::Start(start)), Next::Answer(Answer::Refused(Refusal::Deadline)));
        assert!(desk.rows.is_empty() && desk.state.lane.is_none());
    }
    let mut desk = Desk::default();
    let ask = Ask { left: Some(1_999), ..desk.ask(intent("a", Command::Purchase, 500)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Answer(Answer::Refused(Refusal::Deadline)));
    assert_eq!(desk.state.revision, 0);
    let ask = Ask { left: Some(5_000), ..desk.ask(intent("a", Command::Purchase, 500)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Start);
    let start = Start { key: "a".into(), attempt: "attempt of a".into(), elapsed: 0, left: Some(5_000) };
    assert_eq!(desk.tell(&Event::Start(start)), Next::Send { timeout: 4_000 });
}

#[test]
fn in_a_private_store_the_recorded_intent_is_sent_at_once() {
    let mut desk = Desk::default();
    let ask = Ask { private: true, left: Some(5_000), ..desk.ask(intent("a", Command::Purchase, 500)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Send { timeout: 4_000 });
    assert_eq!((desk.row("a").status, desk.state.lane.as_ref()), (Status::Sent, Some(desk.row("a"))));
    assert_eq!(desk.reply("a", Status::Succeeded), settled(Status::Succeeded));
    let ask = Ask { private: true, left: Some(1_999), ..desk.ask(intent("b", Command::Refund, 500)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Answer(Answer::Refused(Refusal::Deadline)));
}

#[test]
fn a_client_that_forgets_sends_whatever_other_attempts_there_were() {
    let mut desk = Desk::default();
    let purchase = |key| intent(key, Command::Purchase, 3_000);
    let ask = desk.ask(purchase("a"));
    assert_eq!(desk.begin(ask, &unchanged()), SEND);
    desk.reply("a", Status::Succeeded);
    let again = desk.ask(purchase("b"));
    assert_eq!(desk.tell(&Event::Ask(again.clone())), Next::Answer(Answer::Refused(Refusal::PaidAlready)));
    let regardless = Ask { mode: Mode::SendRegardless, basis: Basis::Unknown, ..again };
    assert_eq!(desk.begin(regardless, &unchanged()), SEND);
}

#[test]
fn what_was_let_go_of_is_read_again_unless_a_customer_is_still_to_act() {
    for (status, unread) in [(Status::Pending, true), (Status::ActionRequired, false)] {
        let mut desk = Desk::default();
        assert_eq!(desk.begin(desk.ask(intent("a", Command::Purchase, 3_000)), &unchanged()), SEND);
        desk.reply("a", status);
        desk.tell(&Event::Forget { key: "a".into() });
        assert_eq!((desk.state.unread, desk.state.lane.is_none(), desk.rows.len()), (unread, true, 0));
    }
}

#[test]
fn of_refunds_that_were_let_go_of_the_smallest_is_remembered() {
    let mut desk = Desk::default();
    for (key, amount) in [("a", 500), ("b", 300), ("c", 400)] {
        desk.lose(intent(key, Command::Refund, amount), &reading(9_000, 0, "04"));
        desk.tell(&Event::Forget { key: key.into() });
    }
    let kept: Vec<u64> = desk.state.suspects.iter().map(|suspect| suspect.amount).collect();
    assert_eq!(kept, [300]);
    desk.lose(intent("d", Command::Refund, 300), &reading(9_000, 0, "04"));
    assert!(desk.row("d").contested, "growth by 300 may be of another");
}

#[test]
fn two_names_with_an_operation_each_stay_two_states_that_only_a_reply_proves() {
    let (mut one, mut two) = (Desk::default(), Desk::default());
    for desk in [&mut one, &mut two] {
        assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    }
    one.tell(&Event::Same(two.state.clone()));
    assert!(one.state.lane.as_ref().is_some_and(|own| own.contested));
    assert_eq!(one.state.sums, Totals::default());
    assert_eq!(two.reply("a", Status::Succeeded), settled(Status::Succeeded));
    one.tell(&Event::Same(two.state.clone()));
    assert_eq!((one.state.sums.captured, one.state.known.captured), (3_000, 3_000));
    assert!(one.state.lane.as_ref().is_some_and(|own| own.contested));
}
