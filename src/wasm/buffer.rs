//! The memory of the server artefact: arguments and answers share one buffer, and phrases and card data do not stay in it.

use crate::wiped::{Wiped, wipe};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::hint::black_box;

/// Overwrites the stack used by calls from here: hashing, the deepest, takes about 1 KB.
#[inline(never)]
fn wipe_stack() {
    black_box(&mut [0_u8; 2048]);
}

/// The same for an explanation, whose calls go deeper.
#[inline(never)]
pub(super) fn wipe_deep_stack() {
    black_box(&mut [0_u8; 16_384]);
}

std::thread_local! {
    // Taken out while in use. A call that ends in a trap or a stack overflow leaves it empty rather than borrowed forever.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn with_buffer<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let mut buffer = BUFFER.take();
    let found = work(&mut buffer);
    BUFFER.set(buffer);
    found
}

/// The address of a buffer of at least this many bytes.
pub(super) fn reserve(bytes: usize) -> *mut u8 {
    with_buffer(|buffer| {
        if buffer.len() < bytes {
            buffer.resize(bytes, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// Runs a function over the first `length` bytes of the buffer, then wipes them, since they may contain a card number.
pub(super) fn read<T>(length: usize, work: impl FnOnce(&str) -> T) -> T {
    with_buffer(|buffer| {
        let given = buffer.get_mut(..length).unwrap_or_default();
        let found = work(core::str::from_utf8(given).unwrap_or_default());
        wipe(given);
        wipe_stack();
        found
    })
}

/// Writes an answer over the arguments, and returns its length.
pub(super) fn answer(text: &str) -> usize {
    with_buffer(|buffer| {
        if buffer.len() < text.len() {
            buffer.resize(text.len(), 0);
        }
        if let Some(place) = buffer.get_mut(..text.len()) {
            place.copy_from_slice(text.as_bytes());
        }
        text.len()
    })
}

/// Runs a call over the arguments and writes its answer over them. Returns its length.
pub(super) fn call(length: usize, work: fn(&str, &mut String)) -> usize {
    // As long as the arguments, which few answers exceed: text that grows would leave copies.
    let mut out = Wiped::with_capacity(length);
    read(length, |arguments| work(arguments, &mut out));
    answer(&out)
}
