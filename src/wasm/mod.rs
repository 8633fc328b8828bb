//! The boundary with JavaScript: one thin layer, and the only place that knows of wasm.
//!
//! Arguments arrive as one flat string, a JSON text after another, read by the crate's own reader; answers are JSON
//! text, a short string or a number. The server artefact adds structured results and the hot calls.

mod life_cycle;
#[cfg(feature = "server")]
mod server;
mod validation;
mod walk;
mod writing;

use crate::json::Reader;
use crate::value::{Params, Value};
use alloc::string::String;

#[cfg(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")))]
mod bare {
    //! What a `no_std` artefact has to bring itself.

    use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

    // SAFETY: the artefact is built without the `atomics` target feature, so it has one thread.
    #[global_allocator]
    static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
        unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}

/// The next JSON text of a flat string. JavaScript writes it with `JSON.stringify`, so a fault is ours: it reads as
/// nothing.
fn next<'a>(reader: &mut Reader<'a>) -> Option<Value<'a>> {
    reader.next_value().ok().flatten()
}

fn next_params<'a>(reader: &mut Reader<'a>) -> Params<'a> {
    match next(reader) {
        Some(Value::Object(members)) => Params::from_members(members),
        _ => Params::new(),
    }
}

fn next_text(reader: &mut Reader<'_>) -> String {
    match next(reader) {
        Some(Value::Text(text)) => text.into_owned(),
        _ => String::new(),
    }
}

/// Whole milliseconds since 1970, written as a JavaScript integer.
fn milliseconds(params: &Params<'_>, name: &str) -> Option<i64> {
    let text = params.text(name)?;
    match text.strip_prefix('-') {
        Some(digits) => i64::try_from(crate::text::read_u64(digits)?).ok()?.checked_neg(),
        None => i64::try_from(crate::text::read_u64(text)?).ok(),
    }
}
