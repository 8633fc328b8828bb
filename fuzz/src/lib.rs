//! What is held of any input at all. The fuzzer calls these with what it makes up (`npm run fuzz`), and
//! `tests/rust/corpus.rs` with what it has kept.

use aps_payops::dictionary::check::{Options, paths, validate as issues_of};
use aps_payops::dictionary::{Command, Plan};
use aps_payops::message::form::read_form;
use aps_payops::message::json::read_params;
use aps_payops::message::read_message;
use aps_payops::message::value::{Params, Value};
use aps_payops::message::writer::Writer;
use aps_payops::reply::{Checks, Credentials, differences, expected_of, open as open_reply};
use aps_payops::signature::explain::explain as explain_signature;
use aps_payops::signature::{Digest, Phrase, sign, verify};

const RESPONSE: &str = "response-phrase";
const OLDER: &str = "older-response-phrase";
const ACCESS_CODE: &str = "zx0IPmPy5jp1vAz8Kpg7";

fn phrases() -> Vec<Phrase> {
    [RESPONSE, OLDER].into_iter().filter_map(|text| Phrase::new(text.into())).collect()
}

/// Reading JSON: what we read is JSON, and written again it reads as the same.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(params) = read_params(text) else { return };
    let whole = text.strip_prefix('\u{feff}').unwrap_or(text);
    let other: serde_json::Value = serde_json::from_str(whole).expect("what we read as JSON, serde_json reads too");
    assert_eq!(other.as_object().map(|members| members.len()), Some(params.iter().len()));
    let written = json_of(&params, None);
    assert_eq!(read_params(&written).as_ref(), Ok(&params), "{written}");
}

/// Reading forms: written again as a form, what was read reads as the same.
pub fn form(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(params) = read_form(text) else { return };
    let written: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value.as_text().unwrap_or_default())))
        .collect();
    let written = written.join("&");
    assert_eq!(read_form(&written).as_ref(), Ok(&params), "{written}");
}

/// Opening: nobody without the phrase makes a signed reply, and one with it differs from nothing in what it says itself.
pub fn open(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let phrases = phrases();
    let sets = [Credentials { access_code: ACCESS_CODE, phrases: &phrases, digest: Digest::Sha256 }];
    let checks = Checks { credentials: &sets, expected: &[], ignore: &[], direct: false };
    let direct = Checks { direct: true, ..checks };
    for checks in [&checks, &direct] {
        if let Ok(reply) = open_reply(text, checks) {
            let is_signed = verify(&reply.params, &[], &phrases, Digest::Sha256);
            assert!(is_signed || (checks.direct && !reply.authentic), "a signature was made up: {text}");
        }
    }

    let Ok(params) = read_message(text) else { return };
    let signature = phrases.first().map(|phrase| sign(&params, &[], phrase, Digest::Sha256)).unwrap_or_default();
    let signed = json_of(&params, Some(&signature));
    let Ok(message) = read_message(&signed) else { return };
    assert!(verify(&message, &[], &phrases, Digest::Sha256), "{signed}");
    if let Ok(reply) = open_reply(&signed, &checks) {
        assert!(reply.authentic);
        let own = expected_of(&params);
        assert_eq!(differences(&reply.params, &own, true), Vec::<String>::new(), "{signed}");
        let _ = (reply.status(), reply.code(), reply.message(), reply.is_about_money(), reply.redirect_to());
    }
}

/// Validation: the first byte chooses the command, the rest are parameters in either encoding. It ends, it says the same
/// again, and every issue has its sentence in both languages.
pub fn validate(data: &[u8]) {
    let [chooser, rest @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let Ok(params) = read_message(text) else { return };
    let commands: Vec<Command> = Command::all().collect();
    let Some(command) = commands.get(usize::from(*chooser) % commands.len().max(1)) else { return };
    let Some(plan) = Plan::find(command.name) else { return };
    let given = paths(&params);
    for at in [None, Some(1_800_000_000_000)] {
        let options = Options { at, page: chooser & 0x80 != 0, ..Options::default() };
        let issues = issues_of(plan, &given, &options);
        let found: Vec<String> = issues.iter().map(|issue| format!("{issue:?}")).collect();
        let again = issues_of(plan, &given, &options);
        assert_eq!(found, again.iter().map(|issue| format!("{issue:?}")).collect::<Vec<_>>());
    }
}

/// Explanations: they end, show no phrase, and match exactly where the signature does.
pub fn explain(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(params) = read_message(text) else { return };
    let phrases = phrases();
    let (own, other) = phrases.split_at(1);
    let explanation = explain_signature(&params, &[], own, Digest::Sha256, other);
    assert_eq!(explanation.matches, verify(&params, &[], own, Digest::Sha256), "{text}");
    let hints =
        explanation.hints.iter().flat_map(|hint| hint.parameter.iter().map(String::as_str).chain([hint.message]));
    for shown in [&explanation.canonical].into_iter().chain(&explanation.parameters).map(String::as_str).chain(hints) {
        assert!(!shown.contains(RESPONSE) && !shown.contains(OLDER), "a phrase is shown: {shown:?}");
    }
}

/// A message as JSON, its signature replaced if one is given.
fn json_of(params: &Params<'_>, signature: Option<&str>) -> String {
    let mut writer = Writer::new();
    writer.begin_object();
    for (name, value) in params.iter() {
        if name == "signature" && signature.is_some() {
            continue;
        }
        writer.name(name);
        write(value, &mut writer);
    }
    if let Some(signature) = signature {
        writer.name("signature");
        writer.string(signature);
    }
    writer.end_object();
    writer.finish()
}

fn write(value: &Value<'_>, writer: &mut Writer) {
    match value {
        Value::Text(text) => writer.string(text),
        Value::Object(members) => {
            writer.begin_object();
            for (name, member) in members {
                writer.name(name);
                write(member, writer);
            }
            writer.end_object();
        }
        Value::List(elements) => {
            writer.begin_list();
            for element in elements {
                write(element, writer);
            }
            writer.end_list();
        }
    }
}

/// Text as a form has it, every byte that is not a letter or digit escaped.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
        all
    })
}
