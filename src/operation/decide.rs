//! The decision function, and what follows from messages about a recorded operation.

use super::ask::{ask, carry_out, look_up, not_sent, own_reference, start};
use super::decision::{Answer, Decision, Find, LookUp, Next, Purpose, Refusal, Report, refused};
use super::event::{Event, Heard, Notice, Observation, Prepared, Recorded, Recover, Settle};
use super::evidence::{DAY, Verdict, has_name, identifies, is_unchanged, judge, may_assume_absent, shows};
use super::order;
use super::state::{Command, Evidence, Operation, State, Status, Totals, plus};
use super::turn::Turn;

/// Decides how an event changes a payment, and what to do next.
///
/// It never fails: an impossible event results in [`Next::Again`] (load and start over) or a [`Refusal`].
#[must_use]
pub fn decide(state: &State, event: &Event) -> Decision {
    match event {
        Event::Ask(wish) => ask(state, wish),
        Event::CarryOut(wish) => carry_out(state, wish),
        Event::Start(wish) => start(state, wish),
        Event::Reply(heard) => reply(state, heard),
        Event::NotSent { key, attempt } => not_sent(state, key, attempt),
        Event::Lost { key } => lost(state, key),
        Event::Status(observation) => observe(state, observation),
        Event::PatienceOver { key } => patience_over(state, key),
        Event::Notification(notice) => notification(state, notice),
        Event::Recover(wish) => recover(state, wish),
        Event::Settle(word) => settle(state, word),
        Event::Forget { key } => forget(state, key),
        Event::Same(other) => same(state, other),
        Event::Join(wish) => order::join(state, wish),
        Event::Fence => order::fence(state),
        Event::Review { name, revision, others, now } if *revision == state.revision => {
            order::review(state, name, others, *now)
        }
        Event::Review { .. } => Turn::on(state).then(Next::Again),
        Event::Reviewed { revision } => order::reviewed(state, *revision),
    }
}

fn open<'s>(state: &'s State, key: &str) -> Option<&'s Operation> {
    state.lane.as_ref().filter(|own| own.key == key)
}

fn reply(state: &State, heard: &Heard) -> Decision {
    let mut turn = Turn::on(state);
    let Some(own) = open(state, &heard.key) else { return late_reply(turn, heard) };
    let mut own = own.clone();
    match heard.status {
        Status::Succeeded | Status::Failed | Status::Rejected => {
            turn.settle(own, heard.status, Evidence::Reply);
            turn.then(Next::Answer(Answer::Settled(heard.status)))
        }
        Status::ActionRequired | Status::Pending => {
            own.status = heard.status;
            turn.keep_with(own, true);
            turn.then(Next::Answer(Answer::Open(heard.status)))
        }
        Status::Uncertain | Status::Prepared | Status::Sent => {
            own.status = Status::Uncertain;
            own.answered_before = heard.answered_before;
            // The reference is not new.
            own.contested |= heard.answered_before && own.command.is_payment() && own.alone;
            let next = find_out(&own);
            turn.keep_with(own, true);
            turn.then(next)
        }
    }
}

fn late_reply(mut turn: Turn, heard: &Heard) -> Decision {
    let Recorded::Here(own) = &heard.recorded else {
        return turn.then(Next::Find(Find::Key(heard.key.clone())));
    };
    if own.status.is_open() {
        return turn.then(Next::Again);
    }
    let stands = own.status;
    if !heard.status.is_open() {
        turn.hear_of(own.clone(), heard.status, Evidence::Reply, heard.now);
    }
    turn.then(Next::Answer(Answer::Settled(stands)))
}

/// What to do about an operation whose outcome is unknown: look it up if anything can be, otherwise leave it open.
fn find_out(own: &Operation) -> Next {
    let by_totals = own.has_baseline && !own.contested;
    let by_reference = own_reference(own).is_some();
    if !own.command.is_provable() || !(by_totals || by_reference) {
        return Next::Answer(Answer::Open(own.status));
    }
    look_up(own, if own.answered_before { Purpose::Once } else { Purpose::Outcome })
}

fn look_up_by(reference: &str) -> Next {
    Next::LookUp(LookUp { purpose: Purpose::Outcome, reference: Some(reference.into()) })
}

fn lost(state: &State, key: &str) -> Decision {
    let mut turn = Turn::on(state);
    let Some(own) = open(state, key) else { return turn.then(Next::Again) };
    let mut own = own.clone();
    if own.status == Status::Sent {
        own.status = Status::Uncertain;
        turn.keep(own.clone());
    }
    turn.then(find_out(&own))
}

fn patience_over(state: &State, key: &str) -> Decision {
    let turn = Turn::on(state);
    match open(state, key) {
        Some(own) => {
            let status = own.status;
            turn.then(Next::Answer(Answer::Open(status)))
        }
        None => turn.then(Next::Again),
    }
}

fn observe(state: &State, observation: &Observation) -> Decision {
    let mut turn = Turn::on(state);
    let reading = &observation.reading;
    let own = state.lane.as_ref().filter(|own| own.status != Status::Prepared);
    let next = match own {
        Some(own) => {
            let is_proven = look_into(&mut turn, own, observation);
            match &turn.state.lane {
                None => Next::Answer(Answer::Settled(is_proven.unwrap_or(Status::Failed))),
                Some(open) => match judge(open, reading) {
                    // Something else moved them, too: only a reference can tell the two apart.
                    Verdict::Other => match own_reference(open) {
                        Some(text) if observation.refunded.is_none() && shows(open, reading) => look_up_by(text),
                        _ => Next::Answer(Answer::Open(open.status)),
                    },
                    Verdict::Unchanged if open.answered_before => Next::Answer(Answer::Open(open.status)),
                    // They may be unreadable, or those of another payment with the same `merchant_reference`.
                    _ => own_reference(open).map_or_else(|| find_out(open), look_up_by),
                },
            }
        }
        None => Next::Answer(Answer::Nothing),
    };
    turn.observe(reading);
    // An operation that is no longer open answers from its record.
    let is_other = observation.key.as_ref().is_some_and(|key| open(state, key).is_none());
    turn.then(if is_other { Next::Again } else { next })
}

/// Settles the open operation if the reading suffices, and returns its outcome.
fn look_into(turn: &mut Turn, own: &Operation, observation: &Observation) -> Option<Status> {
    let Observation { reading, reference, refunded, assume_absent_after, asked_at, .. } = observation;
    // While the reference of one refund was looked up, another may have become the open operation.
    let is_named = own_reference(own).is_some_and(|own| reference.as_deref() == Some(own));
    if own.command == Command::Refund && is_named && *refunded == Some(true) {
        turn.settle(own.clone(), Status::Succeeded, Evidence::Reference);
        return Some(Status::Succeeded);
    }
    if !own.contested && judge(own, reading) == Verdict::Proven {
        turn.settle(own.clone(), Status::Succeeded, Evidence::Totals);
        return Some(Status::Succeeded);
    }
    if assume_absent_after.is_some_and(|after| may_assume_absent(own, reading, *asked_at, after)) {
        turn.settle(own.clone(), Status::Failed, Evidence::Assumed);
        turn.report(Report::Assumed { key: own.key.clone() });
        return Some(Status::Failed);
    }
    let lapsed_long = turn.state.lapses_at.is_some_and(|end| *asked_at > plus(end, DAY));
    if lapsed_long && !own.lapsed && is_unchanged(own, reading) {
        turn.keep(own.with(|own| own.lapsed = true));
        turn.report(Report::Lapsed { key: own.key.clone() });
    }
    None
}

fn notification(state: &State, notice: &Notice) -> Decision {
    let mut turn = Turn::on(state);
    if let Some(own) = state.lane.as_ref().filter(|own| own.status != Status::Prepared && names(state, notice, own)) {
        let mut own = own.clone();
        own.notified = true;
        match notice.status {
            Status::Succeeded | Status::Failed | Status::Rejected => {
                turn.settle(own, notice.status, Evidence::Notification);
                return turn.then(Next::Answer(Answer::Settled(notice.status)));
            }
            Status::Pending if matches!(own.status, Status::Sent | Status::Uncertain) => own.status = Status::Pending,
            _ => {}
        }
        let status = own.status;
        turn.keep_with(own, status == notice.status);
        return turn.then(Next::Answer(Answer::Open(status)));
    }
    let Recorded::Here(own) = &notice.recorded else {
        if notice.searched {
            return turn.then(Next::Answer(Answer::Unattributed));
        }
        return turn.then(Next::Find(wanted(state, notice)));
    };
    if own.status.is_open() {
        return turn.then(if open(state, &own.key).is_some() {
            Next::Answer(Answer::Unattributed)
        } else {
            Next::Again
        });
    }
    let stands = own.status;
    if names(state, notice, own) {
        if notice.status.is_open() {
            return turn.then(Next::Answer(Answer::Recorded(stands)));
        }
        turn.hear_of(own.clone(), notice.status, Evidence::Notification, notice.now);
        return turn.then(Next::Answer(Answer::Recorded(stands)));
    }
    let is_alike = own.command == notice.command && own.amount == notice.amount && stands == notice.status;
    if has_name(notice) || !is_alike || own.notified {
        return turn.then(Next::Answer(Answer::Unattributed));
    }
    turn.update(own.with(|own| own.notified = true));
    turn.then(Next::Answer(Answer::Recorded(stands)))
}

/// Whether a notification belongs to this operation and no other.
fn names(state: &State, notice: &Notice, own: &Operation) -> bool {
    let is_clear = !state.shared && (!state.repeated || notice.status == Status::Succeeded);
    identifies(notice, own) && (is_clear || !notice.command.is_payment())
}

fn wanted(state: &State, notice: &Notice) -> Find {
    if let Some(first) = state.first.as_ref().filter(|_| notice.command.is_payment()) {
        return Find::Key(first.key.clone());
    }
    match (&notice.tag, &notice.reference) {
        (Some(tag), _) => Find::Tag(tag.clone()),
        (None, Some(reference)) => Find::Reference(reference.clone()),
        (None, None) => Find::Alike,
    }
}

fn recover(state: &State, wish: &Recover) -> Decision {
    let mut turn = Turn::on(state);
    let idle = if state.review_due { Next::Review(state.order.clone()) } else { Next::Answer(Answer::Nothing) };
    let Some(own) = &state.lane else { return turn.then(idle) };
    let is_leased = state.leased_until.is_some_and(|until| wish.now < until);
    if is_leased || own.is_under_way(wish.now) || wish.now < plus(own.at, wish.older_than) {
        return turn.then(idle);
    }
    match (own.status, wish.prepared) {
        (Status::Prepared, Prepared::Send) => turn.then(Next::CarryOut(own.key.clone())),
        (Status::Prepared, Prepared::Release) => {
            turn.state.lane = None;
            turn.change(super::Change::Remove(own.key.clone()));
            turn.then(Next::Answer(Answer::NotSent))
        }
        (Status::Prepared, Prepared::Leave) => turn.then(idle),
        _ if !own.command.is_provable() => turn.then(idle),
        _ => {
            turn.state.leased_until = Some(plus(wish.now, wish.lease));
            turn.touch();
            turn.then(look_up(own, Purpose::Once))
        }
    }
}

fn settle(state: &State, word: &Settle) -> Decision {
    let mut turn = Turn::on(state);
    let answer = Next::Answer(Answer::Settled(word.status));
    if let Some(own) = open(state, &word.key) {
        if own.is_under_way(word.now) {
            return turn.then(refused(Refusal::Busy));
        }
        let was_sent = own.status != Status::Prepared;
        turn.settle(own.clone(), word.status, Evidence::Person);
        if !was_sent {
            turn.state.suspects.retain(|suspect| suspect.key != word.key);
        }
        return turn.then(answer);
    }
    let own = match &word.recorded {
        Recorded::Here(own) => own,
        Recorded::Nothing => return turn.then(Next::Find(Find::Key(word.key.clone()))),
        Recorded::Elsewhere => return turn.then(refused(Refusal::UnknownOperation)),
    };
    if own.status.is_open() {
        return turn.then(Next::Again);
    }
    let is_suspect = state.suspects.iter().any(|suspect| suspect.key == own.key);
    // What is proven to have taken place is in the sums, so it explains no further growth.
    if !own.credited && !is_suspect {
        turn.state.suspects.push(own.suspect());
        contest(&mut turn);
    }
    // A message about the first attempt does not name it, so it must not be taken for one about the attempt that is open.
    let is_retried = state.lane.as_ref().is_some_and(|open| open.command.is_payment());
    if let Some(first) = turn.state.first.as_mut().filter(|first| first.key == own.key) {
        first.status = word.status;
        turn.state.repeated |= is_retried && word.status != Status::Rejected;
    }
    let own = own.with(|own| {
        own.status = word.status;
        own.evidence = Some(Evidence::Person);
        own.contradiction = None;
    });
    turn.update(own);
    turn.then(answer)
}

/// Marks the open operation as contested by operations that became suspect after it was recorded.
fn contest(turn: &mut Turn) {
    let Some(own) = &turn.state.lane else { return };
    let is_contested = turn.state.suspects.iter().any(|suspect| super::evidence::could_explain(suspect, own));
    if is_contested && !own.contested {
        let own = own.with(|own| own.contested = true);
        turn.keep(own);
    }
}

/// Frees the lane for a client without a store. The operation may or may not be in the totals, so they are read again.
fn forget(state: &State, key: &str) -> Decision {
    let mut turn = Turn::on(state);
    let Some(own) = open(state, key) else { return turn.then(Next::Answer(Answer::Nothing)) };
    if own.command == Command::Refund {
        // The smallest amount can explain everything that the others can.
        let suspects = &mut turn.state.suspects;
        if !suspects.iter().any(|suspect| suspect.forgotten && suspect.amount <= own.amount) {
            suspects.retain(|suspect| !suspect.forgotten);
            suspects.push(super::Suspect { forgotten: true, ..own.suspect() });
        }
    }
    // What a customer has yet to do is not in any totals.
    turn.state.unread |= own.status != Status::ActionRequired;
    turn.state.lane = None;
    turn.change(super::Change::Remove(own.key.clone()));
    turn.then(Next::Answer(Answer::Open(own.status)))
}

/// While an operation is open under either name, the two states stay separate: each was measured from totals that may include
/// the other, so only its own reply proves it. They are merged when this message arrives again.
fn same(state: &State, other: &State) -> Decision {
    let mut turn = Turn::on(state);
    let own = &mut turn.state;
    if let (Some(lane), Some(_)) = (&own.lane, &other.lane) {
        let lane = lane.with(|own| own.contested = true);
        turn.keep(lane);
        return turn.then(Next::Answer(Answer::Nothing));
    }
    let has_sums = own.sums != Totals::default();
    let sum = |one: u64, two: u64| one.saturating_add(two);
    own.sums = Totals {
        authorized: sum(own.sums.authorized, other.sums.authorized),
        captured: sum(own.sums.captured, other.sums.captured),
        refunded: sum(own.sums.refunded, other.sums.refunded),
        voided: own.sums.voided || other.sums.voided,
    };
    own.known = own.known.max(other.known).max(own.sums);
    own.lapses_at = own.lapses_at.or(other.lapses_at);
    own.first = own.first.take().or_else(|| other.first.clone());
    own.order = own.order.take().or_else(|| other.order.clone());
    own.unread |= other.unread;
    own.suspects.extend(other.suspects.iter().cloned());
    match (&mut own.lane, &other.lane) {
        (Some(one), _) => one.contested |= other.sums != Totals::default(),
        (lane, Some(theirs)) => {
            *lane = Some(theirs.with(|own| own.contested |= has_sums));
        }
        (None, None) => {}
    }
    turn.touch();
    turn.then(Next::Answer(Answer::Nothing))
}
