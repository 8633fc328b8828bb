//! The life cycle: what was authorized, captured and refunded, and what may follow.
//!
//! A [`Payment`] is a value; it changes by making the next one. It knows no clock: an instant is always an argument, in
//! milliseconds since 1970. What APS documents and what is inferred from it is named in the source of each issue.

mod json;
mod status;

use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issue};
use alloc::string::String;
use alloc::vec::Vec;

/// How long an authorization can be captured or voided, in days, unless the merchant's account says otherwise.
pub const WINDOW_DAYS: u32 = 7;

/// The longest window taken, in days.
pub const MAX_WINDOW_DAYS: u32 = 365;

const DAY: i64 = 86_400_000;
const MAX_WINDOW: i64 = DAY.saturating_mul(MAX_WINDOW_DAYS as i64);
// JavaScript's last instant; the first is as far on the other side of 1970.
const LAST_INSTANT: i64 = 8_640_000_000_000_000;

const AUTHORIZATION: &str = "AUTHORIZATION";
const PURCHASE: &str = "PURCHASE";
const CAPTURE: &str = "CAPTURE";
const VOID: &str = "VOID_AUTHORIZATION";
const REFUND: &str = "REFUND";
const CHECK_STATUS: &str = "CHECK_STATUS";

const BY_CAPTURE: &str = "DOC capture; NEW capture: within the window, at most the authorized amount";
const BY_VOID: &str = "NEW void: the whole authorization, within the window, before any capture";
const BY_REFUND: &str = "DOC refund; NEW refund: at most what is left of the captured amount";
const BY_LIFE: &str = "life cycle: a payment is authorized or purchased once";
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
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::PartiallyCaptured => "partially_captured",
            Self::Captured => "captured",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
            Self::Lapsed => "lapsed",
        }
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
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Exhausted => "exhausted",
            Self::Voided => "voided",
            Self::Lapsed => "lapsed",
            Self::None => "none",
        }
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
    authorized: u64,
    captured: u64,
    refunded: u64,
    voided: bool,
    // Unknown only for a purchase read from CHECK_STATUS, for which it decides nothing.
    at: Option<i64>,
    // Some for an authorization, None for a purchase: this is what tells them apart.
    lapses_at: Option<i64>,
    #[expect(clippy::struct_field_names, reason = "APS's name")]
    payment_option: Option<String>,
    digital_wallet: Option<String>,
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
    /// A payment that APS has just authorized.
    ///
    /// # Errors
    /// `zero_amount`; `purchase_only` for a `payment_option` that only PURCHASE takes; `bad_format` for a window outside
    /// 1 to [`MAX_WINDOW_DAYS`], an instant outside JavaScript's, or an option or wallet that is no name.
    pub fn authorized(
        amount: Amount,
        at: i64,
        window_days: u32,
        payment_option: Option<&str>,
        digital_wallet: Option<&str>,
    ) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let lapses_at = end_of_window(at, window_days, &mut issues);
        let mut payment = Self::purchase(amount, Some(at), payment_option, digital_wallet);
        payment.captured = 0;
        payment.lapses_at = Some(lapses_at);
        payment.checked(&GIVEN, issues)
    }

    /// A payment that APS has just authorized and captured in one go.
    ///
    /// # Errors
    /// `zero_amount`; `bad_format` as for [`Payment::authorized`].
    pub fn purchased(
        amount: Amount,
        at: i64,
        payment_option: Option<&str>,
        digital_wallet: Option<&str>,
    ) -> Result<Self, Vec<Issue>> {
        Self::purchase(amount, Some(at), payment_option, digital_wallet).checked(&GIVEN, Vec::new())
    }

    fn purchase(amount: Amount, at: Option<i64>, payment_option: Option<&str>, digital_wallet: Option<&str>) -> Self {
        let given = |text: &&str| !text.is_empty();
        Self {
            currency: amount.currency(),
            authorized: amount.minor(),
            captured: amount.minor(),
            refunded: 0,
            voided: false,
            at,
            lapses_at: None,
            payment_option: payment_option.filter(given).map(String::from),
            digital_wallet: digital_wallet.filter(given).map(String::from),
        }
    }

    // The only way by which a payment leaves this module: all that makes one impossible is an issue.
    fn checked(self, names: &Names, mut issues: Vec<Issue>) -> Result<Self, Vec<Issue>> {
        let mut error = |parameter: &str, code: Code| issues.push(Issue::error(parameter, code, BY_VALUE));
        if self.authorized == 0 {
            error(names.authorized, Code::ZeroAmount);
        }
        if self.captured > self.authorized {
            error(names.captured, Code::ExceedsAuthorized);
        } else if self.is_purchase() && self.captured < self.authorized {
            issues.push(Issue::error(names.captured, Code::Conflict, BY_VALUE).with("with", names.authorized));
        }
        if self.refunded > self.captured {
            issues.push(Issue::error(names.refunded, Code::ExceedsCaptured, BY_VALUE).with("max", self.captured));
        }
        if self.voided && (self.captured > 0 || self.is_purchase()) {
            issues.push(Issue::error(names.voided, Code::Conflict, BY_VALUE).with("with", names.captured));
        }
        if self.at.is_some_and(|at| !is_instant(at)) {
            issues.push(not_an_instant(names.at));
        } else if let (Some(at), Some(end)) = (self.at, self.lapses_at)
            && (end <= at || end > at.saturating_add(MAX_WINDOW) || !is_instant(end))
        {
            issues.push(not_an_instant(names.lapses_at));
        }
        for (parameter, name) in [("payment_option", &self.payment_option), ("digital_wallet", &self.digital_wallet)] {
            if name.as_deref().is_some_and(|name| !is_name(name)) {
                let expected = "a name that APS uses, in ASCII letters, digits and _";
                issues.push(Issue::error(parameter, Code::BadFormat, BY_VALUE).with("expected", expected));
            }
        }
        if !self.is_purchase() && self.payment_option.as_deref().is_some_and(is_purchase_only) {
            issues.push(Issue::error("payment_option", Code::PurchaseOnly, "DOC redirection; message 049"));
        }
        if issues.is_empty() { Ok(self) } else { Err(issues) }
    }

    fn is_purchase(&self) -> bool {
        self.lapses_at.is_none()
    }

    /// The command that made the payment: `AUTHORIZATION` or `PURCHASE`.
    #[must_use]
    pub fn command(&self) -> &'static str {
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

    /// The way it was paid, if known.
    #[must_use]
    pub fn payment_option(&self) -> Option<&str> {
        self.payment_option.as_deref()
    }

    /// The wallet it was paid with, if known.
    #[must_use]
    pub fn digital_wallet(&self) -> Option<&str> {
        self.digital_wallet.as_deref()
    }

    fn amount(&self, minor: u64) -> Amount {
        Amount::at_most_max(minor, self.currency)
    }

    fn uncaptured(&self) -> u64 {
        self.authorized.saturating_sub(self.captured)
    }

    fn unrefunded(&self) -> u64 {
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
        let mut commands = Vec::from([CAPTURE, VOID, REFUND, CHECK_STATUS]);
        commands.retain(|command| self.issues(command, None, when).is_empty());
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
    pub fn issues(&self, command: &str, amount: Option<Amount>, at: i64) -> Vec<Issue> {
        let mut issues = self.standing(command, at);
        let Some(amount) = amount else {
            if command == REFUND && self.captured > 0 && self.unrefunded() == 0 {
                issues.push(Issue::error("amount", Code::ExceedsCaptured, BY_REFUND).with("max", 0));
            }
            return issues;
        };
        let mut error = |parameter: &str, code: Code, source| issues.push(Issue::error(parameter, code, source));
        match command {
            CAPTURE | VOID | REFUND if amount.currency() != self.currency => {
                error("currency", Code::CurrencyMismatch, BY_AMOUNT);
            }
            VOID if amount.minor() != self.authorized => error("amount", Code::NotAllowed, BY_VOID),
            CAPTURE | REFUND if amount.minor() == 0 => error("amount", Code::ZeroAmount, BY_AMOUNT),
            // Where there never was anything to take from, that it is too much says nothing new.
            CAPTURE if !self.is_purchase() && amount.minor() > self.uncaptured() => {
                issues.push(Issue::error("amount", Code::ExceedsAuthorized, BY_CAPTURE).with("max", self.uncaptured()));
            }
            REFUND if self.captured > 0 && amount.minor() > self.unrefunded() => {
                issues.push(Issue::error("amount", Code::ExceedsCaptured, BY_REFUND).with("max", self.unrefunded()));
            }
            _ => {}
        }
        issues
    }

    fn standing(&self, command: &str, when: i64) -> Vec<Issue> {
        let mut issues = Vec::new();
        let mut error = |code: Code, source: &'static str| issues.push(Issue::error("command", code, source));
        match command {
            CAPTURE | VOID => {
                let source = if command == VOID { BY_VOID } else { BY_CAPTURE };
                let authorization = self.authorization(when);
                if authorization == Authorization::Exhausted || (command == VOID && self.captured > 0) {
                    error(Code::AlreadyCaptured, source);
                }
                match authorization {
                    Authorization::Voided => error(Code::AlreadyVoided, source),
                    Authorization::Lapsed => error(Code::Lapsed, source),
                    Authorization::None => error(Code::NotAuthorized, source),
                    Authorization::Open | Authorization::Exhausted => {}
                }
            }
            REFUND if self.voided => error(Code::AlreadyVoided, BY_REFUND),
            REFUND if self.captured == 0 => error(Code::NotCaptured, BY_REFUND),
            REFUND | CHECK_STATUS => {}
            _ if dictionary::Command::find(command).is_some() => error(Code::NotAllowed, BY_LIFE),
            _ => error(Code::UnknownCommand, BY_LIFE),
        }
        issues
    }

    /// The payment after APS has carried out a command.
    ///
    /// # Errors
    /// What [`Payment::issues`] tells, and `missing` for a capture or refund without an amount.
    pub fn after(&self, command: &str, amount: Option<Amount>, at: i64) -> Result<Self, Vec<Issue>> {
        let mut issues = self.issues(command, amount, at);
        if amount.is_none() && matches!(command, CAPTURE | REFUND) {
            issues.push(Issue::error("amount", Code::Missing, BY_AMOUNT));
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let minor = amount.map_or(0, Amount::minor);
        let mut next = self.clone();
        match command {
            CAPTURE => next.captured = self.captured.saturating_add(minor),
            REFUND => next.refunded = self.refunded.saturating_add(minor),
            VOID => next.voided = true,
            _ => {}
        }
        Ok(next)
    }
}

fn end_of_window(at: i64, window_days: u32, issues: &mut Vec<Issue>) -> i64 {
    let mut days = window_days;
    if !(1..=MAX_WINDOW_DAYS).contains(&window_days) {
        let expected = "a whole number of days from 1 to 365";
        issues.push(Issue::error("windowDays", Code::BadFormat, BY_VALUE).with("expected", expected));
        days = 1;
    }
    at.saturating_add(DAY.saturating_mul(i64::from(days)))
}

fn is_instant(at: i64) -> bool {
    (-LAST_INSTANT..=LAST_INSTANT).contains(&at)
}

fn not_an_instant(parameter: &str) -> Issue {
    Issue::error(parameter, Code::BadFormat, BY_VALUE).with("expected", "an instant in milliseconds since 1970")
}

// A letter first, so that no card number can pass for the name of a way to pay.
fn is_name(text: &str) -> bool {
    text.len() <= 20
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_purchase_only(payment_option: &str) -> bool {
    dictionary::Command::find(PURCHASE).and_then(|command| command.member("payment_option")).is_some_and(|member| {
        member.parameter.choices.iter().any(|choice| choice.purchase_only && choice.value == payment_option)
    })
}
