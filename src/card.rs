//! Card numbers: brand, length, check digit; expiry; security code.
//!
//! Brands decide lengths (DOC trusted channel: AMEX 15, MEEZA 19 or 16, all others 16; the security code has 3 digits, 4 for AMEX).

use crate::text::{cut, words};

include!(concat!(env!("OUT_DIR"), "/card_ranges.rs"));

/// The brand or network of a card number. `src/card_ranges.toml` is the table, with its dates and sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brand {
    name: &'static str,
    accepted: bool,
    // Words: a prefix, or the first and the last of several with `-` between.
    ranges: &'static str,
}

impl Brand {
    /// APS's name in `payment_option`; the network's name for a brand that APS does not accept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Whether APS accepts its cards.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        self.accepted
    }

    /// How many digits of a number match this brand; `None` if it belongs to another.
    fn depth(self, digits: &str) -> Option<usize> {
        let fits = |range: &str| {
            let (from, to) = cut(range, '-').unwrap_or((range, range));
            let prefix = digits.get(..from.len())?;
            (from <= prefix && prefix <= to).then_some(from.len())
        };
        words(self.ranges).filter_map(fits).max()
    }
}

/// Whether a number may have this many digits, by APS's name of the brand. Without a brand any length is valid.
#[must_use]
pub fn takes_length(brand: &str, digits: usize) -> bool {
    match brand {
        "" => true,
        "AMEX" => digits == 15,
        "MEEZA" if digits == 19 => true,
        _ => digits == 16,
    }
}

/// The network or scheme of a card number, or of its first digits, as far as they identify it. ASCII digits only.
#[must_use]
pub fn scheme(digits: &str) -> Option<Brand> {
    let depths = BRANDS.iter().filter_map(|brand| Some((brand.depth(digits)?, *brand)));
    depths.max_by_key(|(depth, _)| *depth).map(|(_, brand)| brand)
}

/// The brand of a card number by [`scheme`], if APS accepts it.
#[must_use]
pub fn brand(digits: &str) -> Option<Brand> {
    scheme(digits).filter(|brand| brand.accepted)
}

/// Whether the check digit is right (ISO/IEC 7812-1, the Luhn formula).
#[must_use]
pub fn checksum_holds(digits: &str) -> bool {
    let mut sum = 0u32;
    for (place, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let doubled = if place % 2 == 1 { digit << 1 } else { digit };
        // At most 18 a digit, and a card number has at most 19 of them.
        sum = sum.wrapping_add(if doubled > 9 { doubled.wrapping_sub(9) } else { doubled });
    }
    sum.is_multiple_of(10)
}

/// Reads APS's `YYMM` as (year, month); the year is 20YY.
#[must_use]
pub fn read_expiry(text: &str) -> Option<(u32, u32)> {
    let value = u32::try_from(crate::text::read_u64(text)?).ok()?;
    let (year, month) = (value / 100, value % 100);
    (text.len() == 4 && (1..=12).contains(&month)).then(|| (2000u32.wrapping_add(year), month))
}

/// Whether a card with this expiry date has expired at an instant (milliseconds since 1970).
///
/// A card is valid to the end of its month in the holder's time zone; the last one is twelve hours behind UTC.
#[must_use]
pub fn is_expired((year, month): (u32, u32), at: i64) -> bool {
    const HOUR: i64 = 3_600_000;
    // Days from 1970-01-01 to 2000-01-01, to the year and to the end of the month: 367 in 12 months, less what February
    // lacks. Every fourth year of this century is a leap year.
    let since = year.wrapping_sub(2000);
    let february = if month < 2 { 0 } else { 2u32.wrapping_sub(u32::from(since.is_multiple_of(4))) };
    let of_year = (month.wrapping_mul(367).wrapping_add(5) / 12).wrapping_sub(february);
    let years = since.wrapping_mul(365).wrapping_add(since.wrapping_add(3) / 4);
    let days = 10_957u32.wrapping_add(years).wrapping_add(of_year);
    at >= i64::from(days).wrapping_mul(24).wrapping_add(12).wrapping_mul(HOUR)
}

#[cfg(test)]
mod tests {
    use super::{BRANDS, brand, checksum_holds, is_expired, read_expiry, scheme, takes_length};
    use crate::text::words;

    #[test]
    fn the_documented_test_cards() {
        for (number, expected) in [
            ("4005550000000001", "VISA"),
            ("5123456789012346", "MASTERCARD"),
            ("345678901234564", "AMEX"),
            ("4557012345678902", "VISA"),
            ("5313581000123430", "MASTERCARD"),
            ("374200000000004", "AMEX"),
            ("5297412542005689", "MADA"),
            ("9818950527886700002", "MEEZA"),
            ("5078036221028566", "MEEZA"),
            ("2221000000000009", "MASTERCARD"),
            ("2720999999999996", "MASTERCARD"),
            ("4268970000000006", "MADA"),
            ("2233112200000008", "MADA"),
            ("6690100000000009", "JAYWAN"),
            ("6690090000000002", "JAYWAN"),
            ("9784500000000001", "JAYWAN"),
            ("4787800000000004", "JAYWAN"),
            ("6224540000000005", "JAYWAN"),
            ("6500530000000002", "JAYWAN"),
            ("6504830000000006", "JAYWAN"),
            // Beside those.
            ("4787800100000003", "VISA"),
            ("2233112300000007", "MASTERCARD"),
        ] {
            assert_eq!(brand(number).map(super::Brand::name), Some(expected), "{number}");
            assert!(takes_length(expected, number.len()), "{number}");
        }
        for number in ["4005550000000001", "5123456789012346", "345678901234564", "9818950527886700002"] {
            assert!(checksum_holds(number));
            for (place, digit) in number.char_indices() {
                let changed = char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
                let mut other = String::from(number);
                other.replace_range(place..=place, &changed.to_string());
                assert!(!checksum_holds(&other), "{other}");
            }
        }
        for number in ["", "3", "6011000000000004", "2220999999999999", "2721000000000000"] {
            assert_eq!(brand(number), None, "{number}");
        }
    }

    #[test]
    fn networks_that_aps_does_not_take_are_known_by_name() {
        for (number, expected) in [
            ("6011000000000004", "DISCOVER"),
            ("6440000000000000", "DISCOVER"),
            ("6500000000000000", "DISCOVER"),
            ("3528000000000000", "JCB"),
            ("3589000000000000", "JCB"),
            ("6200000000000000", "UNIONPAY"),
            ("8100000000000000", "UNIONPAY"),
            ("3000000000000", "DINERS"),
            ("30950000000000", "DINERS"),
            ("36000000000000", "DINERS"),
            ("39000000000000", "DINERS"),
        ] {
            assert_eq!(scheme(number).map(super::Brand::name), Some(expected), "{number}");
            assert_eq!(brand(number), None, "{number}");
        }
        assert_eq!(scheme("3590000000000000"), None);
    }

    #[test]
    fn no_two_brands_tell_of_a_number_by_equally_many_digits() {
        let ends = |range: &'static str| crate::text::cut(range, '-').unwrap_or((range, range));
        for brand in BRANDS {
            assert!(words(brand.ranges).count() > 0);
            for other in BRANDS.iter().filter(|other| other.name != brand.name) {
                for (from, to) in words(brand.ranges).map(ends) {
                    let overlap = words(other.ranges)
                        .map(ends)
                        .find(|(first, last)| first.len() == from.len() && *first <= to && from <= *last);
                    assert_eq!(overlap, None, "{} {from} and {}", brand.name, other.name);
                }
            }
        }
    }

    #[test]
    fn expiry_is_a_real_month_and_lasts_to_its_end_everywhere() {
        assert_eq!(read_expiry("2105"), Some((2021, 5)));
        for text in ["", "210", "21055", "2100", "2113", "05/21", "٢١٠٥", "-105"] {
            assert_eq!(read_expiry(text), None, "{text}");
        }
        let june_2021 = 1_622_505_600_000; // 2021-06-01T00:00:00Z
        assert!(!is_expired((2021, 5), june_2021));
        assert!(!is_expired((2021, 5), june_2021 + 12 * 3_600_000 - 1));
        assert!(is_expired((2021, 5), june_2021 + 12 * 3_600_000));
        assert!(!is_expired((2021, 6), june_2021));
        let (mut days, lengths) = (10_957, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
        for year in 2000..2100 {
            for (month, length) in (1..).zip(lengths) {
                days += length + i64::from(month == 2 && year % 4 == 0);
                let end = days * 86_400_000 + 12 * 3_600_000;
                assert!(!is_expired((year, month), end - 1) && is_expired((year, month), end), "{year}-{month}");
            }
        }
        assert!(!is_expired((2000, 1), i64::MIN) && is_expired((2099, 12), i64::MAX));
    }
}
