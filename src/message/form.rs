//! Lossless reading of `application/x-www-form-urlencoded`: query strings and form posts.

use crate::message::members::Members;
use crate::message::value::{Params, Value};
use crate::message::{MAX_BYTES, ReadError, is_text};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads form-encoded text. `+` is a space, one leading `?` is skipped, and all values are text.
///
/// # Errors
/// [`ReadError`] for text that is empty or too long, a malformed `%XX`, bytes that are not UTF-8, and repeated names.
pub fn read_form(text: &str) -> Result<Params<'_>, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLong);
    }
    let text = text.strip_prefix('?').unwrap_or(text);
    let mut members = Members::with_capacity(24);
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if !is_text(&name) || !is_text(&value) {
            return Err(ReadError::NotText);
        }
        members.push(name, Value::Text(value))?;
    }
    if members.len() == 0 {
        return Err(ReadError::Empty);
    }
    members.finish().map(Params::from_members)
}

/// Decodes form encoding; returns `text` itself if it has none.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, ReadError> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = bytes.next().and_then(hex_digit).ok_or(ReadError::Malformed)?;
                let low = bytes.next().and_then(hex_digit).ok_or(ReadError::Malformed)?;
                (high << 4) | low
            }
            other => other,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| ReadError::NotText)
}

/// The value of a hexadecimal digit, in either case.
pub(crate) const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(byte.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(byte.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read_form;
    use crate::message::{MAX_BYTES, ReadError};
    use alloc::string::String;

    #[test]
    fn values_are_decoded() {
        let params = read_form("?a=1&b=x+y%2Bz&c&d=%d9%a5&&e=p=q&f=").unwrap();
        let read: Vec<_> = params.iter().map(|(name, value)| (name, value.as_text().unwrap())).collect();
        assert_eq!(read, [("a", "1"), ("b", "x y+z"), ("c", ""), ("d", "٥"), ("e", "p=q"), ("f", "")]);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert_eq!(read_form(""), Err(ReadError::Empty));
        assert_eq!(read_form("&&"), Err(ReadError::Empty));
        assert_eq!(read_form("a=1&%61=2"), Err(ReadError::Repeated(String::from("a"))));
        assert_eq!(read_form("a=%"), Err(ReadError::Malformed));
        assert_eq!(read_form("a=%4"), Err(ReadError::Malformed));
        assert_eq!(read_form("a=%4g"), Err(ReadError::Malformed));
        assert_eq!(read_form("a=%ff"), Err(ReadError::NotText));
        // A surrogate encoded in three bytes is not UTF-8.
        assert_eq!(read_form("a=%ED%A0%80"), Err(ReadError::NotText));
        assert_eq!(read_form(&"a".repeat(MAX_BYTES + 1)), Err(ReadError::TooLong));
    }

    #[test]
    fn many_names_are_told_apart() {
        let mut text: String = (0..100_000).map(|number| std::format!("{number}=1&")).collect();
        assert_eq!(read_form(&text).unwrap().len(), 100_000);
        text.push_str("0=1");
        assert_eq!(read_form(&text), Err(ReadError::Repeated(String::from("0"))));
    }
}
