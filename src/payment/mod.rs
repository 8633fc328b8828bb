//! The life cycle: what was authorized, captured and refunded, and what may follow.
//!
//! A [`Payment`] is an immutable value: each change returns a new one. It has no clock: an instant is always an argument, in
//! milliseconds since 1970. The source of each issue says what APS documents and what is inferred.

mod record;
mod status;
mod step;
mod view;

pub use record::NAMES;
pub use status::{Context, Status, Totals};
pub use step::Operation;
pub use view::{Authorization, State, View};

use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::message::flat::Fields;

/// How long an authorization can be captured or voided, in days, unless the merchant's account says otherwise.
pub const WINDOW_DAYS: u32 = 7;

/// The longest window, in days.
pub const MAX_WINDOW_DAYS: u32 = 365;

const DAY: i64 = 86_400_000;
const MAX_WINDOW: i64 = DAY.saturating_mul(MAX_WINDOW_DAYS as i64);
// JavaScript's last instant; the first is as far on the other side of 1970.
const LAST_INSTANT: u64 = 8_640_000_000_000_000;

const AUTHORIZATION: &str = "AUTHORIZATION";
const PURCHASE: &str = "PURCHASE";
const BY_VALUE: &str = "life cycle: what a payment can be";

/// A payment. Every value of this type is valid: captured ≤ authorized, refunded ≤ captured, nothing captured of a voided
/// authorization, and a purchase captured at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment<'a> {
    origin: Origin,
    currency: Currency,
    // In minor units.
    authorized: u64,
    captured: u64,
    refunded: u64,
    voided: bool,
    #[expect(clippy::struct_field_names, reason = "APS's name")]
    payment_option: Option<&'a str>,
    digital_wallet: Option<&'a str>,
}

/// The command that made a payment, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// It can be captured or voided until it lapses.
    Authorization { at: i64, lapses_at: i64 },
    /// Captured at once. `CHECK_STATUS` does not say when, and nothing depends on it.
    Purchase { at: Option<i64> },
}

/// The names of a payment's values in their source, for issues to refer to.
struct Names {
    authorized: &'static str,
    captured: &'static str,
    refunded: &'static str,
    voided: &'static str,
    at: &'static str,
    window: &'static str,
    /// The expected form of the end of the window.
    window_form: &'static str,
}

const DAYS: &str = "a whole number of days from 1 to 365";

const GIVEN: Names = Names {
    authorized: "amount",
    captured: "amount",
    refunded: "amount",
    voided: "command",
    at: "at",
    window: "windowDays",
    window_form: DAYS,
};

/// How a payment was paid, as far as known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidBy<'a> {
    /// `payment_option`: `VISA`, `MADA` and so on.
    pub payment_option: Option<&'a str>,
    /// `digital_wallet`: `APPLE_PAY` and so on.
    pub digital_wallet: Option<&'a str>,
}

impl<'a> PaidBy<'a> {
    /// Reads both from fields, which are empty if unknown.
    pub fn read_fields(fields: &mut Fields<'a>) -> Self {
        Self { payment_option: known(fields.text()), digital_wallet: known(fields.text()) }
    }
}

impl<'a> Payment<'a> {
    /// A payment that APS has just authorized.
    ///
    /// # Errors
    /// `zero_amount`; `purchase_only` for a `payment_option` that only PURCHASE takes; `bad_format` for a window outside
    /// 1 to [`MAX_WINDOW_DAYS`], an instant outside JavaScript's, or an option or wallet that is not a name.
    pub fn authorized(amount: Amount, at: i64, window_days: u32, paid_by: PaidBy<'a>) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::new(BY_VALUE);
        let lapses_at = end_of_window(at, window_days, &mut issues);
        Self::begin(Origin::Authorization { at, lapses_at }, amount, 0, paid_by, issues)
    }

    /// A payment that APS has just authorized and captured in one step.
    ///
    /// # Errors
    /// `zero_amount`; `bad_format` as for [`Payment::authorized`].
    pub fn purchased(amount: Amount, at: i64, paid_by: PaidBy<'a>) -> Result<Self, Issues<'a>> {
        Self::begin(Origin::Purchase { at: Some(at) }, amount, amount.minor(), paid_by, Issues::default())
    }

    fn begin(
        origin: Origin,
        amount: Amount,
        captured: u64,
        paid_by: PaidBy<'a>,
        mut issues: Issues<'a>,
    ) -> Result<Self, Issues<'a>> {
        let payment = Self {
            origin,
            currency: amount.currency(),
            authorized: amount.minor(),
            captured,
            refunded: 0,
            voided: false,
            payment_option: paid_by.payment_option,
            digital_wallet: paid_by.digital_wallet,
        };
        payment.check(&GIVEN, &mut issues);
        payment.unless(issues)
    }

    /// Everything that makes the payment invalid. All payments from outside pass through here.
    #[inline(never)]
    fn check(&self, names: &Names, issues: &mut Issues<'a>) {
        issues.by(BY_VALUE);
        let is_purchase = self.is_purchase();
        if self.authorized == 0 {
            issues.error(names.authorized, Code::ZeroAmount);
        }
        if self.captured > self.authorized {
            issues.error(names.captured, Code::ExceedsAuthorized);
        } else if is_purchase && self.captured < self.authorized {
            issues.conflict(names.captured, names.authorized);
        }
        if self.refunded > self.captured {
            issues.above(names.refunded, Code::ExceedsCaptured, self.captured);
        }
        if self.voided && (self.captured > 0 || is_purchase) {
            issues.conflict(names.voided, names.captured);
        }
        match self.origin {
            Origin::Purchase { at } => {
                if at.is_some_and(|at| !is_instant(at)) {
                    not_an_instant(issues, names.at);
                }
            }
            Origin::Authorization { at, .. } if !is_instant(at) => not_an_instant(issues, names.at),
            Origin::Authorization { at, lapses_at } => {
                let window = lapses_at.saturating_sub(at);
                if window <= 0 || window > MAX_WINDOW {
                    issues.expected(names.window, names.window_form);
                } else if !is_instant(lapses_at) {
                    not_an_instant(issues, names.window);
                }
            }
        }
        must_be_name(issues, "payment_option", self.payment_option);
        must_be_name(issues, "digital_wallet", self.digital_wallet);
        if !is_purchase && self.payment_option.is_some_and(is_purchase_only) {
            issues.by("DOC redirection; message 049").error("payment_option", Code::PurchaseOnly);
        }
    }

    /// The payment, unless there are issues.
    fn unless(self, issues: Issues<'a>) -> Result<Self, Issues<'a>> {
        if issues.is_empty() { Ok(self) } else { Err(issues) }
    }

    const fn is_purchase(&self) -> bool {
        matches!(self.origin, Origin::Purchase { .. })
    }

    /// The instant at which an authorization lapses; `None` for a purchase.
    const fn lapses_at(&self) -> Option<i64> {
        match self.origin {
            Origin::Authorization { lapses_at, .. } => Some(lapses_at),
            Origin::Purchase { .. } => None,
        }
    }

    /// When it was authorized or purchased, in milliseconds since 1970, if known.
    #[must_use]
    pub const fn made_at(&self) -> Option<i64> {
        match self.origin {
            Origin::Authorization { at, .. } => Some(at),
            Origin::Purchase { at } => at,
        }
    }

    /// The command that made the payment: `AUTHORIZATION` or `PURCHASE`.
    #[must_use]
    pub const fn command(&self) -> &'static str {
        if self.is_purchase() { PURCHASE } else { AUTHORIZATION }
    }

    /// The amount authorized; for a purchase, the amount.
    #[must_use]
    pub fn authorized_amount(&self) -> Amount {
        self.amount(self.authorized)
    }

    /// The total captured.
    #[must_use]
    pub fn captured_amount(&self) -> Amount {
        self.amount(self.captured)
    }

    /// The total refunded.
    #[must_use]
    pub fn refunded_amount(&self) -> Amount {
        self.amount(self.refunded)
    }

    /// The payment option, if known.
    #[must_use]
    pub const fn payment_option(&self) -> Option<&'a str> {
        self.payment_option
    }

    /// The wallet it was paid with, if known.
    #[must_use]
    pub const fn digital_wallet(&self) -> Option<&'a str> {
        self.digital_wallet
    }

    fn amount(&self, minor: u64) -> Amount {
        Amount::at_most_max(minor, self.currency)
    }

    const fn uncaptured(&self) -> u64 {
        self.authorized.saturating_sub(self.captured)
    }

    const fn unrefunded(&self) -> u64 {
        self.captured.saturating_sub(self.refunded)
    }
}

/// The end of a window. A window that is too long or under a day is an issue, and then counts as one day.
#[inline(never)]
fn end_of_window(at: i64, window_days: u32, issues: &mut Issues<'_>) -> i64 {
    let fits = (1..=MAX_WINDOW_DAYS).contains(&window_days);
    if !fits {
        issues.by(BY_VALUE).expected(GIVEN.window, DAYS);
    }
    at.saturating_add(DAY.saturating_mul(if fits { i64::from(window_days) } else { 1 }))
}

#[inline(never)]
const fn is_instant(at: i64) -> bool {
    at.unsigned_abs() <= LAST_INSTANT
}

#[inline(never)]
fn not_an_instant<'a>(issues: &mut Issues<'a>, parameter: &'a str) {
    issues.by(BY_VALUE).expected(parameter, "an instant in milliseconds since 1970");
}

/// The text of a field, which is empty if unknown.
#[inline(never)]
fn known(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The first character must be a letter, so that no card number passes for a payment option.
#[inline(never)]
fn must_be_name<'a>(issues: &mut Issues<'a>, parameter: &'a str, name: Option<&str>) {
    let is_name = |text: &str| {
        text.len() <= 20
            && text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !name.is_none_or(is_name) {
        issues.expected(parameter, "a name that APS uses, in ASCII letters, digits and _");
    }
}

pub(crate) fn is_purchase_only(payment_option: &str) -> bool {
    !payment_option.is_empty()
        && dictionary::Plan::find(PURCHASE)
            .and_then(|plan| plan.parameter("payment_option"))
            .is_some_and(|own| own.is_purchase_only(payment_option))
}
