//! Writing JSON.

use crate::message::value::Value;
use crate::text::push_u64;
use alloc::string::String;

/// Writes JSON, with commas where they belong.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    comma: bool,
}

impl Writer {
    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { out: String::new(), comma: false }
    }

    /// An empty text with room for `bytes`.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), comma: false }
    }

    #[inline(never)]
    fn separate(&mut self) {
        if self.comma {
            self.out.push(',');
        }
        self.comma = true;
    }

    #[inline(never)]
    fn open(&mut self, bracket: char) {
        self.separate();
        self.out.push(bracket);
        self.comma = false;
    }

    #[inline(never)]
    fn close(&mut self, bracket: char) {
        self.out.push(bracket);
        self.comma = true;
    }

    /// `{`
    pub fn begin_object(&mut self) {
        self.open('{');
    }

    /// `}`
    pub fn end_object(&mut self) {
        self.close('}');
    }

    /// `[`
    pub fn begin_list(&mut self) {
        self.open('[');
    }

    /// `]`
    pub fn end_list(&mut self) {
        self.close(']');
    }

    /// The name of the member whose value is written next.
    #[inline(never)]
    pub fn name(&mut self, name: &str) {
        self.separate();
        push_string(&mut self.out, name);
        self.out.push(':');
        self.comma = false;
    }

    /// A string.
    #[inline(never)]
    pub fn string(&mut self, text: &str) {
        self.separate();
        push_string(&mut self.out, text);
    }

    /// A member that is a string.
    #[inline(never)]
    pub fn member(&mut self, name: &str, text: &str) {
        self.name(name);
        self.string(text);
    }

    /// A number.
    #[inline(never)]
    pub fn number(&mut self, number: u64) {
        self.separate();
        push_u64(&mut self.out, number);
    }

    /// A number, which may be negative.
    pub fn signed(&mut self, number: i64) {
        self.raw(if number < 0 { "-" } else { "" });
        push_u64(&mut self.out, number.unsigned_abs());
    }

    /// `true` or `false`.
    #[inline(never)]
    pub fn boolean(&mut self, truth: bool) {
        self.raw(if truth { "true" } else { "false" });
    }

    /// Text that is already JSON.
    #[inline(never)]
    pub fn raw(&mut self, json: &str) {
        self.separate();
        self.out.push_str(json);
    }

    /// A value: text as a string, objects and lists as they are.
    pub fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Text(text) => self.string(text),
            Value::Object(members) => {
                self.begin_object();
                for (name, member) in members {
                    self.name(name);
                    self.value(member);
                }
                self.end_object();
            }
            Value::List(elements) => {
                self.begin_list();
                for element in elements {
                    self.value(element);
                }
                self.end_list();
            }
        }
    }

    /// The written text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}

/// Appends `text` as a JSON string, with no more escapes than JSON requires.
pub fn push_string(out: &mut String, text: &str) {
    out.reserve(text.len().saturating_add(2));
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        // Both bytes searched for are ASCII, so the text is cut between characters.
        out.push_str(rest.get(..at).unwrap_or_default());
        match rest.as_bytes().get(at).copied().unwrap_or_default() {
            code @ 0..0x20 => {
                out.push_str(if code < 0x10 { "\\u000" } else { "\\u001" });
                let digit = code & 15;
                out.push(char::from(if digit < 10 { digit.wrapping_add(b'0') } else { digit.wrapping_add(b'a' - 10) }));
            }
            mark => {
                out.push('\\');
                out.push(char::from(mark));
            }
        }
        rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}
