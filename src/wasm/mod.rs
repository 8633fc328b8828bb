//! The boundary with JavaScript: one thin layer, and the only wasm-specific code.
//!
//! Arguments and answers are numbers, or flat records (`src/message/flat.rs`) that JavaScript writes to and reads from our
//! memory: wasm-bindgen's strings take three times as long, and three kilobytes. On the server, parsed forms come in as objects,
//! and explanations go out as objects.

#[cfg(page)]
mod arena;
#[cfg(feature = "server")]
mod buffer;
#[cfg(feature = "server")]
mod form;
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

/// The address at which arguments are written and answers are read, with room for this many bytes. It moves only when the
/// buffer has to grow.
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn reserve(bytes: usize) -> *mut u8 {
    memory::reserve(bytes)
}
