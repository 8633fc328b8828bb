//! The flat record: how arguments and answers cross the boundary to JavaScript.
//!
//! A field ends at NUL or at the end of the text. A parameter is its name, then its value. An object is a mark, then the name
//! and value of each member, then a closing mark; a list is the same with values alone. Marks begin with U+0001, which, like
//! NUL, no value may contain. A list of arguments is a field with their number, then that many fields. Missing fields read as
//! empty.

use crate::text::{push_ascii, read_u64, take};
use alloc::string::String;
use alloc::vec::Vec;

/// Begins an object.
pub const OBJECT: &str = "\u{1}{";
/// Ends an object.
pub const OBJECT_END: &str = "\u{1}}";
/// Begins a list.
pub const LIST: &str = "\u{1}[";
/// Ends a list.
pub const LIST_END: &str = "\u{1}]";
/// Ends parameters that are followed by something else.
pub const END: &str = "\u{1}.";

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

    /// The next field; empty after the last.
    pub fn text(&mut self) -> &'a str {
        take(&mut self.rest, '\0')
    }

    /// The next fields, preceded by their number.
    #[inline(never)]
    pub fn list(&mut self) -> Vec<&'a str> {
        let count = read_u64(self.text()).unwrap_or_default();
        let mut list = Vec::new();
        // Not more than were announced: most lists are empty, and the others short.
        list.reserve_exact(usize::try_from(count.min(64)).unwrap_or_default());
        for _ in 0..count {
            if self.is_empty() {
                break;
            }
            list.push(self.text());
        }
        list
    }

    /// The name of the next parameter; `None` after the last.
    pub fn name(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() { None } else { Some(self.text()).filter(|name| *name != END) }
    }

    /// Everything not yet read.
    #[must_use]
    pub const fn rest(&self) -> &'a str {
        self.rest
    }
}

/// Appends a field that is followed by others.
#[inline(never)]
pub fn push_field(out: &mut String, text: &str) {
    out.push_str(text);
    push_ascii(out, 0);
}

#[cfg(feature = "signature")]
mod tree {
    use super::{Fields, LIST, LIST_END, OBJECT, OBJECT_END, push_field};
    use crate::message::MAX_DEPTH;
    use crate::message::value::{Member, Params, Value};
    use alloc::borrow::Cow;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// The remaining parameters, as a tree. JavaScript keeps names unique.
    #[must_use]
    pub fn read_params<'a>(fields: &mut Fields<'a>) -> Params<'a> {
        let mut params = Params::from_members(Vec::with_capacity(16));
        while let Some(name) = fields.name() {
            params.push(name, read_value(fields));
        }
        params
    }

    /// A value.
    #[must_use]
    pub fn read_value<'a>(fields: &mut Fields<'a>) -> Value<'a> {
        let first = fields.text();
        read_on(fields, first, 0)
    }

    /// A value whose first field has already been read.
    fn read_on<'a>(fields: &mut Fields<'a>, value: &'a str, depth: usize) -> Value<'a> {
        if value == OBJECT {
            let mut members: Vec<Member<'a>> = Vec::new();
            while let Some(name) = next_in(fields, depth) {
                let value = fields.text();
                members.push((Cow::Borrowed(name), read_on(fields, value, depth.saturating_add(1))));
            }
            Value::Object(members)
        } else if value == LIST {
            let mut elements = Vec::new();
            while let Some(value) = next_in(fields, depth) {
                elements.push(read_on(fields, value, depth.saturating_add(1)));
            }
            Value::List(elements)
        } else {
            Value::Text(Cow::Borrowed(value))
        }
    }

    fn next_in<'a>(fields: &mut Fields<'a>, depth: usize) -> Option<&'a str> {
        if fields.is_empty() || depth >= MAX_DEPTH {
            return None;
        }
        Some(fields.text()).filter(|field| *field != OBJECT_END && *field != LIST_END)
    }

    /// Appends parameters.
    pub fn push_params(out: &mut String, params: &[Member<'_>]) {
        for (name, value) in params {
            push_field(out, name);
            push_value(out, value);
        }
    }

    fn push_value(out: &mut String, value: &Value<'_>) {
        match value {
            Value::Text(text) => push_field(out, text),
            Value::Object(members) => {
                push_field(out, OBJECT);
                push_params(out, members);
                push_field(out, OBJECT_END);
            }
            Value::List(elements) => {
                push_field(out, LIST);
                for element in elements {
                    push_value(out, element);
                }
                push_field(out, LIST_END);
            }
        }
    }
}

#[cfg(feature = "signature")]
pub use tree::{push_params, read_params, read_value};

#[cfg(test)]
mod tests {
    use super::{Fields, push_params, read_params};
    use crate::dictionary::given;
    use crate::message::json;
    use alloc::string::String;

    #[test]
    fn fields_and_lists_in_turn() {
        let mut fields = Fields::new("a\0\x002\0b\0c\0\x000\0d");
        assert_eq!((fields.text(), fields.text()), ("a", ""));
        assert_eq!(fields.list(), ["b", "c"]);
        assert_eq!(fields.text(), "");
        assert!(fields.list().is_empty());
        assert_eq!((fields.text(), fields.text(), fields.is_empty()), ("d", "", true));
        // A list that announces more fields than there are ends with the last.
        assert_eq!(Fields::new("9\0a\0b").list(), ["a", "b"]);
        assert!(Fields::new("x\0a").list().is_empty());
    }

    #[test]
    fn what_is_written_is_read_as_a_tree_and_in_a_row() {
        let text = r#"{"a":"1","b":{"c":["2",{"d":""},[]],"e":{}},"f":["x"]}"#;
        let params = json::read_params(text).unwrap();
        let mut record = String::new();
        push_params(&mut record, &params);
        assert_eq!(read_params(&mut Fields::new(&record)), params);
        let row = |all: alloc::vec::Vec<given::Given<'_>>| {
            let one =
                |own: given::Given<'_>| (own.name.into_owned(), String::from(own.value), own.is_part, own.is_structure);
            all.into_iter().map(one).collect::<alloc::vec::Vec<_>>()
        };
        assert_eq!(row(given::read(&mut Fields::new(&record))), row(given::paths(&params)));
        // A truncated structure ends where it is cut off.
        for end in 0..record.len() {
            let _ = read_params(&mut Fields::new(&record[..end]));
            let _ = given::read(&mut Fields::new(&record[..end]));
        }
    }
}
