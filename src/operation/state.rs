//! What is known of a payment and of the operations on it.

use alloc::string::String;
use alloc::vec::Vec;

/// A command that moves money.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// `AUTHORIZATION`
    Authorization,
    /// `PURCHASE`
    Purchase,
    /// `CAPTURE`
    Capture,
    /// `VOID_AUTHORIZATION`
    Void,
    /// `REFUND`
    Refund,
    /// Any other, such as `PROCESS_BATCH` or one newer than this package: totals say nothing about it.
    Other(String),
}

impl Command {
    /// The command of a name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "AUTHORIZATION" => Self::Authorization,
            "PURCHASE" => Self::Purchase,
            "CAPTURE" => Self::Capture,
            "VOID_AUTHORIZATION" => Self::Void,
            "REFUND" => Self::Refund,
            other => Self::Other(other.into()),
        }
    }

    /// APS's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Authorization => "AUTHORIZATION",
            Self::Purchase => "PURCHASE",
            Self::Capture => "CAPTURE",
            Self::Void => "VOID_AUTHORIZATION",
            Self::Refund => "REFUND",
            Self::Other(name) => name,
        }
    }

    /// Whether it makes a payment, with a `merchant_reference` of its own.
    #[must_use]
    pub const fn is_payment(&self) -> bool {
        matches!(self, Self::Authorization | Self::Purchase)
    }

    /// Whether `CHECK_STATUS` can prove it at all.
    #[must_use]
    pub const fn is_provable(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}

/// The status of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Recorded, and not sent.
    Prepared,
    /// It may be on its way: the process that recorded it sends it once, or has sent it.
    Sent,
    /// The customer has to act.
    ActionRequired,
    /// APS does not know its outcome yet.
    Pending,
    /// It may or may not have taken place, now or later.
    Uncertain,
    /// It took place.
    Succeeded,
    /// It was tried and did not take place.
    Failed,
    /// The request was refused: nothing was tried.
    Rejected,
}

impl Status {
    /// Whether its outcome is unknown.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Prepared | Self::Sent | Self::ActionRequired | Self::Pending | Self::Uncertain)
    }
}

/// What an outcome is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// The direct reply.
    Reply,
    /// A notification that names the operation.
    Notification,
    /// `CHECK_STATUS` by a `maintenance_reference` used only once.
    Reference,
    /// Totals grew by exactly its amount.
    Totals,
    /// There was no trace of it for as long as the merchant allows.
    Assumed,
    /// A person said so.
    Person,
}

impl Evidence {
    /// Whether it identifies this operation, whatever else moves money.
    #[must_use]
    pub const fn is_identity(self) -> bool {
        matches!(self, Self::Reply | Self::Notification | Self::Reference)
    }
}

/// Totals of a payment, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Totals {
    /// The total authorized.
    pub authorized: u64,
    /// The total captured.
    pub captured: u64,
    /// The total refunded.
    pub refunded: u64,
    /// Whether the authorization was voided.
    pub voided: bool,
}

impl Totals {
    /// The maximum of each total.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            authorized: self.authorized.max(other.authorized),
            captured: self.captured.max(other.captured),
            refunded: self.refunded.max(other.refunded),
            voided: self.voided || other.voided,
        }
    }

    /// The totals after an operation. An amount has at most 10 digits: sums saturate at `u64::MAX`, which no total of APS
    /// ever equals.
    #[must_use]
    pub const fn after(mut self, command: &Command, amount: u64) -> Self {
        match command {
            Command::Authorization => self.authorized = self.authorized.saturating_add(amount),
            Command::Purchase => {
                self.authorized = self.authorized.saturating_add(amount);
                self.captured = self.captured.saturating_add(amount);
            }
            Command::Capture => self.captured = self.captured.saturating_add(amount),
            Command::Refund => self.refunded = self.refunded.saturating_add(amount),
            Command::Void => self.voided = true,
            Command::Other(_) => {}
        }
        self
    }
}

/// The `maintenance_reference` of a refund.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// As sent.
    pub text: String,
    /// Whether no other operation was ever sent with it: only then does it identify this one.
    pub once: bool,
}

/// A definite outcome that differs from the one that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Contradiction {
    /// `Succeeded`, `Failed` or `Rejected`.
    pub status: Status,
    /// What it is based on.
    pub evidence: Evidence,
    /// When it arrived.
    pub at: i64,
}

/// One operation under the caller's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other, each kept under its name")]
pub struct Operation {
    /// The caller's key.
    pub key: String,
    /// A digest of the caller's own parameters, to recognise the same contents.
    pub fingerprint: String,
    /// The command.
    pub command: Command,
    /// In minor units; 0 for a command without an amount.
    pub amount: u64,
    /// ISO 4217; empty for a command without an amount.
    pub currency: String,
    /// The attempt that may send it: random text, new each time that an intent is recorded.
    pub attempt: String,
    /// Random text in its `order_description`, which a notification echoes.
    pub tag: Option<String>,
    /// The `maintenance_reference` of a refund.
    pub reference: Option<Reference>,
    /// Its status.
    pub status: Status,
    /// What that is based on; `None` while it is open.
    pub evidence: Option<Evidence>,
    /// Totals known to have been reached before it was sent.
    pub baseline: Totals,
    /// Whether growth over `baseline` proves it.
    pub has_baseline: bool,
    /// Whether something else may explain growth: then only identity is proof.
    pub contested: bool,
    /// Whether no other AUTHORIZATION or PURCHASE can have taken place with its `merchant_reference` before it.
    pub alone: bool,
    /// Whether it was prepared: if it was not sent, it is prepared again.
    pub prepared: bool,
    /// Whether its amount is in the sums of the payment.
    pub credited: bool,
    /// Whether a customer carries it out, on a hosted page.
    pub expected: bool,
    /// Whether APS answered as if it had already been done (007, 047, 066).
    pub answered_before: bool,
    /// Whether its authorization lapsed over a day ago with totals unchanged.
    pub lapsed: bool,
    /// Whether a notification was attributed to it.
    pub notified: bool,
    /// When its intent was recorded.
    pub at: i64,
    /// How long to wait for its answer, in milliseconds.
    pub timeout: u64,
    /// How long an authorization can be captured, in milliseconds.
    pub window: u64,
    /// A definite outcome that differs from the one that stands.
    pub contradiction: Option<Contradiction>,
}

impl Operation {
    /// Whether someone may be sending it, or waiting for its answer.
    #[must_use]
    pub fn is_under_way(&self, now: i64) -> bool {
        self.status == Status::Sent && !self.expected && now < plus(self.at, self.timeout.saturating_mul(2))
    }

    /// A modified copy. Struct update syntax would copy member by member and make up most of the engine's code.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut own = self.clone();
        change(&mut own);
        own
    }

    #[inline(never)]
    pub(super) fn suspect(&self) -> Suspect {
        Suspect {
            key: self.key.clone(),
            command: self.command.clone(),
            amount: self.amount,
            tag: self.tag.clone(),
            reference: self.reference.as_ref().filter(|own| own.once).map(|own| own.text.clone()),
            forgotten: false,
        }
    }
}

/// An operation that is no longer in the lane but may still move money.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suspect {
    /// Its key.
    pub key: String,
    /// Its command.
    pub command: Command,
    /// In minor units.
    pub amount: u64,
    /// As in the operation.
    pub tag: Option<String>,
    /// As in the operation, if it identifies it.
    pub reference: Option<String>,
    /// Whether a client let go of it while it was open. Only refunds are then checked against it, since only they can be
    /// looked up by a reference of their own; for captures the sums are right either way.
    pub forgotten: bool,
}

/// An attempt to pay for an order: an entry in the state named after the order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// Its `merchant_reference`.
    pub reference: String,
    /// The key of its AUTHORIZATION or PURCHASE.
    pub key: String,
    /// When it was entered.
    pub at: i64,
    /// How long to wait for its answer, in milliseconds. Its intent may still be recorded for twice as long.
    pub timeout: u64,
}

/// The latest settled AUTHORIZATION or PURCHASE with a `merchant_reference`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct First {
    /// Its key.
    pub key: String,
    /// How it ended.
    pub status: Status,
}

/// Everything known about one payment: small, however many operations it had.
///
/// A payment is identified by one `merchant_reference` of one merchant at one endpoint. The state named after an order also
/// lists the attempts at that order, whether or not there is such a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other, each kept under its name")]
pub struct State {
    /// The number of times it was recorded: the version that a store compares when it swaps.
    pub revision: u64,
    /// The order that the payment is an attempt at; `None` if they have the same name.
    pub order: Option<String>,
    /// The least that the totals have reached: the maximum of what `CHECK_STATUS` showed and what was proven.
    pub known: Totals,
    /// The sum of the operations that were proven to have succeeded, even if settled otherwise.
    pub sums: Totals,
    /// When the authorization lapses, if there is one.
    pub lapses_at: Option<i64>,
    /// How the AUTHORIZATION or PURCHASE ended, if one is settled.
    pub first: Option<First>,
    /// Whether more than one AUTHORIZATION or PURCHASE may have taken place with the `merchant_reference`, which then
    /// identifies none of them.
    pub shared: bool,
    /// Whether an AUTHORIZATION or PURCHASE with it followed one that failed: a failure may belong to either.
    pub repeated: bool,
    /// The open operation, if any.
    pub lane: Option<Operation>,
    /// Operations that may still move money, though they are settled.
    pub suspects: Vec<Suspect>,
    /// Until when a recovery has leased the open operation.
    pub leased_until: Option<i64>,
    /// Whether totals must be read before a given payment is trusted again.
    pub unread: bool,
    /// The attempts at the order with this name, except its own payment.
    pub attempts: Vec<Attempt>,
    /// Whether the order is due for review, since an attempt succeeded.
    pub review_due: bool,
    /// The attempts at the order with this name that hold money, if there are two or more.
    pub paid_twice: Vec<String>,
}

impl State {
    /// Whether the payment holds the customer's money, or part of it, as far as known: authorized and neither voided nor
    /// lapsed, or captured and not refunded.
    #[must_use]
    pub fn holds_money(&self, now: i64) -> bool {
        let Totals { authorized, captured, refunded, voided } = self.known;
        let lapsed = self.lapses_at.is_some_and(|end| now >= end);
        let held = if lapsed || voided { captured } else { authorized.max(captured) };
        // Known only from a person's statement.
        let is_told = self.first.as_ref().is_some_and(|first| first.status == Status::Succeeded);
        held > refunded || (is_told && self.known == Totals::default())
    }

    /// Whether a person should look at it: an open operation, or an order that was paid twice or is due for review.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        self.lane.is_some() || self.review_due || !self.paid_twice.is_empty()
    }
}

/// An instant plus milliseconds, saturating at the last instant.
pub(super) fn plus(at: i64, milliseconds: u64) -> i64 {
    at.saturating_add(i64::try_from(milliseconds).unwrap_or(i64::MAX))
}
