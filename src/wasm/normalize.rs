//! Messages that a framework made into `URLSearchParams` or `FormData`.

use crate::issue::{Code, Issues, Language};
use crate::message::MAX_BYTES;
use crate::message::value::{Params, Value};
use crate::message::writer::Writer;
use alloc::borrow::Cow;
use alloc::string::String;
use js_sys::{Array, JsString};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

const SOURCE: &str = "APS signs text, objects and lists of them";

/// More entries than any message has; each is held against all before it.
const MOST_ENTRIES: usize = 4096;

/// A message as JSON text; nothing that is empty is left out. Of anything but `URLSearchParams` and `FormData`, `{}`.
///
/// # Errors
/// Issues as fields, naming the first part that is refused.
#[wasm_bindgen]
pub fn normalize(value: &JsValue) -> Result<String, JsValue> {
    let entries = if let Some(search) = value.dyn_ref::<web_sys::UrlSearchParams>() {
        Some(search.entries())
    } else {
        value.dyn_ref::<web_sys::FormData>().map(web_sys::FormData::entries)
    };
    let mut params = Params::new();
    let mut bytes = 0usize;
    for (place, entry) in entries.into_iter().flatten().flatten().enumerate() {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0), entry.get(1));
        let Some(text) = name.as_string() else { continue };
        let own = value.as_string();
        bytes = bytes.saturating_add(own.as_ref().map_or(0, String::len));
        // One thing wrong is enough: whoever sent it may have sent a million more.
        let (code, expected) = if place == MOST_ENTRIES {
            (Code::NotAllowed, "fewer parameters")
        } else if params.get(&text).is_some() {
            (Code::Conflict, "an earlier one")
        } else if bytes > MAX_BYTES {
            (Code::NotAllowed, "a message of at most 1 MiB")
        } else if is_lone(&name) || is_lone(&value) {
            (Code::BadCharacter, "whole characters")
        } else if let Some(own) = own {
            params.push(text, Value::Text(Cow::Owned(own)));
            continue;
        } else {
            (Code::BadFormat, "text, not a file")
        };
        let mut issues = Issues::new(SOURCE);
        // Control characters part the fields of an issue.
        let shown: String = text.chars().take(200).map(|c| if c < '\u{2}' { '\u{2}' } else { c }).collect();
        issues.error(&shown, code).with(if code == Code::Conflict { "with" } else { "expected" }, expected);
        let mut fields = String::new();
        issues.push_fields(&mut fields, Language::En);
        return Err(JsValue::from_str(&fields));
    }
    let mut writer = Writer::new();
    writer.params(&params);
    Ok(writer.finish())
}

/// Whether text has half of a surrogate pair, which UTF-8 cannot carry.
fn is_lone(value: &JsValue) -> bool {
    value.dyn_ref::<JsString>().is_some_and(|text| !text.is_valid_utf16())
}
