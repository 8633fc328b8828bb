//! The boundary with JavaScript: one thin layer, and the only place that knows of wasm.
//!
//! Arguments and answers are flat records (`src/message/flat.rs`) that JavaScript writes into our memory and reads there, or
//! numbers: the strings of wasm-bindgen take three times as long, and three kilobytes.

#[cfg(page)]
mod arena;
#[cfg(feature = "server")]
mod buffer;
mod life_cycle;
#[cfg(feature = "server")]
mod operation;
mod question;
#[cfg(feature = "server")]
mod server;
mod validation;

#[cfg(page)]
use arena as memory;
#[cfg(feature = "server")]
use buffer as memory;

#[cfg(page)]
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
