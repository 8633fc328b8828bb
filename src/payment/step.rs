//! The effect of a command on a payment, and what forbids it.

use super::{Authorization, Payment};
use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
#[cfg(not(page))]
use alloc::string::String;

const BY_AMOUNT: &str = "NEW refund and capture; message 005";

/// An operation to carry out on a payment, as far as given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operation<'o> {
    /// The command.
    pub command: &'o str,
    /// The amount in minor units. Without one, the question is whether any amount is possible.
    pub minor: Option<u64>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

impl<'o> Operation<'o> {
    /// An operation with or without an amount.
    #[must_use]
    pub fn new(command: &'o str, amount: Option<Amount>, at: i64) -> Self {
        Self { command, minor: amount.map(Amount::minor), currency: amount.map(Amount::currency), at }
    }
}

/// The commands that may follow on a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Capture,
    Void,
    Refund,
    Check,
}

impl Step {
    /// In the order in which a view lists them.
    pub(super) const ALL: [Self; 4] = [Self::Capture, Self::Void, Self::Refund, Self::Check];

    /// APS's command.
    pub(super) const fn command(self) -> &'static str {
        match self {
            Self::Capture => "CAPTURE",
            Self::Void => "VOID_AUTHORIZATION",
            Self::Refund => "REFUND",
            Self::Check => "CHECK_STATUS",
        }
    }

    #[inline(never)]
    fn of(command: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.command() == command)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Capture => "DOC capture; NEW capture: within the window, at most the authorized amount",
            Self::Void => "NEW void: the whole authorization, within the window, before any capture",
            Self::Refund => "DOC refund; NEW refund: at most what is left of the captured amount",
            Self::Check => "",
        }
    }
}

/// The maximum amount of a step in minor units, and the code for exceeding it. Without a maximum, other issues already cover
/// it.
type Limit = Option<(u64, Code)>;

impl<'a> Payment<'a> {
    /// The commands that may follow on a payment, for a sentence.
    #[cfg(not(page))]
    pub(crate) fn allowed_commands() -> String {
        Step::ALL.map(Step::command).join(", ")
    }

    /// Everything that forbids a command at an instant, in a stable order: first the state, then the amount.
    ///
    /// Without an amount it says whether any amount is allowed. `VOID_AUTHORIZATION` needs none and takes only the whole,
    /// since there is no partial void. `CHECK_STATUS` is always allowed. AUTHORIZATION, PURCHASE and any other command are
    /// `not_allowed` on an existing payment.
    #[must_use]
    #[inline(never)]
    pub fn issues(&self, operation: Operation<'_>) -> Issues<'a> {
        let mut issues = Issues::default();
        let Some(step) = Step::of(operation.command) else {
            let known = dictionary::Command::find(operation.command).is_some();
            issues
                .by("life cycle: a payment is authorized or purchased once")
                .error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
            #[cfg(not(page))]
            issues.with("allowed", &Self::allowed_commands());
            return issues;
        };
        issues.by(step.source());
        match step {
            Step::Check => {}
            Step::Capture => {
                let limit = self.judge_capture(operation.at, &mut issues);
                self.judge_amount(operation, limit, &mut issues);
            }
            Step::Refund => {
                let limit = self.judge_refund(&mut issues);
                self.judge_amount(operation, limit, &mut issues);
            }
            Step::Void => self.judge_void(operation, &mut issues),
        }
        issues
    }

    fn judge_capture(&self, at: i64, issues: &mut Issues<'a>) -> Limit {
        let authorization = self.authorization(at);
        if authorization == Authorization::Exhausted {
            issues.error("command", Code::AlreadyCaptured);
        }
        refuse_ended(authorization, issues);
        (!self.is_purchase()).then(|| (self.uncaptured(), Code::ExceedsAuthorized))
    }

    fn judge_refund(&self, issues: &mut Issues<'a>) -> Limit {
        if self.captured > 0 {
            return Some((self.unrefunded(), Code::ExceedsCaptured));
        }
        issues.error("command", if self.voided { Code::AlreadyVoided } else { Code::NotCaptured });
        None
    }

    fn judge_void(&self, operation: Operation<'_>, issues: &mut Issues<'a>) {
        if self.captured > 0 {
            issues.error("command", Code::AlreadyCaptured);
        }
        refuse_ended(self.authorization(operation.at), issues);
        if self.is_in_another_currency(operation) {
            issues.by(BY_AMOUNT).error("currency", Code::CurrencyMismatch);
        } else if operation.minor.is_some_and(|minor| minor != self.authorized) {
            issues.error("amount", Code::NotAllowed);
        }
    }

    #[inline(never)]
    fn judge_amount(&self, operation: Operation<'_>, limit: Limit, issues: &mut Issues<'a>) {
        if self.is_in_another_currency(operation) {
            issues.by(BY_AMOUNT).error("currency", Code::CurrencyMismatch);
            return;
        }
        match (operation.minor, limit) {
            (Some(0), _) => {
                issues.by(BY_AMOUNT).error("amount", Code::ZeroAmount);
            }
            (Some(minor), Some((left, code))) if minor > left => issues.above("amount", code, left),
            // For a capture, `already_captured` covers it.
            (None, Some((0, Code::ExceedsCaptured))) => issues.above("amount", Code::ExceedsCaptured, 0),
            _ => {}
        }
    }

    fn is_in_another_currency(&self, operation: Operation<'_>) -> bool {
        operation.currency.is_some_and(|currency| currency != self.currency)
    }

    /// The payment after APS has carried out an operation.
    ///
    /// # Errors
    /// The issues of [`Payment::issues`], and `missing` for a capture or refund without an amount.
    #[inline(never)]
    pub fn after(&self, operation: Operation<'_>) -> Result<Self, Issues<'a>> {
        let mut issues = self.issues(operation);
        let mut next = *self;
        let minor = operation.minor.unwrap_or_default();
        match Step::of(operation.command) {
            Some(Step::Capture) => next.captured = self.captured.saturating_add(minor),
            Some(Step::Refund) => next.refunded = self.refunded.saturating_add(minor),
            Some(Step::Void) => next.voided = true,
            Some(Step::Check) | None => {}
        }
        let needs_amount = matches!(Step::of(operation.command), Some(Step::Capture | Step::Refund));
        if needs_amount && operation.minor.is_none() {
            issues.by(BY_AMOUNT).error("amount", Code::Missing);
        }
        next.unless(issues)
    }
}

/// Reports an authorization that nothing can be done with any more, or that never was.
#[inline(never)]
fn refuse_ended(authorization: Authorization, issues: &mut Issues<'_>) {
    let code = match authorization {
        Authorization::Open | Authorization::Exhausted => return,
        Authorization::Voided => Code::AlreadyVoided,
        Authorization::Lapsed => Code::Lapsed,
        Authorization::None => Code::NotAuthorized,
    };
    issues.error("command", code);
}
