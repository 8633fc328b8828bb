//! The memory of the checkout artefact. Nothing outlives a call: there is no state, and JavaScript copies an answer
//! before it calls again. So nothing is freed by itself, and the next call begins where this one began. That makes every
//! `drop` nothing at all, which is a tenth of the artefact.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::null_mut;

const PAGE: usize = 65_536;

struct Arena {
    /// Where all calls begin; 0 before the first.
    first: Cell<usize>,
    next: Cell<usize>,
    /// The end of the memory that there is.
    end: Cell<usize>,
    /// Whether the call is over whose allocations there are.
    finished: Cell<bool>,
}

// SAFETY: the artefact is built without the `atomics` target feature, so it has one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { first: Cell::new(0), next: Cell::new(0), end: Cell::new(0), finished: Cell::new(false) };

/// Hands the answer of a call through. JavaScript reads it before the next allocation, which takes its place.
pub(super) fn finished<T>(answer: T) -> T {
    ARENA.finished.set(true);
    answer
}

// SAFETY: an allocation is aligned and lies in memory that only this allocator has grown, and none overlaps another of
// the same call. Those of earlier calls are no longer in use (see above).
unsafe impl GlobalAlloc for Arena {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.finished.replace(false) {
            self.next.set(self.first.get());
        }
        let mask = layout.align().wrapping_sub(1);
        let mut start = self.next.get().wrapping_add(mask) & !mask;
        if start.saturating_add(layout.size()) > self.end.get() {
            let pages = (layout.size() / PAGE).wrapping_add(1);
            let before = core::arch::wasm32::memory_grow::<0>(pages);
            if before == usize::MAX {
                return null_mut();
            }
            let grown = before.wrapping_mul(PAGE);
            if self.first.get() == 0 {
                self.first.set(grown);
                start = grown;
            }
            self.end.set(grown.wrapping_add(pages.wrapping_mul(PAGE)));
        }
        self.next.set(start.wrapping_add(layout.size()));
        start as *mut u8
    }

    #[inline(always)]
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
