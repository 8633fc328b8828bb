//! What is to be done: all that [`decide`](super::decide) says.

use super::state::{Contradiction, Operation, State, Status, Totals};
use alloc::string::String;
use alloc::vec::Vec;

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The next state.
    pub state: State,
    /// Whether the state and the changes must be in the store before anything else is done.
    pub record: bool,
    /// What changes among the operations, in the same swap.
    pub changes: Vec<Change>,
    /// What to do then.
    pub next: Next,
    /// What to report to the merchant, once it is recorded.
    pub reports: Vec<Report>,
}

/// A change of the operations of a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A new operation. If there is one under its key, nothing of the swap may be done.
    Insert(Operation),
    /// The operation of that key, as it is now.
    Update(Operation),
    /// What was never sent: the key is free again.
    Remove(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// Load again and start over with the same wish.
    Again,
    /// Ask `CHECK_STATUS`.
    LookUp(LookUp),
    /// Call with [`Event::Start`](super::Event::Start).
    Start,
    /// Send the operation, now and once, and wait so many milliseconds at most for the answer.
    Send {
        /// Milliseconds.
        timeout: u64,
    },
    /// Wait for another operation, at most so many milliseconds, then start over with the same wish.
    Wait {
        /// Milliseconds.
        at_most: u64,
    },
    /// Load the attempts of these references, and enter again with them.
    LoadOthers(Vec<String>),
    /// Enter the attempt in the state that bears the name of this order, or in this state if none is named
    /// ([`Event::Join`](super::Event::Join)); then ask again, with [`Ask::joined`](super::Ask::joined).
    Join(Option<String>),
    /// The attempt was entered.
    Joined,
    /// Fence the attempts of these references ([`Event::Fence`](super::Event::Fence)), and enter again.
    Fence(Vec<String>),
    /// Look for the operation in the store and come again with it.
    Find(Find),
    /// The prepared operation of this key is to be carried out ([`Event::CarryOut`](super::Event::CarryOut)).
    CarryOut(String),
    /// Review the order of this name, or the one named like the payment ([`Event::Review`](super::Event::Review)).
    Review(Option<String>),
    /// Done.
    Answer(Answer),
}

/// A question to `CHECK_STATUS`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LookUp {
    /// What for.
    pub purpose: Purpose,
    /// The `maintenance_reference` to ask for as well.
    pub reference: Option<String>,
}

/// What a lookup is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The totals before an operation, at this revision of the state.
    Baseline {
        /// To be given back in [`Read`](super::Read).
        revision: u64,
    },
    /// What became of the open operation: at once, then ever more slowly, while there is patience.
    Outcome,
    /// The same, but once: any answer will do.
    Once,
}

/// Which operation a store should look for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Find {
    /// The one under this key.
    Key(String),
    /// One of the payment with this tag.
    Tag(String),
    /// One of the payment with this `maintenance_reference`.
    Reference(String),
    /// A settled one of the payment, of the command, amount and outcome of the notification, that no notification was
    /// attributed to; the oldest if there are several.
    Alike,
}

/// The end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It ended so just now.
    Settled(Status),
    /// It had ended so before: the recorded reply, and nothing was sent.
    Recorded(Status),
    /// It is open: the reply as it stands.
    Open(Status),
    /// Nothing was done, and there is nothing to do.
    Nothing,
    /// It was not sent, and its key is free.
    NotSent,
    /// Totals that it needs could not be read; nothing was sent, nothing recorded.
    NoBaseline,
    /// A notification that no operation can be named for.
    Unattributed,
    /// It is refused; nothing was sent for this call.
    Refused(Refusal),
}

/// Why a call is refused: the `code` of an `OperationError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Another operation is open on the payment, or another attempt at the order.
    Busy,
    /// The key is of an operation with other contents.
    OtherContents,
    /// There is no time left to send it and record the answer.
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
    /// Totals grew by something that no operation here explains.
    Outside {
        /// What was known.
        known: Totals,
        /// What was told.
        told: Totals,
        /// The keys of operations that may be behind it: assumed absent, or settled by a person.
        suspects: Vec<String>,
    },
    /// Two definite outcomes of one operation differ; the first stands.
    Contradiction {
        /// Its key.
        key: String,
        /// The outcome that stands.
        stands: Status,
        /// The other.
        other: Contradiction,
    },
    /// The authorization lapsed over a day ago, and the totals show nothing of the operation.
    Lapsed {
        /// Its key.
        key: String,
    },
    /// More than one attempt at the order holds money: void or refund all but one.
    PaidTwice {
        /// Their `merchant_reference`s.
        references: Vec<String>,
    },
    /// An operation was taken for absent.
    Assumed {
        /// Its key.
        key: String,
    },
}

pub(super) const fn refused(refusal: Refusal) -> Next {
    Next::Answer(Answer::Refused(refusal))
}
