//! A caller's request: other operations under way, what was done before, and the intent.

use super::decision::{Answer, Change, Decision, LookUp, Next, Purpose, Refusal, refused};
use super::event::{Ask, Basis, CarryOut, Intent, Mode, Read, Reading, Recorded, Start};
use super::evidence::could_explain;
use super::limits::{timeout_within, wait_within};
use super::order;
use super::state::{Command, Operation, State, Status, Totals, plus};
use super::turn::Turn;

/// What a caller may do while the lane is taken.
#[derive(Clone, Copy)]
struct Patience<'a> {
    attempt: &'a str,
    wait: u64,
    looked_up: bool,
    now: i64,
}

pub(super) fn ask(state: &State, ask: &Ask) -> Decision {
    let turn = Turn::on(state);
    let Ask { intent, looked_up, now, .. } = ask;
    let wait = wait_within(ask.wait, ask.left);
    let patience = Patience { attempt: &intent.attempt, wait, looked_up: *looked_up, now: *now };
    match &ask.recorded {
        Recorded::Elsewhere => return turn.then(refused(Refusal::OtherContents)),
        Recorded::Here(own) if has_other_contents(own, intent) => return turn.then(refused(Refusal::OtherContents)),
        Recorded::Here(own) if !own.status.is_open() => return turn.then(Next::Answer(Answer::Recorded(own.status))),
        Recorded::Here(_) | Recorded::Nothing => {}
    }
    match &state.lane {
        Some(own) if own.key == intent.key && has_other_contents(own, intent) => {
            return turn.then(refused(Refusal::OtherContents));
        }
        Some(own) if own.key == intent.key && own.status == Status::Prepared && ask.mode.is_sending() => {}
        Some(own) if own.key == intent.key && (own.status == Status::Prepared || !ask.mode.is_sending()) => {
            return turn.then(Next::Answer(Answer::Open(own.status)));
        }
        Some(own) if own.key == intent.key && is_left(own, patience) => {
            return turn_back(turn, own.clone(), refused(Refusal::Deadline));
        }
        Some(own) if own.key == intent.key => return turn.then(standing(own, patience)),
        Some(other) => return turn.then(behind(other, patience)),
        // An open operation is in the lane, so the two were not loaded together.
        None if matches!(ask.recorded, Recorded::Here(_)) => return turn.then(Next::Again),
        None => {}
    }
    let keeps_orders = ask.mode != Mode::SendRegardless;
    let is_attempt = keeps_orders && intent.command.is_payment() && state.lane.is_none();
    if let Some(next) = if is_attempt { order::obstacle_to(state, ask) } else { None } {
        return turn.then(next);
    }
    let operation = match &state.lane {
        Some(own) if own.key == intent.key => taken_over(own, intent, state),
        _ => new_operation(state, ask),
    };
    begin(turn, operation, ask)
}

/// Whether the caller's knowledge of the payment is older than the baseline of the operation about to be sent.
pub(super) fn is_behind(given: Totals, state: &State) -> bool {
    let before = state.lane.as_ref().map(|own| own.baseline);
    before.is_some_and(|before| before.captured != given.captured || before.refunded != given.refunded)
}

pub(super) fn carry_out(state: &State, wish: &CarryOut) -> Decision {
    let mut turn = Turn::on(state);
    let CarryOut { key, attempt, left, looked_up, now, .. } = wish;
    let patience = Patience { attempt, wait: wait_within(wish.wait, *left), looked_up: *looked_up, now: *now };
    match (&state.lane, &wish.recorded) {
        // Released and prepared anew since the caller read it.
        (Some(own), _) if own.key == *key && own.fingerprint != wish.fingerprint => {
            turn.then(refused(Refusal::OtherContents))
        }
        (Some(own), _) if own.key == *key && own.status == Status::Prepared => {
            let operation = own.with(|own| {
                own.attempt.clone_from(attempt);
                own.alone &= is_unused(state);
            });
            turn.state.shared |= operation.command.is_payment() && !operation.alone;
            let basis = basis_of(&operation);
            let plan = Plan { basis, reading: wish.reading.as_ref(), left: *left, private: false, now: *now };
            send(turn, operation, &plan)
        }
        (Some(own), _) if own.key == *key && is_left(own, patience) => {
            turn_back(turn, own.clone(), refused(Refusal::Deadline))
        }
        (Some(own), _) if own.key == *key => turn.then(standing(own, patience)),
        (_, Recorded::Here(own)) if own.status.is_open() => turn.then(Next::Again),
        (_, Recorded::Here(own)) if own.fingerprint != wish.fingerprint => turn.then(refused(Refusal::OtherContents)),
        (_, Recorded::Here(own)) => turn.then(Next::Answer(Answer::Recorded(own.status))),
        (_, Recorded::Nothing | Recorded::Elsewhere) => turn.then(refused(Refusal::NotPrepared)),
    }
}

/// Whether it may be sent now: the intent is recorded, it belongs to this attempt, and there is time.
pub(super) fn start(state: &State, start: &Start) -> Decision {
    let turn = Turn::on(state);
    let own = state.lane.as_ref().filter(|own| {
        own.key == start.key && own.attempt == start.attempt && own.status == Status::Sent && !own.expected
    });
    let Some(own) = own else { return turn.then(Next::Again) };
    // A process that was suspended meanwhile wakes up too late: others may be waiting for what it was about to do.
    if start.elapsed > own.timeout {
        return turn_back(turn, own.clone(), refused(Refusal::Deadline));
    }
    match timeout_within(own.timeout, start.left) {
        Some(timeout) => turn.then(Next::Send { timeout }),
        None => turn_back(turn, own.clone(), refused(Refusal::Deadline)),
    }
}

/// An operation that provably was not sent frees its key, or is prepared again.
pub(super) fn not_sent(state: &State, key: &str, attempt: &str) -> Decision {
    let turn = Turn::on(state);
    let own = state.lane.as_ref();
    match own.filter(|own| own.key == key && own.attempt == attempt && own.status == Status::Sent) {
        Some(own) => turn_back(turn, own.clone(), Next::Answer(Answer::NotSent)),
        None => turn.then(Next::Again),
    }
}

fn turn_back(mut turn: Turn, mut operation: Operation, next: Next) -> Decision {
    turn.state.leased_until = None;
    if operation.prepared {
        operation.status = Status::Prepared;
        turn.keep(operation);
    } else {
        turn.state.lane = None;
        turn.change(Change::Remove(operation.key));
    }
    turn.then(next)
}

/// Whether an intent is the caller's own, and too old to be sent.
fn is_left(own: &Operation, patience: Patience<'_>) -> bool {
    let is_own = own.status == Status::Sent && own.attempt == patience.attempt;
    is_own && patience.now > plus(own.at, own.timeout)
}

/// An open operation under the caller's own key.
fn standing(own: &Operation, patience: Patience<'_>) -> Next {
    if own.status == Status::Sent && own.attempt == patience.attempt {
        return Next::Start;
    }
    if own.is_under_way(patience.now) && patience.wait > 0 {
        return Next::Wait { at_most: patience.wait };
    }
    if own.command.is_provable() && !patience.looked_up {
        return look_up(own, Purpose::Once);
    }
    Next::Answer(Answer::Open(own.status))
}

/// The lane belongs to another operation.
fn behind(other: &Operation, patience: Patience<'_>) -> Next {
    let is_at_rest = other.status != Status::Prepared && !other.is_under_way(patience.now);
    if patience.wait == 0 {
        return refused(Refusal::Busy);
    }
    if is_at_rest && other.command.is_provable() && !patience.looked_up {
        return look_up(other, Purpose::Once);
    }
    Next::Wait { at_most: patience.wait }
}

/// Looks up the outcome of an operation: a refund also by its own reference, where totals are not enough, or where there is
/// one lookup only.
pub(super) fn look_up(operation: &Operation, purpose: Purpose) -> Next {
    let is_enough = operation.has_baseline && !operation.contested && purpose != Purpose::Once;
    let reference = if is_enough { None } else { own_reference(operation) };
    Next::LookUp(LookUp { purpose, reference: reference.map(Into::into) })
}

/// The `maintenance_reference` that identifies a refund.
pub(super) fn own_reference(operation: &Operation) -> Option<&str> {
    operation.reference.as_ref().filter(|own| own.once).map(|own| own.text.as_str())
}

fn has_other_contents(own: &Operation, intent: &Intent) -> bool {
    own.fingerprint != intent.fingerprint || own.command != intent.command
}

/// Whether no AUTHORIZATION or PURCHASE with the `merchant_reference` can have taken place, as far as known.
fn is_unused(state: &State) -> bool {
    state.known == Totals::default() && !state.suspects.iter().any(|suspect| suspect.command.is_payment())
}

fn taken_over(prepared: &Operation, intent: &Intent, state: &State) -> Operation {
    prepared.with(|own| {
        own.attempt.clone_from(&intent.attempt);
        own.alone &= is_unused(state);
        own.timeout = intent.timeout;
    })
}

fn new_operation(state: &State, ask: &Ask) -> Operation {
    let intent = &ask.intent;
    Operation {
        key: intent.key.clone(),
        fingerprint: intent.fingerprint.clone(),
        command: intent.command.clone(),
        amount: intent.amount,
        currency: intent.currency.clone(),
        attempt: intent.attempt.clone(),
        tag: intent.tag.clone(),
        reference: intent.reference.clone().filter(|_| intent.command == Command::Refund),
        status: Status::Prepared,
        evidence: None,
        baseline: state.known,
        has_baseline: false,
        contested: false,
        // Only the caller knows that its `merchant_reference` was never used before.
        alone: ask.basis == Basis::New && intent.command.is_payment() && is_unused(state),
        prepared: ask.mode == Mode::Prepare,
        credited: false,
        expected: ask.mode == Mode::Expect,
        answered_before: false,
        lapsed: false,
        notified: false,
        at: ask.now,
        timeout: intent.timeout,
        window: intent.window,
        contradiction: None,
    }
}

fn begin(mut turn: Turn, mut operation: Operation, ask: &Ask) -> Decision {
    let basis = match ask.basis {
        // A reference that was used before identifies nothing, so the totals must be read.
        Basis::New if !operation.alone => Basis::Read,
        basis => basis,
    };
    if operation.command.is_payment() {
        turn.state.order = turn.state.order.take().or_else(|| ask.intent.order.clone());
        turn.state.shared |= !operation.alone;
        let first = turn.state.first.as_ref();
        turn.state.repeated |=
            first.is_some_and(|first| first.status != Status::Rejected && first.key != operation.key);
    }
    match ask.mode {
        Mode::Send | Mode::SendRegardless => {
            let Ask { left, private, now, .. } = *ask;
            let plan = Plan { basis, reading: ask.reading.as_ref(), left, private, now };
            send(turn, operation, &plan)
        }
        Mode::Prepare => {
            turn.change(Change::Insert(operation.clone()));
            turn.state.lane = Some(operation);
            turn.then(Next::Answer(Answer::Open(Status::Prepared)))
        }
        Mode::Expect => {
            operation.status = Status::ActionRequired;
            operation.has_baseline = operation.alone;
            turn.change(Change::Insert(operation.clone()));
            turn.state.lane = Some(operation);
            turn.then(Next::Answer(Answer::Open(Status::ActionRequired)))
        }
    }
}

fn basis_of(operation: &Operation) -> Basis {
    match operation.command.is_provable() {
        true if operation.alone => Basis::New,
        true => Basis::Read,
        false => Basis::Unknown,
    }
}

struct Plan<'a> {
    basis: Basis,
    reading: Option<&'a Read>,
    left: Option<u64>,
    private: bool,
    now: i64,
}

/// Records the intent with its baseline, to be sent afterwards.
fn send(mut turn: Turn, mut operation: Operation, plan: &Plan<'_>) -> Decision {
    let Some(timeout) = timeout_within(operation.timeout, plan.left) else {
        return turn.then(refused(Refusal::Deadline));
    };
    let revision = turn.state.revision;
    let must_read = plan.basis == Basis::Read || (turn.state.unread && matches!(plan.basis, Basis::Given(_)));
    // Totals read before the state was loaded may lack operations that the state no longer holds.
    let reading = plan.reading.filter(|read| read.revision == revision);
    if must_read && reading.is_none() {
        let purpose = Purpose::Baseline { revision };
        return turn.then(Next::LookUp(LookUp { purpose, reference: None }));
    }
    let baseline = reading.and_then(|read| read.reading.as_ref()).filter(|read| is_baseline(&operation, read));
    if plan.basis == Basis::Read && baseline.is_none() {
        return turn.then(Next::Answer(Answer::NoBaseline));
    }
    if let Some(reading) = baseline {
        turn.observe(reading);
        turn.state.unread = false;
    }
    let totals = match plan.basis {
        Basis::Given(totals) => totals,
        Basis::Read => baseline.and_then(|reading| reading.totals).unwrap_or_default(),
        Basis::New | Basis::Unknown => Totals::default(),
    };
    let is_new = operation.status == Status::Prepared && turn.state.lane.is_none();
    operation.contested = turn.state.suspects.iter().any(|suspect| could_explain(suspect, &operation));
    operation.status = Status::Sent;
    operation.baseline = turn.state.known.max(totals);
    operation.has_baseline = plan.basis != Basis::Unknown;
    operation.at = plan.now;
    if is_new {
        turn.change(Change::Insert(operation.clone()));
        turn.state.lane = Some(operation);
    } else {
        turn.keep(operation);
    }
    turn.state.leased_until = None;
    // While it is recorded, others may take over: `start` finds out. Where nobody else looks, it would find what was recorded.
    let next = if plan.private { Next::Send { timeout } } else { Next::Start };
    turn.then(next)
}

/// An order that is not found has zero totals if it is new; for any other it is an absence, which proves nothing.
fn is_baseline(operation: &Operation, reading: &Reading) -> bool {
    reading.totals.is_some() && (reading.found || operation.command.is_payment())
}
