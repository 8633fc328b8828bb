//! The text that is signed: `name=value` in byte order of the names, without separators.

use crate::message::members::{Keyed, key, sort};
use crate::message::value::{Member, Params, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// Appends the canonical text of `params`, without `signature` and the names `left_out`.
///
/// An object is `{name=value, name=value}` in the order given, a list `[value, value]`, both as Java formats them.
///
/// ```
/// let params = aps_payops::message::json::read_params(r#"{"b":{"z":"1","y":"2"},"signature":"?","a":["3","4"]}"#).unwrap();
/// let mut text = String::new();
/// aps_payops::signature::canonical::canonical(&params, &[], &mut text);
/// assert_eq!(text, "a=[3, 4]b={z=1, y=2}");
/// ```
pub fn canonical(params: &Params<'_>, left_out: &[&str], out: &mut String) {
    for (name, value) in in_order(params, left_out) {
        push_parameter(out, name, value);
    }
}

/// The signed parameters, in signing order.
pub(crate) fn in_order<'p, 'v>(
    params: &'p Params<'v>,
    left_out: &[&str],
) -> impl ExactSizeIterator<Item = (&'p str, &'p Value<'v>)> + use<'p, 'v> {
    let mut order: Vec<Keyed<'p, 'v>> = Vec::with_capacity(params.len());
    for (name, value) in params.iter() {
        if name != "signature" && !left_out.contains(&name) {
            order.push((key(name), name, value));
        }
    }
    sort(&mut order);
    order.into_iter().map(|(_, name, value)| (name, value))
}

/// Appends `name=value`.
pub(crate) fn push_parameter(out: &mut String, name: &str, value: &Value<'_>) {
    out.push_str(name);
    out.push('=');
    push_value(out, value);
}

/// An upper bound on the length in bytes of the canonical text of `params`.
pub(crate) fn room_for(params: &Params<'_>) -> usize {
    let lengths = params.iter().map(|(name, value)| name.len().saturating_add(length_of(value)).saturating_add(1));
    lengths.fold(0, usize::saturating_add)
}

/// An upper bound on the bytes that [`push_parameter`] appends for a value.
fn length_of(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Object(members) => {
            let each = |(name, member): &Member<'_>| length_of(member).saturating_add(name.len()).saturating_add(3);
            members.iter().map(each).fold(2, usize::saturating_add)
        }
        Value::List(elements) => {
            elements.iter().map(|element| length_of(element).saturating_add(2)).fold(2, usize::saturating_add)
        }
    }
}

fn push_value(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Text(text) => out.push_str(text),
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                push_parameter(out, name, member);
            }
            out.push('}');
        }
        Value::List(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                push_value(out, element);
            }
            out.push(']');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::message::value::{Params, Value};
    use alloc::borrow::Cow;
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_stand_in_byte_order(members in proptest::collection::hash_map("[a-c_\u{e9}\0]{0,10}", "[a-z]{0,3}", 0..90)) {
            let mut params = Params::new();
            for (name, value) in &members {
                params.push(name.as_str(), Value::Text(Cow::Borrowed(value)));
            }
            params.push("signature", Value::Text(Cow::Borrowed("x")));
            let mut text = String::from("|");
            canonical(&params, &["a"], &mut text);
            let sorted: BTreeMap<&[u8], &str> =
                members.iter().filter(|(name, _)| *name != "a").map(|(name, value)| (name.as_bytes(), value.as_str())).collect();
            let expected: String = sorted
                .into_iter()
                .map(|(name, value)| std::format!("{}={value}", core::str::from_utf8(name).unwrap()))
                .collect();
            prop_assert_eq!(&text[1..], expected);
        }
    }
}
