//! Which characters are letters or marks: what APS calls "Alpha", in any script.
//!
//! In wasm the engine has this data (`\p{L}`, `\p{M}`), so it is queried for 32 characters at a time, and the answers are
//! cached.

/// Whether the character is a letter or a mark: `\p{L}` or `\p{M}`.
///
/// ```
/// use aps_payops::unicode::is_letter_or_mark;
/// assert!(is_letter_or_mark('\u{0639}')); // Arabic letter Ain
/// assert!(!is_letter_or_mark('\u{0665}')); // Arabic-Indic digit five
/// ```
#[must_use]
pub fn is_letter_or_mark(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_alphabetic() } else { is_beyond_ascii(character) }
}

#[cfg(not(all(target_arch = "wasm32", any(feature = "checkout", feature = "server"))))]
fn is_beyond_ascii(character: char) -> bool {
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
    matches!(character.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

#[cfg(all(target_arch = "wasm32", any(feature = "checkout", feature = "server")))]
fn is_beyond_ascii(character: char) -> bool {
    use core::sync::atomic::{AtomicU64, Ordering};
    // The number of a block of 32 characters, with one bit for each of them above it. ASCII is block 0, which is never looked
    // up.
    static BLOCKS: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];
    let code = u32::from(character);
    let block = u64::from(code >> 5);
    let Some(kept) = BLOCKS.get((block & 63) as usize) else { return false };
    let mut known = kept.load(Ordering::Relaxed);
    if known & 0xFFFF_FFFF != block {
        known = u64::from(engine::letters_from(code & !31)) << 32 | block;
        kept.store(known, Ordering::Relaxed);
    }
    known >> 32 >> (code & 31) & 1 == 1
}

/// A Unicode normal form.
#[cfg(feature = "signature")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Composed characters.
    Nfc,
    /// Decomposed characters.
    Nfd,
}

/// The text in a normal form, computed by the engine; unchanged if there is no engine.
#[cfg(feature = "signature")]
pub(crate) fn in_form(text: &str, form: Form) -> alloc::string::String {
    let name = match form {
        Form::Nfc => "NFC",
        Form::Nfd => "NFD",
    };
    #[cfg(all(target_arch = "wasm32", feature = "server"))]
    return js_sys::JsString::from(text).normalize(name).into();
    #[cfg(not(all(target_arch = "wasm32", feature = "server")))]
    {
        let _ = name;
        text.into()
    }
}

#[cfg(page)]
mod engine {
    #[link(wasm_import_module = "../../core/letters.js")]
    unsafe extern "C" {
        /// One bit for each of the 32 characters from this one on.
        pub(super) safe fn letters_from(first: u32) -> u32;
    }
}

#[cfg(all(target_arch = "wasm32", feature = "server"))]
mod engine {
    use alloc::string::String;

    /// One bit for each of the 32 characters from this one on.
    pub(super) fn letters_from(first: u32) -> u32 {
        let letter = js_sys::RegExp::new(r"[\p{L}\p{M}]", "u");
        let is_letter =
            |place: &u32| char::from_u32(first.wrapping_add(*place)).is_some_and(|own| letter.test(&String::from(own)));
        (0..32).filter(is_letter).fold(0, |bits, place| bits | 1 << place)
    }
}
