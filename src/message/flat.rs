//! Flat text: how arguments and answers of the shared calls cross the boundary to JavaScript.
//!
//! A field ends at NUL or at the end of the text; JavaScript writes another control character for a NUL inside a value. A
//! list is a field that tells how many, then as many fields. What is not there reads as nothing.

use crate::text::{push_ascii, read_u64, take};
use alloc::string::String;
use alloc::vec::Vec;

/// Fields, read one after another.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    rest: &'a str,
}

impl<'a> Fields<'a> {
    /// The fields of a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Whether there is no further field.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next field; nothing after the last.
    pub fn text(&mut self) -> &'a str {
        take(&mut self.rest, '\0')
    }

    /// The next fields, led by their number.
    #[inline(never)]
    pub fn list(&mut self) -> Vec<&'a str> {
        let mut list = Vec::new();
        for _ in 0..read_u64(self.text()).unwrap_or(0) {
            if self.is_empty() {
                break;
            }
            list.push(self.text());
        }
        list
    }
}

/// Appends a field that others follow.
#[inline(never)]
pub fn push_field(out: &mut String, text: &str) {
    out.push_str(text);
    push_ascii(out, 0);
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn fields_and_lists_in_turn() {
        let mut fields = Fields::new("a\0\x002\0b\0c\0\x000\0d");
        assert_eq!((fields.text(), fields.text()), ("a", ""));
        assert_eq!(fields.list(), ["b", "c"]);
        assert_eq!(fields.text(), "");
        assert!(fields.list().is_empty());
        assert_eq!((fields.text(), fields.text(), fields.is_empty()), ("d", "", true));
        // A list that promises more than there is ends with what there is.
        assert_eq!(Fields::new("9\0a\0b").list(), ["a", "b"]);
        assert!(Fields::new("x\0a").list().is_empty());
    }
}
