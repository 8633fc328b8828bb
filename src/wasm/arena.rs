//! The memory of the checkout artefact. Nothing outlives a call: there is no state, and JavaScript copies an answer before it
//! calls again. Allocations are therefore never freed individually, and each call starts over right after its arguments.
//! Every `drop` becomes a no-op, which saves a tenth of the artefact.

use alloc::string::String;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::{copy, null_mut};

const PAGE: usize = 65_536;

struct Arena {
    /// The address of arguments and answers; 0 before memory is allocated.
    first: Cell<usize>,
    next: Cell<usize>,
    /// The end of the allocated memory.
    end: Cell<usize>,
}

// SAFETY: the artefact is built without the `atomics` target feature, so it has one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { first: Cell::new(0), next: Cell::new(0), end: Cell::new(0) };

impl Arena {
    /// Ensures that memory is available up to `end`, and returns whether it is.
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
        // Nothing else grows the memory, so new memory is contiguous.
        self.end.set(before.wrapping_add(pages).wrapping_mul(PAGE));
        true
    }
}

/// The address at which arguments are written and answers are read, with room for this many bytes. It never moves.
pub(super) fn reserve(bytes: usize) -> *mut u8 {
    if ARENA.first.get() == 0 {
        let first = core::arch::wasm32::memory_size::<0>().wrapping_mul(PAGE);
        ARENA.first.set(first);
        ARENA.end.set(first);
    }
    ARENA.grow(ARENA.first.get().saturating_add(bytes));
    ARENA.first.get() as *mut u8
}

/// Runs a function over the arguments that JavaScript wrote. Its allocations follow them.
pub(super) fn read<T>(length: usize, work: impl FnOnce(&str) -> T) -> T {
    work(arguments(length))
}

#[inline(never)]
fn arguments(length: usize) -> &'static str {
    let first = reserve(length);
    ARENA.next.set(ARENA.first.get().saturating_add(length));
    // SAFETY: JavaScript wrote this many bytes of UTF-8 there (`TextEncoder` produces nothing else), and nothing else is
    // written there before the call has its answer.
    unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(first, length)) }
}

/// Writes an answer over the arguments, and returns its length.
#[inline(never)]
pub(super) fn answer(text: &str) -> usize {
    // SAFETY: our memory begins there and has room for it; the two may overlap.
    unsafe { copy(text.as_ptr(), reserve(text.len()), text.len()) };
    text.len()
}

/// Runs a call over the arguments and writes its answer over them. Returns its length.
#[inline(never)]
pub(super) fn call(length: usize, work: fn(&str, &mut String)) -> usize {
    let mut out = String::new();
    work(arguments(length), &mut out);
    answer(&out)
}

// SAFETY: an allocation is aligned and lies in memory that only this allocator has grown, and no two of the same call
// overlap. Those of earlier calls are no longer in use (see above).
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
