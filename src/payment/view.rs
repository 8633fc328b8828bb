//! The state of a payment at an instant, and what may be done with it.

use super::step::{Operation, Step};
use super::{Payment, record};
use crate::amount::Amount;
use crate::message::flat::push_field;
use crate::text::{push_ascii, push_u64};
use alloc::string::String;
use alloc::vec::Vec;

/// The state of a payment at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Authorized, nothing captured.
    Authorized,
    /// Part of the authorized amount was captured, nothing refunded.
    PartiallyCaptured,
    /// The whole amount was captured, nothing refunded.
    Captured,
    /// Part of what was captured was refunded.
    PartiallyRefunded,
    /// All that was captured was refunded. More may be captured while the authorization is open.
    Refunded,
    /// The authorization was voided.
    Voided,
    /// The authorization lapsed before anything was captured.
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

/// The state of an authorization at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// There is something left to capture, and time to do so.
    Open,
    /// The whole amount was captured.
    Exhausted,
    /// Voided.
    Voided,
    /// There is something left to capture, but no time.
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
    /// The state of the authorization.
    pub authorization: Authorization,
    /// How much can be captured.
    pub capturable: Amount,
    /// How much can be refunded.
    pub refundable: Amount,
    /// The commands that are allowed with some amount; `CHECK_STATUS` always is.
    pub commands: Vec<&'static str>,
    /// The instant at which the authorization lapses; `None` for a purchase.
    pub lapses_at: Option<i64>,
}

impl Payment<'_> {
    #[inline(never)]
    pub(super) fn authorization(&self, when: i64) -> Authorization {
        match self.lapses_at() {
            None => Authorization::None,
            Some(_) if self.voided => Authorization::Voided,
            Some(_) if self.uncaptured() == 0 => Authorization::Exhausted,
            Some(lapses_at) if when >= lapses_at => Authorization::Lapsed,
            Some(_) => Authorization::Open,
        }
    }

    pub(super) fn state(&self, when: i64) -> State {
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

    /// The payment as of an instant.
    #[must_use]
    #[inline(never)]
    pub fn at(&self, when: i64) -> View {
        let capturable = if self.authorization(when) == Authorization::Open { self.uncaptured() } else { 0 };
        View {
            state: self.state(when),
            authorization: self.authorization(when),
            capturable: self.amount(capturable),
            refundable: self.amount(self.unrefunded()),
            commands: Step::ALL.map(Step::command).into_iter().filter(|name| self.offers(name, when)).collect(),
            lapses_at: self.lapses_at(),
        }
    }

    /// Whether the command is allowed with some amount.
    fn offers(&self, command: &str, when: i64) -> bool {
        self.issues(Operation::new(command, None, when)).is_empty()
    }
}

impl View {
    /// Appends as fields: state, authorization, what can be captured and refunded, the end of the window, the commands.
    pub fn push_fields(&self, out: &mut String) {
        push_field(out, self.state.name());
        push_field(out, self.authorization.name());
        for amount in [self.capturable, self.refundable] {
            push_u64(out, amount.minor());
            push_ascii(out, 0);
        }
        record::push_instant(out, self.lapses_at);
        for command in &self.commands {
            push_ascii(out, 0);
            out.push_str(command);
        }
    }
}
