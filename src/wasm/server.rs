//! What only the server artefact has: signing, verifying, explaining, and opening replies.

use super::walk::Walk;
use super::{next_text, writing};
use crate::dictionary::{Channel, Command};
use crate::explain::Explanation;
use crate::issue::{Language, has_error};
use crate::json::{Reader, Writer};
use crate::message::{MAX_BYTES, read_message};
use crate::operation;
use crate::reply::{Checks, Credentials, ReplyError, expected_of, open as open_reply};
use crate::signature::{self, Digest, Phrase};
use crate::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroize;

std::thread_local! {
    // Where JavaScript writes the arguments of the hot calls and reads their answers.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The address of a buffer of at least so many bytes. It moves only when a larger one is asked for.
#[wasm_bindgen]
#[must_use]
pub fn reserve(bytes: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.len() < bytes {
            *buffer = alloc::vec![0; bytes];
        }
        buffer.as_mut_ptr()
    })
}

/// Runs a hot call over the first `length` bytes of the buffer, wipes them, and leaves a short answer in their place.
fn hot(length: usize, call: impl FnOnce(&str) -> Option<String>) -> i32 {
    BUFFER.with_borrow_mut(|buffer| {
        let Some(given) = buffer.get_mut(..length) else { return -1 };
        let answer = core::str::from_utf8(given).ok().and_then(call);
        given.zeroize();
        let Some(answer) = answer else { return -1 };
        let Some(place) = buffer.get_mut(..answer.len()) else { return -1 };
        place.copy_from_slice(answer.as_bytes());
        i32::try_from(answer.len()).unwrap_or(-1)
    })
}

/// Signs parameters exactly as they are: `[digest, [phrase], []]`, parameters. Leaves the signature in hex.
#[wasm_bindgen]
#[must_use]
pub fn sign(length: usize) -> i32 {
    hot(length, |flat| {
        let mut reader = Reader::new(flat);
        let keys = Keys::read(reader.next_value().ok()??)?;
        let params = reader.next_params().ok()??;
        Some(signature::sign(&params, &[], keys.phrases.first()?, keys.digest))
    })
}

/// Validates and signs a request: `[digest, phrase, command]`, options, parameters. −1 when something is wrong with it,
/// else the signature in hex.
#[wasm_bindgen]
#[must_use]
pub fn build(length: usize) -> i32 {
    hot(length, |flat| {
        let mut reader = Reader::new(flat);
        let Value::List(head) = reader.next_value().ok()?? else { return None };
        let mut head = head.into_iter().map(into_text);
        let digest = Digest::from_name(&head.next()??)?;
        let phrase = Phrase::new(head.next()??)?;
        let command = Command::find(&head.next()??)?;
        let options = reader.next_params().ok()??;
        if reader.rest().len() > MAX_BYTES {
            return None;
        }
        let params = reader.next_params().ok()??;
        let issues = operation::validate(command, &params, &super::validation::read_options(&options));
        if has_error(&issues) || super::validation::forbidden(command, &params, &options) {
            return None;
        }
        Some(signature::sign(&params, &[], &phrase, digest))
    })
}

/// Whether a message carries a right signature: `[digest, [phrases], [ignore]]`, then the message as it arrived. 1 or 0.
#[wasm_bindgen]
#[must_use]
pub fn verify(length: usize) -> i32 {
    let right = hot(length, |flat| {
        let mut reader = Reader::new(flat);
        let keys = Keys::read(reader.next_value().ok()??)?;
        let params = read_message(reader.rest()).ok()?;
        let ignore: Vec<&str> = keys.ignore.iter().map(String::as_str).collect();
        signature::verify(&params, &ignore, &keys.phrases, keys.digest).then(String::new)
    });
    i32::from(right == 0)
}

/// Digest, phrases, names to leave out.
struct Keys {
    digest: Digest,
    phrases: Vec<Phrase>,
    ignore: Vec<String>,
}

impl Keys {
    fn read(head: Value<'_>) -> Option<Self> {
        let Value::List(parts) = head else { return None };
        let mut parts = parts.into_iter();
        let digest = Digest::from_name(&into_text(parts.next()?)?)?;
        let phrases = phrases(parts.next()?)?;
        let ignore = into_texts(parts.next()?)?;
        Some(Self { digest, phrases, ignore })
    }
}

fn into_text(value: Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.into_owned()),
        Value::Object(_) | Value::List(_) => None,
    }
}

fn into_texts(value: Value<'_>) -> Option<Vec<String>> {
    match value {
        Value::List(values) => values.into_iter().map(into_text).collect(),
        Value::Text(_) | Value::Object(_) => None,
    }
}

fn phrases(value: Value<'_>) -> Option<Vec<Phrase>> {
    into_texts(value)?.into_iter().map(Phrase::new).collect()
}

/// The dictionary's word on a command, as JSON; empty for one that it does not know.
#[wasm_bindgen]
#[must_use]
pub fn command_info(name: &str) -> String {
    let Some(command) = Command::find(name) else { return String::new() };
    let mut writer = Writer::new();
    writer.begin_object();
    writer.name("selector");
    writer.string(command.selector.name());
    writer.name("channels");
    writer.begin_list();
    command.channels.iter().copied().map(Channel::name).for_each(|name| writer.string(name));
    writer.end_list();
    writer.name("effect");
    writer.string(command.effect.name());
    writer.end_object();
    writer.finish()
}

/// The parameters of a request as JSON text: amounts as digits, what is empty left out.
///
/// # Errors
/// Issues as JSON text, naming every part that is refused.
#[wasm_bindgen]
pub fn request_params(value: &JsValue) -> Result<String, JsValue> {
    let mut walk = Walk::default();
    let params = walk.params(value);
    written(&params, walk)
}

/// A message that a framework made into `URLSearchParams`, `FormData` or a plain object, as JSON text; nothing that is
/// empty is left out.
///
/// # Errors
/// Issues as JSON text, naming every part that is refused.
#[wasm_bindgen]
pub fn normalize(value: &JsValue) -> Result<String, JsValue> {
    let mut walk = Walk::exact();
    let params = walk.message(value);
    written(&params, walk)
}

fn written(params: &Params<'_>, walk: Walk) -> Result<String, JsValue> {
    let issues = walk.into_issues();
    if !issues.is_empty() {
        return Err(JsValue::from_str(&writing::issues(&issues, Language::En)));
    }
    let mut writer = Writer::new();
    writer.params(params);
    Ok(writer.finish())
}

/// Explains a signature: `[digest, [phrases], [ignore]]`, the other phrase as JSON text (`""` for none), the message.
///
/// # Errors
/// The name of why the message cannot be read.
#[wasm_bindgen]
pub fn explain(head: &str, other: &str, message: &str) -> Result<JsValue, JsValue> {
    let keys = Reader::new(head).next_value().ok().flatten().and_then(Keys::read);
    let keys = keys.ok_or_else(|| JsValue::from_str("malformed"))?;
    let params = read_message(message).map_err(|error| JsValue::from_str(error.name()))?;
    let other: Vec<Phrase> = Phrase::new(next_text(&mut Reader::new(other))).into_iter().collect();
    let ignore: Vec<&str> = keys.ignore.iter().map(String::as_str).collect();
    let explanation: Explanation = crate::explain::explain(&params, &ignore, &keys.phrases, keys.digest, &other);
    structured(&explanation)
}

/// Opens a reply or notification. `options` is JSON: `credentials` (sets of `access_code`, `phrases`, `digest`),
/// `ignore`, `direct`, and `request` (parameters of the request) or `expect`.
///
/// # Errors
/// None that a caller could mend: what is wrong with the message is in the answer, as `error`.
#[wasm_bindgen]
pub fn open(options: &str, message: &str) -> Result<JsValue, JsValue> {
    let malformed = || JsValue::from_str("malformed");
    let mut credentials = Vec::new();
    let mut ignore = Vec::new();
    let mut direct = false;
    let mut request = Params::new();
    let mut expect = Vec::new();
    let Ok(Some(Value::Object(members))) = Reader::new(options).next_value() else { return Err(malformed()) };
    for (name, value) in members {
        match (name.as_ref(), value) {
            ("credentials", Value::List(sets)) => {
                for set in sets {
                    credentials.push(KeySet::read(set).ok_or_else(malformed)?);
                }
            }
            ("ignore", value) => ignore = into_texts(value).ok_or_else(malformed)?,
            ("direct", value) => direct = value.as_text() == Some("true"),
            ("request", Value::Object(members)) => request = Params::from_members(members),
            ("expect", Value::Object(members)) => expect = members,
            _ => {}
        }
    }
    let sets: Vec<Credentials<'_>> = credentials.iter().map(KeySet::lend).collect();
    let ignore: Vec<&str> = ignore.iter().map(String::as_str).collect();
    let mut expected = expected_of(&request);
    expected.extend(expect.iter().filter_map(|(name, value)| value.as_text().map(|text| (name.as_ref(), text))));
    let checks = Checks { credentials: &sets, expected: &expected, ignore: &ignore, direct };
    structured(&Opened(open_reply(message, &checks)))
}

struct KeySet {
    access_code: String,
    phrases: Vec<Phrase>,
    digest: Digest,
}

impl KeySet {
    fn read(set: Value<'_>) -> Option<Self> {
        let Value::Object(members) = set else { return None };
        let (mut access_code, mut keys, mut digest) = (None, None, None);
        for (name, value) in members {
            match name.as_ref() {
                "access_code" => access_code = into_text(value),
                "phrases" => keys = phrases(value),
                "digest" => digest = value.as_text().and_then(Digest::from_name),
                _ => {}
            }
        }
        Some(Self { access_code: access_code?, phrases: keys?, digest: digest? })
    }

    fn lend(&self) -> Credentials<'_> {
        Credentials { access_code: &self.access_code, phrases: &self.phrases, digest: self.digest }
    }
}

fn structured(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(Into::into)
}

/// What JavaScript gets of an opened message.
struct Opened<'a>(Result<crate::reply::Reply<'a>, ReplyError>);

impl Serialize for Opened<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.0 {
            Ok(reply) => map.serialize_entry("reply", &Told(reply))?,
            Err(error) => map.serialize_entry("error", &Refusal(error))?,
        }
        map.end()
    }
}

struct Told<'a>(&'a crate::reply::Reply<'a>);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reply = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("outcome", reply.outcome.name())?;
        map.serialize_entry("status", reply.status())?;
        map.serialize_entry("code", reply.code())?;
        map.serialize_entry("message", reply.message())?;
        map.serialize_entry("authentic", &reply.authentic)?;
        if let Some(url) = reply.redirect_to() {
            map.serialize_entry("redirectTo", url)?;
        }
        map.serialize_entry("params", &Shown(&reply.params))?;
        map.end()
    }
}

struct Shown<'a>(&'a Params<'a>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            map.serialize_entry(name, &Node(value))?;
        }
        map.end()
    }
}

struct Node<'a>(&'a Value<'a>);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name.as_ref(), &Node(value))?;
                }
                map.end()
            }
            Value::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(&Node(value))?;
                }
                list.end()
            }
        }
    }
}

struct Refusal<'a>(&'a ReplyError);

impl Serialize for Refusal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, code, parameters): (_, _, Vec<&str>) = match self.0 {
            ReplyError::Different(names) => ("mismatch", "mismatch", names.iter().map(String::as_str).collect()),
            ReplyError::UnknownAccessCode => ("mismatch", "mismatch", alloc::vec!["access_code"]),
            ReplyError::NotIgnorable(name) => ("ignore", "not_ignorable", alloc::vec![name.as_str()]),
            ReplyError::Unreadable(_) => ("signature", "unreadable", Vec::new()),
            ReplyError::Unsigned => ("signature", "unsigned", Vec::new()),
            ReplyError::Mismatch => ("signature", "signature_mismatch", Vec::new()),
            ReplyError::Ambiguous(name) => ("signature", "ambiguous", alloc::vec![name.as_str()]),
            ReplyError::NotAReply(name) => ("signature", "ambiguous", alloc::vec![*name]),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("code", code)?;
        map.serialize_entry("parameters", &parameters)?;
        map.end()
    }
}
