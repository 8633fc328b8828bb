//! What a response code means for the payment.
//!
//! `response_code` is five digits: two of `status`, three of a message. The table below is all that is known of the
//! statuses (DOC, transaction codes); which of them belong to a command, the dictionary says.

use crate::dictionary::statuses;
use crate::text::{has_word, read_u64, word};

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took place.
    Succeeded,
    /// It was tried and did not take place.
    Failed,
    /// The customer has to be sent to the 3-D Secure page.
    ActionRequired,
    /// Its result is not known yet; a notification will follow.
    Pending,
    /// It may or may not have taken place; `CHECK_STATUS` may show it.
    Uncertain,
    /// The request was refused: nothing was tried.
    Rejected,
}

impl Outcome {
    /// The stable name of the outcome.
    #[must_use]
    pub fn name(self) -> &'static str {
        word("succeeded failed action_required pending uncertain rejected", self as usize)
    }
}

/// The kinds of the statuses 00 to 99, ten in a line: `S`uccess, `F`ailure, `P`ending, on `H`old, `U`ncertain, `I`nvalid,
/// `C`hecked; `-` for a status that no source names. That of 11 is uncertain because the check failed, which says nothing
/// of the payment.
const KINDS: &str = "\
    IPSFSFSFSF\
    PUCFSU-FSP\
    HFSFS--FSF\
    SFS-------\
    P-SFSFSFSF\
    SFSFSFSFSF\
    --SF--S---\
    SFSFSFSF--\
    SF------SF\
    SFSF------\
";

/// Messages that leave the result unknown, whatever the status: technical problem, duplicate order number, order already
/// processed, reference already exists, not confirmed yet, processed but not confirmed, timed out, transformation
/// errors, still processing.
const UNCERTAIN_MESSAGES: &str = "006 007 047 066 662 777 778 779 780 781 784";

/// Queries with success 12 whose answer says how an operation ended.
const TELL_OF_AN_OPERATION: &[&str] = &["CHECK_STATUS", "CHECK_VERIFY_CARD_STATUS"];

/// What else in a reply its outcome depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// `transaction_status`: the status of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_status: Option<&'a str>,
    /// `transaction_code`: the response code of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_code: Option<&'a str>,
    /// Whether there is a `3ds_url` to send the customer to.
    pub has_3ds_url: bool,
}

/// The status and the message of a response code; none unless it is five digits.
#[must_use]
pub fn split(response_code: &str) -> Option<(&str, &str)> {
    if response_code.len() != 5 || !crate::text::is_digits(response_code) {
        return None;
    }
    response_code.split_at_checked(2)
}

/// The outcome of a reply to `command`, whose `status` and `response_code` it holds.
///
/// Success and failure are believed only from the status that belongs to the command; those of no command are of every
/// operation, or of one that no source names. What is unknown, or contradicts itself, is uncertain.
#[must_use]
pub fn outcome(command: &str, status: &str, response_code: &str, facts: Facts<'_>) -> Outcome {
    let is_own = || has_word(statuses(command), status);
    match look_up(status, response_code) {
        (b'C', "000") if is_own() && TELL_OF_AN_OPERATION.contains(&command) => checked(command, facts),
        // It answers a query, and the query was not about an operation.
        (b'C', "000") if is_own() => Outcome::Succeeded,
        (b'S' | b'F', _) if !is_own() => Outcome::Uncertain,
        // A status newer than the table, of a command in the dictionary: its failure stands last.
        (b'-', _) if is_own() => by_kind(if statuses(command).ends_with(status) { b'F' } else { b'S' }, false),
        (kind, _) => by_kind(kind, facts.has_3ds_url),
    }
}

/// The outcome of a response code alone, without command or reply.
///
/// 20064 is `ActionRequired`, for it always brings a `3ds_url`; a code of `CHECK_STATUS` is `Uncertain`, for it tells
/// nothing of the payment.
#[must_use]
pub fn outcome_of_code(response_code: &str) -> Outcome {
    let status = split(response_code).map_or("", |(status, _)| status);
    let (kind, message) = look_up(status, response_code);
    by_kind(kind, message == "064")
}

/// The last operation according to `CHECK_STATUS`. Its command is not in the reply, so the status alone decides.
fn checked(command: &str, facts: Facts<'_>) -> Outcome {
    match (facts.transaction_status, facts.transaction_code) {
        (Some(status), Some(code)) => by_kind(look_up(status, code).0, false),
        // The table of CHECK_VERIFY_CARD_STATUS has no transaction_code.
        (Some(status), None) if command != "CHECK_STATUS" => by_kind(kind_of(status), false),
        _ => Outcome::Uncertain,
    }
}

/// The kind of a status; `U` if it is not a status.
fn kind_of(status: &str) -> u8 {
    let place = read_u64(status).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| KINDS.as_bytes().get(place)).copied().unwrap_or(b'U')
}

/// The kind and the message; the kind is `U` if status and code do not belong together, or if the message leaves the
/// outcome open.
fn look_up<'c>(status: &str, response_code: &'c str) -> (u8, &'c str) {
    let Some((prefix, message)) = split(response_code) else { return (b'U', "") };
    if prefix == status && !has_word(UNCERTAIN_MESSAGES, message) {
        (kind_of(prefix), message)
    } else {
        (b'U', message)
    }
}

const fn by_kind(kind: u8, has_3ds_url: bool) -> Outcome {
    match kind {
        b'S' => Outcome::Succeeded,
        b'F' => Outcome::Failed,
        b'H' if has_3ds_url => Outcome::ActionRequired,
        b'H' | b'P' => Outcome::Pending,
        b'I' => Outcome::Rejected,
        _ => Outcome::Uncertain,
    }
}
