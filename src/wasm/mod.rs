//! The boundary with JavaScript: one thin layer, and the only place that knows of wasm.
//!
//! Arguments arrive as one flat string, a tree (`tree`) or, in the hot calls of the server artefact, a JSON text after
//! another; answers are JSON text, a short string or a number. The server artefact adds structured results.

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
mod arena;
mod life_cycle;
#[cfg(feature = "server")]
mod normalize;
#[cfg(feature = "server")]
mod server;
mod validation;
mod writing;

use crate::issue::Language;
use crate::value::{Member, text_of};

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
use arena::finished;

/// The server artefact has std's allocator, which knows by itself what is in use.
#[cfg(not(all(target_arch = "wasm32", feature = "checkout", not(feature = "server"))))]
fn finished<T>(answer: T) -> T {
    answer
}

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The language that the options ask for.
fn language(options: &[Member<'_>]) -> Language {
    Language::from_name(text_of(options, "language")).unwrap_or_default()
}
