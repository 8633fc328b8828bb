//! What an explanation may cost: anyone can send a message, so explaining it must end soon, whatever it contains.

use crate::message::value::Value;

/// The work allowed for any message, in units of about a byte hashed: a few hundredths of a second.
const BASE: usize = 6 << 20;

/// The work allowed for each byte of the text that is signed.
const PER_BYTE: usize = 24;

/// One for all that is done for one explanation.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    is_spent: bool,
}

impl Budget {
    pub(super) const fn new(bytes: usize) -> Self {
        Self { left: BASE.saturating_add(PER_BYTE.saturating_mul(bytes)), is_spent: false }
    }

    /// Takes so much off; whether there was as much. Asked before the work is done.
    #[inline(never)]
    pub(super) const fn spend(&mut self, units: usize) -> bool {
        if self.is_spent || units > self.left {
            self.is_spent = true;
            return false;
        }
        self.left = self.left.saturating_sub(units);
        true
    }

    /// Whether something was not done for want of it.
    pub(super) const fn is_spent(&self) -> bool {
        self.is_spent
    }
}

/// What copying a value costs: its parts, beside its text.
#[inline(never)]
pub(super) fn weight(value: &Value<'_>) -> usize {
    const PART: usize = 32;
    let inner: usize = match value {
        Value::Text(_) => 0,
        Value::Object(members) => members.iter().map(|(_, member)| weight(member)).sum(),
        Value::List(elements) => elements.iter().map(weight).sum(),
    };
    inner.saturating_add(PART)
}
