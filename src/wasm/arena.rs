//! The memory of the checkout artefact. Nothing outlives a call: there is no state, and JavaScript copies an answer
//! before it calls again. So nothing is freed by itself, and each call begins where all began, behind its arguments. That
//! makes every `drop` nothing at all, which is a tenth of the artefact.

use alloc::string::String;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::{copy, null_mut};

const PAGE: usize = 65_536;

struct Arena {
    /// Where arguments and answers are; 0 before there is memory.
    first: Cell<usize>,
    next: Cell<usize>,
    /// The end of the memory that there is.
    end: Cell<usize>,
}

// SAFETY: the artefact is built without the `atomics` target feature, so it has one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { first: Cell::new(0), next: Cell::new(0), end: Cell::new(0) };

impl Arena {
    /// Ensures that there is memory up to `end`, and returns whether there is.
    fn grow(&self, end: usize) -> bool {
        let missing = end.saturating_sub(self.end.get());
        if missing == 0 {
            return true;
        }
        let pages = (missing / PAGE).wrapping_add(1);
        let before = core::arch::wasm32::memory_grow::<0>(pages);
        if before == usize::MAX {
            return false;
        }
        // Nobody else grows the memory, so what is added follows what there is.
        self.end.set(before.wrapping_add(pages).wrapping_mul(PAGE));
        true
    }
}

/// The address at which arguments are written and answers are read, with room for so many bytes. It never moves.
pub(super) fn reserve(bytes: usize) -> *mut u8 {
    if ARENA.first.get() == 0 {
        let first = core::arch::wasm32::memory_size::<0>().wrapping_mul(PAGE);
        ARENA.first.set(first);
        ARENA.end.set(first);
    }
    ARENA.grow(ARENA.first.get().saturating_add(bytes));
    ARENA.first.get() as *mut u8
}

/// Runs something over the arguments that JavaScript wrote. What it allocates lies behind them.
pub(super) fn read<T>(length: usize, work: impl FnOnce(&str) -> T) -> T {
    work(arguments(length))
}

#[inline(never)]
fn arguments(length: usize) -> &'static str {
    let first = reserve(length);
    ARENA.next.set(ARENA.first.get().saturating_add(length));
    // SAFETY: JavaScript wrote so many bytes of UTF-8 there (`TextEncoder` gives no other), and nothing else is written
    // there before the call has its answer.
    unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(first, length)) }
}

/// Leaves an answer in the place of the arguments, and returns its length.
#[inline(never)]
pub(super) fn answer(text: &str) -> usize {
    // SAFETY: the memory that is ours begins there and has room for it; they may overlap.
    unsafe { copy(text.as_ptr(), reserve(text.len()), text.len()) };
    text.len()
}

/// Runs a call over the arguments, and leaves its answer in their place. Answers its length.
#[inline(never)]
pub(super) fn call(length: usize, work: fn(&str, &mut String)) -> usize {
    let mut out = String::new();
    work(arguments(length), &mut out);
    answer(&out)
}

// SAFETY: an allocation is aligned and lies in memory that only this allocator has grown, and none overlaps another of
// the same call. Those of earlier calls are no longer in use (see above).
unsafe impl GlobalAlloc for Arena {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mask = layout.align().wrapping_sub(1);
        let start = self.next.get().wrapping_add(mask) & !mask;
        let end = start.saturating_add(layout.size());
        self.next.set(end);
        if self.grow(end) { start as *mut u8 } else { null_mut() }
    }

    #[inline(always)]
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
