//! Text put together from short pieces.

use alloc::vec::Vec;

/// Text that grows by short pieces, which are copied as a number or two. Copying memory is one instruction of WebAssembly,
/// but engines call a function for it, which takes longer than all the rest of signing but the hash.
#[derive(Debug, Default)]
pub struct Pieces {
    bytes: Vec<u8>,
    length: usize,
}

impl Pieces {
    /// Room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: alloc::vec![0; bytes], length: 0 }
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: &str) {
        let piece = piece.as_bytes();
        let end = self.length.saturating_add(piece.len());
        if end > self.bytes.len() {
            self.grow(end);
        }
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            copy(place, piece);
            self.length = end;
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, end: usize) {
        self.bytes.resize(end.saturating_mul(2), 0);
    }

    /// What was put together.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Copies between places of the same length. Up to 32 bytes are their first and their last part, which may overlap.
#[inline]
fn copy(place: &mut [u8], piece: &[u8]) {
    if piece.len() > 32 {
        place.copy_from_slice(piece);
    } else if !(ends::<16>(place, piece) || ends::<8>(place, piece) || ends::<4>(place, piece)) {
        for (slot, byte) in place.iter_mut().zip(piece).take(3) {
            *slot = *byte;
        }
    }
}

/// False for what is shorter than one end.
#[inline]
fn ends<const N: usize>(place: &mut [u8], piece: &[u8]) -> bool {
    let (Some(first), Some(last)) = (piece.first_chunk::<N>(), piece.last_chunk::<N>()) else { return false };
    if let Some(slot) = place.first_chunk_mut::<N>() {
        *slot = *first;
    }
    if let Some(slot) = place.last_chunk_mut::<N>() {
        *slot = *last;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Pieces;
    use alloc::string::String;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_of_any_length_follow_each_other(pieces in proptest::collection::vec("[a-z\u{e9}]{0,70}", 0..20), room in 0usize..200) {
            let mut text = Pieces::with_capacity(room);
            for piece in &pieces {
                text.push(piece);
            }
            let whole = String::from_iter(pieces);
            prop_assert_eq!(text.as_bytes(), whole.as_bytes());
        }
    }

    #[test]
    fn every_length_is_copied_whole() {
        let all: Vec<u8> = (b' '..=b'~').collect();
        for length in 0..=all.len() {
            let piece = core::str::from_utf8(&all[..length]).unwrap();
            let mut text = Pieces::with_capacity(1);
            text.push("<");
            text.push(piece);
            text.push(">");
            assert_eq!(text.as_bytes(), std::format!("<{piece}>").as_bytes());
        }
    }
}
