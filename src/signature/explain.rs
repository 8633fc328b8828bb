//! Explains why a signature does not match: common mistakes are made on purpose, one at a time, until one fits.

use super::alter::{
    ALTERATIONS, MOST_ORDERS, OFTEN_MISSING, TOKENIZATION_FIELDS, as_json, drop_empty_members, map_text, orders,
    reordered, sizes, sort_members,
};
use super::budget::Budget;
use super::key_mistakes::KEY_MISTAKES;
use super::shown::{Secrets, push_masked};
use super::signed::{Segment, Signed, segment};
use crate::message::members::sorted;
use crate::message::value::{Member, Params, Value};
use crate::signature::{Digest, Phrase, Signature, verify_text};
use crate::text::has_word;
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;
use core::{iter, slice};

/// What is known about a signature. Never contains the expected signature, a phrase or card data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(serde::Serialize))]
pub struct Explanation {
    /// Whether the signature matches.
    pub matches: bool,
    /// The signed text, with `[phrase]` for the phrase and `*` for the letters and digits of card data.
    pub canonical: String,
    /// The names of the signed parameters, in signing order.
    pub parameters: Vec<String>,
    /// Mistakes that make the signature match; empty if no known one does. The last is `gave_up` if the message was too large
    /// to try them all.
    pub hints: Vec<Hint>,
}

/// A mistake that explains the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(serde::Serialize))]
pub struct Hint {
    /// The stable name of the mistake.
    pub mistake: &'static str,
    /// The parameter concerned, if any.
    #[cfg_attr(feature = "server", serde(skip_serializing_if = "Option::is_none"))]
    pub parameter: Option<String>,
    /// The digest that fits, if it is a different one.
    #[cfg_attr(feature = "server", serde(skip_serializing_if = "Option::is_none"))]
    pub digest: Option<&'static str>,
    /// The mistake, as a sentence.
    pub message: &'static str,
}

const NOT_SIGNED: &str = "The parameter was not signed: it came in later, or has to be ignored.";

const GAVE_UP: Hint = Hint {
    mistake: "gave_up",
    parameter: None,
    digest: None,
    message: "The message is too long, or has too many parts, to try every mistake: the search was given up.",
};

/// Explains the `signature` in `params`. `other` are phrases that may have been used by mistake.
///
/// Time and memory grow linearly with the message, whatever it contains; beyond that the search is abandoned.
#[must_use]
pub fn explain(
    params: &Params<'_>,
    left_out: &[&str],
    phrases: &[Phrase],
    digest: Digest,
    other: &[Phrase],
) -> Explanation {
    let signed = Signed::new(params, left_out);
    let given = params.text("signature").unwrap_or_default();
    let received = Signature::from_hex(given);
    let mut search = Search { phrases, digest, budget: Budget::new(signed.length), hints: Vec::new() };
    let matches = received.is_some_and(|received| search.fits(&signed.text(None), &received, phrases, digest));

    let secrets = Secrets::new(phrases, other);
    let canonical = shown_text(&signed, &secrets, &mut search.budget);
    let mut parameters = Vec::with_capacity(signed.segments.len());
    for segment in &signed.segments {
        if search.budget.is_spent() {
            break;
        }
        parameters.push(secrets.hidden(segment.name, &mut search.budget));
    }

    match received {
        Some(_) if matches => {}
        Some(received) => {
            search.keys(&signed.text(None), &received, other);
            search.parameters(&signed, &received, params, left_out);
        }
        None => search.malformed(&signed, given),
    }
    let mut hints = search.hints;
    for parameter in hints.iter_mut().filter_map(|hint| hint.parameter.as_mut()) {
        *parameter = secrets.hidden(parameter, &mut Budget::new(parameter.len()));
    }
    if search.budget.is_spent() {
        hints.push(GAVE_UP);
    }
    Explanation { matches, canonical, parameters, hints }
}

/// The signed text in a form that may be shown.
#[inline(never)]
fn shown_text(signed: &Signed<'_>, secrets: &Secrets<'_>, budget: &mut Budget) -> String {
    let mut masked = String::with_capacity(signed.length);
    for segment in &signed.segments {
        push_masked(&mut masked, segment.name, segment.value);
    }
    let mut canonical = String::with_capacity(masked.len().saturating_add(16));
    canonical.push_str("[phrase]");
    secrets.push_hidden(&mut canonical, &masked, budget);
    canonical.push_str("[phrase]");
    canonical
}

struct Search<'k> {
    phrases: &'k [Phrase],
    digest: Digest,
    budget: Budget,
    hints: Vec<Hint>,
}

impl Search<'_> {
    /// Whether a text matches, while the budget lasts.
    #[inline(never)]
    fn fits(&mut self, text: &str, received: &Signature, phrases: &[Phrase], digest: Digest) -> bool {
        phrases.iter().any(|phrase| {
            let work = text.len().saturating_add(phrase.expose().len().saturating_mul(2)).saturating_add(256);
            self.budget.spend(work) && verify_text(text, received, iter::once(phrase.expose()), digest)
        })
    }

    #[inline(never)]
    fn hint(&mut self, mistake: &'static str, parameter: Option<&str>, message: &'static str) {
        let hint = Hint { mistake, parameter: parameter.map(ToOwned::to_owned), digest: None, message };
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// Tries a text with the given phrases and digest.
    #[inline(never)]
    fn attempt(
        &mut self,
        text: &dyn Fn() -> String,
        received: &Signature,
        mistake: &'static str,
        parameter: Option<&str>,
        message: &'static str,
    ) {
        // Assembling it costs work too.
        if !self.budget.is_spent() && self.fits(&text(), received, self.phrases, self.digest) {
            self.hint(mistake, parameter, message);
        }
    }

    fn malformed(&mut self, signed: &Signed<'_>, received: &str) {
        let (mistake, message) = match received {
            "" => ("no_signature", "The message has no signature."),
            _ => ("malformed_signature", "The signature is not 64 or 128 hexadecimal digits."),
        };
        self.hint(mistake, None, message);
        if let Some(trimmed) = Signature::from_hex(received.trim()) {
            self.attempt(
                &|| signed.text(None),
                &trimmed,
                "trimmed_signature",
                None,
                "The signature has white space at its ends.",
            );
        }
    }

    /// Other phrases and digests over the correct text.
    fn keys(&mut self, text: &str, received: &Signature, other: &[Phrase]) {
        self.key(text, received, self.phrases, &[]);
        let taken = ("other_phrase", "The other phrase was taken: requests and responses have one each.");
        self.key(text, received, other, &[taken]);
        for (phrases, is_other) in [(self.phrases, false), (other, true)] {
            for (mistake, message, change) in KEY_MISTAKES {
                let both = [taken, (*mistake, *message)];
                let mistakes = if is_other { both.as_slice() } else { both.get(1..).unwrap_or_default() };
                for phrase in phrases {
                    if self.budget.is_spent() {
                        return;
                    }
                    if let Some(changed) = change(phrase.expose()).and_then(Phrase::new) {
                        self.key(text, received, slice::from_ref(&changed), mistakes);
                    }
                }
            }
        }
    }

    /// Tries phrases with every digest, over the correct text.
    fn key(&mut self, text: &str, received: &Signature, phrases: &[Phrase], mistakes: &[(&'static str, &'static str)]) {
        for digest in Digest::ALL {
            if !self.fits(text, received, phrases, digest) {
                continue;
            }
            for (mistake, message) in mistakes {
                self.hint(mistake, None, message);
            }
            if digest != self.digest {
                let message = "The signature was made with another digest.";
                self.hints.push(Hint {
                    mistake: "other_digest",
                    parameter: None,
                    digest: Some(digest.name()),
                    message,
                });
            }
        }
    }

    /// Other texts with the correct phrase and digest.
    fn parameters(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        for (mistake, message, alter) in ALTERATIONS {
            self.altered(signed, received, (mistake, message), &|value| map_text(value, alter));
        }
        let message = "The members of the nested object were signed sorted by name.";
        self.altered(signed, received, ("nested_order", message), &sort_members);
        self.reordered(signed, received);
        let message = "The nested value was signed as JSON, not as {name=value, name=value}.";
        self.altered(signed, received, ("nested_json", message), &as_json);
        let message = "The empty members of the nested object were left out when signing.";
        self.altered(signed, received, ("nested_empty_value", message), &drop_empty_members);
        self.left_out(signed, received, params);
        self.put_in(signed, received, params, left_out);

        self.ordered(signed, received, params, left_out);
    }

    /// The parameters in another order.
    fn ordered(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        if !self.budget.spend(signed.weight().saturating_mul(2)) {
            return;
        }
        let message = "The parameters were signed in the order given, not in byte order of their names.";
        let given = params.iter().filter(|(name, _)| *name != "signature" && !left_out.contains(name));
        let text: String = given.map(|(name, value)| segment(name, value)).collect();
        let full = signed.text(None);
        if text != full && self.fits(&text, received, self.phrases, self.digest) {
            self.hint("parameter_order", None, message);
        }
        // Names that differ only in case keep their order.
        let lowered = signed.segments.iter().map(|Segment { name, piece, .. }| {
            let mut lower = name.to_ascii_lowercase();
            lower.push('\0');
            lower.push_str(name);
            (Cow::Owned(lower), Value::Text(Cow::Borrowed(piece.as_str())))
        });
        let lowered: Vec<Member<'_>> = lowered.collect();
        let text: String = sorted(&lowered).into_iter().filter_map(|(_, _, piece)| piece.as_text()).collect();
        if text != full && self.fits(&text, received, self.phrases, self.digest) {
            let message = "The parameters were sorted without regard to case.";
            self.hint("parameter_order", None, message);
        }
    }

    /// Every value altered at once, then each by itself.
    #[inline(never)]
    fn altered(
        &mut self,
        signed: &Signed<'_>,
        received: &Signature,
        (mistake, message): (&'static str, &'static str),
        alter: &dyn Fn(&Value<'_>) -> Value<'static>,
    ) {
        let mut all = String::new();
        let mut altered = Vec::new();
        for (index, own) in signed.segments.iter().enumerate() {
            if !self.budget.spend(own.weight) {
                return;
            }
            let piece = segment(own.name, &alter(own.value));
            all.push_str(&piece);
            if own.piece != piece {
                altered.push((index, own));
            }
        }
        if altered.is_empty() {
            return;
        }
        let only = if let [(_, own)] = altered.as_slice() { Some(own.name) } else { None };
        if self.fits(&all, received, self.phrases, self.digest) {
            self.hint(mistake, only, message);
        }
        drop(all);
        if only.is_some() {
            return;
        }
        // Recomputed rather than kept: together they may be several times the size of the message.
        for (index, own) in altered {
            if !self.budget.spend(own.weight) {
                return;
            }
            let text = || signed.text(Some((index, &segment(own.name, &alter(own.value)))));
            self.attempt(&text, received, mistake, Some(own.name), message);
        }
    }

    /// Structures whose members were signed in another order: APS keeps the order in which they arrive.
    #[inline(never)]
    fn reordered(&mut self, signed: &Signed<'_>, received: &Signature) {
        // Copies of anything longer would take more memory than an explanation is worth.
        const LONGEST: usize = 1 << 14;
        let message = "The members of the nested object were signed in another order.";
        let is_found = |search: &Self| search.hints.iter().any(|hint| hint.mistake == "nested_order");
        if is_found(self) {
            return;
        }
        let mut structures = Vec::new();
        for (index, own) in signed.segments.iter().enumerate() {
            if own.piece.len() > LONGEST || own.value.as_text().is_some() {
                continue;
            }
            if !self.budget.spend(own.weight) {
                return;
            }
            let sizes = sizes(own.value);
            let mut count = 0usize;
            for way in orders(&sizes) {
                if !self.budget.spend(own.weight) {
                    return;
                }
                count = count.saturating_add(1);
                let text = || signed.text(Some((index, &segment(own.name, &reordered(own.value, way)))));
                self.attempt(&text, received, "nested_order", Some(own.name), message);
            }
            if count > 0 {
                structures.push((index, own, sizes, count.saturating_add(1)));
            }
        }
        // All structures at once: each in its own order, or in one of the others.
        let all = structures.iter().fold(1usize, |product, (.., ways)| product.saturating_mul(*ways));
        if structures.len() < 2 || all > MOST_ORDERS || is_found(self) {
            return;
        }
        let made = structures.iter().map(|(index, own, sizes, ways)| {
            let pieces: Vec<String> = orders(sizes).map(|way| segment(own.name, &reordered(own.value, way))).collect();
            (*index, pieces, *ways)
        });
        let made: Vec<(usize, Vec<String>, usize)> = made.collect();
        for chosen in 0..all {
            let text = || {
                let mut rest = chosen;
                let mut text = String::with_capacity(signed.length);
                for (index, own) in signed.segments.iter().enumerate() {
                    let other = made.iter().find(|(place, ..)| *place == index).and_then(|(_, pieces, ways)| {
                        let way = rest.checked_rem(*ways)?;
                        rest = rest.checked_div(*ways)?;
                        pieces.get(way)
                    });
                    text.push_str(other.unwrap_or(&own.piece));
                }
                text
            };
            self.attempt(&text, received, "nested_order", None, message);
        }
    }

    /// Parameters that were received but not signed.
    fn left_out(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>) {
        let without = |gone: &dyn Fn(&str, &str) -> bool| -> String {
            let mut text = String::with_capacity(signed.length);
            signed.segments.iter().filter(|own| !gone(own.name, &own.piece)).for_each(|own| text.push_str(&own.piece));
            text
        };
        let is_empty = |name: &str, piece: &str| piece.len() == name.len().saturating_add(1);
        let empty = signed.segments.iter().filter(|own| is_empty(own.name, &own.piece)).count();
        if empty > 1 {
            let message = "The parameters with empty values were left out when signing.";
            self.attempt(&|| without(&is_empty), received, "empty_value", None, message);
        }
        if signed.segments.iter().any(|own| has_word(TOKENIZATION_FIELDS, own.name)) {
            let message = "The card fields were left out when signing, as for TOKENIZATION on the merchant's page.";
            let text = || without(&|name, _| has_word(TOKENIZATION_FIELDS, name));
            self.attempt(&text, received, "card_fields_left_out", None, message);
        }
        for (index, Segment { name, piece, .. }) in signed.segments.iter().enumerate() {
            if self.budget.is_spent() {
                return;
            }
            let (mistake, message) = if is_empty(name, piece) {
                ("empty_value", "The parameter was left out when signing, because its value is empty.")
            } else {
                ("extra_parameter", NOT_SIGNED)
            };
            self.attempt(&|| signed.text(Some((index, ""))), received, mistake, Some(name), message);
        }
        // Parameters added by a link or a proxy are adjacent.
        let given: Vec<&str> = params.iter().map(|(name, _)| name).collect();
        for length in 2..given.len() {
            let mut rest = given.as_slice();
            while let Some(run) = rest.get(..length) {
                // Each name is searched for in the run.
                let looks = signed.segments.len().saturating_mul(length);
                if !self.hints.is_empty() || !self.budget.spend(looks) {
                    return;
                }
                if self.fits(&without(&|name, _| run.contains(&name)), received, self.phrases, self.digest) {
                    let extra = signed.segments.iter().filter(|own| run.contains(&own.name));
                    extra.for_each(|Segment { name, .. }| self.hint("extra_parameter", Some(name), NOT_SIGNED));
                }
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }

    /// Parameters that were signed but not received, or that the caller ignores.
    fn put_in(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        let ignored = params.iter().filter(|(name, _)| *name != "signature" && left_out.contains(name));
        let ignored: Vec<(&str, &Value<'_>)> = ignored.collect();
        if ignored.len() > 1 && self.budget.spend(signed.weight().saturating_mul(2)) {
            let text = || Signed::new(params, &[]).text(None);
            let message = "The parameters that are ignored were signed.";
            self.attempt(&text, received, "ignored_parameter", None, message);
        }
        for (name, value) in ignored {
            let message = "The parameter was signed, but is ignored here.";
            self.attempt(&|| signed.text_with(name, value), received, "ignored_parameter", Some(name), message);
        }
        for (name, value) in OFTEN_MISSING {
            if self.budget.is_spent() {
                return;
            }
            if params.get(name).is_none() {
                let message = "The parameter was signed, but is not in the message.";
                let value = Value::Text(Cow::Borrowed(value));
                self.attempt(&|| signed.text_with(name, &value), received, "missing_parameter", Some(name), message);
            }
        }
    }
}
