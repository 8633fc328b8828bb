//! How values are written: the characters allowed, and the format of e-mail addresses and dates.

use crate::dictionary::{Characters, Parameter};
use crate::text::cut;
use crate::unicode::is_letter_or_mark;

/// The ASCII characters that a parameter lists, one bit each. Without a list, all but control characters.
pub(super) fn ascii_of(characters: Characters, special: &str) -> [u32; 4] {
    let mut bits = [0; 4];
    for byte in 0..128u8 {
        let is_listed = match characters {
            Characters::Any => !byte.is_ascii_control(),
            Characters::Numeric => byte.is_ascii_digit(),
            Characters::Alpha => byte.is_ascii_alphabetic(),
            Characters::Alnum => byte.is_ascii_alphanumeric(),
        };
        if (is_listed || special.bytes().any(|other| other == byte))
            && let Some(word) = bits.get_mut(usize::from(byte >> 5))
        {
            *word |= 1 << (byte & 31);
        }
    }
    bits
}

/// Whether the parameter lists an ASCII character.
fn takes_ascii(parameter: &Parameter, byte: u8) -> bool {
    parameter.ascii.get(usize::from(byte >> 5)).is_some_and(|word| word >> (byte & 31) & 1 == 1)
}

/// Whether a text is ASCII that the parameter lists. Nearly every text is, so this is the fast path, byte by byte.
pub(super) fn is_plain(parameter: &Parameter, text: &str) -> bool {
    parameter.characters != Characters::Any && text.bytes().all(|byte| takes_ascii(parameter, byte))
}

/// Whether the parameter lists a character.
pub(super) fn takes(parameter: &Parameter, character: char) -> bool {
    match u8::try_from(character) {
        Ok(byte) if byte < 128 => takes_ascii(parameter, byte),
        _ => match parameter.characters {
            Characters::Any => !character.is_control(),
            Characters::Numeric => false,
            Characters::Alpha | Characters::Alnum => is_letter_or_mark(character),
        },
    }
}

/// Whether a text is a name and a host separated by one `@`. `plain`: it is known to contain listed characters only.
pub(super) fn is_email(text: &str, plain: bool) -> bool {
    cut(text, '@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && cut(host, '@').is_none())
        && (plain || !text.bytes().any(|byte| byte.is_ascii_whitespace()))
}

/// Whether mail can be sent to an e-mail address: the name and the host have no dot at an end, nor two in a row, and the host
/// has at least one.
pub(super) fn is_usual_email(text: &str) -> bool {
    let mut is_at_end = true;
    let mut dots_of_host = 0_usize;
    for byte in text.bytes() {
        let is_end = matches!(byte, b'.' | b'@');
        if is_end && is_at_end {
            return false;
        }
        is_at_end = is_end;
        dots_of_host = if byte == b'@' { 0 } else { dots_of_host.saturating_add(usize::from(byte == b'.')) };
    }
    !is_at_end && dots_of_host > 0
}

/// Whether a text is a valid date, `YYYY-MM-DD`.
#[inline(never)]
pub(super) fn is_date(text: &str) -> bool {
    // The digits: YYYYMMDD.
    let mut digits = 0u32;
    for (place, byte) in text.bytes().enumerate() {
        if place == 4 || place == 7 {
            if byte != b'-' {
                return false;
            }
        } else if byte.is_ascii_digit() {
            digits = digits.wrapping_mul(10).wrapping_add(u32::from(byte.wrapping_sub(b'0')));
        } else {
            return false;
        }
    }
    let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100);
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28u32.wrapping_add(u32::from(is_leap)),
        // Odd months have 31 days up to July, even ones from August.
        _ => 30u32.wrapping_add((month ^ (month >> 3)) & 1),
    };
    text.len() == 10 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// Whether a text is a valid date and time with the offset to UTC: `2030-12-20T15:36:55+03:00`, or `Z` for UTC.
#[inline(never)]
pub(super) fn is_date_time(text: &str) -> bool {
    let (day, time) = cut(text, 'T').unwrap_or_default();
    let zulu = "00:00:00Z";
    let like = if time.len() == zulu.len() { zulu } else { "00:00:00+00:00" };
    let fits = |(byte, like): (u8, u8)| match like {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        _ => byte == like,
    };
    let below = |place: usize, limit: &str| time.get(place..place.wrapping_add(2)).is_none_or(|part| part < limit);
    is_date(day)
        && time.len() == like.len()
        && time.bytes().zip(like.bytes()).all(fits)
        && below(0, "24")
        && below(3, "60")
        && below(6, "60")
        && below(9, "24")
        && below(12, "60")
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_date_time, is_email, is_usual_email};

    #[test]
    fn mail_is_sent_to_names_between_dots() {
        for text in ["name@example.com", "first.last@mail.example.ae"] {
            assert!(is_email(text, false) && is_usual_email(text), "{text}");
        }
        for text in ["a@example..com", "a@example", "a@.com", "a@example.com.", ".a@example.com", "a..b@example.com"] {
            assert!(is_email(text, false) && !is_usual_email(text), "{text}");
        }
        for text in ["x@", "@x", "a b@c.d", "a@b@c"] {
            assert!(!is_email(text, false), "{text}");
        }
    }

    #[test]
    fn a_time_has_an_offset() {
        for text in ["2030-12-20T15:36:55+03:00", "2030-12-20T00:00:00-11:30", "2030-12-20T23:59:59Z"] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "2030-12-20",
            "2030-12-20T",
            "2030-12-20T15:36:55",
            "2030-12-20 15:36:55+03:00",
            "2030-12-20T15:36:55+0300",
            "2030-12-20T15:36:55.0+03:00",
            "2030-12-20T24:00:00Z",
            "2030-12-20T15:60:00Z",
            "2030-12-20T15:36:60Z",
            "2030-12-20T15:36:55+24:00",
            "2030-12-20T15:36:55+03:60",
            "2030-02-30T15:36:55Z",
            "2030-99-99T99:99:99Z",
            "2030-12-20T15:36:55z",
            "2030-12-20T15:36:55+03:00Z",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }

    #[test]
    fn a_date_is_a_real_day() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (year, leap) in [(2023, 0), (2024, 1), (1900, 0), (2000, 1), (2100, 0)] {
            for (month, length) in (1..).zip(lengths) {
                let last = length + if month == 2 { leap } else { 0 };
                for day in 0..=32 {
                    assert_eq!(is_date(&std::format!("{year:04}-{month:02}-{day:02}")), (1..=last).contains(&day));
                }
            }
        }
        for text in
            ["", "2030-1-031", "30-01-0131", "2030-13-01", "2030-00-01", "2030/01/01", "2030-01-011", "٢٠٣٠-01-01"]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}
