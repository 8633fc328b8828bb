//! Events: everything that [`decide`](super::decide) takes.

use super::state::{Command, Operation, Reference, State, Status, Totals};
use alloc::string::String;
use alloc::vec::Vec;

/// An event of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A caller requests an operation.
    Ask(Ask),
    /// A caller carries out a prepared operation, by its key alone.
    CarryOut(CarryOut),
    /// The decision is recorded, and the operation is about to be sent. Also after a swap with an unknown result.
    Start(Start),
    /// The reply to an operation arrived and was verified.
    Reply(Heard),
    /// An operation provably was not sent: refused connection, name not found, aborted before.
    NotSent {
        /// Its key.
        key: String,
        /// The attempt that was to send it.
        attempt: String,
    },
    /// An operation was sent, or may have been, and no trustworthy answer came.
    Lost {
        /// Its key.
        key: String,
    },
    /// `CHECK_STATUS` was answered.
    Status(Observation),
    /// Patience has run out; the operation stays as it is.
    PatienceOver {
        /// Its key.
        key: String,
    },
    /// A verified notification arrived, or a reply at `return_url`.
    Notification(Notice),
    /// A recovery attends to the open operation.
    Recover(Recover),
    /// A person states how an operation ended.
    Settle(Settle),
    /// A client without a store gives up an open operation.
    Forget {
        /// Its key.
        key: String,
    },
    /// Two names turn out to belong to one payment: the state stored under the other.
    Same(State),
    /// An attempt is entered in the state named after the order.
    Join(Join),
    /// The intent of an attempt that was entered but never recorded must no longer be recorded.
    Fence,
    /// The attempts at the order with this name were loaded: do two hold money?
    Review {
        /// The order's name.
        name: String,
        /// The revision of this state before they were loaded.
        revision: u64,
        /// Their `merchant_reference`s and states.
        others: Vec<(String, State)>,
        /// Now.
        now: i64,
    },
    /// The order of this payment was reviewed.
    Reviewed {
        /// The revision of this state before the attempts were loaded.
        revision: u64,
    },
}

/// The operation that a caller requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intent {
    /// The caller's key.
    pub key: String,
    /// A digest of the caller's own parameters.
    pub fingerprint: String,
    /// The command.
    pub command: Command,
    /// In minor units; 0 for a command without an amount.
    pub amount: u64,
    /// ISO 4217; empty for a command without an amount.
    pub currency: String,
    /// Random text, new for every call.
    pub attempt: String,
    /// Random text that was put into `order_description`; `None` if there was no room, and always for payments.
    pub tag: Option<String>,
    /// The `maintenance_reference` of a refund.
    pub reference: Option<Reference>,
    /// The order, unless it is named like the payment.
    pub order: Option<String>,
    /// How long to wait for the answer, in milliseconds.
    pub timeout: u64,
    /// How long an authorization can be captured, in milliseconds.
    pub window: u64,
}

/// What to do with an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Record it and send it.
    Send,
    /// The same, regardless of other attempts at the order: a client without a store keeps no orders.
    SendRegardless,
    /// Only record it, to be carried out later.
    Prepare,
    /// Announce what a customer is about to do on a hosted page.
    Expect,
}

impl Mode {
    /// Whether it is to be sent at once.
    #[must_use]
    pub const fn is_sending(self) -> bool {
        matches!(self, Self::Send | Self::SendRegardless)
    }
}

/// The origin of the totals that growth is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Read by `CHECK_STATUS` before sending.
    Read,
    /// Given by the caller. (The plain client's `payment`.)
    Given(Totals),
    /// The `merchant_reference` was never used before.
    New,
    /// Unknown: a lost answer cannot be recovered.
    Unknown,
}

/// The result of `CHECK_STATUS`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The totals, if the answer is authentic, not an error and has any. All zero if the order was not found.
    pub totals: Option<Totals>,
    /// Whether the order exists.
    pub found: bool,
    /// `transaction_status`, the status of the last operation; empty if missing.
    pub last: String,
}

/// A baseline as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// The revision of the state that was loaded before the reading.
    pub revision: u64,
    /// The result; `None` if no answer came.
    pub reading: Option<Reading>,
}

/// What the store holds under the caller's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant, reason = "made once, then only borrowed; its size differs by target")]
pub enum Recorded {
    /// Nothing.
    #[default]
    Nothing,
    /// An operation on this payment.
    Here(Operation),
    /// An operation on another payment.
    Elsewhere,
}

/// A caller's request. The loop asks again with the same request and what it has found out since.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// The operation requested.
    pub intent: Intent,
    /// What to do with it.
    pub mode: Mode,
    /// The origin of the baseline.
    pub basis: Basis,
    /// What the store holds under the key, as of the load.
    pub recorded: Recorded,
    /// The baseline, after it was read.
    pub reading: Option<Read>,
    /// The keys of earlier attempts at the order to disregard.
    pub despite: Vec<String>,
    /// The revision of this state that the attempt was entered for, after it was ([`Next::Join`](super::Next::Join)).
    pub joined: Option<u64>,
    /// How many more milliseconds the caller is willing to wait for others.
    pub wait: u64,
    /// How many more milliseconds the process lives, if known.
    pub left: Option<u64>,
    /// Whether the open operation was looked up for this caller.
    pub looked_up: bool,
    /// Whether no other process sees the records, so that what is recorded may be sent at once.
    pub private: bool,
    /// Now.
    pub now: i64,
}

/// A request to carry out a prepared operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CarryOut {
    /// The key.
    pub key: String,
    /// The fingerprint of what would be sent: meanwhile the key may have been released, and other contents prepared.
    pub fingerprint: String,
    /// Random text, new for every call.
    pub attempt: String,
    /// What the store holds under the key, as of the load.
    pub recorded: Recorded,
    /// The baseline, after it was read.
    pub reading: Option<Read>,
    /// As in [`Ask`].
    pub wait: u64,
    /// As in [`Ask`].
    pub left: Option<u64>,
    /// As in [`Ask`].
    pub looked_up: bool,
    /// Now.
    pub now: i64,
}

/// The last check before an operation is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Start {
    /// The key.
    pub key: String,
    /// The attempt that wants to send it.
    pub attempt: String,
    /// How many milliseconds have passed since the intent was decided, by the clock of the process: since the decision that
    /// was to be recorded, however often it was asked again.
    pub elapsed: u64,
    /// How many more milliseconds the process lives, if known.
    pub left: Option<u64>,
}

/// A reply that arrived and was verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heard {
    /// The key of the operation that it answers.
    pub key: String,
    /// Its outcome: any but `Prepared` and `Sent`.
    pub status: Status,
    /// Whether it says that the order was already processed (messages 007, 047, 066).
    pub answered_before: bool,
    /// The operation as stored, if it is not in the lane.
    pub recorded: Recorded,
    /// Now.
    pub now: i64,
}

/// An answer to `CHECK_STATUS`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Observation {
    /// The operation that was queried, if any.
    pub key: Option<String>,
    /// The result for the payment.
    pub reading: Reading,
    /// The `maintenance_reference` that was queried, if any.
    pub reference: Option<String>,
    /// The result for it: whether the refund took place.
    pub refunded: Option<bool>,
    /// After how many milliseconds without a trace the merchant assumes that an operation is absent, if ever.
    pub assume_absent_after: Option<u64>,
    /// When the query was sent: absence counts from then.
    pub asked_at: i64,
}

/// The contents of a verified notification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// Its command.
    pub command: Command,
    /// Its amount in minor units; 0 if it has none.
    pub amount: u64,
    /// Its currency; empty if it has none.
    pub currency: String,
    /// Its outcome: any but `Prepared` and `Sent`.
    pub status: Status,
    /// The tag in its `order_description`, if there is one.
    pub tag: Option<String>,
    /// Its `maintenance_reference`.
    pub reference: Option<String>,
    /// The operation that the store found for it, if a search was requested.
    pub recorded: Recorded,
    /// Whether the store was searched for one.
    pub searched: bool,
    /// Now.
    pub now: i64,
}

/// What happens to a prepared operation whose process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prepared {
    /// It is carried out.
    Send,
    /// Its key is freed.
    Release,
    /// It stays as it is.
    Leave,
}

/// A recovery: it attends to the open operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recover {
    /// Only operations older than this, in milliseconds.
    pub older_than: u64,
    /// How long nobody else attends to it, in milliseconds.
    pub lease: u64,
    /// What happens to prepared operations.
    pub prepared: Prepared,
    /// Now.
    pub now: i64,
}

/// A person's statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settle {
    /// The key of the operation.
    pub key: String,
    /// `Succeeded` or `Failed`.
    pub status: Status,
    /// The operation as stored, if it is not in the lane.
    pub recorded: Recorded,
    /// Now.
    pub now: i64,
}

/// Enters an attempt under an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Join {
    /// The `merchant_reference` of the attempt, unless it is the order's name.
    pub reference: Option<String>,
    /// The key of its AUTHORIZATION or PURCHASE.
    pub key: String,
    /// How long to wait for its answer, in milliseconds.
    pub timeout: u64,
    /// The keys of earlier attempts to disregard.
    pub despite: Vec<String>,
    /// The other attempts, after they were loaded.
    pub others: Option<Vec<(String, State)>>,
    /// Attempts that were fenced since the others were loaded.
    pub fenced: Vec<String>,
    /// How many more milliseconds the caller is willing to wait for others.
    pub wait: u64,
    /// How many more milliseconds the process lives, if known.
    pub left: Option<u64>,
    /// Now.
    pub now: i64,
}
