//! Invisible characters, which get in when a value is copied from a page or a message.

use crate::text::push_hex;
use crate::unicode::is_letter_or_mark;
use alloc::string::String;

/// The name of an invisible character.
pub(super) const fn name_of(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero width space",
        '\u{200C}' => "zero width non-joiner",
        '\u{200D}' => "zero width joiner",
        '\u{200E}' => "left-to-right mark",
        '\u{200F}' => "right-to-left mark",
        '\u{202A}' => "left-to-right embedding",
        '\u{202B}' => "right-to-left embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2065}' => "unassigned",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{FE00}'..='\u{FE0F}' => "variation selector",
        '\u{FEFF}' => "byte order mark",
        _ => return None,
    })
}

/// The first invisible character that is not part of the spelling: its position from 1, and its name.
///
/// U+200C and U+200D are part of the spelling between letters of Arabic script.
pub(super) fn find(text: &str) -> Option<(u64, String)> {
    if text.is_ascii() {
        return None;
    }
    let mut before = None;
    let mut position = 0u64;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        position = position.saturating_add(1);
        if let Some(name) = name_of(character) {
            let is_joiner = matches!(character, '\u{200C}' | '\u{200D}');
            if !(is_joiner && before.is_some_and(is_arabic) && characters.peek().copied().is_some_and(is_arabic)) {
                return Some((position, described(character, name)));
            }
        }
        before = Some(character);
    }
    None
}

/// Whether a character is a letter of Arabic script, or a mark on one.
fn is_arabic(character: char) -> bool {
    let is_of_script = matches!(character, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    is_of_script && is_letter_or_mark(character)
}

/// `U+200B, zero width space`
fn described(character: char, name: &str) -> String {
    let mut out = String::from("U+");
    push_hex(&mut out, u32::from(character), 4);
    out.push_str(", ");
    out.push_str(name);
    out
}

#[cfg(test)]
mod tests {
    use super::{find, name_of};
    use alloc::string::String;

    #[test]
    fn all_that_is_listed_is_found_and_nothing_else() {
        let listed = |code: u32| matches!(code, 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF);
        for character in (0..0x1_0000).filter_map(char::from_u32) {
            assert_eq!(name_of(character).is_some(), listed(u32::from(character)), "{character:?}");
        }
        assert_eq!(find("ab\u{200B}c\u{FEFF}"), Some((3, String::from("U+200B, zero width space"))));
        assert_eq!(find("é\u{AD}"), Some((2, String::from("U+00AD, soft hyphen"))));
        assert_eq!(find("plain, é and ع"), None);
    }

    #[test]
    fn joiners_are_spelling_between_arabic_letters() {
        for text in ["علی\u{200C}رضا", "خانه\u{200D}ها", "می\u{200C}خواهم", "بَ\u{200C}ب"] {
            assert_eq!(find(text), None, "{text}");
        }
        for text in
            ["\u{200C}علی", "علی\u{200C}", "علی\u{200C} رضا", "a\u{200D}b", "ع\u{200C}a", "ع\u{200B}ع", "٥\u{200C}٥"]
        {
            assert!(find(text).is_some(), "{text}");
        }
    }
}
