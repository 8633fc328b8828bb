//! What a payment is at an instant, and what may be done with it.

use super::{NO_AMOUNT, Payment, STEPS, record};
use crate::amount::Amount;
use crate::issue::Issues;
use crate::message::flat::push_field;
use crate::text::{push_ascii, push_u64, word, words};
use alloc::string::String;
use alloc::vec::Vec;

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

impl Payment<'_> {
    pub(super) fn authorization(&self, when: i64) -> Authorization {
        match () {
            () if self.is_purchase() => Authorization::None,
            () if self.voided => Authorization::Voided,
            () if self.uncaptured() == 0 => Authorization::Exhausted,
            () if when >= self.lapses_at => Authorization::Lapsed,
            () => Authorization::Open,
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

    /// The payment as it is at an instant.
    #[must_use]
    pub fn at(&self, when: i64) -> View {
        View {
            state: self.state(when),
            authorization: self.authorization(when),
            capturable: self.amount(self.capturable(when)),
            refundable: self.amount(self.unrefunded()),
            commands: words(STEPS).filter(|command| self.offers(command, when)).collect(),
            lapses_at: (!self.is_purchase()).then_some(self.lapses_at),
        }
    }

    pub(super) fn capturable(&self, when: i64) -> u64 {
        if self.authorization(when) == Authorization::Open { self.uncaptured() } else { 0 }
    }

    /// Whether some amount would make the command right.
    fn offers(&self, command: &str, when: i64) -> bool {
        let mut issues = Issues::default();
        self.judge(command, NO_AMOUNT, "", when, &mut issues);
        issues.is_empty()
    }

    /// Appends as fields: state, authorization, what can be captured and refunded, the end of the window, the commands.
    pub fn push_view(&self, out: &mut String, when: i64) {
        push_field(out, self.state(when).name());
        push_field(out, self.authorization(when).name());
        for minor in [self.capturable(when), self.unrefunded()] {
            push_u64(out, minor);
            push_ascii(out, 0);
        }
        record::push_instant(out, self.lapses_at);
        for command in words(STEPS).filter(|command| self.offers(command, when)) {
            push_ascii(out, 0);
            out.push_str(command);
        }
    }
}
