//! Reading a message from outside: JSON or form-encoded text into parameters.

pub mod flat;
pub mod form;
pub mod json;
pub mod value;
pub mod writer;

use crate::message::form::read_form;
use crate::message::json::read_params;
use crate::message::value::{Params, Value};
use crate::signature::canonical::sorted;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest message that is read, in bytes: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// How deep objects and lists may stand in each other, the message itself counted.
pub const MAX_DEPTH: usize = 16;

/// Why a message cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Longer than [`MAX_BYTES`].
    TooLong,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A name stands twice in one object: which value counts would be anybody's guess.
    Repeated(String),
    /// Neither JSON nor form encoding, or cut off; or a member is named `__proto__`.
    Malformed,
    /// A lone surrogate, percent-encoded bytes that are not UTF-8, or NUL or U+0001, which no text of APS's has.
    NotText,
    /// Nothing was given.
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
        // Markup and other JSON: form encoding leaves none of these bare.
        Some(b'<' | b'[' | b'"') => Err(ReadError::Malformed),
        Some(_) => read_form(text),
    }
}

/// Whether text is free of the characters that part fields of a flat record.
pub(crate) fn is_text(text: &str) -> bool {
    !text.bytes().any(|byte| byte < 2)
}

/// Members of one object as they are read, with names held unique.
///
/// A reply has some twenty names: a bit per name tells most of them apart without comparing. Above
/// [`Self::FEW`] they are sorted once at the end, so that a message full of names costs no square of them.
pub(crate) struct Members<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    seen: u64,
}

impl<'a> Members<'a> {
    const FEW: usize = 32;

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { members: Vec::with_capacity(capacity), seen: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn push(&mut self, name: Cow<'a, str>, value: Value<'a>) -> Result<(), ReadError> {
        if !is_text(&name) || value.as_text().is_some_and(|text| !is_text(text)) {
            return Err(ReadError::NotText);
        }
        // In JavaScript it would not be a member but what all others are inherited from.
        if name == "__proto__" {
            return Err(ReadError::Malformed);
        }
        if self.members.len() < Self::FEW {
            let bit = Self::bit(&name);
            if self.seen & bit != 0 && self.members.iter().any(|(other, _)| *other == name) {
                return Err(ReadError::Repeated(name.into_owned()));
            }
            self.seen |= bit;
        }
        self.members.push((name, value));
        Ok(())
    }

    fn bit(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let at = |index: usize| bytes.get(index).copied().map_or(0, usize::from);
        let middle = at(bytes.len() / 2);
        let last = bytes.last().copied().map_or(0, usize::from);
        let mixed = at(0).wrapping_mul(7) ^ middle.wrapping_mul(13) ^ last.wrapping_mul(31) ^ bytes.len();
        1u64 << (mixed & 63)
    }

    /// The members, once it is certain that no name stands twice.
    pub(crate) fn finish(self) -> Result<Vec<(Cow<'a, str>, Value<'a>)>, ReadError> {
        if self.members.len() > Self::FEW {
            let order = sorted(&self.members);
            let repeated = order.windows(2).find_map(|pair| match pair {
                [(_, one, _), (_, other, _)] if one == other => Some(*one),
                _ => None,
            });
            if let Some(name) = repeated {
                return Err(ReadError::Repeated(name.into()));
            }
        }
        Ok(self.members)
    }
}
