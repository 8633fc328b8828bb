//! The allocator of both artefacts: blocks of two to the power of something, and a list of the free ones of each size.
//!
//! A tenth of std's in size, and faster: a call allocates some dozens of short texts and frees them all.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::null_mut;

const PAGE: usize = 65_536;
const SMALLEST: usize = 16;

struct Pools {
    /// The first free block by the power of its size; each holds the address of the next.
    free: [Cell<usize>; 32],
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: the artefacts are built without the `atomics` target feature, so there is one thread.
unsafe impl Sync for Pools {}

#[global_allocator]
static POOLS: Pools = Pools { free: [const { Cell::new(0) }; 32], next: Cell::new(0), end: Cell::new(0) };

impl Pools {
    /// The size of the block for a layout.
    const fn block(size: usize) -> usize {
        if size <= SMALLEST { SMALLEST } else { size.next_power_of_two() }
    }

    fn list(&self, block: usize) -> &Cell<usize> {
        let [first, ..] = &self.free;
        self.free.get(block.trailing_zeros() as usize).unwrap_or(first)
    }

    /// A block of memory that was never used.
    #[inline(never)]
    fn fresh(&self, block: usize) -> *mut u8 {
        let mut start = self.next.get();
        if block > self.end.get().wrapping_sub(start) {
            let pages = (block / PAGE).wrapping_add(1);
            let before = core::arch::wasm32::memory_grow::<0>(pages);
            if before == usize::MAX {
                return null_mut();
            }
            let grown = before.wrapping_mul(PAGE);
            if grown != self.end.get() {
                start = grown;
            }
            self.end.set(grown.wrapping_add(pages.wrapping_mul(PAGE)));
        }
        self.next.set(start.wrapping_add(block));
        start as *mut u8
    }
}

// SAFETY: a block is handed out once until it is freed, lies in memory that only this allocator has grown, is at least as
// large as asked for, and begins at a multiple of 16, which is all the alignment that is given.
unsafe impl GlobalAlloc for Pools {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > SMALLEST || layout.size() > 1 << 30 {
            return null_mut();
        }
        let block = Self::block(layout.size());
        let list = self.list(block);
        let first = list.get();
        if first == 0 {
            return self.fresh(block);
        }
        // SAFETY: a free block holds the address of the next one.
        list.set(unsafe { *(first as *const usize) });
        first as *mut u8
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let list = self.list(Self::block(layout.size()));
        // SAFETY: the block is no longer in use, and large enough for an address.
        unsafe { *pointer.cast::<usize>() = list.get() };
        list.set(pointer as usize);
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if Self::block(size) == Self::block(layout.size()) {
            return pointer;
        }
        // SAFETY: the alignment was right, and a size that is too large is refused by `alloc`.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: both blocks are at least so large, and do not overlap.
            unsafe {
                core::ptr::copy_nonoverlapping(pointer, new, layout.size().min(size));
                self.dealloc(pointer, layout);
            }
        }
        new
    }
}
