//! The life cycle: what was authorized, captured and refunded, and what may follow.
//!
//! A [`Payment`] is a value; it changes by making the next one. It knows no clock: an instant is always an argument, in
//! milliseconds since 1970. What APS documents and what is inferred from it is named in the source of each issue.

mod record;
mod status;
mod view;

pub use record::NAMES;
pub use status::Status;
pub use view::{Authorization, State, View};

use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::text::{line, word, word_at};

/// How long an authorization can be captured or voided, in days, unless the merchant's account says otherwise.
pub const WINDOW_DAYS: u32 = 7;

/// The longest window taken, in days.
pub const MAX_WINDOW_DAYS: u32 = 365;

const DAY: i64 = 86_400_000;
const MAX_WINDOW: i64 = DAY.saturating_mul(MAX_WINDOW_DAYS as i64);
// JavaScript's last instant; the first is as far on the other side of 1970.
const LAST_INSTANT: u64 = 8_640_000_000_000_000;

const AUTHORIZATION: &str = "AUTHORIZATION";
const PURCHASE: &str = "PURCHASE";
const BY_AMOUNT: &str = "NEW refund and capture; message 005";
const BY_VALUE: &str = "life cycle: what a payment can be";

/// One payment. Every value of this type is possible: captured ≤ authorized, refunded ≤ captured, nothing captured from
/// what was voided, and a purchase captured at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment<'a> {
    currency: Currency,
    voided: bool,
    authorized: u64,
    captured: u64,
    refunded: u64,
    // Unknown only for a purchase read from CHECK_STATUS, for which it decides nothing.
    at: i64,
    // None for a purchase: this is what tells them apart.
    lapses_at: i64,
    // Empty if unknown, both of them.
    #[expect(clippy::struct_field_names, reason = "APS's name")]
    payment_option: &'a str,
    digital_wallet: &'a str,
}

// No instant, no amount: a value that none has, since an Option of each is twice the code.
pub(crate) const NO_INSTANT: i64 = i64::MIN;
pub(crate) const NO_AMOUNT: u64 = u64::MAX;
use NO_INSTANT as NONE;

// What the values are called where they came from, so that an issue points there: what was authorized, captured and
// refunded, what says that it was voided, when, and what its window ends by.
const GIVEN: &str = "amount amount amount command at windowDays";

impl<'a> Payment<'a> {
    /// A payment that APS has just authorized. `payment_option` and `digital_wallet` are empty if unknown.
    ///
    /// # Errors
    /// `zero_amount`; `purchase_only` for a `payment_option` that only PURCHASE takes; `bad_format` for a window outside
    /// 1 to [`MAX_WINDOW_DAYS`], an instant outside JavaScript's, or an option or wallet that is no name.
    pub fn authorized(
        amount: Amount,
        at: i64,
        window_days: u32,
        payment_option: &'a str,
        digital_wallet: &'a str,
    ) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let window = Some(u64::from(window_days));
        let payment = Self::begun(amount, at, window, [payment_option, digital_wallet], &mut issues);
        if issues.is_empty() { Ok(payment) } else { Err(issues) }
    }

    /// A payment that APS has just authorized and captured in one go.
    ///
    /// # Errors
    /// `zero_amount`; `bad_format` as for [`Payment::authorized`].
    pub fn purchased(
        amount: Amount,
        at: i64,
        payment_option: &'a str,
        digital_wallet: &'a str,
    ) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let payment = Self::begun(amount, at, None, [payment_option, digital_wallet], &mut issues);
        if issues.is_empty() { Ok(payment) } else { Err(issues) }
    }

    /// As [`Payment::authorized`], or as [`Payment::purchased`] without a window. No payment if there are issues.
    pub(crate) fn begun(
        amount: Amount,
        at: i64,
        window_days: Option<u64>,
        [payment_option, digital_wallet]: [&'a str; 2],
        issues: &mut Issues<'a>,
    ) -> Self {
        let minor = amount.minor();
        let at = if at == NONE {
            not_an_instant(issues, "at");
            0
        } else {
            at
        };
        let payment = Self {
            currency: amount.currency(),
            voided: false,
            authorized: minor,
            captured: if window_days.is_some() { 0 } else { minor },
            refunded: 0,
            at,
            lapses_at: window_days.map_or(NONE, |days| end_of_window(at, days, issues)),
            payment_option,
            digital_wallet,
        };
        payment.check(GIVEN, issues);
        payment
    }

    // All payments come by here: all that makes one impossible is an issue.
    #[inline(never)]
    fn check(&self, names: &'static str, issues: &mut Issues<'a>) {
        let purchase = self.is_purchase();
        issues.by(BY_VALUE);
        if self.authorized == 0 {
            issues.error_of(names, 0, Code::ZeroAmount);
        }
        if self.captured > self.authorized {
            issues.error_of(names, 1, Code::ExceedsAuthorized);
        } else if purchase && self.captured < self.authorized {
            issues.conflict(word(names, 1), word(names, 0));
        }
        if self.refunded > self.captured {
            issues.error_of(names, 2, Code::ExceedsCaptured).with_number("#max", self.captured);
        }
        if self.voided && (self.captured > 0 || purchase) {
            issues.conflict(word(names, 3), word(names, 1));
        }
        let (at, end) = (self.at, self.lapses_at);
        if at != NONE && !is_instant(at) {
            not_an_instant(issues, word(names, 4));
        } else if !purchase && (end <= at || end > at.saturating_add(MAX_WINDOW) || !is_instant(end)) {
            not_an_instant(issues, word(names, 5));
        }
        must_be_name(issues, "payment_option", self.payment_option);
        must_be_name(issues, "digital_wallet", self.digital_wallet);
        if !purchase && is_purchase_only(self.payment_option) {
            issues.by("DOC redirection; message 049").error("payment_option", Code::PurchaseOnly);
        }
    }

    const fn is_purchase(&self) -> bool {
        self.lapses_at == NONE
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

    /// All that was captured.
    #[must_use]
    pub fn captured_amount(&self) -> Amount {
        self.amount(self.captured)
    }

    /// All that was refunded.
    #[must_use]
    pub fn refunded_amount(&self) -> Amount {
        self.amount(self.refunded)
    }

    /// The way it was paid; empty if unknown.
    #[must_use]
    pub const fn payment_option(&self) -> &'a str {
        self.payment_option
    }

    /// The wallet it was paid with; empty if unknown.
    #[must_use]
    pub const fn digital_wallet(&self) -> &'a str {
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

    /// Everything that forbids a command at an instant, in a stable order: first the state, then the amount.
    ///
    /// Without an amount it tells whether any amount would do. `VOID_AUTHORIZATION` needs none and takes only the whole,
    /// since there is no partial void. `CHECK_STATUS` is always right. AUTHORIZATION, PURCHASE and any other command are
    /// `not_allowed` on a payment that is there.
    #[must_use]
    pub fn issues(&self, command: &str, amount: Option<Amount>, at: i64) -> Issues<'a> {
        let mut issues = Issues::default();
        let (minor, currency) = amount.map_or((NO_AMOUNT, ""), |amount| (amount.minor(), amount.currency().code()));
        self.judge(command, minor, currency, at, &mut issues);
        issues
    }

    /// As [`Payment::issues`], of an amount in minor units, or [`NO_AMOUNT`].
    #[inline(never)]
    pub(crate) fn judge(&self, command: &str, minor: u64, currency: &str, at: i64, issues: &mut Issues<'a>) {
        let step = Step::named(command);
        issues.by(step.source());
        let authorization = self.authorization(at);
        // What is left of it, and what to say of more. Where there never was anything to take from, that it is too much
        // says nothing new.
        let (mut left, mut exceeds) = (u64::MAX, Code::ExceedsAuthorized);
        let code = match step {
            Step::Capture | Step::Void => {
                if authorization == Authorization::Exhausted || (step == Step::Void && self.captured > 0) {
                    issues.error("command", Code::AlreadyCaptured);
                }
                if step == Step::Void {
                    left = self.authorized;
                } else if !self.is_purchase() {
                    left = self.uncaptured();
                }
                match authorization {
                    Authorization::Voided => Some(Code::AlreadyVoided),
                    Authorization::Lapsed => Some(Code::Lapsed),
                    Authorization::None => Some(Code::NotAuthorized),
                    Authorization::Open | Authorization::Exhausted => None,
                }
            }
            Step::Refund if self.captured > 0 => {
                (left, exceeds) = (self.unrefunded(), Code::ExceedsCaptured);
                None
            }
            Step::Refund => Some(if self.voided { Code::AlreadyVoided } else { Code::NotCaptured }),
            Step::Check => return,
            Step::Other => {
                let known = dictionary::Command::find(command).is_some();
                issues.error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
                return;
            }
        };
        if let Some(code) = code {
            issues.error("command", code);
        }
        if !currency.is_empty() && currency != self.currency.code() {
            issues.by(BY_AMOUNT).error("currency", Code::CurrencyMismatch);
        } else if minor == NO_AMOUNT {
            if step == Step::Refund && left == 0 {
                issues.above("amount", exceeds, 0);
            }
        } else if step == Step::Void {
            if minor != left {
                issues.error("amount", Code::NotAllowed);
            }
        } else if minor == 0 {
            issues.by(BY_AMOUNT).error("amount", Code::ZeroAmount);
        } else if minor > left {
            issues.above("amount", exceeds, left);
        }
    }

    /// The payment after APS has carried out a command.
    ///
    /// # Errors
    /// What [`Payment::issues`] tells, and `missing` for a capture or refund without an amount.
    pub fn after(&self, command: &str, amount: Option<Amount>, at: i64) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let (minor, currency) = amount.map_or((NO_AMOUNT, ""), |amount| (amount.minor(), amount.currency().code()));
        let mut next = *self;
        next.advance(command, minor, currency, at, &mut issues);
        if issues.is_empty() { Ok(next) } else { Err(issues) }
    }

    /// As [`Payment::after`], in place. No payment if there are issues.
    pub(crate) fn advance(&mut self, command: &str, minor: u64, currency: &str, at: i64, issues: &mut Issues<'a>) {
        self.judge(command, minor, currency, at, issues);
        let total = match Step::named(command) {
            Step::Capture => &mut self.captured,
            Step::Refund => &mut self.refunded,
            step => {
                self.voided |= step == Step::Void;
                return;
            }
        };
        if minor == NO_AMOUNT {
            issues.by(BY_AMOUNT).error("amount", Code::Missing);
        }
        *total = total.saturating_add(minor);
    }
}

/// The commands that may follow, in the order of [`Step`].
const STEPS: &str = "CAPTURE VOID_AUTHORIZATION REFUND CHECK_STATUS";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Capture,
    Void,
    Refund,
    Check,
    Other,
}

impl Step {
    fn named(command: &str) -> Self {
        match word_at(STEPS, command) {
            Some(0) => Self::Capture,
            Some(1) => Self::Void,
            Some(2) => Self::Refund,
            Some(_) => Self::Check,
            None => Self::Other,
        }
    }

    fn source(self) -> &'static str {
        const SOURCES: &str = "DOC capture; NEW capture: within the window, at most the authorized amount\n\
                               NEW void: the whole authorization, within the window, before any capture\n\
                               DOC refund; NEW refund: at most what is left of the captured amount\n\n\
                               life cycle: a payment is authorized or purchased once\n";
        line(SOURCES, self as usize)
    }
}

fn end_of_window(at: i64, window_days: u64, issues: &mut Issues<'_>) -> i64 {
    let mut days = i64::try_from(window_days).unwrap_or_default();
    if !(1..=i64::from(MAX_WINDOW_DAYS)).contains(&days) {
        issues.by(BY_VALUE).expected("windowDays", "a whole number of days from 1 to 365");
        days = 1;
    }
    // At most 365 days.
    at.saturating_add(DAY.wrapping_mul(days))
}

#[inline(never)]
fn is_instant(at: i64) -> bool {
    at.unsigned_abs() <= LAST_INSTANT
}

#[inline(never)]
fn not_an_instant<'a>(issues: &mut Issues<'a>, parameter: &'a str) {
    issues.by(BY_VALUE).expected(parameter, "an instant in milliseconds since 1970");
}

// A letter first, so that no card number can pass for the name of a way to pay. Nothing is the name of none.
#[inline(never)]
fn must_be_name<'a>(issues: &mut Issues<'a>, parameter: &'a str, text: &str) {
    let is_name = text.len() <= 20
        && text.bytes().next().is_none_or(|first| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        issues.expected(parameter, "a name that APS uses, in ASCII letters, digits and _");
    }
}

pub(crate) fn is_purchase_only(payment_option: &str) -> bool {
    dictionary::Command::find(PURCHASE)
        .and_then(|command| command.parameter("payment_option"))
        .is_some_and(|own| own.is_purchase_only(payment_option))
}
