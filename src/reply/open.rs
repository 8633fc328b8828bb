//! Opens a reply or notification: reads it, verifies it, and compares it with what was expected.
//!
//! A matching signature is not enough: see [`super::ambiguity`] for the attack and the proof.

use super::ambiguity::{Head, SELECTORS, ambiguity};
use crate::dictionary::{Effect, Plan, Presence};
use crate::message::value::Params;
use crate::message::{ReadError, read_message};
use crate::reply::code::{Facts, Outcome, outcome, split};
use crate::signature::canonical::{in_order, push_parameter, room_for};
use crate::signature::{Digest, Phrase, Signature, verify_text};
use crate::text::{has_word, is_one_of, words};
use crate::wiped::Wiped;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

pub use super::ambiguity::{DECIDING, operation};

/// Parameters that decide what a reply means: always signed, whatever the caller asks to ignore.
const NEVER_IGNORED: &[&str] = &[
    "query_command",
    "service_command",
    "transaction_status",
    "transaction_code",
    "authorized_amount",
    "captured_amount",
    "refunded_amount",
    "3ds_url",
    "access_code",
    "merchant_identifier",
];

/// The phrases that sign the replies for one access code.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'k> {
    /// The access code of the set.
    pub access_code: &'k str,
    /// The SHA response phrases, newest first.
    pub phrases: &'k [Phrase],
    /// The digest.
    pub digest: Digest,
}

/// What a message is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Checks<'k> {
    /// The account's sets. The reply's `access_code` selects one; the first is used for a reply without one.
    pub credentials: &'k [Credentials<'k>],
    /// Parameters that the reply must agree with: [`expected_of`] a request, or the merchant's own order.
    pub expected: &'k [(&'k str, &'k str)],
    /// Unsigned names: the merchant's own query parameters on `return_url`.
    pub ignore: &'k [&'k str],
    /// Whether this is the answer to a request, read from the same connection. Only then may it be unsigned.
    pub direct: bool,
}

/// A reply that passed every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The outcome of the operation.
    pub outcome: Outcome,
    /// Whether the reply is signed. APS does not sign status 00.
    pub authentic: bool,
    /// All parameters as received, including `signature` and ignored ones.
    pub params: Params<'a>,
}

impl Reply<'_> {
    /// `status`: two digits.
    #[must_use]
    pub fn status(&self) -> &str {
        self.params.text("status").unwrap_or_default()
    }

    /// `response_code`: five digits.
    #[must_use]
    pub fn code(&self) -> &str {
        self.params.text("response_code").unwrap_or_default()
    }

    /// `response_message`, in APS's words.
    #[must_use]
    pub fn message(&self) -> &str {
        self.params.text("response_message").unwrap_or_default()
    }

    /// Whether it is about an operation that moves or holds an amount. An unknown operation is if it has an amount; a void
    /// has none.
    #[must_use]
    pub fn is_about_money(&self) -> bool {
        let has_amount = self.params.get("amount").is_some();
        operation(&self.params).and_then(Plan::find).map_or(has_amount, |plan| {
            let needs_amount = || plan.parameter("amount").is_some_and(|own| own.presence == Presence::Required);
            plan.command.effect == Effect::Money && (has_amount || needs_amount())
        })
    }

    /// Where the customer must be sent, if anywhere: a signed `3ds_url`, https.
    #[must_use]
    pub fn redirect_to(&self) -> Option<&str> {
        if self.outcome == Outcome::ActionRequired { find_https(&self.params) } else { None }
    }
}

/// Why a message is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyError {
    /// It cannot be read.
    Unreadable(ReadError),
    /// It has no signature, and is not a status 00 read from the connection of its own request.
    Unsigned,
    /// Its `access_code` belongs to none of the account's sets.
    UnknownAccessCode,
    /// Its signature matches none of the account's phrases.
    Mismatch,
    /// Its signature matches, but its text is ambiguous at this parameter.
    Ambiguous(String),
    /// Its signature matches, but this parameter, which every reply has, is missing: it is a request, or other text.
    NotAReply(&'static str),
    /// The caller asked to ignore a parameter that decides what a reply means.
    NotIgnorable(String),
    /// It is genuine, but answers something else: the parameters that differ.
    Different(Vec<String>),
}

/// Reads and checks a message: JSON or form-encoded text.
///
/// # Errors
/// See [`ReplyError`].
pub fn open<'a>(message: &'a str, checks: &Checks<'_>) -> Result<Reply<'a>, ReplyError> {
    open_params(read_message(message).map_err(ReplyError::Unreadable)?, checks)
}

/// Checks a message that was already read, with unique names.
///
/// # Errors
/// See [`ReplyError`].
pub fn open_params<'a>(params: Params<'a>, checks: &Checks<'_>) -> Result<Reply<'a>, ReplyError> {
    if let Some(name) = checks.ignore.iter().find(|name| has_word(DECIDING, name) || is_one_of(NEVER_IGNORED, name)) {
        return Err(ReplyError::NotIgnorable((*name).to_owned()));
    }
    let unsigned = match params.get("signature") {
        None => true,
        Some(signature) => signature.as_text() == Some(""),
    };
    if unsigned {
        if !checks.direct || !is_rejection(&params) {
            return Err(ReplyError::Unsigned);
        }
    } else {
        verify_message(&params, checks)?;
    }
    let authentic = !unsigned;
    let mut different = differences(&params, checks.expected, authentic);
    if params.get("access_code").is_none() {
        // The first set verified it.
        let is_first = |code: &str| checks.credentials.first().is_some_and(|set| set.access_code == code);
        let expects_first = checks.expected.iter().all(|(name, code)| *name != "access_code" || is_first(code));
        different.retain(|name| name != "access_code" || !expects_first);
    }
    if !different.is_empty() {
        return Err(ReplyError::Different(different));
    }
    let facts = Facts {
        transaction_status: params.text("transaction_status"),
        transaction_code: params.text("transaction_code"),
        has_3ds_url: authentic && find_https(&params).is_some(),
    };
    let outcome = outcome(
        operation(&params).unwrap_or_default(),
        params.text("status").unwrap_or_default(),
        params.text("response_code").unwrap_or_default(),
        facts,
    );
    Ok(Reply { outcome, authentic, params })
}

fn is_rejection(params: &Params<'_>) -> bool {
    params.text("status") == Some("00")
        && params.text("response_code").and_then(split).is_some_and(|(status, _)| status == "00")
}

fn verify_message(params: &Params<'_>, checks: &Checks<'_>) -> Result<(), ReplyError> {
    let credentials = match params.get("access_code") {
        None => checks.credentials.first(),
        Some(code) => checks.credentials.iter().find(|set| code.as_text() == Some(set.access_code)),
    };
    let credentials = credentials.ok_or(ReplyError::UnknownAccessCode)?;
    let received = params.text("signature").and_then(Signature::from_hex).ok_or(ReplyError::Mismatch)?;

    let unsigned = operation(params).and_then(Plan::find).map_or("", |plan| plan.command.unsigned_reply);
    let left_out: Vec<&str> = checks.ignore.iter().copied().chain(words(unsigned)).collect();
    let order = in_order(params, &left_out);
    let mut heads = Vec::with_capacity(order.len());
    // It may contain a card number, so it is wiped; text that grew would leave copies.
    let mut text = Wiped::with_capacity(room_for(params));
    for (name, value) in order {
        heads.push(Head { at: text.len(), name, value });
        push_parameter(&mut text, name, value);
    }
    if !verify_text(&text, &received, credentials.phrases.iter().map(Phrase::expose), credentials.digest) {
        return Err(ReplyError::Mismatch);
    }
    for name in ["status", "response_code"] {
        if params.get(name).is_none() {
            return Err(ReplyError::NotAReply(name));
        }
    }
    match ambiguity(params, &text, &heads) {
        Some(name) => Err(ReplyError::Ambiguous(name.to_owned())),
        None => Ok(()),
    }
}

/// What the reply to `request` must agree with: credentials, merchant, operation, amount, currency, and the payment by the
/// name that the request gave it.
#[must_use]
pub fn expected_of<'r>(request: &'r Params<'_>) -> Vec<(&'r str, &'r str)> {
    let mut expected = Vec::with_capacity(8);
    for name in
        words("access_code merchant_identifier merchant_reference fort_id maintenance_reference amount currency")
    {
        if let Some(value) = request.text(name) {
            expected.push((name, value));
        }
    }
    if let Some(operation) = operation(request) {
        expected.push(("command", operation));
    }
    expected
}

/// The expected parameters that a message disagrees with. In an unsigned one only those present have to agree.
///
/// `command`, `query_command` and `service_command` all name the operation, whichever of them the message has. Besides
/// `merchant_reference`, other names of the payment have to agree only if the message has them.
#[must_use]
pub fn differences(params: &Params<'_>, expected: &[(&str, &str)], authentic: bool) -> Vec<String> {
    let is_named = expected.iter().any(|(name, _)| *name == "merchant_reference");
    let differs = |name: &str, value: &str| {
        let may_lack = is_named && matches!(name, "fort_id" | "maintenance_reference");
        let given = if SELECTORS.contains(&name) {
            SELECTORS.iter().find_map(|name| params.get(name))
        } else {
            params.get(name)
        };
        given.map_or(authentic && !may_lack, |given| given.as_text() != Some(value))
    };
    expected.iter().filter(|(name, value)| differs(name, value)).map(|(name, _)| (*name).to_owned()).collect()
}

fn find_https<'p>(params: &'p Params<'_>) -> Option<&'p str> {
    let url = params.text("3ds_url")?;
    let (scheme, host) = url.split_at_checked(8)?;
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain
        && scheme.eq_ignore_ascii_case("https://")
        && host.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '['))
    .then_some(url)
}
