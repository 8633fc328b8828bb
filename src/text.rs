//! Text helpers that avoid `core::fmt`, which would weigh more than all of them in the browser artefact.

use alloc::string::String;

/// Appends a number in decimal digits.
pub fn push_u64(out: &mut String, number: u64) {
    if number > 9 {
        push_u64(out, number / 10);
    }
    // A remainder of division by ten fits a byte.
    push_ascii(out, b'0'.wrapping_add((number % 10) as u8));
}

/// Appends an ASCII character.
#[inline(never)]
pub fn push_ascii(out: &mut String, byte: u8) {
    debug_assert!(byte.is_ascii());
    let character = [byte & 0x7F];
    // SAFETY: an ASCII byte is a whole character. `String::push` would pull in the encoding of all others.
    out.push_str(unsafe { core::str::from_utf8_unchecked(&character) });
}

/// Appends a number, which may be negative, in decimal digits.
pub fn push_i64(out: &mut String, number: i64) {
    if number < 0 {
        push_ascii(out, b'-');
    }
    push_u64(out, number.unsigned_abs());
}

/// Appends a number in hexadecimal digits, in capitals.
pub fn push_hex(out: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = char::from_digit(number >> place.saturating_mul(4) & 15, 16).unwrap_or_default();
        out.push(digit.to_ascii_uppercase());
    }
}

/// Reads a number that consists only of ASCII digits.
#[must_use]
pub fn read_u64(text: &str) -> Option<u64> {
    let mut number = 0u64;
    for byte in text.bytes() {
        // Not `checked_mul`, which multiplies in 128 bits.
        if !byte.is_ascii_digit() || number > u64::MAX / 10 {
            return None;
        }
        number = number.wrapping_mul(10).checked_add(u64::from(byte.wrapping_sub(b'0')))?;
    }
    if text.is_empty() { None } else { Some(number) }
}

/// Reads ASCII digits with an optional `-`.
#[must_use]
pub fn read_i64(text: &str) -> Option<i64> {
    let (sign, digits) = cut(text, '-').unwrap_or(("", text));
    let number = i64::try_from(read_u64(digits)?).ok()?;
    match () {
        () if !sign.is_empty() => None,
        () if digits.len() < text.len() => Some(number.wrapping_neg()),
        () => Some(number),
    }
}

/// Splits a text at the first `mark`, an ASCII character, which is left out. `None` for other characters.
///
/// Byte by byte: core's character search is a kilobyte and a half in a page, and slower for the short texts here.
#[must_use]
pub fn cut(text: &str, mark: char) -> Option<(&str, &str)> {
    let mark = u8::try_from(mark).ok().filter(u8::is_ascii)?;
    let at = text.bytes().position(|byte| byte == mark)?;
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// Removes and returns everything up to the first `mark`, or to the end if the mark is absent.
#[inline(never)]
pub fn take<'a>(text: &mut &'a str, mark: char) -> &'a str {
    let (taken, rest) = cut(text, mark).unwrap_or((text, ""));
    *text = rest;
    taken
}

/// A line of a text, counted from 0; empty if there are too few.
#[must_use]
#[inline(never)]
pub fn line(text: &'static str, index: usize) -> &'static str {
    let mut rest = text;
    for _ in 0..index {
        rest = cut(rest, '\n').unwrap_or_default().1;
    }
    cut(rest, '\n').unwrap_or_default().0
}

/// The words of a text, between single spaces.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || if rest.is_empty() { None } else { Some(take(&mut rest, ' ')) })
}

/// Whether a text is one of the words.
#[must_use]
#[inline(never)]
pub fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty() && text.as_bytes().split(|byte| *byte == b' ').any(|own| own == word.as_bytes())
}

/// Whether a text is one of the names: a call, since comparisons with each would be compiled at every use.
#[must_use]
#[inline(never)]
pub fn is_one_of(names: &[&str], text: &str) -> bool {
    names.contains(&text)
}

/// Whether the text is one or more ASCII digits.
#[must_use]
#[inline(never)]
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of characters in a text.
#[must_use]
pub fn count_characters(text: &str) -> usize {
    // Every character has exactly one byte that is not a continuation.
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::{cut, push_u64, read_u64, take};
    use alloc::string::{String, ToString};

    #[test]
    fn an_ascii_character_cuts_between_characters() {
        assert_eq!(cut("a=b=c", '='), Some(("a", "b=c")));
        assert_eq!(cut("a", '='), None);
        assert_eq!(cut("aاç=ب", '='), Some(("aاç", "ب")));
        // Some letters share bytes with others: D8 A7, C3 A7.
        assert_eq!((cut("aاç", '\u{a7}'), cut("aب", 'ب')), (None, None));
        let mut rest = "ا;ب;";
        assert_eq!([take(&mut rest, ';'), take(&mut rest, ';'), take(&mut rest, ';')], ["ا", "ب", ""]);
    }

    #[test]
    fn numbers_survive_text() {
        for number in [0, 9, 10, 99, 100, 1_234_567_890, u64::MAX] {
            let mut text = String::new();
            push_u64(&mut text, number);
            assert_eq!(text, number.to_string());
            assert_eq!(read_u64(&text), Some(number));
        }
        for text in ["", "-1", "+1", " 1", "1e3", "18446744073709551616", "٥"] {
            assert_eq!(read_u64(text), None, "{text}");
        }
    }
}
