//! Orders: keeps several attempts to pay for one thing aware of each other.
//!
//! The state named after the order lists the attempts. An attempt is entered there before its intent is recorded in its own
//! state, and the entry is written even if it is already there; so of two concurrent attempts the later entry sees the
//! earlier, and an attempt that was entered but never recorded is fenced (its state moves on) before it is passed over.

use super::decision::{Answer, Decision, Next, Refusal, Report, refused};
use super::event::{Ask, Join};
use super::limits::wait_within;
use super::state::{Attempt, State, plus};
use super::turn::Turn;
use alloc::string::String;
use alloc::vec::Vec;

/// What an AUTHORIZATION or PURCHASE has to do first, or why it is refused.
pub(super) fn obstacle_to(state: &State, ask: &Ask) -> Option<Next> {
    if let Some(refusal) = refusal_of(state, &ask.despite, ask.now) {
        return Some(refused(refusal));
    }
    let order = ask.intent.order.as_ref().or(state.order.as_ref());
    let is_entered = ask.joined == Some(state.revision);
    let must_enter = order.is_some() || !state.attempts.is_empty();
    (must_enter && !is_entered).then(|| Next::Join(order.cloned()))
}

/// Why no other attempt may be made besides the one in this state.
fn refusal_of(state: &State, despite: &[String], now: i64) -> Option<Refusal> {
    if let Some(open) = state.lane.as_ref().filter(|open| open.command.is_payment()) {
        return (!despite.contains(&open.key)).then_some(Refusal::Busy);
    }
    let is_named = state.first.as_ref().is_some_and(|first| despite.contains(&first.key));
    (state.holds_money(now) && !is_named).then_some(Refusal::PaidAlready)
}

pub(super) fn join(state: &State, join: &Join) -> Decision {
    let mut turn = Turn::on(state);
    let wait = wait_within(join.wait, join.left);
    let is_other = |attempt: &&Attempt| Some(&attempt.reference) != join.reference.as_ref();
    let entries: Vec<&Attempt> = state.attempts.iter().filter(is_other).collect();
    let others = match &join.others {
        Some(others) => others.as_slice(),
        None if entries.is_empty() => &[],
        None => {
            let references = entries.iter().map(|entry| entry.reference.clone()).collect();
            return turn.then(Next::LoadOthers(references));
        }
    };
    let state_of = |entry: &Attempt| others.iter().find(|(name, _)| *name == entry.reference).map(|(_, state)| state);
    // The order's own payment is also an attempt, unless it is the one being made.
    let own = join.reference.as_ref().and_then(|_| refusal_of(state, &join.despite, join.now));
    let refusals = entries.iter().filter_map(|entry| refusal_of(state_of(entry)?, &join.despite, join.now));
    let refusal =
        own.into_iter().chain(refusals).reduce(|one, other| if one == Refusal::PaidAlready { one } else { other });
    match refusal {
        Some(Refusal::Busy) if wait > 0 => return turn.then(Next::Wait { at_most: wait }),
        Some(refusal) => return turn.then(refused(refusal)),
        None => {}
    }
    let unrecorded = |entry: &&&Attempt| {
        !join.despite.contains(&entry.key) && state_of(entry).is_none_or(|other| !is_recorded(entry, other))
    };
    let (fenced, open): (Vec<&Attempt>, Vec<&Attempt>) =
        entries.iter().filter(unrecorded).partition(|entry| join.fenced.contains(&entry.reference));
    let may_come = |entry: &&Attempt| join.now < plus(entry.at, entry.timeout.saturating_mul(2));
    if open.iter().any(may_come) {
        return turn.then(if wait > 0 { Next::Wait { at_most: wait } } else { refused(Refusal::Busy) });
    }
    if !open.is_empty() {
        return turn.then(Next::Fence(open.iter().map(|entry| entry.reference.clone()).collect()));
    }
    let gone: Vec<String> = fenced.iter().map(|entry| entry.reference.clone()).collect();
    turn.state.attempts.retain(|entry| !gone.contains(&entry.reference));
    if let Some(reference) = &join.reference {
        turn.state.attempts.retain(|entry| entry.reference != *reference);
        let (reference, key) = (reference.clone(), join.key.clone());
        turn.state.attempts.push(Attempt { reference, key, at: join.now, timeout: join.timeout });
    }
    turn.touch();
    turn.then(Next::Joined)
}

/// Whether the intent of an attempt was ever recorded in its own state.
fn is_recorded(entry: &Attempt, state: &State) -> bool {
    let is_own = |key: &String| *key == entry.key;
    state.lane.as_ref().is_some_and(|open| is_own(&open.key))
        || state.first.as_ref().is_some_and(|own| is_own(&own.key))
}

/// An attempt that was entered but never recorded can no longer be recorded: its state has moved on.
pub(super) fn fence(state: &State) -> Decision {
    let mut turn = Turn::on(state);
    turn.touch();
    turn.then(Next::Answer(Answer::Nothing))
}

/// What it changes stays due until another review finds the same: the attempts may have been loaded before a change that
/// another review saw, and had nothing to record about.
pub(super) fn review(state: &State, name: &str, others: &[(String, State)], now: i64) -> Decision {
    let mut turn = Turn::on(state);
    let own = state.holds_money(now).then(|| String::from(name));
    let holders = others.iter().filter(|(_, other)| other.holds_money(now)).map(|(reference, _)| reference.clone());
    let mut holders: Vec<String> = own.into_iter().chain(holders).collect();
    if holders.len() < 2 {
        holders.clear();
    }
    let is_news = turn.state.paid_twice != holders;
    if is_news || turn.state.review_due {
        turn.touch();
        turn.state.review_due = is_news;
    }
    if is_news {
        turn.state.paid_twice.clone_from(&holders);
        if !holders.is_empty() {
            turn.report(Report::PaidTwice { references: holders });
        }
    }
    turn.then(Next::Answer(Answer::Nothing))
}

/// It stays due if the payment has changed since the attempts were loaded.
pub(super) fn reviewed(state: &State, revision: u64) -> Decision {
    let mut turn = Turn::on(state);
    if turn.state.review_due && turn.state.revision == revision {
        turn.state.review_due = false;
        turn.touch();
    }
    turn.then(Next::Answer(Answer::Nothing))
}
