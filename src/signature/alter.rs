//! Undoes what may have happened to a value between signing and arrival.

use crate::message::form::decode;
use crate::message::members::sorted;
use crate::message::value::{Member, Value};
use crate::text::{push_ascii, push_hex};
use crate::unicode::{Form, in_form};
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

const TRIMMED: &str = "The value was signed without the spaces at its ends.";
const UNTRIMMED: &str = "The value was signed with white space at one end, which is missing here.";

/// Card fields that a page posts directly, so that the server leaves them out of the signature of TOKENIZATION.
pub(super) const TOKENIZATION_FIELDS: &str = "card_security_code card_number expiry_date card_holder_name remember_me";

/// Parameters that are often signed but not sent.
pub(super) const OFTEN_MISSING: &[(&str, &str)] = &[
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

pub(super) type Alteration = fn(&str) -> String;

/// What may have happened to a value between signing and arrival: the mistake, its sentence, and how to get from the value
/// received back to the one signed.
pub(super) const ALTERATIONS: &[(&str, &str, Alteration)] = &[
    ("trimmed_value", TRIMMED, |text| text.trim().to_owned()),
    ("trimmed_value", TRIMMED, |text| text.trim_ascii_start().to_owned()),
    ("trimmed_value", TRIMMED, |text| text.trim_ascii_end().to_owned()),
    ("trimmed_value", UNTRIMMED, |text| [" ", text].concat()),
    ("trimmed_value", UNTRIMMED, |text| ["\t", text].concat()),
    ("trimmed_value", UNTRIMMED, |text| [text, " "].concat()),
    ("trimmed_value", UNTRIMMED, |text| [text, "\n"].concat()),
    ("unescaped_value", "The value was signed with its HTML escapes undone.", unescape),
    ("escaped_value", "The value was signed with HTML escapes.", |text| escape(text, "&#39;")),
    ("escaped_value", "The value was signed with HTML escapes.", |text| escape(text, "&#039;")),
    ("decoded_value", "The value was signed with its URL encoding undone.", |text| {
        decode(text).map_or_else(|_| text.to_owned(), Cow::into_owned)
    }),
    ("encoded_value", "The value was signed URL-encoded.", |text| encode(text, "+")),
    ("encoded_value", "The value was signed URL-encoded.", |text| encode(text, "%20")),
    ("slashed_value", "The value was signed with JSON's escaped slashes.", |text| replaced(text, &[('/', "\\/")])),
    ("plus_value", PLUS, |text| replaced(text, &[(' ', "+")])),
    ("plus_value", PLUS, |text| plus_at(text, 1)),
    ("plus_value", PLUS, |text| plus_at(text, 2)),
    ("plus_value", PLUS, |text| plus_at(text, 3)),
    ("plus_value", PLUS, |text| plus_at(text, 4)),
    ("latin1_value", "The bytes were read as Latin-1: they are UTF-8.", from_latin1),
    ("lost_backslash", "The value was signed with backslashes, which are missing here.", with_backslashes),
    ("added_backslash", "The value was signed without the backslashes that it has here.", without_backslashes),
    ("nfd_value", "The value has decomposed characters (NFD) here, and was signed with composed ones.", |text| {
        normalized(text, Form::Nfc)
    }),
    ("nfc_value", "The value has composed characters (NFC) here, and was signed with decomposed ones.", |text| {
        normalized(text, Form::Nfd)
    }),
];

const PLUS: &str = "A + was read as a space.";

/// With one of the spaces replaced by a plus; `place` counts from 1.
fn plus_at(text: &str, place: usize) -> String {
    let mut spaces = 1..;
    text.chars().map(|own| if own == ' ' && spaces.next() == Some(place) { '+' } else { own }).collect()
}

/// With each of some characters replaced by its text.
fn replaced(text: &str, pairs: &[(char, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match pairs.iter().find(|(own, _)| *own == character) {
            Some((_, other)) => out.push_str(other),
            None => out.push(character),
        }
    }
    out
}

/// UTF-8 that was decoded as Latin-1, or as Windows-1252, which is what the web calls Latin-1.
fn from_latin1(text: &str) -> String {
    const WINDOWS: &str = "\u{20AC}\u{81}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\
        \u{8D}\u{17D}\u{8F}\u{90}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{2DC}\u{2122}\u{161}\u{203A}\
        \u{153}\u{9D}\u{17E}\u{178}";
    let byte_of = |own: char| {
        let windows = || WINDOWS.chars().position(|other| other == own).and_then(|place| u8::try_from(place).ok());
        u8::try_from(own).ok().or_else(|| Some(windows()?.wrapping_add(0x80)))
    };
    let bytes: Option<Vec<u8>> = if text.is_ascii() { None } else { text.chars().map(byte_of).collect() };
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// Like PHP's `addslashes`.
fn with_backslashes(text: &str) -> String {
    replaced(text, &[('\'', "\\'"), ('"', "\\\""), ('\\', "\\\\")])
}

/// Like PHP's `stripslashes`.
fn without_backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        out.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    out
}

/// In a Unicode normal form. Engines take quadratic time for a run of marks, so long text is returned unchanged.
fn normalized(text: &str, form: Form) -> String {
    const LONGEST: usize = 1 << 10;
    if text.is_ascii() || text.len() > LONGEST { text.to_owned() } else { in_form(text, form) }
}

/// The value with its texts changed.
pub(super) fn map_text(value: &Value<'_>, change: &dyn Fn(&str) -> String) -> Value<'static> {
    rebuilt(value, change, &all)
}

/// The value with the members of its objects sorted by name.
pub(super) fn sort_members(value: &Value<'_>) -> Value<'static> {
    rebuilt(value, &str::to_owned, &|members| {
        sorted(members).into_iter().map(|(_, name, member)| (name, member)).collect()
    })
}

/// The value without the empty members of its objects.
pub(super) fn drop_empty_members(value: &Value<'_>) -> Value<'static> {
    rebuilt(value, &str::to_owned, &|members| {
        all(members).into_iter().filter(|(_, member)| member.as_text() != Some("")).collect()
    })
}

/// The maximum number of other orders.
pub(super) const MOST_ORDERS: usize = 250;

/// The number of members of each object in a value, in the order in which they are copied.
pub(super) fn sizes(value: &Value<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    push_sizes(&mut found, value);
    found
}

fn push_sizes(found: &mut Vec<usize>, value: &Value<'_>) {
    if let Value::Object(members) = value {
        found.push(members.len());
    }
    value.parts().for_each(|part| push_sizes(found, part));
}

/// The other orders of one object at a time: which object, and which order. Objects with many members are left unchanged.
pub(super) fn orders(sizes: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    const MANY: usize = 5;
    let few = sizes.iter().enumerate().filter(|(_, size)| **size <= MANY);
    let all = few.flat_map(|(object, size)| (1..(1..=*size).product()).map(move |order| (object, order)));
    all.take(MOST_ORDERS)
}

/// The value with the members of one of its objects in another order.
#[inline(never)]
pub(super) fn reordered(value: &Value<'_>, (object, order): (usize, usize)) -> Value<'static> {
    let place = Cell::new(0usize);
    rebuilt(value, &str::to_owned, &|members| {
        let here = place.replace(place.get().wrapping_add(1));
        if here == object { in_another(all(members), order) } else { all(members) }
    })
}

/// A few things in one of their orders, which are numbered from 0, the original.
fn in_another<T>(mut things: Vec<T>, mut order: usize) -> Vec<T> {
    let mut ordered = Vec::with_capacity(things.len());
    while let Some(place) = order.checked_rem(things.len()) {
        order = order.checked_div(things.len()).unwrap_or_default();
        ordered.push(things.remove(place));
    }
    ordered
}

type Named<'m, 'v> = (&'m str, &'m Value<'v>);

fn all<'m, 'v>(members: &'m [Member<'v>]) -> Vec<Named<'m, 'v>> {
    members.iter().map(|(name, member)| (name.as_ref(), member)).collect()
}

/// A copy with changed texts and with the selected members of each object.
fn rebuilt(
    value: &Value<'_>,
    text: &dyn Fn(&str) -> String,
    chosen: &dyn for<'m, 'v> Fn(&'m [Member<'v>]) -> Vec<Named<'m, 'v>>,
) -> Value<'static> {
    match value {
        Value::Text(own) => Value::Text(Cow::Owned(text(own))),
        Value::Object(members) => {
            let copy = |(name, member): Named<'_, '_>| (Cow::Owned(name.to_owned()), rebuilt(member, text, chosen));
            Value::Object(chosen(members).into_iter().map(copy).collect())
        }
        Value::List(elements) => Value::List(elements.iter().map(|element| rebuilt(element, text, chosen)).collect()),
    }
}

/// The value as JSON text.
pub(super) fn as_json(value: &Value<'_>) -> Value<'static> {
    Value::Text(Cow::Owned(match value {
        Value::Text(text) => text.clone().into_owned(),
        Value::Object(_) | Value::List(_) => {
            let mut writer = crate::message::writer::Writer::new();
            writer.value(value);
            writer.finish()
        }
    }))
}

pub(super) fn escape(text: &str, apostrophe: &str) -> String {
    replaced(text, &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', apostrophe)])
}

/// `#x0010FFFF;`
const LONGEST_ESCAPE: usize = 11;

/// Decodes the escapes that HTML libraries write; unknown ones are left unchanged.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // No escape is longer; searching to the end each time would take a minute for a megabyte of `&`.
        let end = after.bytes().take(LONGEST_ESCAPE).position(|byte| byte == b';');
        let decoded = end.and_then(|end| {
            let (name, after) = after.split_at_checked(end)?;
            Some((character(name)?, after.get(1..)?))
        });
        let (letter, after) = decoded.unwrap_or(('&', after));
        out.push(letter);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    const NAMED: &[(&str, char)] = &[("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.iter().find(|(own, _)| *own == name).map(|(_, character)| *character);
    };
    let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
    let digits = Some(digits).filter(|digits| !digits.starts_with('+'))?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

fn encode(text: &str, space: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => push_ascii(&mut out, byte),
            b' ' => out.push_str(space),
            _ => {
                push_ascii(&mut out, b'%');
                push_hex(&mut out, u32::from(byte), 2);
            }
        }
    }
    out
}
