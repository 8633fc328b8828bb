//! Orders with several attempts, recovery, and the plain client, which forgets.

use super::desk::{Desk, MINUTE, SEND, capture, intent, reading, settled, unchanged};
use aps_payops::operation::{
    Answer, Ask, Attempt, Basis, Command, Event, Evidence, Intent, Join, LookUp, Next, Observation, Prepared, Purpose,
    Read, Recover, Refusal, Report, State, Status, Totals,
};

const fn refused(refusal: Refusal) -> Next {
    Next::Answer(Answer::Refused(refusal))
}

fn join(reference: Option<&str>, key: &str) -> Join {
    Join {
        reference: reference.map(String::from),
        key: key.into(),
        timeout: 60_000,
        despite: vec![],
        others: None,
        fenced: vec![],
        wait: 0,
        left: None,
        now: 0,
    }
}

fn paid(key: &str, status: Status) -> State {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(intent(key, Command::Purchase, 500)), &unchanged()), SEND);
    if status != Status::Sent {
        desk.reply(key, status);
    }
    desk.state
}

#[test]
fn a_second_attempt_at_an_order_is_entered_and_the_first_is_looked_at() {
    for (status, refusal) in [
        (Status::Sent, Some(Refusal::Busy)),
        (Status::Uncertain, Some(Refusal::Busy)),
        (Status::Succeeded, Some(Refusal::PaidAlready)),
        (Status::Failed, None),
        (Status::Rejected, None),
    ] {
        let mut order = Desk::default();
        assert_eq!(order.tell(&Event::Join(join(Some("O-1"), "a"))), Next::Joined);
        assert_eq!(order.tell(&Event::Join(join(Some("O-2"), "b"))), Next::LoadOthers(vec!["O-1".into()]));
        let others = Some(vec![("O-1".into(), paid("a", status))]);
        let second = Join { others, ..join(Some("O-2"), "b") };
        let next = order.tell(&Event::Join(second.clone()));
        assert_eq!(next, refusal.map_or(Next::Joined, refused), "{status:?}");
        // The one that is named is no obstacle.
        let next = order.tell(&Event::Join(Join { despite: vec!["a".into()], ..second }));
        assert_eq!((next, order.state.attempts.len()), (Next::Joined, 2));
    }
}

#[test]
fn the_payment_of_the_orders_own_name_is_an_attempt_as_well() {
    let state = paid("a", Status::Succeeded);
    let mut desk = Desk { state, ..Desk::default() };
    assert_eq!(desk.tell(&Event::Join(join(Some("O-2"), "b"))), refused(Refusal::PaidAlready));
    let again = Intent { key: "b".into(), ..intent("b", Command::Purchase, 500) };
    assert_eq!(desk.tell(&Event::Ask(desk.ask(again))), refused(Refusal::PaidAlready));
}

#[test]
fn an_entry_without_an_intent_is_waited_for_then_fenced() {
    let mut order = Desk::default();
    order.tell(&Event::Join(join(Some("O-1"), "a")));
    let others = Some(vec![("O-1".into(), State::default())]);
    let second = Join { others, ..join(Some("O-2"), "b") };
    assert_eq!(order.tell(&Event::Join(second.clone())), refused(Refusal::Busy));
    assert_eq!(order.tell(&Event::Join(Join { wait: 50, ..second.clone() })), Next::Wait { at_most: 50 });
    let [some, none] = [1_020, 900].map(|left| Join { wait: 50, left: Some(left), ..second.clone() });
    assert_eq!(order.tell(&Event::Join(some)), Next::Wait { at_most: 20 }, "no longer than the process lives");
    assert_eq!(order.tell(&Event::Join(none)), refused(Refusal::Busy));
    let late = Join { now: 2 * MINUTE, ..second };
    assert_eq!(order.tell(&Event::Join(late.clone())), Next::Fence(vec!["O-1".into()]));
    let mut first = Desk::default();
    assert_eq!((first.tell(&Event::Fence), first.state.revision), (Next::Answer(Answer::Nothing), 1));
    assert_eq!(order.tell(&Event::Join(Join { fenced: vec!["O-1".into()], ..late })), Next::Joined);
    let entry = Attempt { reference: "O-2".into(), key: "b".into(), at: 2 * MINUTE, timeout: 60_000 };
    assert_eq!(order.state.attempts, [entry]);
}

#[test]
fn an_attempt_is_recorded_only_at_the_revision_that_it_was_entered_for() {
    let mut desk = Desk::default();
    let attempt = Intent { order: Some("O".into()), ..intent("a", Command::Purchase, 500) };
    assert_eq!(desk.tell(&Event::Ask(desk.ask(attempt.clone()))), Next::Join(Some("O".into())));
    let entered = Ask { joined: Some(0), ..desk.ask(attempt) };
    assert_eq!(desk.tell(&Event::Fence), Next::Answer(Answer::Nothing));
    assert_eq!(desk.tell(&Event::Ask(entered.clone())), Next::Join(Some("O".into())));
    assert_eq!(desk.tell(&Event::Ask(Ask { joined: Some(1), ..entered })), Next::Start);
    assert_eq!(desk.state.order.as_deref(), Some("O"));
    desk.reply("a", Status::Succeeded);
    assert!(desk.state.review_due);
    let before = Event::Reviewed { revision: desk.state.revision - 1 };
    assert_eq!(
        (desk.tell(&before), desk.state.review_due),
        (Next::Answer(Answer::Nothing), true),
        "it has changed since"
    );
    assert_eq!(desk.tell(&Event::Reviewed { revision: desk.state.revision }), Next::Answer(Answer::Nothing));
    assert!(!desk.state.review_due);
}

#[test]
fn an_order_that_was_paid_twice_is_reported_until_it_is_not() {
    let review = |desk: &mut Desk, others| {
        desk.tell(&Event::Review { name: "O".into(), revision: desk.state.revision, others, now: 0 });
    };
    let mut order = Desk { state: paid("a", Status::Succeeded), ..Desk::default() };
    let other = paid("b", Status::Succeeded);
    review(&mut order, vec![("O-2".into(), other.clone())]);
    let references = vec!["O".into(), "O-2".into()];
    assert_eq!(
        (&order.state.paid_twice, &order.reports),
        (&references, &vec![Report::PaidTwice { references: references.clone() }])
    );
    assert!(order.state.needs_attention());
    let refunded = State { known: Totals { refunded: 500, ..other.known }, ..other };
    review(&mut order, vec![("O-2".into(), refunded)]);
    assert!(order.state.paid_twice.is_empty() && order.reports.len() == 1);
}

fn attempts(second: Status) -> Vec<(String, State)> {
    vec![("O-1".into(), paid("a", Status::Succeeded)), ("O-2".into(), paid("b", second))]
}

#[test]
fn a_review_that_another_overtook_is_done_again() {
    let review = |revision, others| Event::Review { name: "O".into(), revision, others, now: 0 };
    let mut order = Desk::default();
    order.tell(&review(0, attempts(Status::Succeeded)));
    let found = order.state.clone();
    // It had loaded the attempts before the other one did.
    assert_eq!((order.tell(&review(0, attempts(Status::Failed))), &order.state), (Next::Again, &found));
}

#[test]
fn a_review_records_only_what_is_new_and_has_it_confirmed() {
    let mut order = Desk::default();
    let review = |order: &mut Desk, second| {
        let event =
            Event::Review { name: "O".into(), revision: order.state.revision, others: attempts(second), now: 0 };
        let before = order.state.revision;
        assert_eq!(order.tell(&event), Next::Answer(Answer::Nothing));
        (order.state.revision - before, order.state.review_due, order.state.paid_twice.len())
    };
    assert_eq!(review(&mut order, Status::Failed), (0, false, 0), "nothing is new");
    // It had loaded the attempts before the second one failed, and the review before it saw that and recorded nothing.
    assert_eq!(review(&mut order, Status::Succeeded), (1, true, 2));
    assert_eq!(review(&mut order, Status::Failed), (1, true, 0));
    assert_eq!(review(&mut order, Status::Failed), (1, false, 0));
    assert_eq!(review(&mut order, Status::Failed), (0, false, 0));
}

#[test]
fn recovery_leases_what_it_asks_about() {
    let recover =
        |older_than, now| Event::Recover(Recover { older_than, lease: 5_000, prepared: Prepared::Leave, now });
    let once = Next::LookUp(LookUp { purpose: Purpose::Once, reference: None });
    let nothing = Next::Answer(Answer::Nothing);
    let mut desk = Desk::default();
    assert_eq!(desk.tell(&recover(0, 0)), nothing);
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    assert_eq!(desk.tell(&recover(0, 2 * MINUTE - 1)), nothing, "its answer may be under way");
    assert_eq!(desk.tell(&recover(5 * 60_000, 2 * MINUTE)), nothing, "too young");
    assert_eq!(desk.tell(&recover(0, 2 * MINUTE)), once);
    assert_eq!(desk.tell(&recover(0, 2 * MINUTE + 4_999)), nothing, "another one asks");
    assert_eq!(desk.tell(&recover(0, 2 * MINUTE + 5_000)), once);
    assert_eq!(desk.look(reading(3_000, 0, "04")), settled(Status::Succeeded));
    assert_eq!((desk.row("a").evidence, desk.state.leased_until), (Some(Evidence::Totals), None));
}

#[test]
fn what_was_prepared_by_one_that_died_is_sent_released_or_left() {
    for (prepared, next) in [
        (Prepared::Send, Next::CarryOut("a".into())),
        (Prepared::Release, Next::Answer(Answer::NotSent)),
        (Prepared::Leave, Next::Answer(Answer::Nothing)),
    ] {
        let mut desk = Desk::default();
        desk.tell(&Event::Ask(Ask { mode: aps_payops::operation::Mode::Prepare, ..desk.ask(capture("a", 1)) }));
        let recover = Recover { older_than: 1_000, lease: 1, prepared, now: 999 };
        assert_eq!(desk.tell(&Event::Recover(recover.clone())), Next::Answer(Answer::Nothing));
        assert_eq!(desk.tell(&Event::Recover(Recover { now: 1_000, ..recover })), next);
        assert_eq!(desk.rows.is_empty(), prepared == Prepared::Release);
    }
}

#[test]
fn a_client_that_forgets_reads_totals_again_before_it_believes_a_payment() {
    let mut desk = Desk::default();
    desk.lose(capture("a", 3_000), &unchanged());
    assert_eq!(desk.tell(&Event::Forget { key: "a".into() }), Next::Answer(Answer::Open(Status::Uncertain)));
    assert!(desk.rows.is_empty() && desk.state.unread && desk.state.suspects.is_empty());
    let given = Totals { authorized: 10_000, ..Totals::default() };
    let ask = Ask { basis: Basis::Given(given), ..desk.ask(capture("b", 3_000)) };
    let Next::LookUp(LookUp { purpose: Purpose::Baseline { revision }, .. }) = desk.tell(&Event::Ask(ask.clone()))
    else {
        panic!("not read")
    };
    // Where they cannot be read, what was given has to do.
    let mut other = Desk { state: desk.state.clone(), ..Desk::default() };
    let unread = Ask { reading: Some(Read { revision, reading: None }), ..ask.clone() };
    assert_eq!(other.tell(&Event::Ask(unread)), Next::Start);
    assert_eq!((other.row("b").baseline, other.state.unread), (given, true));
    let read = Ask { reading: Some(Read { revision, reading: Some(reading(3_000, 0, "04")) }), ..ask };
    assert_eq!(desk.tell(&Event::Ask(read)), Next::Start);
    assert_eq!((desk.row("b").baseline.captured, desk.state.unread), (3_000, false));
}

#[test]
fn a_forgotten_refund_leaves_the_next_to_its_own_reference() {
    let mut desk = Desk::default();
    desk.lose(intent("a", Command::Refund, 500), &reading(1_000, 0, "04"));
    desk.tell(&Event::Forget { key: "a".into() });
    let next = desk.lose(intent("b", Command::Refund, 500), &reading(1_000, 0, "04"));
    let reference = Some("reference of b".into());
    assert_eq!(next, Next::LookUp(LookUp { purpose: Purpose::Outcome, reference }));
    desk.look(reading(1_000, 500, "06"));
    assert_eq!(desk.row("b").status, Status::Uncertain);
    let seen = desk.observation(reading(1_000, 500, "06"));
    desk.tell(&Event::Status(Observation { reference: Some("reference of b".into()), refunded: Some(true), ..seen }));
    assert_eq!(desk.row("b").evidence, Some(Evidence::Reference));
}

#[test]
fn without_a_baseline_nothing_is_asked() {
    let mut desk = Desk::default();
    let ask = Ask { basis: Basis::Unknown, ..desk.ask(capture("a", 3_000)) };
    assert_eq!(desk.tell(&Event::Ask(ask)), Next::Start);
    assert_eq!(desk.tell(&Event::Lost { key: "a".into() }), Next::Answer(Answer::Open(Status::Uncertain)));
    desk.look(reading(3_000, 0, "04"));
    assert_eq!(desk.row("a").status, Status::Uncertain);
    // Of a batch totals tell nothing, with or without.
    let mut desk = Desk::default();
    let batch = intent("a", Command::Other("PROCESS_BATCH".into()), 0);
    assert_eq!(desk.tell(&Event::Ask(Ask { basis: Basis::Unknown, ..desk.ask(batch) })), Next::Start);
    assert_eq!(desk.tell(&Event::Lost { key: "a".into() }), Next::Answer(Answer::Open(Status::Uncertain)));
}

#[test]
fn two_names_of_one_payment_are_put_together() {
    let mut desk = Desk::default();
    assert_eq!(desk.begin(desk.ask(capture("a", 3_000)), &unchanged()), SEND);
    desk.reply("a", Status::Succeeded);
    let mut other = Desk::default();
    assert_eq!(other.begin(other.ask(capture("b", 2_000)), &unchanged()), SEND);
    other.reply("b", Status::Succeeded);
    desk.tell(&Event::Same(other.state.clone()));
    assert_eq!((desk.state.known.captured, desk.state.sums.captured), (5_000, 5_000));
}
