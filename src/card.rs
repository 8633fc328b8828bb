//! Card numbers: brand, length, check digit; expiry; security code.
//!
//! Brands decide lengths (DOC trusted channel: AMEX 15, MEEZA 19 or 16, all others 16; the security code has 3 digits, 4 for AMEX).

/// A card scheme, under APS's name for it in `payment_option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Brand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// mada, Saudi Arabia.
    Mada,
    /// Meeza, Egypt.
    Meeza,
}

impl Brand {
    /// APS's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visa => "VISA",
            Self::Mastercard => "MASTERCARD",
            Self::Amex => "AMEX",
            Self::Mada => "MADA",
            Self::Meeza => "MEEZA",
        }
    }
}

/// Whether a number may have so many digits, by APS's name of the brand. Of none it may have any.
#[must_use]
pub fn takes_length(brand: &str, digits: usize) -> bool {
    match brand {
        "" => true,
        "AMEX" => digits == 15,
        "MEEZA" if digits == 19 => true,
        _ => digits == 16,
    }
}

/// mada issuer prefixes: the union of the lists in APS's own plugins (`WooCommerce`, `OpenCart` 3, CS-Cart, Mobile SDK).
const MADA: &str = "\
242030403024406136406996407197407395407520409201410621410685410834412565417633419593420132421141422817422818422819\
428331428671428672428673431361432328434107439954440533440647440795442463445564446393446404446672455036455708457865\
457997458456462220468540468541468542468543474491483010483011483012484783486094486095486096489318489319504300513213\
520058521076524130524514529415529741530060530906531095531196532013535825535989536023537767543085543357549760554180\
558563588845588848588850588982589005589206604906605141636120968201968202968203968204968205968206968207968208968209\
968211";
/// The mada prefixes of eight digits.
const MADA_8: &str = "22337902223379862240203042689700";

/// Meeza ranges (APS's plugins), and the prefix of the 19-digit test card in APS's documentation.
const MEEZA: &[(&str, &str)] = &[("50780300", "50780369"), ("50780830", "50781029"), ("981895", "981895")];

fn listed(list: &str, width: usize, digits: &str) -> bool {
    let prefix = digits.as_bytes().get(..width);
    prefix.is_some_and(|prefix| list.as_bytes().chunks_exact(width).any(|entry| entry == prefix))
}

/// The brand of a card number, or of its first digits, as far as they tell. ASCII digits only.
///
/// mada cards carry Visa or Mastercard numbers too, so its list is asked first.
#[must_use]
pub fn brand(digits: &str) -> Option<Brand> {
    if listed(MADA, 6, digits) || listed(MADA_8, 8, digits) {
        return Some(Brand::Mada);
    }
    let starts = |from: &str, to: &str| {
        let prefix = digits.as_bytes().get(..from.len());
        prefix.is_some_and(|prefix| prefix >= from.as_bytes() && prefix <= to.as_bytes())
    };
    if MEEZA.iter().any(|(from, to)| starts(from, to)) {
        return Some(Brand::Meeza);
    }
    if starts("4", "4") {
        Some(Brand::Visa)
    } else if starts("51", "55") || starts("2221", "2720") {
        Some(Brand::Mastercard)
    } else if starts("34", "34") || starts("37", "37") {
        Some(Brand::Amex)
    } else {
        None
    }
}

/// Whether the last digit is right (ISO/IEC 7812-1, the Luhn formula).
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

/// Whether a card of that expiry is no longer good at an instant (milliseconds since 1970).
///
/// A card is good to the end of its month where its holder is; the last place on Earth is twelve hours behind UTC.
#[must_use]
pub fn is_expired((year, month): (u32, u32), at: i64) -> bool {
    const HOUR: i64 = 3_600_000;
    // Days from 1970-01-01 to 2000-01-01, to the year and to the end of the month: 367 in 12 months, less what February
    // lacks. Of this century every fourth year is a leap year.
    let since = year.wrapping_sub(2000);
    let february = if month < 2 { 0 } else { 2u32.wrapping_sub(u32::from(since.is_multiple_of(4))) };
    let of_year = (month.wrapping_mul(367).wrapping_add(5) / 12).wrapping_sub(february);
    let years = since.wrapping_mul(365).wrapping_add(since.wrapping_add(3) / 4);
    let days = 10_957u32.wrapping_add(years).wrapping_add(of_year);
    at >= i64::from(days).wrapping_mul(24).wrapping_add(12).wrapping_mul(HOUR)
}

#[cfg(test)]
mod tests {
    use super::{Brand, brand, checksum_holds, is_expired, read_expiry, takes_length};

    #[test]
    fn the_documented_test_cards() {
        for (number, expected) in [
            ("4005550000000001", Brand::Visa),
            ("5123456789012346", Brand::Mastercard),
            ("345678901234564", Brand::Amex),
            ("4557012345678902", Brand::Visa),
            ("5313581000123430", Brand::Mastercard),
            ("374200000000004", Brand::Amex),
            ("5297412542005689", Brand::Mada),
            ("9818950527886700002", Brand::Meeza),
            ("5078036221028566", Brand::Meeza),
            ("2221000000000009", Brand::Mastercard),
            ("2720999999999996", Brand::Mastercard),
            ("4268970000000006", Brand::Mada),
        ] {
            assert_eq!(brand(number), Some(expected), "{number}");
            assert!(takes_length(expected.name(), number.len()), "{number}");
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
