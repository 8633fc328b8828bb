//! The cost limit of an explanation: anyone can send a message, so explaining it must end soon, whatever it contains.

use crate::message::value::Value;

/// The work allowed for any message, in units of roughly one hashed byte: a few hundredths of a second.
const BASE: usize = 6 << 20;

/// The work allowed per byte of the signed text.
const PER_BYTE: usize = 24;

/// One budget for all the work of an explanation.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    is_spent: bool,
}

impl Budget {
    pub(super) const fn new(bytes: usize) -> Self {
        Self { left: BASE.saturating_add(PER_BYTE.saturating_mul(bytes)), is_spent: false }
    }

    /// Spends some of the budget; returns whether there was enough. Called before the work is done.
    #[inline(never)]
    pub(super) const fn spend(&mut self, units: usize) -> bool {
        if self.is_spent || units > self.left {
            self.is_spent = true;
            return false;
        }
        self.left = self.left.saturating_sub(units);
        true
    }

    /// Whether something was skipped because the budget ran out.
    pub(super) const fn is_spent(&self) -> bool {
        self.is_spent
    }
}

/// The cost of copying a value: its parts, besides its text.
pub(super) fn weight(value: &Value<'_>) -> usize {
    const PART: usize = 32;
    value.parts().map(weight).fold(PART, usize::saturating_add)
}
