//! Why a signature does not match: the common mistakes are made on purpose, one at a time, until one fits.

use super::alter::{ALTERATIONS, MOST_ORDERS, as_json, drop_empty_members, map_text, reordered, sort_members};
use crate::message::value::{Member, Params, Value};
use crate::signature::canonical::{in_order, push_parameter, sorted};
use crate::signature::{Digest, Phrase, Signature, verify_text};
use crate::text::replace;
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

/// How many texts are tried at most.
pub const MAX_TEXTS: usize = 1000;

/// How many bytes are hashed at most: a message of the greatest length gets a few dozen tries.
pub const MAX_HASHED_BYTES: usize = 32 << 20;

/// What is known about a signature. It never holds the signature expected, a phrase or card data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Whether the signature matches.
    pub matches: bool,
    /// The text that is signed, with `[phrase]` for the phrase and `*` for the letters and digits of card data.
    pub canonical: String,
    /// The names of the parameters that are signed, in that order.
    pub parameters: Vec<String>,
    /// Mistakes that make the signature match; empty if none of those known does.
    pub hints: Vec<Hint>,
}

/// A mistake that explains the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The stable name of the mistake.
    pub mistake: &'static str,
    /// The parameter concerned, if it is one.
    pub parameter: Option<String>,
    /// The digest that fits, if it is another one.
    pub digest: Option<&'static str>,
    /// The mistake in a sentence.
    pub message: &'static str,
}

const NOT_SIGNED: &str = "The parameter was not signed: it came in later, or has to be ignored.";

/// Card fields which a page posts by itself, so that the server leaves them out of the signature of TOKENIZATION.
const TOKENIZATION_FIELDS: [&str; 5] =
    ["card_security_code", "card_number", "expiry_date", "card_holder_name", "remember_me"];

/// Parameters that are often signed and then not sent.
const OFTEN_MISSING: &[(&str, &str)] = &[
    ("language", "en"),
    ("language", "ar"),
    ("command", "PURCHASE"),
    ("command", "AUTHORIZATION"),
    ("command", "CAPTURE"),
    ("command", "REFUND"),
    ("command", "VOID_AUTHORIZATION"),
    ("query_command", "CHECK_STATUS"),
    ("service_command", "TOKENIZATION"),
    ("eci", "ECOMMERCE"),
    ("remember_me", "NO"),
    ("remember_me", "YES"),
    ("customer_email", ""),
    ("customer_ip", ""),
    ("customer_name", ""),
    ("merchant_extra", ""),
    ("order_description", ""),
    ("payment_option", ""),
    ("phone_number", ""),
    ("return_url", ""),
    ("settlement_reference", ""),
    ("token_name", ""),
];

const CARD_DATA: [&str; 10] = [
    "card_number",
    "card_security_code",
    "card_holder_name",
    "expiry_date",
    "security_code",
    "card_cvv",
    "cvv",
    "cvv2",
    "cvc",
    "pan",
];

/// Explains the `signature` in `params`. `other` are phrases that may have been taken by mistake.
///
/// At most [`MAX_TEXTS`] texts are tried and [`MAX_HASHED_BYTES`] hashed.
#[must_use]
pub fn explain(
    params: &Params<'_>,
    left_out: &[&str],
    phrases: &[Phrase],
    digest: Digest,
    other: &[Phrase],
) -> Explanation {
    let signed = Signed::new(params, left_out);
    let hide = |text: String| {
        let secrets = phrases.iter().chain(other).map(Phrase::expose);
        secrets.fold(text, |text, secret| replace(&text, secret, "[phrase]"))
    };
    let mut masked = String::new();
    for (name, value) in in_order(params, left_out) {
        push_parameter(&mut masked, name, &mask(name, value));
    }
    let mut canonical = String::from("[phrase]");
    canonical.push_str(&hide(masked));
    canonical.push_str("[phrase]");

    let received = params.text("signature").unwrap_or_default();
    let mut search = Search { phrases, digest, texts: MAX_TEXTS, bytes: MAX_HASHED_BYTES, hints: Vec::new() };
    let matches = match Signature::from_hex(received) {
        Some(received) if verify_text(&signed.text(None), &received, phrases, digest) => true,
        Some(received) => {
            search.keys(&signed, &received, other);
            search.parameters(&signed, &received, params, left_out);
            false
        }
        None => {
            search.malformed(&signed, received);
            false
        }
    };
    let mut hints = search.hints;
    for hint in &mut hints {
        hint.parameter = hint.parameter.take().map(hide);
    }
    Explanation {
        matches,
        canonical,
        parameters: signed.segments.iter().map(|(name, _)| hide((*name).to_owned())).collect(),
        hints,
    }
}

/// The canonical text in its pieces, `name=value` each.
struct Signed<'p> {
    segments: Vec<(&'p str, String)>,
}

impl<'p> Signed<'p> {
    #[inline(never)]
    fn new(params: &'p Params<'_>, left_out: &[&str]) -> Self {
        Self { segments: in_order(params, left_out).map(|(name, value)| (name, segment(name, value))).collect() }
    }

    /// The text, with one piece replaced.
    #[inline(never)]
    fn text(&self, replaced: Option<(usize, &str)>) -> String {
        let mut text = String::new();
        for (index, (_, piece)) in self.segments.iter().enumerate() {
            text.push_str(match replaced {
                Some((place, other)) if place == index => other,
                _ => piece,
            });
        }
        text
    }

    /// The text with one more parameter in its place.
    #[inline(never)]
    fn text_with(&self, name: &str, value: &str) -> String {
        let mut piece = segment(name, &Value::Text(Cow::Borrowed(value)));
        let place = self.segments.partition_point(|(other, _)| *other < name);
        if let Some((_, next)) = self.segments.get(place) {
            piece.push_str(next);
            return self.text(Some((place, &piece)));
        }
        let mut text = self.text(None);
        text.push_str(&piece);
        text
    }
}

#[inline(never)]
fn segment(name: &str, value: &Value<'_>) -> String {
    let mut piece = String::new();
    push_parameter(&mut piece, name, value);
    piece
}

struct Search<'k> {
    phrases: &'k [Phrase],
    digest: Digest,
    texts: usize,
    bytes: usize,
    hints: Vec<Hint>,
}

impl Search<'_> {
    /// Whether a text matches, as long as the work allowed lasts.
    fn fits(&mut self, text: &str, received: &Signature, phrases: &[Phrase], digest: Digest) -> bool {
        let work = text.len().saturating_add(256).saturating_mul(phrases.len());
        self.texts = self.texts.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(work);
        !self.is_done() && verify_text(text, received, phrases, digest)
    }

    /// Whether the work allowed is used up. Asked before a text is put together: that costs as much as hashing it.
    const fn is_done(&self) -> bool {
        self.texts == 0 || self.bytes == 0
    }

    #[inline(never)]
    fn hint(&mut self, mistake: &'static str, parameter: Option<&str>, message: &'static str) {
        let hint = Hint { mistake, parameter: parameter.map(ToOwned::to_owned), digest: None, message };
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// Tries a text with the phrases and the digest given.
    #[inline(never)]
    fn attempt(
        &mut self,
        text: &dyn Fn() -> String,
        received: &Signature,
        mistake: &'static str,
        parameter: Option<&str>,
        message: &'static str,
    ) {
        if !self.is_done() && self.fits(&text(), received, self.phrases, self.digest) {
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

    /// Other phrases and digests over the right text.
    fn keys(&mut self, signed: &Signed<'_>, received: &Signature, other: &[Phrase]) {
        let text = signed.text(None);
        let trimmed = |phrases: &[Phrase]| -> Vec<Phrase> {
            let texts = phrases.iter().map(Phrase::expose).filter(|phrase| phrase.trim() != *phrase);
            texts.filter_map(|phrase| Phrase::new(phrase.trim().to_owned())).collect()
        };
        let (own_trimmed, other_trimmed) = (trimmed(self.phrases), trimmed(other));
        let sets = [
            (None, self.phrases),
            (Some(("other_phrase", "The other phrase was taken: requests and responses have one each.")), other),
            (Some(("trimmed_phrase", "The phrase was taken without the white space at its ends.")), &own_trimmed),
            (
                Some(("other_phrase", "The other phrase was taken, without the white space at its ends.")),
                &other_trimmed,
            ),
        ];
        for (mistake, phrases) in sets {
            for digest in Digest::ALL {
                if phrases.is_empty() || self.is_done() || !self.fits(&text, received, phrases, digest) {
                    continue;
                }
                if let Some((mistake, message)) = mistake {
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
    }

    /// Other texts with the right phrase and digest.
    fn parameters(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        for (mistake, message, alter) in ALTERATIONS {
            self.altered(signed, received, params, left_out, (mistake, message), &|value| map_text(value, alter));
        }
        self.altered(
            signed,
            received,
            params,
            left_out,
            ("nested_order", "The members of the nested object were signed sorted by name."),
            &sort_members,
        );
        self.reordered(signed, received, params, left_out);
        self.altered(
            signed,
            received,
            params,
            left_out,
            ("nested_json", "The nested value was signed as JSON, not as {name=value, name=value}."),
            &as_json,
        );
        self.altered(
            signed,
            received,
            params,
            left_out,
            ("nested_empty_value", "The empty members of the nested object were left out when signing."),
            &drop_empty_members,
        );
        self.left_out(signed, received, params);
        self.put_in(signed, received, params, left_out);

        let message = "The parameters were signed in the order given, not in byte order of their names.";
        let given = params.iter().filter(|(name, _)| *name != "signature" && !left_out.contains(name));
        let text: String = given.map(|(name, value)| segment(name, value)).collect();
        if text != signed.text(None) {
            self.attempt(&|| text.clone(), received, "parameter_order", None, message);
        }
        // Names that differ in case alone keep their order.
        let lowered = signed.segments.iter().map(|(name, piece)| {
            let mut lower = name.to_ascii_lowercase();
            lower.push('\0');
            lower.push_str(name);
            (Cow::Owned(lower), Value::Text(Cow::Borrowed(piece.as_str())))
        });
        let lowered: Vec<Member<'_>> = lowered.collect();
        let text: String = sorted(&lowered).into_iter().filter_map(|(_, _, piece)| piece.as_text()).collect();
        if text != signed.text(None) {
            let message = "The parameters were sorted without regard to case.";
            self.attempt(&|| text.clone(), received, "parameter_order", None, message);
        }
    }

    /// Every value altered at once, then each by itself.
    fn altered(
        &mut self,
        signed: &Signed<'_>,
        received: &Signature,
        params: &Params<'_>,
        left_out: &[&str],
        (mistake, message): (&'static str, &'static str),
        alter: &dyn Fn(&Value<'_>) -> Value<'static>,
    ) {
        let mut all = String::new();
        let mut altered = Vec::new();
        for (index, (name, value)) in in_order(params, left_out).enumerate() {
            let piece = segment(name, &alter(value));
            all.push_str(&piece);
            if signed.segments.get(index).is_some_and(|(_, own)| *own != piece) {
                altered.push((index, name, piece));
            }
        }
        match altered.as_slice() {
            [] => {}
            [(_, name, _)] => self.attempt(&|| all.clone(), received, mistake, Some(name), message),
            several => {
                self.attempt(&|| all.clone(), received, mistake, None, message);
                for (index, name, piece) in several {
                    self.attempt(&|| signed.text(Some((*index, piece))), received, mistake, Some(name), message);
                }
            }
        }
    }

    /// Structures whose members were signed in another order: APS keeps the order in which they come.
    fn reordered(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        // Copies of what is longer would take more room than an explanation is worth.
        const LONGEST: usize = 1 << 14;
        if self.hints.iter().any(|hint| hint.mistake == "nested_order") {
            return;
        }
        let message = "The members of the nested object were signed in another order.";
        let mut structures = Vec::new();
        for (index, (name, value)) in in_order(params, left_out).enumerate() {
            if signed.segments.get(index).is_none_or(|(_, own)| own.len() > LONGEST) {
                continue;
            }
            let pieces: Vec<String> = reordered(value).iter().map(|other| segment(name, other)).collect();
            if !pieces.is_empty() {
                structures.push((index, name, pieces));
            }
        }
        for (index, name, pieces) in &structures {
            for piece in pieces {
                self.attempt(&|| signed.text(Some((*index, piece))), received, "nested_order", Some(name), message);
            }
        }
        // All structures at once: each in its own order, or in one of the others.
        let ways = |pieces: &[String]| pieces.len().saturating_add(1);
        let all = structures.iter().fold(1usize, |product, (.., pieces)| product.saturating_mul(ways(pieces)));
        if structures.len() < 2 || all > MOST_ORDERS || self.hints.iter().any(|hint| hint.mistake == "nested_order") {
            return;
        }
        for chosen in 0..all {
            let text = || {
                let mut rest = chosen;
                let mut text = String::new();
                for (index, (_, own)) in signed.segments.iter().enumerate() {
                    let other = structures.iter().find(|(place, ..)| *place == index).and_then(|(.., pieces)| {
                        let way = rest.checked_rem(ways(pieces))?;
                        rest = rest.checked_div(ways(pieces))?;
                        pieces.get(way)
                    });
                    text.push_str(other.unwrap_or(own));
                }
                text
            };
            self.attempt(&text, received, "nested_order", None, message);
        }
    }

    /// Parameters received that were not signed.
    fn left_out(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>) {
        let without = |gone: &dyn Fn(&str, &str) -> bool| -> String {
            let kept = signed.segments.iter().filter(|(name, piece)| !gone(name, piece));
            kept.map(|(_, piece)| piece.as_str()).collect()
        };
        let full = signed.text(None);
        let is_empty = |name: &str, piece: &str| piece.len() == name.len().saturating_add(1);
        let empty = signed.segments.iter().filter(|(name, piece)| is_empty(name, piece)).count();
        if empty > 1 {
            let message = "The parameters with empty values were left out when signing.";
            self.attempt(&|| without(&is_empty), received, "empty_value", None, message);
        }
        let text = without(&|name, _| TOKENIZATION_FIELDS.contains(&name));
        if text != full {
            let message = "The card fields were left out when signing, as for TOKENIZATION on the merchant's page.";
            self.attempt(&|| text.clone(), received, "card_fields_left_out", None, message);
        }
        for (index, (name, piece)) in signed.segments.iter().enumerate() {
            let (mistake, message) = if is_empty(name, piece) {
                ("empty_value", "The parameter was left out when signing, because its value is empty.")
            } else {
                ("extra_parameter", NOT_SIGNED)
            };
            self.attempt(&|| signed.text(Some((index, ""))), received, mistake, Some(name), message);
        }
        // What a link or a proxy adds comes together.
        let given: Vec<&str> = params.iter().map(|(name, _)| name).collect();
        for length in 2..given.len() {
            let mut rest = given.as_slice();
            while let Some(run) = rest.get(..length) {
                if !self.hints.is_empty() || self.is_done() {
                    return;
                }
                if self.fits(&without(&|name, _| run.contains(&name)), received, self.phrases, self.digest) {
                    let extra = signed.segments.iter().filter(|(name, _)| run.contains(name));
                    extra.for_each(|(name, _)| self.hint("extra_parameter", Some(name), NOT_SIGNED));
                }
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }

    /// Parameters signed that were not received, or that the caller ignores.
    fn put_in(&mut self, signed: &Signed<'_>, received: &Signature, params: &Params<'_>, left_out: &[&str]) {
        let ignored = || params.iter().filter(|(name, _)| *name != "signature" && left_out.contains(name));
        if ignored().count() > 1 {
            let text = Signed::new(params, &[]).text(None);
            let message = "The parameters that are ignored were signed.";
            self.attempt(&|| text.clone(), received, "ignored_parameter", None, message);
        }
        for (name, _) in ignored() {
            let text = || {
                let rest: Vec<&str> = left_out.iter().copied().filter(|other| *other != name).collect();
                Signed::new(params, &rest).text(None)
            };
            let message = "The parameter was signed, but is ignored here.";
            self.attempt(&text, received, "ignored_parameter", Some(name), message);
        }
        for (name, value) in OFTEN_MISSING {
            if params.get(name).is_none() {
                let message = "The parameter was signed, but is not in the message.";
                self.attempt(&|| signed.text_with(name, value), received, "missing_parameter", Some(name), message);
            }
        }
    }
}

/// Card data with all hidden but spaces and punctuation; what else it has often tells why it does not match.
fn mask(name: &str, value: &Value<'_>) -> Value<'static> {
    if CARD_DATA.contains(&name) {
        return map_text(value, &|text| {
            text.chars()
                .map(|letter| if letter == ' ' || letter.is_ascii_punctuation() { letter } else { '*' })
                .collect()
        });
    }
    match value {
        Value::Text(text) => Value::Text(Cow::Owned(text.clone().into_owned())),
        Value::Object(members) => Value::Object(
            members.iter().map(|(name, member)| (Cow::Owned(name.clone().into_owned()), mask(name, member))).collect(),
        ),
        Value::List(elements) => Value::List(elements.iter().map(|element| mask("", element)).collect()),
    }
}
