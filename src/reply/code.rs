//! What a response code means for the payment.
//!
//! `response_code` is five digits: two of `status`, three of a message. The table below is everything known about the
//! statuses (DOC, transaction codes); the dictionary says which of them belong to a command.

use crate::dictionary::statuses;
use crate::text::{has_word, is_one_of, read_u64};

/// The outcome of an operation.
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
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::ActionRequired => "action_required",
            Self::Pending => "pending",
            Self::Uncertain => "uncertain",
            Self::Rejected => "rejected",
        }
    }
}

/// The kinds of the statuses 00 to 99, ten per line: `S`uccess, `F`ailure, `P`ending, on `H`old, `U`ncertain, `I`nvalid,
/// `C`hecked; `-` for a status that no source names. 11 is uncertain because it means that the check failed, which says
/// nothing about the payment.
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

/// Queries with success 12 whose answer reports how an operation ended.
pub(super) const CHECKS: &[&str] = &["CHECK_STATUS", "CHECK_VERIFY_CARD_STATUS"];

/// Other parts of a reply that its outcome depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// `transaction_status`: the status of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_status: Option<&'a str>,
    /// `transaction_code`: the response code of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_code: Option<&'a str>,
    /// Whether there is a `3ds_url` to send the customer to.
    pub has_3ds_url: bool,
}

/// The status and the message of a response code; `None` unless it is five digits.
#[must_use]
pub fn split(response_code: &str) -> Option<(&str, &str)> {
    if response_code.len() != 5 || !crate::text::is_digits(response_code) {
        return None;
    }
    response_code.split_at_checked(2)
}

/// The outcome of a reply to `command` with this `status` and `response_code`.
///
/// Success and failure are trusted only from the status that belongs to the command; statuses of no command apply to every
/// operation, or to one that no source names. Anything unknown or contradictory is uncertain.
#[must_use]
pub fn outcome(command: &str, status: &str, response_code: &str, facts: Facts<'_>) -> Outcome {
    let is_own = || has_word(statuses(command), status);
    match look_up(status, response_code) {
        (b'C', "000") if is_own() && is_one_of(CHECKS, command) => outcome_of_check(command, facts),
        // It answers a query that was not about an operation.
        (b'C', "000") if is_own() => Outcome::Succeeded,
        (b'S' | b'F', _) if !is_own() => Outcome::Uncertain,
        // A status newer than the table, of a command in the dictionary: its failure comes last.
        (b'-', _) if is_own() => outcome_of_kind(if statuses(command).ends_with(status) { b'F' } else { b'S' }, false),
        (kind, _) => outcome_of_kind(kind, facts.has_3ds_url),
    }
}

/// The outcome of a response code alone, without command or reply.
///
/// 20064 is `ActionRequired`, since it always comes with a `3ds_url`; a code of `CHECK_STATUS` is `Uncertain`, since it says
/// nothing about the payment.
#[must_use]
pub fn outcome_of_code(response_code: &str) -> Outcome {
    let status = split(response_code).map_or("", |(status, _)| status);
    let (kind, message) = look_up(status, response_code);
    outcome_of_kind(kind, message == "064")
}

/// The last operation according to `CHECK_STATUS`. The reply does not name its command, so the status alone decides.
fn outcome_of_check(command: &str, facts: Facts<'_>) -> Outcome {
    match (facts.transaction_status, facts.transaction_code) {
        (Some(status), Some(code)) => outcome_of_kind(look_up(status, code).0, false),
        // The table of CHECK_VERIFY_CARD_STATUS has no transaction_code.
        (Some(status), None) if command != "CHECK_STATUS" => outcome_of_kind(kind_of(status), false),
        _ => Outcome::Uncertain,
    }
}

/// The kind of a status; `U` if it is not a status.
fn kind_of(status: &str) -> u8 {
    let place = read_u64(status).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| KINDS.as_bytes().get(place)).copied().unwrap_or(b'U')
}

/// The kind and the message; the kind is `U` if status and code do not match, or if the message leaves the outcome open.
fn look_up<'c>(status: &str, response_code: &'c str) -> (u8, &'c str) {
    let Some((prefix, message)) = split(response_code) else { return (b'U', "") };
    if prefix == status && !has_word(UNCERTAIN_MESSAGES, message) {
        (kind_of(prefix), message)
    } else {
        (b'U', message)
    }
}

const fn outcome_of_kind(kind: u8, has_3ds_url: bool) -> Outcome {
    match kind {
        b'S' => Outcome::Succeeded,
        b'F' => Outcome::Failed,
        b'H' if has_3ds_url => Outcome::ActionRequired,
        b'H' | b'P' => Outcome::Pending,
        b'I' => Outcome::Rejected,
        _ => Outcome::Uncertain,
    }
}
