//! Lossless JSON: numbers keep their digits, and text without escapes is borrowed.
//!
//! Several JSON texts may follow each other in one string, as they do at the wasm boundary.

use crate::message::members::Members;
use crate::message::value::{Params, Value};
use crate::message::{MAX_BYTES, MAX_DEPTH, ReadError, is_text};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads JSON texts that follow each other, with or without white space between them.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Reads a message: exactly one JSON object. Members that are `null` are left out; nested ones become empty text.
///
/// # Errors
/// See [`ReadError`].
pub fn read_params(text: &str) -> Result<Params<'_>, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLong);
    }
    let mut reader = Reader::new(text);
    reader.skip_space();
    let members = match reader.peek() {
        None => return Err(ReadError::Empty),
        Some(b'{') => reader.object(0)?,
        Some(_) => return Err(ReadError::Malformed),
    };
    reader.skip_space();
    if reader.rest().is_empty() { Ok(Params::from_members(members)) } else { Err(ReadError::Malformed) }
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next JSON text; `None` after the last. Members of an object that are `null` are left out.
    ///
    /// # Errors
    /// See [`ReadError`]; reading cannot continue after one.
    pub fn next_value(&mut self) -> Result<Option<Value<'a>>, ReadError> {
        self.skip_space();
        if self.peek().is_none() {
            return Ok(None);
        }
        self.value(0).map(Some)
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.skip();
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, ReadError> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') => self.object(depth).map(Value::Object),
            Some(b'[') => self.list(depth).map(Value::List),
            Some(b'-' | b'0'..=b'9') => self.number().map(|digits| Value::Text(Cow::Borrowed(digits))),
            Some(b't') => self.word("true").map(|word| Value::Text(Cow::Borrowed(word))),
            Some(b'f') => self.word("false").map(|word| Value::Text(Cow::Borrowed(word))),
            Some(b'n') => self.word("null").map(|_| Value::Text(Cow::Borrowed(""))),
            _ => Err(ReadError::Malformed),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Vec<(Cow<'a, str>, Value<'a>)>, ReadError> {
        if depth >= MAX_DEPTH {
            return Err(ReadError::TooDeep);
        }
        self.skip();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.skip();
            return Ok(Vec::new());
        }
        let mut members = Members::with_capacity(if depth == 0 { 24 } else { 4 });
        // A `null` keeps its place until the end, so that its name is also checked for repetition.
        let mut nulls = Vec::new();
        loop {
            if self.peek() != Some(b'"') {
                return Err(ReadError::Malformed);
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(ReadError::Malformed);
            }
            self.skip();
            self.skip_space();
            if depth == 0 && self.peek() == Some(b'n') {
                nulls.push(members.len());
            }
            members.push(name, self.value(depth.saturating_add(1))?)?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.skip(),
                Some(b'}') => break,
                _ => return Err(ReadError::Malformed),
            }
            self.skip_space();
        }
        self.skip();
        let mut members = members.finish()?;
        if !nulls.is_empty() {
            let mut nulls = nulls.into_iter().peekable();
            let mut index = 0usize;
            members.retain(|_| {
                let gone = nulls.next_if_eq(&index).is_some();
                index = index.saturating_add(1);
                !gone
            });
        }
        Ok(members)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value<'a>>, ReadError> {
        if depth >= MAX_DEPTH {
            return Err(ReadError::TooDeep);
        }
        self.skip();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.skip();
            return Ok(Vec::new());
        }
        // The default capacity of four would let nested lists of one element fill the memory.
        let mut elements = Vec::with_capacity(1);
        loop {
            elements.push(self.value(depth.saturating_add(1))?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.skip(),
                Some(b']') => break,
                _ => return Err(ReadError::Malformed),
            }
            self.skip_space();
        }
        self.skip();
        Ok(elements)
    }

    fn word(&mut self, word: &'static str) -> Result<&'static str, ReadError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(ReadError::Malformed);
        }
        self.at = self.at.saturating_add(word.len());
        Ok(word)
    }

    fn number(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.skip();
        }
        if self.peek() == Some(b'0') {
            self.skip();
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.skip();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.skip();
            if let Some(b'+' | b'-') = self.peek() {
                self.skip();
            }
            self.digits()?;
        }
        self.text.get(start..self.at).ok_or(ReadError::Malformed)
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.skip();
        }
        if self.at > start { Ok(()) } else { Err(ReadError::Malformed) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        self.skip();
        let start = self.at;
        self.at = plain_end(self.text.as_bytes(), start);
        match self.peek() {
            Some(b'"') => {
                let plain = self.text.get(start..self.at).ok_or(ReadError::Malformed)?;
                self.skip();
                Ok(Cow::Borrowed(plain))
            }
            Some(b'\\') => self.escaped(start).map(Cow::Owned),
            _ => Err(ReadError::Malformed),
        }
    }

    /// The string that starts at `start`, with its escapes decoded.
    fn escaped(&mut self, start: usize) -> Result<String, ReadError> {
        let mut out = String::with_capacity(self.at.saturating_sub(start).saturating_add(32));
        let mut plain = start;
        loop {
            out.push_str(self.text.get(plain..self.at).ok_or(ReadError::Malformed)?);
            match self.peek() {
                Some(b'"') => {
                    self.skip();
                    // Without an escape there are no control characters at all.
                    return if is_text(&out) { Ok(out) } else { Err(ReadError::NotText) };
                }
                Some(b'\\') => {
                    self.skip();
                    out.push(self.escape()?);
                }
                _ => return Err(ReadError::Malformed),
            }
            plain = self.at;
            self.at = plain_end(self.text.as_bytes(), plain);
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let byte = self.peek().ok_or(ReadError::Malformed)?;
        self.skip();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.four_hex()?;
                match unit {
                    0xD800..=0xDBFF => {
                        if self.peek() != Some(b'\\') {
                            return Err(ReadError::NotText);
                        }
                        self.skip();
                        if self.peek() != Some(b'u') {
                            return Err(ReadError::NotText);
                        }
                        self.skip();
                        let low = self.four_hex()?;
                        char::decode_utf16([unit, low]).next().and_then(Result::ok).ok_or(ReadError::NotText)?
                    }
                    _ => char::from_u32(u32::from(unit)).ok_or(ReadError::NotText)?,
                }
            }
            _ => return Err(ReadError::Malformed),
        })
    }

    fn four_hex(&mut self) -> Result<u16, ReadError> {
        let mut unit = 0u16;
        for _ in 0..4 {
            let digit = self.peek().and_then(crate::message::form::hex_digit).ok_or(ReadError::Malformed)?;
            self.skip();
            unit = (unit << 4) | u16::from(digit);
        }
        Ok(unit)
    }
}

/// The position of the first quote, backslash or control character at or after `from`, or the end.
///
/// Eight bytes at a time: strings are nearly all of a message.
fn plain_end(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The lowest high bit set marks the first byte of `word` below `limit`; higher ones may be borrows.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES.wrapping_mul(limit)) & !word & HIGHS;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = below(word ^ ONES.wrapping_mul(0x22), 1);
        let backslash = below(word ^ ONES.wrapping_mul(0x5C), 1);
        let found = quote | backslash | below(word, 0x20);
        if found != 0 {
            return at.saturating_add((found.trailing_zeros() / 8) as usize);
        }
        at = at.saturating_add(8);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
    at.saturating_add(plain)
}

#[cfg(test)]
mod tests {
    use super::{Reader, read_params};
    use crate::message::value::{Value, find};
    use crate::message::writer::Writer;
    use crate::message::{MAX_BYTES, ReadError};
    use alloc::borrow::Cow;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    #[test]
    fn no_digit_is_lost() {
        let text = r#" {"a":9007199254740993 , "b":-0.10e+5,"c":"x\u0665\ud83d\ude00\n\/","d":[1,{"e":null},true],"f":null,"g":{}} "#;
        let params = read_params(text).unwrap();
        assert_eq!(params.text("a"), Some("9007199254740993"));
        assert_eq!(params.text("b"), Some("-0.10e+5"));
        assert_eq!(params.text("c"), Some("x٥😀\n/"));
        assert_eq!(params.get("f"), None);
        assert_eq!(params.get("g"), Some(&Value::Object(alloc::vec![])));
        let Some(Value::List(list)) = params.get("d") else { panic!() };
        assert_eq!(list[1], Value::Object(alloc::vec![(Cow::Borrowed("e"), Value::Text(Cow::Borrowed("")))]));
        assert_eq!(list[2].as_text(), Some("true"));
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let params = read_params(r#"{"name":"value"}"#).unwrap();
        let Some(Value::Text(Cow::Borrowed(value))) = params.get("name") else { panic!("copied") };
        assert_eq!(*value, "value");
    }

    #[test]
    fn texts_follow_each_other() {
        let mut reader = Reader::new("\"a\"{\"b\":1}[2] 34 \"\"5");
        let text = |reader: &mut Reader<'static>| {
            reader.next_value().unwrap().and_then(|own| own.as_text().map(str::to_owned))
        };
        assert_eq!(text(&mut reader).as_deref(), Some("a"));
        let object = reader.next_value().unwrap().unwrap();
        assert_eq!(find(object.members(), "b").and_then(Value::as_text), Some("1"));
        assert!(matches!(reader.next_value(), Ok(Some(Value::List(list))) if list.len() == 1));
        assert_eq!(text(&mut reader).as_deref(), Some("34"));
        assert_eq!(text(&mut reader).as_deref(), Some(""));
        assert_eq!(text(&mut reader).as_deref(), Some("5"));
        assert_eq!(text(&mut reader), None);
        assert_eq!(reader.next_value(), Ok(None));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        use ReadError::{Empty, Malformed, NotText, Repeated, TooDeep, TooLong};
        let repeated = |name: &str| Repeated(name.to_string());
        for (text, error) in [
            ("", Empty),
            (" \n", Empty),
            ("[]", Malformed),
            ("\"a\"", Malformed),
            ("{", Malformed),
            ("{\"a\"", Malformed),
            ("{\"a\":", Malformed),
            ("{\"a\":\"b", Malformed),
            ("{\"a\":\"b\"", Malformed),
            ("{\"a\":\"b\",", Malformed),
            ("{\"a\":\"b\",}", Malformed),
            ("{\"a\":1}{}", Malformed),
            ("{\"a\":1} x", Malformed),
            ("{a:1}", Malformed),
            ("{'a':1}", Malformed),
            ("{\"a\":01}", Malformed),
            ("{\"a\":1.}", Malformed),
            ("{\"a\":.1}", Malformed),
            ("{\"a\":+1}", Malformed),
            ("{\"a\":1e}", Malformed),
            ("{\"a\":-}", Malformed),
            ("{\"a\":NaN}", Malformed),
            ("{\"a\":nul}", Malformed),
            ("{\"a\":[1,]}", Malformed),
            ("{\"a\":\"\n\"}", Malformed),
            ("{\"a\":\"\\x\"}", Malformed),
            ("{\"a\":\"\\u00g0\"}", Malformed),
            ("{\"a\":\"\\ud800\"}", NotText),
            ("{\"a\":\"\\ud800\\n\"}", NotText),
            ("{\"a\":\"\\ud800\\ud800\"}", NotText),
            ("{\"a\":\"\\udc00\"}", NotText),
            ("{\"\\udc00\":1}", NotText),
            ("{\"a\":1,\"\\u0061\":1}", repeated("a")),
            ("{\"a\":null,\"a\":1}", repeated("a")),
            ("{\"a\":1,\"a\":null}", repeated("a")),
            ("{\"a\":[{\"b\":1,\"b\":1}]}", repeated("b")),
        ] {
            assert_eq!(read_params(text), Err(error), "{text}");
        }
        assert_eq!(read_params(&std::format!("{{\"a\":\"{}\"}}", "b".repeat(10_000_000))), Err(TooLong));
        let nested = |depth: usize| std::format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(read_params(&nested(16)).is_ok());
        assert_eq!(read_params(&nested(17)), Err(TooDeep));
        assert_eq!(read_params(&nested(1000)), Err(TooDeep));
        let lists = |depth: usize| std::format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_params(&lists(15)).is_ok());
        assert_eq!(read_params(&lists(16)), Err(TooDeep));
        assert!(read_params(&std::format!("{{\"a\":\"{}\"}}", "b".repeat(MAX_BYTES - 8))).is_ok());
    }

    #[test]
    fn many_names_are_told_apart() {
        let mut text: String = (0..80_000).map(|number| std::format!("\"{number}\":1,")).collect();
        text.insert(0, '{');
        assert_eq!(read_params(&std::format!("{text}\"x\":null}}")).unwrap().len(), 80_000);
        assert_eq!(read_params(&std::format!("{text}\"7\":null}}")), Err(ReadError::Repeated("7".to_string())));
    }

    fn tree() -> impl Strategy<Value = Value<'static>> {
        let text = any::<String>().prop_map(|text| Value::Text(Cow::Owned(text)));
        text.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::btree_map(any::<String>(), inner.clone(), 0..5).prop_map(|members| {
                    Value::Object(members.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
                }),
                proptest::collection::vec(inner, 0..5).prop_map(Value::List),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in tree()) {
            let mut writer = Writer::new();
            writer.begin_object();
            writer.name("value");
            writer.value(&value);
            writer.name("end");
            writer.number(7);
            writer.end_object();
            let text = writer.finish();
            let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&theirs["end"], 7);
            let params = read_params(&text).unwrap();
            prop_assert_eq!(params.get("value"), Some(&value));
        }

        /// `serde_json` gives a second opinion on what is JSON.
        #[test]
        fn another_reader_agrees(text in r#"\{("[ab\\"u0]{0,3}"|[{}\[\]:,"ab\\ 01\-.eEu]){0,12}\}?"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match read_params(&text) {
                // It also rejects numbers beyond a 64-bit float.
                Ok(_) => prop_assert!(theirs.as_ref().err().is_none_or(|e| e.to_string().contains("out of range")), "{}", text),
                Err(ReadError::Repeated(_)) => {}
                Err(_) => prop_assert!(theirs.is_err(), "{}", text),
            }
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
            for text in [String::from_utf8_lossy(&bytes).into_owned(), text] {
                let _ = read_params(&text);
                let _ = crate::message::form::read_form(&text);
                let _ = crate::message::read_message(&text);
                let mut reader = Reader::new(&text);
                while let Ok(Some(_)) = reader.next_value() {}
            }
        }

        #[test]
        fn a_message_cut_off_is_refused(value in tree(), cut in any::<prop::sample::Index>()) {
            let mut writer = Writer::new();
            writer.begin_object();
            writer.name("value");
            writer.value(&value);
            writer.end_object();
            let text = writer.finish();
            let mut end = cut.index(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            prop_assert!(read_params(&text[..end]).is_err());
        }
    }
}
