//! The result of [`decide`](super::decide).

use super::state::{Contradiction, Operation, State, Status, Totals};
use alloc::string::String;
use alloc::vec::Vec;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The next state.
    pub state: State,
    /// Whether the state and the changes must be stored before anything else is done.
    pub record: bool,
    /// The changes to operations, in the same swap.
    pub changes: Vec<Change>,
    /// What to do next.
    pub next: Next,
    /// What to report to the merchant, after it is recorded.
    pub reports: Vec<Report>,
}

/// A change to the operations in a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A new operation. If its key is taken, the whole swap must fail.
    Insert(Operation),
    /// The operation with that key, in its new form.
    Update {
        /// Its new form.
        operation: Operation,
        /// Whether the message of this event is where its status now comes from, and so is kept as its reply.
        keeps_message: bool,
    },
    /// An operation that was not sent, or that a client without a store forgets: its key is free again.
    Remove(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// Load again and start over with the same request.
    Again,
    /// Ask `CHECK_STATUS`.
    LookUp(LookUp),
    /// Call with [`Event::Start`](super::Event::Start).
    Start,
    /// Send the operation, now and only once, and wait for the answer at most this long.
    Send {
        /// Milliseconds.
        timeout: u64,
    },
    /// Wait for another operation, at most this long, then start over with the same request.
    Wait {
        /// Milliseconds.
        at_most: u64,
    },
    /// Load the attempts with these references, and enter again with them.
    LoadOthers(Vec<String>),
    /// Enter the attempt in the state named after this order, or in this state if no order is given
    /// ([`Event::Join`](super::Event::Join)); then ask again, with [`Ask::joined`](super::Ask::joined).
    Join(Option<String>),
    /// The attempt was entered.
    Joined,
    /// Fence the attempts with these references ([`Event::Fence`](super::Event::Fence)), and enter again.
    Fence(Vec<String>),
    /// Find the operation in the store and call again with it.
    Find(Find),
    /// Carry out the prepared operation with this key ([`Event::CarryOut`](super::Event::CarryOut)).
    CarryOut(String),
    /// Review the order with this name, or the one named like the payment ([`Event::Review`](super::Event::Review)).
    Review(Option<String>),
    /// Finished.
    Answer(Answer),
}

/// A `CHECK_STATUS` query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LookUp {
    /// Its purpose.
    pub purpose: Purpose,
    /// The `maintenance_reference` to query too.
    pub reference: Option<String>,
}

/// The purpose of a lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The totals before an operation, at this revision of the state.
    Baseline {
        /// To be returned in [`Read`](super::Read).
        revision: u64,
    },
    /// The outcome of the open operation: at once, then at growing intervals until patience runs out.
    Outcome,
    /// The same, but once: any answer will do.
    Once,
}

/// Which operation a store should find.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Find {
    /// The one with this key.
    Key(String),
    /// One of the payment with this tag.
    Tag(String),
    /// One of the payment with this `maintenance_reference`.
    Reference(String),
    /// The oldest settled one of the payment with the command, amount and outcome of the notification that has no
    /// notification attributed to it yet.
    Alike,
}

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It has just ended with this status.
    Settled(Status),
    /// It had already ended with this status: the recorded reply; nothing was sent.
    Recorded(Status),
    /// It is open: the latest reply.
    Open(Status),
    /// Nothing was done, and there is nothing to do.
    Nothing,
    /// It was not sent, and its key is free.
    NotSent,
    /// The totals it needs could not be read; nothing was sent or recorded.
    NoBaseline,
    /// A notification that belongs to no known operation.
    Unattributed,
    /// It is refused; this call sent nothing.
    Refused(Refusal),
}

/// Why a call is refused: the `code` of an `OperationError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Another operation is open on the payment, or another attempt at the order.
    Busy,
    /// The key belongs to an operation with different contents.
    OtherContents,
    /// Not enough time is left to send it and record the answer.
    Deadline,
    /// Nothing was prepared under the key.
    NotPrepared,
    /// There is no operation under the key.
    UnknownOperation,
    /// Another attempt at the order holds money.
    PaidAlready,
}

/// What to report to the merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Report {
    /// Totals grew by an amount that no operation here explains.
    Outside {
        /// The totals known before.
        known: Totals,
        /// The totals reported.
        reported: Totals,
        /// The keys of operations that may have caused it: assumed absent, or settled by a person.
        suspects: Vec<String>,
    },
    /// Two definite outcomes of one operation differ; the first stands.
    Contradiction {
        /// Its key.
        key: String,
        /// The outcome that stands.
        stands: Status,
        /// The other outcome.
        other: Contradiction,
    },
    /// The authorization lapsed over a day ago, and the totals show no sign of the operation.
    Lapsed {
        /// Its key.
        key: String,
    },
    /// More than one attempt at the order holds money: void or refund all but one.
    PaidTwice {
        /// Their `merchant_reference`s.
        references: Vec<String>,
    },
    /// An operation was assumed absent.
    Assumed {
        /// Its key.
        key: String,
    },
}

pub(super) const fn refused(refusal: Refusal) -> Next {
    Next::Answer(Answer::Refused(refusal))
}
