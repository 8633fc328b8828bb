//! The boundary with JavaScript: one thin layer, and the only place that knows of wasm.
//!
//! Arguments are text that JavaScript writes into our memory, answers are text that it reads there, or numbers: the
//! strings of wasm-bindgen take three times as long, and three kilobytes. The shared calls take fields (`fields`), those
//! of the server artefact JSON texts; it adds structured results.

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
mod arena;
#[cfg(feature = "server")]
mod buffer;
mod life_cycle;
#[cfg(feature = "server")]
mod operation;
#[cfg(feature = "server")]
mod server;
mod validation;

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
use arena as memory;
#[cfg(feature = "server")]
use buffer as memory;

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The address at which arguments are written and answers are read, with room for so many bytes. It moves only when there
/// was less.
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn reserve(bytes: usize) -> *mut u8 {
    memory::reserve(bytes)
}
