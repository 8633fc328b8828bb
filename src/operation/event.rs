//! What happens: everything that [`decide`](super::decide) is given.

use super::state::{Command, Operation, Reference, State, Status, Totals};
use alloc::string::String;
use alloc::vec::Vec;

/// Something that happened to a payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A caller asks for an operation.
    Ask(Ask),
    /// A caller wants a prepared operation carried out, by its key alone.
    CarryOut(CarryOut),
    /// What was decided is recorded, and is about to be sent. Also after a swap with an unknown result.
    Start(Start),
    /// The reply to an operation arrived and was verified.
    Reply(Heard),
    /// An operation was not sent, and provably so: refused connection, name not found, aborted before.
    NotSent {
        /// Its key.
        key: String,
        /// Who was to send it.
        attempt: String,
    },
    /// An operation was sent, or may have been, and no answer came that can be believed.
    Lost {
        /// Its key.
        key: String,
    },
    /// `CHECK_STATUS` was answered.
    Status(Observation),
    /// The time for looking up is over; the operation stays as it is.
    PatienceOver {
        /// Its key.
        key: String,
    },
    /// A verified notification came, or a reply at `return_url`.
    Notification(Notice),
    /// Somebody looks after what is open.
    Recover(Recover),
    /// A person says how an operation ended.
    Settle(Settle),
    /// A client without a store gives up an open operation.
    Forget {
        /// Its key.
        key: String,
    },
    /// Two names turn out to be of one payment: what was kept under the other.
    Same(State),
    /// An attempt is entered in the state that bears the order's name.
    Join(Join),
    /// The intent of an attempt that was entered and never recorded must not be recorded any more.
    Fence,
    /// The attempts at the order of this name were loaded: do two hold money?
    Review {
        /// The order's name.
        name: String,
        /// Their `merchant_reference`s and states.
        others: Vec<(String, State)>,
        /// Now.
        now: i64,
    },
    /// The order of this payment was reviewed.
    Reviewed,
}

/// What a caller wants done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intent {
    /// The caller's key.
    pub key: String,
    /// A digest of the caller's own parameters.
    pub fingerprint: String,
    /// What is to be done.
    pub command: Command,
    /// In minor units; 0 for a command without an amount.
    pub amount: u64,
    /// ISO 4217; empty for a command without an amount.
    pub currency: String,
    /// A random text, new for every call.
    pub attempt: String,
    /// A random text that was put into `order_description`; none if there was no room, and never for payments.
    pub tag: Option<String>,
    /// The `maintenance_reference` of a refund.
    pub reference: Option<Reference>,
    /// The order, if it is not the one named like the payment.
    pub order: Option<String>,
    /// How long the answer is waited for, in milliseconds.
    pub timeout: u64,
    /// For how long an authorization can be captured, in milliseconds.
    pub window: u64,
}

/// What is to be done with an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Record it and send it.
    Send,
    /// The same, whatever other attempts at the order there are: a client that forgets keeps no orders.
    SendRegardless,
    /// Record it only, to be carried out later.
    Prepare,
    /// Announce what a customer is going to do on a hosted page.
    Expect,
}

impl Mode {
    /// Whether it is to be sent at once.
    #[must_use]
    pub const fn is_sending(self) -> bool {
        matches!(self, Self::Send | Self::SendRegardless)
    }
}

/// Where the totals come from that growth is measured over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// They are read by `CHECK_STATUS` before it is sent.
    Read,
    /// The caller gave them. (The plain client's `payment`.)
    Given(Totals),
    /// The `merchant_reference` was never used before.
    New,
    /// Nobody knows them: a lost answer cannot be made good.
    Unknown,
}

/// What `CHECK_STATUS` showed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The totals, if the answer has any: it is authentic and not an error. All zero if the order was not found.
    pub totals: Option<Totals>,
    /// Whether there is such an order.
    pub found: bool,
    /// `transaction_status`, the status of the last operation; empty if missing.
    pub last: String,
}

/// A baseline as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// The revision of the state that was loaded before.
    pub revision: u64,
    /// What it showed; `None` if no answer came.
    pub reading: Option<Reading>,
}

/// What the store has under the caller's key.
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

/// A caller's wish. The loop asks again with the same wish and what it was told to find out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// What is wanted.
    pub intent: Intent,
    /// What is to be done with it.
    pub mode: Mode,
    /// Where the baseline comes from.
    pub basis: Basis,
    /// What the store has under the key, as of the load.
    pub recorded: Recorded,
    /// The baseline, once it was read.
    pub reading: Option<Read>,
    /// The keys of earlier attempts at the order, in spite of which this one is made.
    pub despite: Vec<String>,
    /// The revision of this state that the attempt was entered for, once it was ([`Next::Join`](super::Next::Join)).
    pub joined: Option<u64>,
    /// For how many milliseconds more the caller is ready to wait for others.
    pub wait: u64,
    /// For how many milliseconds more the process lives, if it knows.
    pub left: Option<u64>,
    /// Whether the open operation was looked up for this caller.
    pub looked_up: bool,
    /// Now.
    pub now: i64,
}

/// A wish to carry out what was prepared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CarryOut {
    /// The key.
    pub key: String,
    /// A random text, new for every call.
    pub attempt: String,
    /// What the store has under the key, as of the load.
    pub recorded: Recorded,
    /// The baseline, once it was read.
    pub reading: Option<Read>,
    /// As of [`Ask`].
    pub wait: u64,
    /// As of [`Ask`].
    pub left: Option<u64>,
    /// As of [`Ask`].
    pub looked_up: bool,
    /// Now.
    pub now: i64,
}

/// The last question before something is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Start {
    /// The key.
    pub key: String,
    /// Who wants to send it.
    pub attempt: String,
    /// How many milliseconds have passed since the intent was decided, by the clock of the process: since the decision
    /// that was to be recorded, however often it was asked again since.
    pub elapsed: u64,
    /// For how many milliseconds more the process lives, if it knows.
    pub left: Option<u64>,
}

/// A reply that arrived and was verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heard {
    /// The key of the operation that it answers.
    pub key: String,
    /// Its outcome: anything but `Prepared` and `Sent`.
    pub status: Status,
    /// Whether it says that the order was dealt with before (messages 007, 047, 066).
    pub answered_before: bool,
    /// The operation as the store has it, if it is not in the lane.
    pub recorded: Recorded,
    /// Now.
    pub now: i64,
}

/// An answer to `CHECK_STATUS`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Observation {
    /// The operation that it was asked about, if any.
    pub key: Option<String>,
    /// What it showed about the payment.
    pub reading: Reading,
    /// What it showed about the `maintenance_reference`, if that was queried: whether the refund took place.
    pub refunded: Option<bool>,
    /// After how many milliseconds without a sign the merchant takes an operation for absent, if it does.
    pub assume_absent_after: Option<u64>,
    /// When it was asked: absence counts from then.
    pub asked_at: i64,
}

/// What a verified notification says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// Its command.
    pub command: Command,
    /// Its amount in minor units; 0 if it has none.
    pub amount: u64,
    /// Its currency; empty if it has none.
    pub currency: String,
    /// Its outcome: anything but `Prepared` and `Sent`.
    pub status: Status,
    /// The tag in its `order_description`, if there is one.
    pub tag: Option<String>,
    /// Its `maintenance_reference`.
    pub reference: Option<String>,
    /// The operation that the store found for it, if it was told to look.
    pub recorded: Recorded,
    /// Whether the store was asked for one.
    pub searched: bool,
    /// Now.
    pub now: i64,
}

/// What becomes of a prepared operation whose process is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prepared {
    /// It is carried out.
    Send,
    /// Its key is freed.
    Release,
    /// It stays as it is.
    Leave,
}

/// Looks after what is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recover {
    /// Only what is older, in milliseconds.
    pub older_than: u64,
    /// For how long no other one looks after it, in milliseconds.
    pub lease: u64,
    /// What becomes of what is prepared.
    pub prepared: Prepared,
    /// Now.
    pub now: i64,
}

/// What a person says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settle {
    /// The key of the operation.
    pub key: String,
    /// `Succeeded` or `Failed`.
    pub status: Status,
    /// The operation as the store has it.
    pub recorded: Recorded,
    /// Now.
    pub now: i64,
}

/// Enters an attempt under an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Join {
    /// The `merchant_reference` of the attempt, if that is not the order's name.
    pub reference: Option<String>,
    /// The key of its AUTHORIZATION or PURCHASE.
    pub key: String,
    /// How long its answer is waited for, in milliseconds.
    pub timeout: u64,
    /// The keys of earlier attempts, in spite of which this one is made.
    pub despite: Vec<String>,
    /// The other attempts, once they were loaded.
    pub others: Option<Vec<(String, State)>>,
    /// Attempts that were fenced since the others were loaded.
    pub fenced: Vec<String>,
    /// For how many milliseconds more the caller is ready to wait for others.
    pub wait: u64,
    /// Now.
    pub now: i64,
}
