//! Small pieces of text work, without `core::fmt`, which would weigh more than all of them in the browser artefact.

use alloc::string::String;

/// Appends a number in decimal digits.
pub fn push_u64(out: &mut String, number: u64) {
    let mut digits = [0u8; 20];
    let mut left = number;
    let mut used = 0;
    for slot in &mut digits {
        // A remainder by ten fits a byte.
        *slot = b'0'.wrapping_add((left % 10) as u8);
        left /= 10;
        used += 1;
        if left == 0 {
            break;
        }
    }
    for digit in digits.iter().take(used).rev() {
        out.push(char::from(*digit));
    }
}

/// Reads ASCII digits, and nothing else, as a number.
#[must_use]
pub fn read_u64(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0u64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte.wrapping_sub(b'0')))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Whether the text is one or more ASCII digits.
#[must_use]
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many characters a text has.
#[must_use]
pub fn count_characters(text: &str) -> usize {
    // Every character has one byte that is no continuation.
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::{push_u64, read_u64};
    use alloc::string::{String, ToString};

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
