//! What only the server artefact has: signing, verifying, explaining, and opening replies.

use super::buffer::{hot, wipe_deep_stack, wipe_stack};
use crate::dictionary::Command;
use crate::dictionary::packed::Plan;
use crate::message::json::Reader;
use crate::message::read_message;
use crate::message::value::{Member, Params, Value};
use crate::message::writer::Writer;
use crate::reply::{Checks, Credentials, Reply, ReplyError, expected_of, open as open_reply};
use crate::signature::explain::Explanation;
use crate::signature::{self, Digest, Phrase};
use crate::text::words;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use serde::ser::{Serialize, Serializer};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

std::thread_local! {
    // Commands that were asked for, by their place in the dictionary. Taken out while they are in use, as the buffer is.
    static PLANS: Cell<Vec<Option<Plan>>> = const { Cell::new(Vec::new()) };
}

/// Does something with a command made ready; nothing for a place that no command has.
fn with_plan<T>(place: usize, work: impl FnOnce(&Plan) -> T) -> Option<T> {
    let mut plans = PLANS.take();
    if !matches!(plans.get(place), Some(Some(_))) {
        // A new instance has none yet, and JavaScript remembers places longer than that.
        if let Some(command) = Command::all().nth(place) {
            plans.resize_with(plans.len().max(place.saturating_add(1)), || None);
            if let Some(slot) = plans.get_mut(place) {
                *slot = Some(Plan::new(command));
            }
        }
    }
    let found = plans.get(place).and_then(Option::as_ref).map(work);
    PLANS.set(plans);
    found
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

/// Validates and signs a packed request of a command, by its place in the dictionary. −1 when something is wrong with it, else the signature
/// in hex.
#[wasm_bindgen]
#[must_use]
pub fn build_packed(length: usize, command: usize) -> i32 {
    hot(length, |packed| with_plan(command, |plan| plan.sign(packed)).flatten())
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
    let written = with_plan(command.place, |plan| {
        let mut writer = Writer::new();
        writer.begin_object();
        writer.name("index");
        writer.number(command.place as u64);
        writer.name("members");
        writer.begin_list();
        plan.names().for_each(|name| writer.string(name));
        writer.end_list();
        writer.name("selector");
        writer.string(command.selector());
        writer.name("channels");
        writer.begin_list();
        words(command.channels).for_each(|name| writer.string(name));
        writer.end_list();
        writer.name("effect");
        writer.string(command.effect());
        writer.end_object();
        writer.finish()
    });
    written.unwrap_or_default()
}

/// Explains a signature: `[digest, [phrases], [ignore]]`, a list of other phrases, the message.
///
/// # Errors
/// The name of why the message cannot be read.
#[wasm_bindgen]
pub fn explain(head: &str, other: &str, message: &str) -> Result<JsValue, JsValue> {
    let keys = Reader::new(head).next_value().ok().flatten().and_then(Keys::read);
    let keys = keys.ok_or_else(|| JsValue::from_str("malformed"))?;
    let params = read_message(message).map_err(|error| JsValue::from_str(error.name()))?;
    let other = Reader::new(other).next_value().ok().flatten().and_then(phrases).unwrap_or_default();
    let ignore: Vec<&str> = keys.ignore.iter().map(String::as_str).collect();
    let explanation = crate::signature::explain::explain(&params, &ignore, &keys.phrases, keys.digest, &other);
    wipe_deep_stack();
    structured(&explained(&explanation))
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
    let opened = open_reply(message, &checks);
    wipe_stack();
    let answer = match &opened {
        Ok(reply) => ("reply", told(reply)),
        Err(error) => ("error", refusal(error)),
    };
    structured(&Answer::Object(alloc::vec![answer]))
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

/// What JavaScript gets, in one type: serde makes a copy of its code for every other.
enum Answer<'a> {
    Flag(bool),
    Text(&'a str),
    List(Vec<Answer<'a>>),
    Object(Vec<(&'a str, Answer<'a>)>),
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, member)| (Answer::Text(name), member)))
            }
        }
    }
}

fn structured(answer: &Answer<'_>) -> Result<JsValue, JsValue> {
    answer.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(Into::into)
}

fn members<'a>(members: &'a [Member<'_>]) -> Answer<'a> {
    let mut answers = Vec::with_capacity(members.len());
    for (name, value) in members {
        answers.push((name.as_ref(), node(value)));
    }
    Answer::Object(answers)
}

fn node<'a>(value: &'a Value<'_>) -> Answer<'a> {
    match value {
        Value::Text(text) => Answer::Text(text),
        Value::Object(own) => members(own),
        Value::List(elements) => Answer::List(elements.iter().map(node).collect()),
    }
}

fn texts(texts: &[String]) -> Answer<'_> {
    Answer::List(texts.iter().map(|text| Answer::Text(text)).collect())
}

fn told<'a>(reply: &'a Reply<'_>) -> Answer<'a> {
    let mut answer = alloc::vec![
        ("outcome", Answer::Text(reply.outcome.name())),
        ("status", Answer::Text(reply.status())),
        ("code", Answer::Text(reply.code())),
        ("message", Answer::Text(reply.message())),
        ("authentic", Answer::Flag(reply.authentic)),
        ("isAboutMoney", Answer::Flag(reply.is_about_money())),
    ];
    if let Some(url) = reply.redirect_to() {
        answer.push(("redirectTo", Answer::Text(url)));
    }
    answer.push(("params", members(&reply.params)));
    Answer::Object(answer)
}

fn refusal(error: &ReplyError) -> Answer<'_> {
    let one = |name| Answer::List(alloc::vec![Answer::Text(name)]);
    let none = || Answer::List(Vec::new());
    let (kind, code, parameters) = match error {
        ReplyError::Different(names) => ("mismatch", "mismatch", texts(names)),
        ReplyError::NotIgnorable(name) => ("ignore", "not_ignorable", one(name)),
        ReplyError::Unreadable(_) => ("signature", "unreadable", none()),
        ReplyError::Unsigned => ("signature", "unsigned", none()),
        // Phrases that we do not have signed it, or none did.
        ReplyError::Mismatch | ReplyError::UnknownAccessCode => ("signature", "signature_mismatch", none()),
        ReplyError::Ambiguous(name) => ("signature", "ambiguous", one(name)),
        ReplyError::NotAReply(name) => ("signature", "ambiguous", one(name)),
    };
    Answer::Object(alloc::vec![("kind", Answer::Text(kind)), ("code", Answer::Text(code)), ("parameters", parameters),])
}

fn explained(explanation: &Explanation) -> Answer<'_> {
    let hints = explanation.hints.iter().map(|hint| {
        let mut answer = alloc::vec![("mistake", Answer::Text(hint.mistake))];
        if let Some(parameter) = &hint.parameter {
            answer.push(("parameter", Answer::Text(parameter)));
        }
        if let Some(digest) = hint.digest {
            answer.push(("digest", Answer::Text(digest)));
        }
        answer.push(("message", Answer::Text(hint.message)));
        Answer::Object(answer)
    });
    Answer::Object(alloc::vec![
        ("matches", Answer::Flag(explanation.matches)),
        ("canonical", Answer::Text(&explanation.canonical)),
        ("parameters", texts(&explanation.parameters)),
        ("hints", Answer::List(hints.collect())),
    ])
}
