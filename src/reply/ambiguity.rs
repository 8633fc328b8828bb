//! Detects signed messages whose text can be read in another way.
//!
//! # Why a matching signature is not enough
//!
//! The canonical text has no separators, so one signature covers every way of cutting the text into parameters. A customer
//! who can choose one value of a declined payment, say its description, can have APS sign
//! `order_description=…response_code=14000…` and then present the same text cut so that the success stands by itself. A
//! signed message is therefore refused as ambiguous if the name of a deciding parameter ([`DECIDING`]), followed by `=`,
//! stands anywhere but at the head of its own parameter.
//!
//! # What is proven
//!
//! Let G be the reply that APS signed and M the message that is read: two ways of cutting one text into parameters sorted by
//! name. G is assumed to have `response_code`, `status` and one selector of the operation, with well-formed codes, amounts
//! and commands and no `=` in references and descriptions (requests refuse it). Then no deciding parameter in G has a
//! different value in an accepted M, or is missing there:
//!
//! 1. *Places.* Each place in the text where `amount=` stands (and so on) is the head of `amount` in M, or the end of a
//!    longer name that `ENDING_IN_ONE` lists for the operation; everything else is refused. G's `amount` is at one of them.
//!    If that is where M has `amount` too, 2 applies. What must be excluded is a longer name in M where G has `amount`
//!    itself, after a value that ends in, say, `wallet_`. `may_be_cut` refuses it unless one of these rules it out:
//!    - *Codes follow.* G's `response_code` follows its `amount`, `command` or `currency`, so M has a name ending in it after
//!      the longer name. That is impossible if the longer name sorts after `response_code` (`wallet_amount`).
//!    - *The same code.* `response_code`, which is proven by itself, begins with `status`, so a second `status` after it has
//!      the same value (`transaction_status`, `token_status`).
//!    - *Firm heads.* `access_code` is the account's own, the acquirer's words contain no `=`, and codes and amounts end
//!      where their characters do. So the names up to the first other value are also G's. If one of them is `amount`, or
//!      sorts after it, no place is left for G's `amount` after it (`cashback_wallet_amount`, `converted_amount`,
//!      `link_command`, totals).
//!    - *The value.* Where G's own value would be there are no such characters, or the name that follows them would sort
//!      before (`acquirer_response_code`, `processor_response_code`, `3ds_status`, `otp_status`, `payment_link_status`,
//!      `converted_currency`).
//!
//!    `CHECK_STATUS` returns totals and no `amount`, so without an `amount` in M its totals are genuine. An unknown name that
//!    ends in a deciding one is refused: it can be invented by cutting the text.
//! 2. *Values.* From the same head on, the value is the same. Codes and currencies have a fixed length. Digits and capitals
//!    end at a small letter, because a name that begins with one of them sorts before every deciding name. A reference or
//!    description could lend its end to the name after it, or take its beginning; it is refused if another parameter of APS
//!    ends at the same `=` and would sort between it and `response_code` (`may_end_elsewhere`).
//!
//! # What is not
//!
//! A deciding parameter that G lacks altogether can be cut out of a chosen value. Only values that every reply to the
//! operation has are therefore relied on, and requests refuse values that contain such a name. The end of a reference is
//! unprotected if a parameter that the dictionary does not know follows it. Parameters that decide nothing are not protected
//! from each other at all.

use super::code::{CHECKS, split};
use crate::dictionary::is_parameter;
use crate::message::value::{Params, Value};
use crate::text::{has_word, is_digits, is_one_of, words};
use alloc::borrow::ToOwned;

pub use crate::dictionary::RESERVED as DECIDING;

/// The parameters that name the operation. A reply has one of them.
pub(super) const SELECTORS: [&str; 3] = ["command", "query_command", "service_command"];

const ANY: &[&str] = &[];
const VALU: &[&str] = &["OTP_GENERATE", "PURCHASE"];

/// Parameters of APS's replies whose names end in a deciding name, with the operations whose replies have them.
const ENDING_IN_ONE: &[(&str, &[&str])] = &[
    ("query_command", ANY),
    ("service_command", ANY),
    ("acquirer_response_code", ANY),
    ("processor_response_code", ANY),
    ("transaction_status", CHECKS),
    ("authorized_amount", CHECKS),
    ("captured_amount", CHECKS),
    ("refunded_amount", CHECKS),
    ("3ds_status", &["AUTHORIZATION", "PURCHASE", "3DS_ENROLLMENT", "3DS_AUTHENTICATION"]),
    ("token_status", &["CREATE_TOKEN", "UPDATE_TOKEN"]),
    ("link_command", &["PAYMENT_LINK"]),
    ("converted_amount", &["CURRENCY_CONVERSION"]),
    ("converted_currency", &["CURRENCY_CONVERSION"]),
    ("wallet_amount", VALU),
    ("cashback_wallet_amount", VALU),
    ("otp_status", &["OTP_GENERATE", "OTP_VERIFY"]),
    ("payment_link_status", &["CHECK_PAYMENT_LINK_STATUS", "UPDATE_PAYMENT_LINK"]),
];

/// Parameters whose values neither shop nor customer can choose: the account's own and the acquirer's words.
const FIRM: &[&str] = &["access_code", "acquirer_response_code", "acquirer_response_message"];

/// Deciding parameters whose values can end anywhere.
const FREE: &[&str] = &["maintenance_reference", "merchant_reference", "order_description"];

/// Totals of a payment in the answer to `CHECK_STATUS`: digits, or empty.
const TOTALS: &[&str] = &["authorized_amount", "captured_amount", "refunded_amount"];

/// A signed parameter and its position in the canonical text.
pub(super) struct Head<'p, 'v> {
    pub(super) at: usize,
    pub(super) name: &'p str,
    pub(super) value: &'p Value<'v>,
}

impl Head<'_, '_> {
    /// Whether the value could hide another parameter, or is not plain text.
    fn may_hide(&self) -> bool {
        self.value.as_text().is_none_or(|text| text.contains('='))
    }
}

/// The parameter at which the signed text is ambiguous, if there is one.
pub(super) fn ambiguity<'p>(params: &'p Params<'_>, text: &'p str, heads: &[Head<'p, '_>]) -> Option<&'p str> {
    if SELECTORS.iter().filter(|name| params.get(name).is_some()).count() > 1 {
        return Some("command");
    }
    let operation = operation(params).unwrap_or_default();
    let checking = is_one_of(CHECKS, operation);
    let mut owner = 0usize;
    for (equals, _) in text.match_indices('=') {
        while heads.get(owner.wrapping_add(1)).is_some_and(|next| next.at <= equals) {
            owner = owner.wrapping_add(1);
        }
        let Some(head) = heads.get(owner) else { return Some("") };
        // An empty name, or one with `=`, is not a name: its parameter begins or ends elsewhere.
        if equals < head.at.saturating_add(head.name.len()) || head.name.is_empty() {
            return Some(head.name);
        }
        let Some(deciding) = deciding_name_before(text, equals, checking) else { continue };
        // The name must be the deciding one or known to end in it. Then this `=` certainly follows the name rather than being
        // in the value: a value with an `=` in it is refused.
        let is_own = head.name == deciding;
        if !(is_own || may_end_in_one(head.name, operation)) || head.may_hide() {
            return Some(deciding);
        }
        let is_total = is_one_of(TOTALS, head.name) && params.get(deciding).is_none();
        let is_sure = is_own || is_total || SELECTORS.contains(&head.name);
        let (before, after) = heads.split_at_checked(owner.wrapping_add(1))?;
        let next = after.first().map(|next| next.name);
        if if is_sure {
            is_one_of(FREE, deciding) && may_end_elsewhere(head, next)
        } else {
            may_be_cut(before, next, deciding)
        } {
            return Some(deciding);
        }
    }
    heads.iter().find(|head| !is_well_formed(params, head)).map(|head| head.name)
}

/// The deciding name that ends at `equals`. In an answer to `CHECK_STATUS`, `transaction_code` is one too.
fn deciding_name_before(text: &str, equals: usize, checking: bool) -> Option<&'static str> {
    let before = text.as_bytes().get(..equals)?;
    // Nearly every `=` is ruled out by the byte before it.
    if !matches!(before.last(), Some(b'e' | b's' | b't' | b'y' | b'd' | b'n')) {
        return None;
    }
    let ends_in = |name: &&str| before.ends_with(name.as_bytes());
    words(DECIDING).find(ends_in).or_else(|| Some("transaction_code").filter(|name| checking && ends_in(name)))
}

fn may_end_in_one(name: &str, operation: &str) -> bool {
    ENDING_IN_ONE
        .iter()
        .any(|(known, operations)| *known == name && (operations.is_empty() || is_one_of(operations, operation)))
}

/// Whether a genuine reply could have the deciding parameter itself where the last head, a longer name, ends in it.
fn may_be_cut(heads: &[Head<'_, '_>], next: Option<&str>, deciding: &str) -> bool {
    let Some((head, before)) = heads.split_last() else { return false };
    if deciding == "status" && head.name > deciding || deciding < "response_code" && head.name > "response_code" {
        return false;
    }
    // The first head whose value may end anywhere is the last firm one.
    let firm = before
        .iter()
        .position(|head| !has_firm_end(head.name))
        .map_or(before, |end| before.get(..end.saturating_add(1)).unwrap_or_default());
    if firm.iter().any(|head| head.name >= deciding) {
        return false;
    }
    let mut text = head.value.as_text().unwrap_or_default().to_owned();
    text.push_str(next.unwrap_or_default());
    match behind_value(deciding, &text) {
        Some(rest) if next.is_some() => rest > deciding,
        Some(rest) => rest.is_empty(),
        None => false,
    }
}

fn has_firm_end(name: &str) -> bool {
    is_one_of(FIRM, name) || SELECTORS.contains(&name) || has_word(DECIDING, name) && !is_one_of(FREE, name)
}

/// What remains of a text after a genuine value of a deciding parameter; `None` if it does not begin with such a value.
fn behind_value<'t>(deciding: &str, text: &'t str) -> Option<&'t str> {
    let (is_of, fixed): (fn(&u8) -> bool, Option<usize>) = match deciding {
        "response_code" => (u8::is_ascii_digit, Some(5)),
        "status" => (u8::is_ascii_digit, Some(2)),
        "currency" => (u8::is_ascii_uppercase, Some(3)),
        "command" => (|byte| is_of_operation(*byte), None),
        _ => (u8::is_ascii_digit, None),
    };
    let run = text.bytes().take_while(is_of).count();
    let length = fixed.unwrap_or(run);
    if length == 0 || run < length { None } else { text.get(length..) }
}

fn is_of_operation(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')
}

/// Parameters found only in replies that may follow a reference or description, ahead of `response_code`.
const OF_REPLIES: &[&str] = &[
    "number_of_installments",
    "otp_status",
    "payment_link",
    "processor_response_code",
    "query_command",
    "reconciliation_reference",
    "refunded_amount",
];

/// No parameter of APS has a longer name.
const LONGEST_NAME: usize = 40;

/// Whether a value, together with the name after it, could also end elsewhere, at another parameter of APS: one that sorts
/// after its own, and before the `response_code` still to come.
fn may_end_elsewhere(head: &Head<'_, '_>, next: Option<&str>) -> bool {
    let (Some(value), Some(next)) = (head.value.as_text(), next) else { return false };
    let mut text = value.to_owned();
    text.push_str(next);
    (text.len().saturating_sub(LONGEST_NAME)..text.len()).filter_map(|at| text.get(at..)).any(|name| {
        name != next
            && name > head.name
            && name < "response_code"
            && (is_one_of(OF_REPLIES, name) || is_parameter(name))
    })
}

/// Whether a number, a code or a word in capitals is well formed, and codes agree with each other. None of them can lend its
/// end to the name that follows, nor take that name's beginning: names that follow begin with a small letter.
fn is_well_formed(params: &Params<'_>, head: &Head<'_, '_>) -> bool {
    let text = head.value.as_text();
    let code_of = |status: &str| {
        text.and_then(split).is_some_and(|(prefix, _)| params.text(status).is_none_or(|status| status == prefix))
    };
    match head.name {
        "response_code" => code_of("status"),
        "status" => text.is_some_and(|text| text.len() == 2 && is_digits(text)),
        "amount" => text.is_some_and(is_digits),
        "currency" => text.is_some_and(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())),
        "command" | "query_command" | "service_command" => {
            text.is_some_and(|text| !text.is_empty() && text.bytes().all(is_of_operation))
        }
        "transaction_status" => text.is_some_and(|text| text.is_empty() || text.len() == 2 && is_digits(text)),
        "transaction_code" => text == Some("") || code_of("transaction_status"),
        name if name == "fort_id" || is_one_of(TOTALS, name) => {
            text.is_some_and(|text| text.is_empty() || is_digits(text))
        }
        _ => true,
    }
}

/// The operation that a message names, by whichever parameter.
#[must_use]
pub fn operation<'p>(params: &'p Params<'_>) -> Option<&'p str> {
    SELECTORS.iter().find_map(|name| params.text(name))
}
