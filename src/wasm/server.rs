//! What only the server artefact has: signing, verifying, explaining, and opening replies.

use super::memory::{call, read, wipe_deep_stack};
use super::question::Question;
use crate::dictionary::Plan;
use crate::message::flat::{self, Fields, push_field};
use crate::message::value::{Params, Value};
use crate::message::{ReadError, read_message};
use crate::reply::{Checks, Credentials, Reply, ReplyError, expected_of, open as open_reply, open_params};
use crate::signature::explain::Explanation;
use crate::signature::{self, Digest, Phrase};
use crate::text::{push_ascii, read_u64};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Signs parameters exactly as they are: digest, phrase, parameters. Returns the signature in hex; empty without a phrase.
#[wasm_bindgen]
#[must_use]
pub fn sign(length: usize) -> usize {
    call(length, |record, out| {
        let mut fields = Fields::new(record);
        if let Some((digest, phrase)) = read_key(&mut fields) {
            out.push_str(signature::sign_by(&flat::read_params(&mut fields), phrase, digest).as_str());
        }
    })
}

/// Validates and signs a request: digest, phrase, then the input of a check. Returns the signature, or NUL and issues: first
/// what was already rejected, one each.
#[wasm_bindgen]
#[must_use]
pub fn build(length: usize) -> usize {
    call(length, |record, out| {
        let mut fields = Fields::new(record);
        let key = read_key(&mut fields);
        let (question, doubts) = Question::read(&mut fields);
        let options = question.options();
        let issues = question.issues(&options, doubts);
        if let (Some((digest, phrase)), false) = (key, issues.has_error()) {
            out.push_str(signature::sign_by(&collect_signed(&question), phrase, digest).as_str());
        } else {
            push_ascii(out, 0);
            issues.push_fields(out, question.language);
        }
    })
}

/// Digest and phrase, which is wiped with the record.
fn read_key<'a>(fields: &mut Fields<'a>) -> Option<(Digest, &'a str)> {
    let (digest, phrase) = (fields.text(), fields.text());
    Some((Digest::from_name(digest)?, Some(phrase).filter(|phrase| !phrase.is_empty())?))
}

/// The signed parameters: what the account supplies and what is sent.
fn collect_signed<'a>(question: &Question<'a>) -> Params<'a> {
    let mut params = Params::from_members(Vec::with_capacity(24));
    for pair in question.supplied.chunks_exact(2) {
        if let [name, value] = pair {
            params.push(*name, Value::Text(Cow::Borrowed(value)));
        }
    }
    for given in question.sent() {
        let value = if given.is_structure {
            flat::read_value(&mut Fields::new(given.record))
        } else {
            Value::Text(Cow::Borrowed(given.value))
        };
        params.push(given.name.clone(), value);
    }
    params
}

/// Digest, phrases, names to leave out.
struct Keys<'a> {
    digest: Digest,
    /// They are wiped with the record.
    phrases: Vec<&'a str>,
    ignore: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    fn read(fields: &mut Fields<'a>) -> Option<Self> {
        let digest = Digest::from_name(fields.text());
        let (mut phrases, ignore) = (fields.list(), fields.list());
        phrases.retain(|phrase| !phrase.is_empty());
        Some(Self { digest: digest?, phrases, ignore })
    }
}

/// Owned phrases, each wiped when it is dropped.
fn own_phrases(phrases: Vec<&str>) -> Vec<Phrase> {
    phrases.into_iter().filter_map(|phrase| Phrase::new(phrase.into())).collect()
}

/// A message: `1` and its parameters, or an empty field and its text as it arrived.
fn take_message<'a>(fields: &mut Fields<'a>) -> Result<Params<'a>, ReadError> {
    if fields.text() == "1" { Ok(flat::read_params(fields)) } else { read_message(fields.rest()) }
}

/// Whether a message has a valid signature: digest, phrases, names to leave out, then the message. 1 or 0.
#[wasm_bindgen]
#[must_use]
pub fn verify(length: usize) -> u32 {
    read(length, |record| {
        let mut fields = Fields::new(record);
        let Some(keys) = Keys::read(&mut fields) else { return 0 };
        let Ok(params) = take_message(&mut fields) else { return 0 };
        signature::verify_by(&params, &keys.ignore, keys.phrases.into_iter(), keys.digest).into()
    })
}

/// The dictionary's entry for a command: selector, effect, channels as words, then its parameters in signing order. Empty if
/// the command is unknown.
#[wasm_bindgen]
#[must_use]
pub fn command_info(length: usize) -> usize {
    call(length, |name, out| {
        let Some(plan) = Plan::find(name) else { return };
        push_field(out, plan.command.selector);
        push_field(out, plan.command.effect.name());
        out.push_str(plan.command.channels);
        let own = plan.parameters().iter().filter(|own| !own.is_part).map(|own| own.name);
        let (before, after): (Vec<&str>, Vec<&str>) = own.partition(|name| *name < plan.command.selector);
        let names = before.into_iter().chain([plan.command.selector]).chain(after);
        for name in names {
            push_ascii(out, 0);
            out.push_str(name);
        }
    })
}

/// Explains a signature: digest, phrases, names to leave out, other phrases, the message. Returns the explanation, or `error`,
/// the reason why the message cannot be read.
///
/// # Errors
/// If the JavaScript engine cannot create the object.
#[wasm_bindgen]
pub fn explain(length: usize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Answer {
        Explained(Explanation),
        Unreadable { error: &'static str },
    }

    let answer = read(length, |record| {
        let explained = explain_fields(&mut Fields::new(record));
        wipe_deep_stack();
        explained.map_or_else(|error| Answer::Unreadable { error: error.name() }, Answer::Explained)
    });
    // The buffer is released before JavaScript objects are created.
    answer.serialize(&Serializer::json_compatible())
}

fn explain_fields(fields: &mut Fields<'_>) -> Result<Explanation, ReadError> {
    let keys = Keys::read(fields).ok_or(ReadError::Malformed)?;
    let others = own_phrases(fields.list());
    let params = take_message(fields)?;
    let phrases = own_phrases(keys.phrases);
    Ok(signature::explain::explain(&params, &keys.ignore, &phrases, keys.digest, &others))
}

/// Opens a reply or notification. Fields: the number of credential sets, and the access code, digest and phrases of each;
/// names to leave out; `1` for the answer to a request; parameters of the request, up to an end mark; the list of what else
/// is expected, alternating names and values; the message.
///
/// Returns `r` and the reply: outcome, `1` if authentic, `1` if about money, where to go, then its parameters; or `e` and why
/// it is rejected: kind, code, parameters concerned.
#[wasm_bindgen]
#[must_use]
pub fn open(length: usize) -> usize {
    call(length, |record, out| {
        let mut fields = Fields::new(record);
        let mut sets = Vec::new();
        for _ in 0..read_u64(fields.text()).unwrap_or_default() {
            let (access_code, digest) = (fields.text(), Digest::from_name(fields.text()));
            let phrases = own_phrases(fields.list());
            sets.extend(digest.map(|digest| (access_code, digest, phrases)));
        }
        let credentials: Vec<Credentials<'_>> = sets
            .iter()
            .map(|(access_code, digest, phrases)| Credentials { access_code, phrases, digest: *digest })
            .collect();
        let ignore = fields.list();
        let direct = fields.text() == "1";
        let request = flat::read_params(&mut fields);
        let others = fields.list();
        let mut expected = expected_of(&request);
        expected.retain(|(name, _)| !others.iter().step_by(2).any(|other| other == name));
        expected.extend(others.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))));
        let checks = Checks { credentials: &credentials, expected: &expected, ignore: &ignore, direct };
        let opened = if fields.text() == "1" {
            open_params(flat::read_params(&mut fields), &checks)
        } else {
            open_reply(fields.rest(), &checks)
        };
        match &opened {
            Ok(reply) => push_reply(out, reply),
            Err(error) => push_refusal(out, error),
        }
    })
}

fn push_reply(out: &mut String, reply: &Reply<'_>) {
    let flag = |truth| if truth { "1" } else { "" };
    let head = [
        "r",
        reply.outcome.name(),
        flag(reply.authentic),
        flag(reply.is_about_money()),
        reply.redirect_to().unwrap_or_default(),
    ];
    for field in head {
        push_field(out, field);
    }
    flat::push_params(out, &reply.params);
}

fn push_refusal(out: &mut String, error: &ReplyError) {
    let (kind, code) = match error {
        ReplyError::Different(_) => ("mismatch", "mismatch"),
        ReplyError::NotIgnorable(_) => ("ignore", "not_ignorable"),
        ReplyError::Unreadable(_) => ("signature", "unreadable"),
        ReplyError::Unsigned => ("signature", "unsigned"),
        // It was signed with phrases that we do not have, or with none.
        ReplyError::Mismatch | ReplyError::UnknownAccessCode => ("signature", "signature_mismatch"),
        ReplyError::Ambiguous(_) | ReplyError::NotAReply(_) => ("signature", "ambiguous"),
    };
    for field in ["e", kind, code] {
        push_field(out, field);
    }
    match error {
        ReplyError::Different(names) => names.iter().for_each(|name| push_field(out, name)),
        ReplyError::NotIgnorable(name) | ReplyError::Ambiguous(name) => push_field(out, name),
        ReplyError::NotAReply(name) => push_field(out, name),
        ReplyError::Unreadable(why) => push_field(out, why.name()),
        _ => {}
    }
}
