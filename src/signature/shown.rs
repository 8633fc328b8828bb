//! What may be shown of a message: everything except phrases and card data.

use super::budget::Budget;
use super::canonical::push_parameter;
use crate::message::value::{Member, Value};
use crate::signature::Phrase;
use crate::text::has_word;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

const CARD_DATA: &str =
    "card_number card_security_code card_holder_name expiry_date security_code card_cvv cvv cvv2 cvc pan";

/// Appends `name=value` with all of card data hidden except spaces and punctuation, which often reveal why it does not match.
pub(super) fn push_masked(out: &mut String, name: &str, value: &Value<'_>) {
    push_parameter(out, name, &masked(value, has_word(CARD_DATA, name)));
}

fn masked<'v>(value: &'v Value<'_>, is_card: bool) -> Value<'v> {
    let hidden = |letter: char| if letter == ' ' || letter.is_ascii_punctuation() { letter } else { '*' };
    match value {
        Value::Text(text) if is_card => Value::Text(text.chars().map(hidden).collect()),
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        Value::Object(members) => {
            let each = |(name, member): &'v Member<'_>| {
                (Cow::Borrowed(name.as_ref()), masked(member, is_card || has_word(CARD_DATA, name)))
            };
            Value::Object(members.iter().map(each).collect())
        }
        Value::List(elements) => Value::List(elements.iter().map(|element| masked(element, is_card)).collect()),
    }
}

/// The phrases, which are never shown.
pub(super) struct Secrets<'k> {
    phrases: Vec<&'k str>,
    /// The bytes they begin with.
    first: [bool; 256],
}

impl<'k> Secrets<'k> {
    pub(super) fn new(own: &'k [Phrase], other: &'k [Phrase]) -> Self {
        let mut first = [false; 256];
        let phrases: Vec<&str> = own.iter().chain(other).map(Phrase::expose).collect();
        for byte in phrases.iter().filter_map(|phrase| phrase.as_bytes().first()) {
            if let Some(slot) = first.get_mut(usize::from(*byte)) {
                *slot = true;
            }
        }
        Self { phrases, first }
    }

    /// Appends the text with `[phrase]` for every phrase. Text that the budget does not suffice to search is left out.
    #[inline(never)]
    pub(super) fn push_hidden(&self, out: &mut String, text: &str, budget: &mut Budget) {
        let bytes = text.as_bytes();
        let mut shown = 0usize;
        let mut at = 0usize;
        while let Some(byte) = bytes.get(at) {
            let mut next = at.saturating_add(1);
            if self.first.get(usize::from(*byte)).is_some_and(|begins| *begins) {
                if !budget.spend(self.phrases.len()) {
                    break;
                }
                let rest = bytes.get(at..).unwrap_or_default();
                // The longest one, since it may contain another.
                let mut longest = 0usize;
                for phrase in &self.phrases {
                    if !budget.spend(phrase.len() / 16) {
                        break;
                    }
                    if rest.starts_with(phrase.as_bytes()) {
                        longest = longest.max(phrase.len());
                    }
                }
                if longest > 0 {
                    out.push_str(text.get(shown..at).unwrap_or_default());
                    out.push_str("[phrase]");
                    next = at.saturating_add(longest);
                    shown = next;
                }
            }
            if budget.is_spent() {
                break;
            }
            at = next;
        }
        out.push_str(text.get(shown..at).unwrap_or_default());
    }

    #[inline(never)]
    pub(super) fn hidden(&self, text: &str, budget: &mut Budget) -> String {
        let mut out = String::with_capacity(text.len());
        self.push_hidden(&mut out, text, budget);
        out
    }
}
