//! The memory of the server artefact: arguments and answers lie in it, and phrases and card data do not stay in it.
//!
//! What holds them is wiped by its owner where it has one. Copies have none: text that grew, strings that JavaScript handed
//! over, a hash that was moved. So all that is freed is wiped, and so is the stack that a call has used.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::hint::black_box;
use zeroize::Zeroize;

#[cfg(target_arch = "wasm32")]
mod wiping {
    use core::alloc::{GlobalAlloc, Layout};

    /// A fifth of the size of std's allocator, and as fast.
    struct Wiping(rlsf::SmallGlobalTlsf);

    #[global_allocator]
    static ALLOCATOR: Wiping = Wiping(rlsf::SmallGlobalTlsf::new());

    // SAFETY: it is rlsf's, with what is about to be freed overwritten; what grows moves, by `alloc` and `dealloc`.
    unsafe impl GlobalAlloc for Wiping {
        #[inline(never)]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller's.
            unsafe { self.0.alloc(layout) }
        }

        #[inline(never)]
        unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
            // SAFETY: the caller's: nobody else uses so many bytes any longer.
            unsafe {
                place.write_bytes(0, layout.size());
                self.0.dealloc(place, layout);
            }
        }
    }
}

/// Overwrites the part of the stack that calls from here have used: hashing, which is deepest, takes about 1 KB.
#[inline(never)]
pub(super) fn wipe_stack() {
    black_box(&mut [0_u8; 2048]);
}

/// The same for an explanation, whose own calls go deeper.
#[inline(never)]
pub(super) fn wipe_deep_stack() {
    black_box(&mut [0_u8; 16_384]);
}

std::thread_local! {
    // Taken out while it is in use. A call that a trap or a stack overflow ends leaves it empty, not borrowed for ever.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn with_buffer<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let mut buffer = BUFFER.take();
    let found = work(&mut buffer);
    BUFFER.set(buffer);
    found
}

/// The address of a buffer of at least so many bytes.
pub(super) fn reserve(bytes: usize) -> *mut u8 {
    with_buffer(|buffer| {
        if buffer.len() < bytes {
            buffer.resize(bytes, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// Runs something over the first `length` bytes of the buffer, and wipes them: what may be a card number does not stay.
pub(super) fn read<T>(length: usize, work: impl FnOnce(&str) -> T) -> T {
    with_buffer(|buffer| {
        let given = buffer.get_mut(..length).unwrap_or_default();
        let found = work(core::str::from_utf8(given).unwrap_or_default());
        given.zeroize();
        wipe_stack();
        found
    })
}

/// Leaves an answer where the arguments were, and tells its length.
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

/// Runs a call over the arguments, and leaves its answer in their place. Answers its length.
pub(super) fn call(length: usize, work: fn(&str, &mut String)) -> usize {
    let mut out = String::new();
    read(length, |arguments| work(arguments, &mut out));
    answer(&out)
}

/// Runs a hot call over the first `length` bytes of the buffer, wipes them, and leaves a short answer in their place;
/// −1 if it has none.
pub(super) fn hot<A: AsRef<[u8]>>(length: usize, call: impl FnOnce(&str) -> Option<A>) -> i32 {
    with_buffer(|buffer| {
        let Some(given) = buffer.get_mut(..length) else { return -1 };
        let answer = core::str::from_utf8(given).ok().and_then(call);
        given.zeroize();
        wipe_stack();
        let Some(answer) = answer else { return -1 };
        let answer = answer.as_ref();
        let Some(place) = buffer.get_mut(..answer.len()) else { return -1 };
        place.copy_from_slice(answer);
        i32::try_from(answer.len()).unwrap_or(-1)
    })
}
