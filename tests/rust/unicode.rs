//! The table of letters and marks, held against the crate `unicode-properties` over every character.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use aps_payops::unicode::{UNICODE_VERSION, is_letter_or_mark};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

fn expected(character: char) -> bool {
    matches!(character.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

#[test]
fn the_table_is_of_the_current_version() {
    assert_eq!(UNICODE_VERSION, unicode_properties::UNICODE_VERSION, "\n{}", table());
}

#[test]
fn every_character_is_told_rightly() {
    // Planes 4 to 13, 15 and 16 hold no letter: there a sample does, for each question walks the whole table.
    let empty = |own: &char| matches!(u32::from(*own) >> 16, 4..=13 | 15..);
    assert!(!(char::MIN..=char::MAX).filter(empty).any(expected), "the planes without letters have got one");
    let wrong: Vec<char> = (char::MIN..=char::MAX)
        .filter(|own| !empty(own) || u32::from(*own) % 101 == 0)
        .filter(|own| is_letter_or_mark(*own) != expected(*own))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} characters are told wrongly, first {:x?}; in src/unicode.rs the version must be {:?} and the table\n{}",
        wrong.len(),
        wrong.first().map(|own| u32::from(*own)),
        unicode_properties::UNICODE_VERSION,
        table()
    );
}

#[test]
fn the_source_holds_the_table_as_it_would_be_printed() {
    assert!(include_str!("../../src/unicode.rs").contains(&table()), "{}", table());
}

#[test]
fn scripts_of_our_users_are_letters() {
    assert!("عَلِيّüñçéßΩжあ漢한हिन्दीไทย".chars().all(is_letter_or_mark));
    assert!(!"٠١٢٣456७८–—،؛؟ـ\u{200d}€😀 \u{a0}".chars().filter(|own| *own != 'ـ').any(is_letter_or_mark));
    // Tatweel is a modifier letter.
    assert!(is_letter_or_mark('ـ'));
}

/// The table as Rust source, as `src/unicode.rs` describes it.
fn table() -> String {
    let mut nibbles: Vec<u64> = Vec::new();
    let (mut edge, mut inside) = (0x80, false);
    for point in 0x80..=u32::from(char::MAX) {
        if char::from_u32(point).is_some_and(expected) != inside {
            let mut step = u64::from(point - edge);
            while step > 7 {
                nibbles.push((step & 7) | 8);
                step >>= 3;
            }
            nibbles.push(step);
            (edge, inside) = (point, !inside);
        }
    }
    let words: Vec<String> = nibbles
        .chunks(16)
        .map(|word| {
            let word = word.iter().rev().fold(0, |word, nibble| (word << 4) | nibble);
            let part = |at: u32| (word >> (48 - 16 * at)) & 0xffff;
            format!("0x{:04x}_{:04x}_{:04x}_{:04x},", part(0), part(1), part(2), part(3))
        })
        .collect();
    let lines: Vec<String> = words.chunks(4).map(|line| format!("    {}", line.join(" "))).collect();
    format!("static TABLE: [u64; {}] = [\n{}\n];", words.len(), lines.join("\n"))
}
