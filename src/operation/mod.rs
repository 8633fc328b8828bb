//! The engine of operations that move money: one pure function, [`decide`], called by both the plain client and the journal.
//!
//! ```text
//! decide(state of a payment, event) → next state, changed operations, what to do next, what to report
//! ```
//!
//! It has no I/O, no clock and no randomness: instants (milliseconds since 1970), attempts and tags come in the events.
//! JavaScript runs the loop around it and knows no rules of payments; a store keeps the state as opaque text.
//!
//! # The loop
//!
//! 1. Load the state of the payment (a new one is [`State::default`]) and the operation under the caller's key.
//! 2. Call [`decide`] with [`Event::Ask`].
//! 3. If the decision has [`Decision::record`], swap state and operations in the store **before** anything else. If the swap
//!    is refused, since the state has moved on, start again at 1; if its result is unknown (a lost connection), load the
//!    state and continue with [`Event::Start`].
//! 4. Do what [`Decision::next`] says and pass the result to [`decide`], until it returns [`Next::Answer`].
//!
//! So one operation is: `Ask` → [`Next::LookUp`] (the baseline) → `Ask` with [`Ask::reading`] → record → [`Next::Start`] →
//! `Start` → [`Next::Send`] → `Reply` or `Lost` → record → `Answer`, or [`Next::LookUp`] → `Status` → … → `Answer`.
//!
//! # The rules
//!
//! - **Lane.** A payment has at most one open operation. It stays open until something proves its end.
//! - **Intent first.** What is sent was recorded before, with the baseline and the attempt that may send it, once.
//! - **Baseline after load.** Totals that growth is measured from were read at the revision that they are recorded over.
//! - **Presence** is proven by the reply, a notification or reference of its own, or growth of exactly the amount.
//! - **Suspicion.** An operation that was assumed absent or settled by a person may still move money: where it could explain
//!   growth, only identity is proof.
//! - **Absence** of a trace proves nothing, but an operation can be assumed absent if the merchant opts in.
//!
//! `tests/rust/operation_model/` checks the rules over every interleaving of small cases; `src/operation/text/` documents how
//! state and events are written.

mod ask;
mod decide;
mod decision;
mod event;
mod evidence;
mod limits;
mod order;
mod state;
mod text;
mod turn;

pub use decide::decide;
pub use decision::{Answer, Change, Decision, Find, LookUp, Next, Purpose, Refusal, Report};
pub use event::{
    Ask, Basis, CarryOut, Event, Heard, Intent, Join, Mode, Notice, Observation, Prepared, Read, Reading, Recorded,
    Recover, Settle, Start,
};
pub use evidence::{DAY, LEAST_ASSUMPTION, Verdict, judge};
pub use limits::RESERVE;
pub use state::{
    Attempt, Command, Contradiction, Evidence, First, Operation, Reference, State, Status, Suspect, Totals,
};
pub use text::{Fault, answer, read_operation_text, read_state_text, write_operation, write_state};
