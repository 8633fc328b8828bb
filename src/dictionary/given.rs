//! Parameters as given, flattened for the checks.

use crate::message::MAX_DEPTH;
use crate::message::flat::{Fields, LIST, LIST_END, OBJECT, OBJECT_END};
use crate::message::value::{Params, Value};
use crate::text::push_u64;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// A parameter as given, or part of one.
#[derive(Clone, Debug, Default)]
pub struct Given<'a> {
    /// Its name; for a part, its path (`products[0].product_name`).
    pub name: Cow<'a, str>,
    /// Its text; non-empty for a structure.
    pub value: &'a str,
    /// Whether it is part of a preceding structure.
    pub is_part: bool,
    /// Whether it is an object or a list; its parts follow.
    pub is_structure: bool,
    /// For a structure, whether it is a list.
    pub is_list: bool,
    /// For a structure in a flat record, the record from its value on.
    pub record: &'a str,
}

const STRUCTURE: &str = "{}";

/// The parameters of a flat record (`src/message/flat.rs`), each structure followed by its parts.
#[must_use]
pub fn read<'a>(fields: &mut Fields<'a>) -> Vec<Given<'a>> {
    let mut given = Vec::with_capacity(16);
    while let Some(name) = fields.name() {
        read_value(fields, Cow::Borrowed(name), None, 0, &mut given);
    }
    given
}

/// For an element of a list, the first field has already been read.
fn read_value<'a>(
    fields: &mut Fields<'a>,
    name: Cow<'a, str>,
    first: Option<&'a str>,
    depth: usize,
    out: &mut Vec<Given<'a>>,
) {
    let record = fields.rest();
    let value = first.unwrap_or_else(|| fields.text());
    let is_part = depth > 0;
    let is_list = value == LIST;
    if !(is_list || value == OBJECT) {
        out.push(Given { name, value, is_part, ..Given::default() });
        return;
    }
    let path = String::from(name.as_ref());
    out.push(Given { name, value: STRUCTURE, is_part, is_structure: true, is_list, record });
    let mut count = 0u64;
    while !fields.is_empty() {
        let field = fields.text();
        if field == OBJECT_END || field == LIST_END || depth >= MAX_DEPTH {
            break;
        }
        let (name, first) = if is_list { (element(&path, count), Some(field)) } else { (member(&path, field), None) };
        read_value(fields, Cow::Owned(name), first, depth.wrapping_add(1), out);
        count = count.wrapping_add(1);
    }
}

fn member(path: &str, name: &str) -> String {
    let mut inner = String::from(path);
    inner.push('.');
    inner.push_str(name);
    inner
}

fn element(path: &str, place: u64) -> String {
    let mut inner = String::from(path);
    inner.push('[');
    push_u64(&mut inner, place);
    inner.push(']');
    inner
}

/// The parameters of a message, each structure followed by its parts.
#[must_use]
pub fn paths<'a>(params: &'a Params<'_>) -> Vec<Given<'a>> {
    fn push<'a>(name: Cow<'a, str>, value: &'a Value<'_>, is_part: bool, out: &mut Vec<Given<'a>>) {
        let path = String::from(name.as_ref());
        let text = value.as_text();
        let is_structure = text.is_none();
        let is_list = matches!(value, Value::List(_));
        out.push(Given { name, value: text.unwrap_or(STRUCTURE), is_part, is_structure, is_list, record: "" });
        for (name, inner) in value.members() {
            push(Cow::Owned(member(&path, name)), inner, true, out);
        }
        for (place, inner) in value.elements().iter().enumerate() {
            push(Cow::Owned(element(&path, place as u64)), inner, true, out);
        }
    }
    let mut out = Vec::new();
    for (name, value) in params.iter() {
        push(Cow::Borrowed(name), value, false, &mut out);
    }
    out
}
