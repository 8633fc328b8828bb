//! Text that does not stay in memory: signed text may contain a card number.

use alloc::string::String;
use core::hint::black_box;
use core::mem::take;
use core::ops::{Deref, DerefMut};

/// Text that is overwritten when it is dropped. Text that grows leaves copies, so its capacity is reserved at once.
///
/// `zeroize` writes a byte at a time, a tenth of a request's time; this is one fill, which the compiler must not remove.
#[derive(Default)]
pub(crate) struct Wiped(String);

impl Wiped {
    /// Empty text with room for this many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Makes room for this many bytes more, and leaves no copy behind.
    #[cfg(any(test, feature = "server"))]
    pub(crate) fn reserve_wiped(&mut self, bytes: usize) {
        let needed = self.0.len().saturating_add(bytes);
        if needed > self.0.capacity() {
            let mut grown = Self::with_capacity(needed.saturating_mul(2));
            grown.0.push_str(&self.0);
            *self = grown;
        }
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut take(&mut self.0).into_bytes());
    }
}

impl Deref for Wiped {
    type Target = String;

    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

/// Overwrites bytes.
#[inline(never)]
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    black_box(bytes);
}

#[cfg(test)]
mod tests {
    use super::{Wiped, wipe};

    #[test]
    fn nothing_is_left() {
        let mut bytes = *b"secret";
        wipe(&mut bytes);
        assert_eq!(bytes, [0; 6]);
        let mut text = Wiped::with_capacity(6);
        text.push_str("secret");
        assert_eq!((text.as_str(), text.len()), ("secret", 6));
        text.reserve_wiped(100);
        assert!(text.capacity() >= 106);
        assert_eq!(text.as_str(), "secret");
    }
}
