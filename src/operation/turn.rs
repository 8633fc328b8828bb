//! A decision being built: the state as it changes, and the changes that go with it.

use super::decision::{Change, Decision, Next, Report};
use super::event::Reading;
use super::evidence::reached;
use super::state::{Contradiction, Evidence, First, Operation, State, Status, Totals, plus};
use alloc::string::String;
use alloc::vec::Vec;

#[derive(Debug)]
pub(super) struct Turn {
    pub(super) state: State,
    before: (Totals, Option<First>),
    changed: bool,
    changes: Vec<Change>,
    reports: Vec<Report>,
}

impl Turn {
    #[inline(never)]
    pub(super) fn on(state: &State) -> Self {
        let before = (state.known, state.first.clone());
        Self { state: state.clone(), before, changed: false, changes: Vec::new(), reports: Vec::new() }
    }

    /// The decision, with the next step.
    #[inline(never)]
    pub(super) fn then(mut self, next: Next) -> Decision {
        let is_of_order = self.state.order.is_some() || !self.state.attempts.is_empty();
        // Whether the payment holds money may have changed.
        if is_of_order && (self.state.known, &self.state.first) != (self.before.0, &self.before.1) {
            self.state.review_due = true;
        }
        if self.changed {
            self.state.revision = self.state.revision.saturating_add(1);
        }
        Decision { state: self.state, record: self.changed, changes: self.changes, next, reports: self.reports }
    }

    /// Marks the state as changed, or due for a swap anyway.
    pub(super) const fn touch(&mut self) {
        self.changed = true;
    }

    #[inline(never)]
    pub(super) fn change(&mut self, change: Change) {
        self.changed = true;
        self.changes.push(change);
    }

    #[inline(never)]
    pub(super) fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// An operation in its new form, whose status does not come from the message of this event.
    pub(super) fn update(&mut self, operation: Operation) {
        self.change(Change::Update { operation, keeps_message: false });
    }

    /// The open operation as it is now.
    pub(super) fn keep(&mut self, operation: Operation) {
        self.keep_with(operation, false);
    }

    /// The open operation as it is now, and whether its status comes from the message of this event.
    #[inline(never)]
    pub(super) fn keep_with(&mut self, operation: Operation, keeps_message: bool) {
        self.change(Change::Update { operation: operation.clone(), keeps_message });
        self.state.lane = Some(operation);
    }

    /// Removes the open operation, which has ended, from the lane.
    #[inline(never)]
    pub(super) fn settle(&mut self, mut operation: Operation, status: Status, evidence: Evidence) {
        operation.status = status;
        operation.evidence = Some(evidence);
        if status == Status::Succeeded && evidence != Evidence::Person {
            self.credit(&mut operation);
        }
        if matches!(evidence, Evidence::Assumed | Evidence::Person) {
            self.state.suspects.push(operation.suspect());
        }
        if operation.command.is_payment() {
            self.state.first = Some(First { key: operation.key.clone(), status });
        }
        self.state.lane = None;
        self.state.leased_until = None;
        self.change(Change::Update { operation, keeps_message: evidence != Evidence::Person });
    }

    /// Another message about an operation that has ended: it agrees, or is a contradiction.
    pub(super) fn hear_of(&mut self, mut operation: Operation, status: Status, evidence: Evidence, at: i64) {
        operation.notified |= evidence == Evidence::Notification;
        let stands = operation.status;
        let was_credited = operation.credited;
        if status == Status::Succeeded {
            self.credit(&mut operation);
        }
        self.state.suspects.retain(|suspect| suspect.key != operation.key);
        let mut is_surer = false;
        if (stands == Status::Succeeded) == (status == Status::Succeeded) {
            is_surer = operation.evidence.is_none_or(|own| !own.is_identity());
            if is_surer {
                operation.evidence = Some(evidence);
            }
        } else if operation.contradiction.is_none() {
            let other = Contradiction { status, evidence, at };
            operation.contradiction = Some(other);
            self.report(Report::Contradiction { key: operation.key.clone(), stands, other });
        }
        debug_assert!(!was_credited || operation.credited);
        // The reply that is kept stays the one that proved the outcome.
        self.change(Change::Update { operation, keeps_message: is_surer && status == stands });
    }

    fn credit(&mut self, operation: &mut Operation) {
        if operation.credited {
            return;
        }
        operation.credited = true;
        let state = &mut self.state;
        let (command, amount) = (&operation.command, operation.amount);
        state.sums = state.sums.after(command, amount);
        state.known = state.known.max(operation.baseline.after(command, amount)).max(state.sums);
        if operation.command == super::Command::Authorization {
            state.lapses_at = Some(plus(operation.at, operation.window));
        }
    }

    /// Adopts the totals of `CHECK_STATUS`, and reports unexplained ones.
    pub(super) fn observe(&mut self, reading: &Reading) {
        let Some(reported) = reached(reading) else { return };
        let known = self.state.known;
        if reported.max(known) == known {
            return;
        }
        self.state.known = known.max(reported);
        self.touch();
        // For a payment that was never seen before, everything is new and nothing is outside.
        if self.state.revision > 0 {
            let suspects: Vec<String> = self.state.suspects.iter().map(|suspect| suspect.key.clone()).collect();
            self.report(Report::Outside { known, reported, suspects });
        }
    }
}
