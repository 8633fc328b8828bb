//! The text that is signed: `name=value` in byte order of the names, nothing between them.

use crate::message::value::{Member, Params, Value};
use alloc::collections::BinaryHeap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::mem;

/// A parameter with the first eight bytes of its name as a number, which orders most names by itself.
pub(crate) type Keyed<'p, 'v> = (u64, &'p str, &'p Value<'v>);

/// Appends the canonical text of `params`. `signature` is never in it, nor are the names `left_out`.
///
/// An object reads `{name=value, name=value}` in the order given, a list `[value, value]`, both as Java writes them.
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

/// The parameters that are signed, in the order in which they are.
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

/// Members in byte order of their names, however many: nobody can make this slow.
pub(crate) fn sorted<'p, 'v>(members: &'p [Member<'v>]) -> Vec<Keyed<'p, 'v>> {
    let mut order: Vec<Keyed<'p, 'v>> = Vec::with_capacity(members.len());
    for (name, value) in members {
        order.push((key(name), name, value));
    }
    sort(&mut order);
    order
}

/// So many names are sorted as they come.
const FEW: usize = 32;

// The one sort that there is. Core's, fast for millions, is five kilobytes.
#[inline(never)]
fn sort(order: &mut Vec<Keyed<'_, '_>>) {
    if order.len() > FEW {
        let heap: BinaryHeap<ByName<'_, '_>> = mem::take(order).into_iter().map(ByName).collect();
        *order = heap.into_sorted_vec().into_iter().map(|ByName(keyed)| keyed).collect();
        return;
    }
    for end in 2..=order.len() {
        let mut sorted = order.get_mut(..end).unwrap_or_default();
        while let [before @ .., one, other] = sorted {
            if compare(one, other) != Ordering::Greater {
                break;
            }
            mem::swap(one, other);
            let shorter = before.len().saturating_add(1);
            sorted = sorted.get_mut(..shorter).unwrap_or_default();
        }
    }
}

fn compare(one: &Keyed<'_, '_>, other: &Keyed<'_, '_>) -> Ordering {
    one.0.cmp(&other.0).then_with(|| one.1.cmp(other.1))
}

struct ByName<'p, 'v>(Keyed<'p, 'v>);

impl Ord for ByName<'_, '_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl PartialOrd for ByName<'_, '_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByName<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByName<'_, '_> {}

fn key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if let Some(head) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*head);
    }
    let mut head = [0; 8];
    for (slot, byte) in head.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    u64::from_be_bytes(head)
}

/// Appends `name=value`.
pub(crate) fn push_parameter(out: &mut String, name: &str, value: &Value<'_>) {
    out.push_str(name);
    out.push('=');
    push_value(out, value);
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
