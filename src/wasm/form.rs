//! Messages that a framework parsed: `FormData` and `URLSearchParams`, of any class and realm.
//!
//! Reading them runs the caller's JavaScript, which may throw, change its answers or call this instance again. So only local
//! variables are in use until it ends, and each name and value is fetched once.

use crate::issue::Code;
use crate::message::flat::Fields;
use crate::message::members::Members;
use crate::message::value::Value;
use crate::message::{MAX_BYTES, ReadError};
use crate::text::push_ascii;
use crate::wiped::Wiped;
use alloc::borrow::Cow;
use alloc::string::String;
use core::ops::Range;
use js_sys::{Array, Iterator, JsString, try_iter};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{FormData, UrlSearchParams};

/// Reads a `FormData`. Returns `record`, its fields; or `refused`, an invalid part of it: parameter, code, message.
///
/// # Errors
/// What the object itself throws.
#[wasm_bindgen]
pub fn read_form_data(form: &FormData) -> Result<JsValue, JsValue> {
    read(&form.entries())
}

/// Reads a `URLSearchParams`, like [`read_form_data`].
///
/// # Errors
/// What the object itself throws.
#[wasm_bindgen]
pub fn read_search_params(form: &UrlSearchParams) -> Result<JsValue, JsValue> {
    read(&form.entries())
}

/// How many characters of a name are shown.
const SHOWN: u32 = 200;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer<'a> {
    Record(&'a str),
    Refused(Refusal),
}

/// Why a form is rejected. One invalid part is enough: there may be a million more.
#[derive(Serialize)]
struct Refusal {
    parameter: String,
    code: &'static str,
    message: &'static str,
}

/// A problem with an entry.
#[derive(Clone, Copy)]
enum Fault {
    NotAnEntry,
    LongName,
    File,
    LongMessage,
    NotText,
    Repeated,
    Reserved,
}

impl Fault {
    /// The refusal, naming the entry, or `message` if its name cannot be shown.
    fn of(self, name: Option<String>) -> Refusal {
        let (code, message) = match self {
            Self::NotAnEntry => (Code::BadFormat, "The message has an entry without a name."),
            Self::LongName => (Code::BadFormat, "The message is longer than 1 MiB."),
            Self::File => (Code::BadFormat, "A message has text, not files."),
            Self::LongMessage => (Code::NotAllowed, "The message is longer than 1 MiB."),
            Self::NotText => (Code::BadCharacter, "Lone surrogates, U+0000 and U+0001 are not text."),
            Self::Repeated => (Code::Conflict, "The message has this name twice."),
            Self::Reserved => (Code::NotAllowed, "No parameter has this name."),
        };
        Refusal { parameter: name.unwrap_or_else(|| "message".into()), code: code.name(), message }
    }
}

fn read(entries: &Iterator) -> Result<JsValue, JsValue> {
    let mut form = Form::default();
    // A foreign class may return any iterable.
    for entry in try_iter(entries)?.into_iter().flatten() {
        let entry: Array = entry?.unchecked_into();
        let (name, value) = (entry.get(0), entry.get(1));
        if let Err(refusal) = form.add(&name, &value) {
            return write(&Answer::Refused(refusal));
        }
    }
    match form.repeated() {
        Some(refusal) => write(&Answer::Refused(refusal)),
        None => write(&Answer::Record(&form.record)),
    }
}

fn write(answer: &Answer<'_>) -> Result<JsValue, JsValue> {
    answer.serialize(&Serializer::json_compatible()).map_err(Into::into)
}

/// The part of a form read so far.
#[derive(Default)]
struct Form {
    /// Names and values, each with its NUL. They may contain a card number.
    record: Wiped,
    /// The minimum length as text, in bytes: names, values and separators.
    least: usize,
}

impl Form {
    fn add(&mut self, name: &JsValue, value: &JsValue) -> Result<(), Refusal> {
        let Some(name) = name.dyn_ref::<JsString>() else { return Err(Fault::NotAnEntry.of(None)) };
        self.add_text(name, value).map_err(|fault| {
            let shown = String::from(name.slice(0, SHOWN));
            fault.of(Some(shown).filter(|_| !matches!(fault, Fault::LongName)))
        })
    }

    fn add_text(&mut self, name: &JsString, value: &JsValue) -> Result<(), Fault> {
        if name.length() as usize > MAX_BYTES {
            return Err(Fault::LongName);
        }
        let Some(value) = value.dyn_ref::<JsString>() else { return Err(Fault::File) };
        let is_first = self.record.is_empty();
        if !is_first {
            self.least = self.least.saturating_add(1);
        }
        // Some tools put a byte order mark before the body, or line ends after it. No name or signature contains them.
        let has_mark = is_first && unit(name, 0) == Some(0xFEFF);
        let start = self.record.len();
        self.push(name, u32::from(has_mark)..name.length())?;
        let is_signature = self.record.get(start..) == Some("signature\0");
        let mut end = value.length();
        while is_signature && end > 0 && matches!(unit(value, end.saturating_sub(1)), Some(0x0A | 0x0D)) {
            end = end.saturating_sub(1);
        }
        self.push(value, 0..end)
    }

    /// Appends text as a field, character by character: converting a whole string would leave copies.
    fn push(&mut self, text: &JsString, place: Range<u32>) -> Result<(), Fault> {
        let start = self.record.len();
        // A unit takes one to three bytes.
        if self.least.saturating_add(place.len()) > MAX_BYTES {
            return Err(Fault::LongMessage);
        }
        self.record.reserve_wiped(place.len().saturating_mul(3).saturating_add(1));
        for character in char::decode_utf16(place.filter_map(|index| unit(text, index))) {
            match character {
                Ok(character) if character > '\u{1}' => self.record.push(character),
                _ => return Err(Fault::NotText),
            }
        }
        self.least = self.least.saturating_add(self.record.len().saturating_sub(start));
        push_ascii(&mut self.record, 0);
        if self.least > MAX_BYTES { Err(Fault::LongMessage) } else { Ok(()) }
    }

    /// A name that is repeated, or that no parameter may have.
    fn repeated(&self) -> Option<Refusal> {
        let mut fields = Fields::new(&self.record);
        let mut members = Members::with_capacity(32);
        while !fields.is_empty() {
            let (name, value) = (fields.text(), fields.text());
            if let Err(error) = members.push(Cow::Borrowed(name), Value::Text(Cow::Borrowed(value))) {
                return Some(refusal_of(error));
            }
        }
        members.finish().err().map(refusal_of)
    }
}

fn refusal_of(error: ReadError) -> Refusal {
    match error {
        ReadError::Repeated(name) => Fault::Repeated.of(Some(name.chars().take(SHOWN as usize).collect())),
        _ => Fault::Reserved.of(Some("__proto__".into())),
    }
}

/// A UTF-16 code unit; `None` past the end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "below 65,536; NaN behind the end is filtered"
)]
fn unit(text: &JsString, index: u32) -> Option<u16> {
    Some(text.char_code_at(index)).filter(|code| !code.is_nan()).map(|code| code as u16)
}
