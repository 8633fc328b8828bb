//! What may have happened to a phrase before signing: on its way from the back office into a file or a variable.

use super::alter::{escape, unescape};
use alloc::borrow::ToOwned;
use alloc::string::String;

type Change = fn(&str) -> Option<String>;

const ESCAPED: &str = "The phrase was taken with HTML escapes.";
const QUOTED: &str = "The phrase was taken with quotation marks around it.";

/// The mistake, its sentence, and the phrase that was used, if it is a different one.
pub(super) const KEY_MISTAKES: &[(&str, &str, Change)] = &[
    ("trimmed_phrase", "The phrase was taken without the white space at its ends.", |phrase| {
        another(phrase, phrase.trim().to_owned())
    }),
    ("escaped_phrase", ESCAPED, |phrase| another(phrase, escape(phrase, "&#39;"))),
    ("escaped_phrase", ESCAPED, |phrase| another(phrase, escape(phrase, "&#039;"))),
    ("unescaped_phrase", "The phrase was taken with its HTML escapes undone.", |phrase| {
        another(phrase, unescape(phrase))
    }),
    ("unquoted_phrase", "The phrase was taken without the quotation marks around it.", |phrase| {
        let quote = phrase.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
        phrase.strip_prefix(quote)?.strip_suffix(quote).map(ToOwned::to_owned)
    }),
    ("quoted_phrase", QUOTED, |phrase| Some(["\"", phrase, "\""].concat())),
    ("quoted_phrase", QUOTED, |phrase| Some(["'", phrase, "'"].concat())),
    ("quoted_phrase", QUOTED, |phrase| Some(["`", phrase, "`"].concat())),
];

fn another(phrase: &str, changed: String) -> Option<String> {
    (changed != phrase).then_some(changed)
}
