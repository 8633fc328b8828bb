//! Reading a message from outside: JSON or form-encoded text into parameters.

pub mod flat;
pub mod form;
pub mod json;
pub(crate) mod members;
pub mod value;
pub mod writer;

use crate::message::form::read_form;
use crate::message::json::read_params;
use crate::message::value::Params;
use alloc::string::String;

/// The longest message that is read, in bytes: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// The maximum depth of nested objects and lists, including the message itself.
pub const MAX_DEPTH: usize = 16;

/// Why a message cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Longer than [`MAX_BYTES`].
    TooLong,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A name is repeated in one object, so its value is ambiguous.
    Repeated(String),
    /// Neither JSON nor form encoding, or truncated; or a member is named `__proto__`.
    Malformed,
    /// A lone surrogate, percent-encoded bytes that are not UTF-8, or NUL or U+0001, which APS never uses.
    NotText,
    /// The input is empty.
    Empty,
}

impl ReadError {
    /// The stable name of the error.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::Repeated(_) => "repeated",
            Self::Malformed => "malformed",
            Self::NotText => "not_text",
            Self::Empty => "empty",
        }
    }
}

/// Reads a message: JSON if its first character is `{`, else `application/x-www-form-urlencoded`.
///
/// # Errors
/// See [`ReadError`].
pub fn read_message(text: &str) -> Result<Params<'_>, ReadError> {
    match text.trim_ascii_start().bytes().next() {
        None => Err(ReadError::Empty),
        Some(b'{') => read_params(text),
        // Markup and other JSON: form encoding never leaves these unescaped.
        Some(b'<' | b'[' | b'"') => Err(ReadError::Malformed),
        Some(_) => read_form(text),
    }
}

/// Whether text is free of the characters that separate the fields of a flat record.
pub(crate) fn is_text(text: &str) -> bool {
    !text.bytes().any(|byte| byte < 2)
}
