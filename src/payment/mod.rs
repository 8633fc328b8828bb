//! The life cycle: what was authorized, captured and refunded, and what may follow.
//!
//! A [`Payment`] is a value; it changes by making the next one. It knows no clock: an instant is always an argument, in
//! milliseconds since 1970. What APS documents and what is inferred from it is named in the source of each issue.

mod json;
mod status;

use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::text::{word, words};
use alloc::string::String;
use alloc::vec::Vec;

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
const BY_AMOUNT: &str = "NEW refund and capture; message 005: more than zero, in the currency of the payment";
const BY_VALUE: &str = "life cycle: what a payment can be";

/// What a payment is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Held, and nothing captured.
    Authorized,
    /// Part of the authorized amount was captured, and nothing refunded.
    PartiallyCaptured,
    /// The whole amount was captured, and nothing refunded.
    Captured,
    /// Part of what was captured was refunded.
    PartiallyRefunded,
    /// All that was captured was refunded. More may be captured while the authorization is open.
    Refunded,
    /// The authorization was voided.
    Voided,
    /// The authorization ran out before anything was captured.
    Lapsed,
}

impl State {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        const NAMES: &str = "authorized partially_captured captured partially_refunded refunded voided lapsed";
        word(NAMES, self as usize)
    }
}

/// What an authorization is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// There is something left to capture, and time.
    Open,
    /// The whole amount was captured.
    Exhausted,
    /// Voided.
    Voided,
    /// There is something left, and no time.
    Lapsed,
    /// The payment is a purchase.
    None,
}

impl Authorization {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        word("open exhausted voided lapsed none", self as usize)
    }
}

/// A payment as seen at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The state.
    pub state: State,
    /// What became of the authorization.
    pub authorization: Authorization,
    /// How much can be captured.
    pub capturable: Amount,
    /// How much can be refunded.
    pub refundable: Amount,
    /// The commands that some amount would make right; `CHECK_STATUS` always.
    pub commands: Vec<&'static str>,
    /// The instant from which the authorization is no longer good; none for a purchase.
    pub lapses_at: Option<i64>,
}

/// One payment. Every value of this type is possible: captured ≤ authorized, refunded ≤ captured, nothing captured from
/// what was voided, and a purchase captured at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    currency: Currency,
    voided: bool,
    authorized: u64,
    captured: u64,
    refunded: u64,
    // Unknown only for a purchase read from CHECK_STATUS, for which it decides nothing.
    at: Option<i64>,
    // Some for an authorization, None for a purchase: this is what tells them apart.
    lapses_at: Option<i64>,
    // Empty if unknown, both of them.
    #[expect(clippy::struct_field_names, reason = "APS's name")]
    payment_option: String,
    digital_wallet: String,
}

// What the values are called where they came from, so that an issue points there.
struct Names {
    authorized: &'static str,
    captured: &'static str,
    refunded: &'static str,
    voided: &'static str,
    at: &'static str,
    lapses_at: &'static str,
}

const GIVEN: Names = Names {
    authorized: "amount",
    captured: "amount",
    refunded: "amount",
    voided: "command",
    at: "at",
    lapses_at: "windowDays",
};

impl Payment {
    /// A payment that APS has just authorized. `payment_option` and `digital_wallet` are empty if unknown.
    ///
    /// # Errors
    /// `zero_amount`; `purchase_only` for a `payment_option` that only PURCHASE takes; `bad_format` for a window outside
    /// 1 to [`MAX_WINDOW_DAYS`], an instant outside JavaScript's, or an option or wallet that is no name.
    pub fn authorized(
        amount: Amount,
        at: i64,
        window_days: u32,
        payment_option: &str,
        digital_wallet: &str,
    ) -> Result<Self, Issues> {
        let mut issues = Issues::new(BY_VALUE);
        let lapses_at = end_of_window(at, window_days, &mut issues);
        let mut payment = Self::new(amount, Some(at), payment_option, digital_wallet);
        payment.captured = 0;
        payment.lapses_at = Some(lapses_at);
        payment.checked(&GIVEN, issues)
    }

    /// A payment that APS has just authorized and captured in one go.
    ///
    /// # Errors
    /// `zero_amount`; `bad_format` as for [`Payment::authorized`].
    pub fn purchased(amount: Amount, at: i64, payment_option: &str, digital_wallet: &str) -> Result<Self, Issues> {
        Self::new(amount, Some(at), payment_option, digital_wallet).checked(&GIVEN, Issues::new(BY_VALUE))
    }

    fn new(amount: Amount, at: Option<i64>, payment_option: &str, digital_wallet: &str) -> Self {
        Self {
            currency: amount.currency(),
            voided: false,
            authorized: amount.minor(),
            captured: amount.minor(),
            refunded: 0,
            at,
            lapses_at: None,
            payment_option: payment_option.into(),
            digital_wallet: digital_wallet.into(),
        }
    }

    // The only way by which a payment leaves this module: all that makes one impossible is an issue.
    fn checked(self, names: &Names, mut issues: Issues) -> Result<Self, Issues> {
        issues.by(BY_VALUE);
        if self.authorized == 0 {
            issues.error(names.authorized, Code::ZeroAmount);
        }
        if self.captured > self.authorized {
            issues.error(names.captured, Code::ExceedsAuthorized);
        } else if self.is_purchase() && self.captured < self.authorized {
            issues.conflict(names.captured, names.authorized);
        }
        if self.refunded > self.captured {
            issues.above(names.refunded, Code::ExceedsCaptured, self.captured);
        }
        if self.voided && (self.captured > 0 || self.is_purchase()) {
            issues.conflict(names.voided, names.captured);
        }
        match (self.at, self.lapses_at) {
            (Some(at), _) if !is_instant(at) => not_an_instant(&mut issues, names.at),
            (Some(at), Some(end)) if end <= at || end > at.saturating_add(MAX_WINDOW) || !is_instant(end) => {
                not_an_instant(&mut issues, names.lapses_at);
            }
            _ => {}
        }
        for (parameter, name) in [("payment_option", &self.payment_option), ("digital_wallet", &self.digital_wallet)] {
            if !is_name(name) {
                issues.expected(parameter, "a name that APS uses, in ASCII letters, digits and _");
            }
        }
        if !self.is_purchase() && is_purchase_only(&self.payment_option) {
            issues.by("DOC redirection; message 049").error("payment_option", Code::PurchaseOnly);
        }
        if issues.is_empty() { Ok(self) } else { Err(issues) }
    }

    const fn is_purchase(&self) -> bool {
        self.lapses_at.is_none()
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
    pub fn payment_option(&self) -> &str {
        &self.payment_option
    }

    /// The wallet it was paid with; empty if unknown.
    #[must_use]
    pub fn digital_wallet(&self) -> &str {
        &self.digital_wallet
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

    fn authorization(&self, when: i64) -> Authorization {
        match self.lapses_at {
            None => Authorization::None,
            Some(_) if self.voided => Authorization::Voided,
            Some(_) if self.uncaptured() == 0 => Authorization::Exhausted,
            Some(end) if when >= end => Authorization::Lapsed,
            Some(_) => Authorization::Open,
        }
    }

    fn state(&self, when: i64) -> State {
        match self.authorization(when) {
            Authorization::Voided => State::Voided,
            Authorization::Lapsed if self.captured == 0 => State::Lapsed,
            _ if self.captured == 0 => State::Authorized,
            _ if self.unrefunded() == 0 => State::Refunded,
            _ if self.refunded > 0 => State::PartiallyRefunded,
            _ if self.uncaptured() > 0 => State::PartiallyCaptured,
            _ => State::Captured,
        }
    }

    /// The payment as it is at an instant.
    #[must_use]
    pub fn at(&self, when: i64) -> View {
        let authorization = self.authorization(when);
        let capturable = if authorization == Authorization::Open { self.uncaptured() } else { 0 };
        let mut commands = Vec::new();
        for command in words(STEPS) {
            if self.issues(command, None, when).is_empty() {
                commands.push(command);
            }
        }
        View {
            state: self.state(when),
            authorization,
            capturable: self.amount(capturable),
            refundable: self.amount(self.unrefunded()),
            commands,
            lapses_at: self.lapses_at,
        }
    }

    /// Everything that forbids a command at an instant, in a stable order: first the state, then the amount.
    ///
    /// Without an amount it tells whether any amount would do. `VOID_AUTHORIZATION` needs none and takes only the whole,
    /// since there is no partial void. `CHECK_STATUS` is always right. AUTHORIZATION, PURCHASE and any other command are
    /// `not_allowed` on a payment that is there.
    #[must_use]
    pub fn issues(&self, command: &str, amount: Option<Amount>, at: i64) -> Issues {
        let step = Step::named(command);
        let mut issues = Issues::new(step.source());
        let authorization = self.authorization(at);
        match step {
            Step::Capture | Step::Void => {
                if authorization == Authorization::Exhausted || (step == Step::Void && self.captured > 0) {
                    issues.error("command", Code::AlreadyCaptured);
                }
                let code = match authorization {
                    Authorization::Voided => Some(Code::AlreadyVoided),
                    Authorization::Lapsed => Some(Code::Lapsed),
                    Authorization::None => Some(Code::NotAuthorized),
                    Authorization::Open | Authorization::Exhausted => None,
                };
                if let Some(code) = code {
                    issues.error("command", code);
                }
            }
            Step::Refund if self.captured == 0 => {
                issues.error("command", if self.voided { Code::AlreadyVoided } else { Code::NotCaptured });
            }
            Step::Refund | Step::Check => {}
            Step::Other => {
                let known = dictionary::Command::find(command).is_some();
                issues.error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
            }
        }
        self.amount_issues(step, amount, &mut issues);
        issues
    }

    fn amount_issues(&self, step: Step, amount: Option<Amount>, issues: &mut Issues) {
        // Where there never was anything to take from, that it is too much says nothing new.
        let (left, code) = match step {
            Step::Capture if !self.is_purchase() => (self.uncaptured(), Code::ExceedsAuthorized),
            Step::Refund if self.captured > 0 => (self.unrefunded(), Code::ExceedsCaptured),
            Step::Capture | Step::Refund => (u64::MAX, Code::ExceedsAuthorized),
            Step::Void => (self.authorized, Code::NotAllowed),
            Step::Check | Step::Other => return,
        };
        let Some(amount) = amount else {
            if step == Step::Refund && left == 0 {
                issues.above("amount", code, 0);
            }
            return;
        };
        if amount.currency() != self.currency {
            issues.by(BY_AMOUNT).error("currency", Code::CurrencyMismatch);
        } else if step == Step::Void {
            if amount.minor() != left {
                issues.error("amount", code);
            }
        } else if amount.minor() == 0 {
            issues.by(BY_AMOUNT).error("amount", Code::ZeroAmount);
        } else if amount.minor() > left {
            issues.above("amount", code, left);
        }
    }

    /// The payment after APS has carried out a command.
    ///
    /// # Errors
    /// What [`Payment::issues`] tells, and `missing` for a capture or refund without an amount.
    pub fn after(&self, command: &str, amount: Option<Amount>, at: i64) -> Result<Self, Issues> {
        let mut issues = self.issues(command, amount, at);
        let step = Step::named(command);
        if amount.is_none() && matches!(step, Step::Capture | Step::Refund) {
            issues.by(BY_AMOUNT).error("amount", Code::Missing);
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let minor = amount.map_or(0, Amount::minor);
        let mut next = self.clone();
        match step {
            Step::Capture => next.captured = self.captured.saturating_add(minor),
            Step::Refund => next.refunded = self.refunded.saturating_add(minor),
            Step::Void => next.voided = true,
            Step::Check | Step::Other => {}
        }
        Ok(next)
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
        match words(STEPS).position(|step| step == command) {
            Some(0) => Self::Capture,
            Some(1) => Self::Void,
            Some(2) => Self::Refund,
            Some(_) => Self::Check,
            None => Self::Other,
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Capture => "DOC capture; NEW capture: within the window, at most the authorized amount",
            Self::Void => "NEW void: the whole authorization, within the window, before any capture",
            Self::Refund => "DOC refund; NEW refund: at most what is left of the captured amount",
            Self::Check | Self::Other => "life cycle: a payment is authorized or purchased once",
        }
    }
}

fn end_of_window(at: i64, window_days: u32, issues: &mut Issues) -> i64 {
    let mut days = i64::from(window_days);
    if !(1..=MAX_WINDOW_DAYS).contains(&window_days) {
        issues.expected("windowDays", "a whole number of days from 1 to 365");
        days = 1;
    }
    // At most 365 days.
    at.saturating_add(DAY.wrapping_mul(days))
}

fn is_instant(at: i64) -> bool {
    at.unsigned_abs() <= LAST_INSTANT
}

fn not_an_instant(issues: &mut Issues, parameter: &str) {
    issues.by(BY_VALUE).expected(parameter, "an instant in milliseconds since 1970");
}

// A letter first, so that no card number can pass for the name of a way to pay. Nothing is the name of none.
fn is_name(text: &str) -> bool {
    text.len() <= 20
        && text.bytes().next().is_none_or(|first| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_purchase_only(payment_option: &str) -> bool {
    dictionary::Command::find(PURCHASE).and_then(|command| command.member("payment_option")).is_some_and(|member| {
        member.parameter.choices().any(|choice| choice.purchase_only && choice.value == payment_option)
    })
}
