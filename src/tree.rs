//! Values as JavaScript writes them for a call: shorter than JSON, and read in a tenth of the code.
//!
//! Text is `t`, the text and NUL; an object is `o`, for each member `m`, its name, NUL and its value, then `e`; a list is
//! `l`, its values, then `e`. Values follow each other. Text holds no NUL: JavaScript writes U+0001 in its place.

use crate::value::Value;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// How deep objects and lists may stand in each other.
const MAX_DEPTH: usize = 18;

/// Reads values that follow each other; nothing if one of them is malformed or nested too deeply.
#[must_use]
pub fn read(flat: &str) -> Vec<Value<'_>> {
    let mut reader = Reader { flat, at: 0 };
    let mut values = Vec::new();
    while let Some(tag) = reader.tag() {
        match reader.value(tag, MAX_DEPTH) {
            Some(value) => values.push(value),
            None => return Vec::new(),
        }
    }
    values
}

struct Reader<'a> {
    flat: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn tag(&mut self) -> Option<u8> {
        let tag = self.flat.as_bytes().get(self.at).copied();
        self.at = self.at.saturating_add(1);
        tag
    }

    fn text(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        while self.tag()? != 0 {}
        self.flat.get(start..self.at.saturating_sub(1)).map(Cow::Borrowed)
    }

    fn value(&mut self, tag: u8, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        match tag {
            b't' => self.text().map(Value::Text),
            b'o' => {
                let mut members = Vec::new();
                while self.tag()? == b'm' {
                    let name = self.text()?;
                    let tag = self.tag()?;
                    members.push((name, self.value(tag, depth)?));
                }
                Some(Value::Object(members))
            }
            b'l' => {
                let mut values = Vec::new();
                loop {
                    match self.tag()? {
                        b'e' => break,
                        tag => values.push(self.value(tag, depth)?),
                    }
                }
                Some(Value::List(values))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::value::Value;
    use alloc::borrow::Cow;
    use alloc::string::String;
    use proptest::prelude::*;

    fn write(value: &Value<'_>, out: &mut String) {
        match value {
            Value::Text(text) => {
                out.push('t');
                out.push_str(text);
                out.push('\0');
            }
            Value::Object(members) => {
                out.push('o');
                for (name, member) in members {
                    out.push('m');
                    out.push_str(name);
                    out.push('\0');
                    write(member, out);
                }
                out.push('e');
            }
            Value::List(values) => {
                out.push('l');
                for value in values {
                    write(value, out);
                }
                out.push('e');
            }
        }
    }

    fn tree() -> impl Strategy<Value = Value<'static>> {
        let text = "[^\0]{0,5}".prop_map(|text| Value::Text(Cow::Owned(text)));
        text.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(("[^\0]{0,3}".prop_map(Cow::Owned), inner.clone()), 0..5)
                    .prop_map(Value::Object),
                proptest::collection::vec(inner, 0..5).prop_map(Value::List),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(values in proptest::collection::vec(tree(), 0..4), cut in any::<prop::sample::Index>()) {
            let mut flat = String::new();
            for value in &values {
                write(value, &mut flat);
            }
            prop_assert_eq!(read(&flat), values.clone());
            let mut end = cut.index(flat.len().max(1)).min(flat.len());
            while !flat.is_char_boundary(end) {
                end -= 1;
            }
            // Cut off, it is nothing, or the values before the cut.
            let some = read(&flat[..end]);
            prop_assert!(some.is_empty() || some[..] == values[..some.len()]);
        }

        #[test]
        fn nothing_panics(text in "[tolme\0a\u{e9}]{0,40}|\\PC{0,20}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn depth_has_a_bound() {
        let lists = |depth: usize| "l".repeat(depth) + &"e".repeat(depth);
        assert_eq!(read(&lists(18)).len(), 1);
        assert!(read(&lists(19)).is_empty());
        assert!(read(&lists(100_000)).is_empty());
        assert!(read("t").is_empty() && read("x").is_empty() && read("om").is_empty() && read("oma\0e").is_empty());
    }
}
