//! What proves that an operation took place, and what is needed to assume that it did not.

use super::event::{Notice, Reading};
use super::state::{Command, Operation, Status, Suspect, Totals, plus};
use crate::payment;
use crate::reply::code::{Outcome, outcome_of_code};
use alloc::string::String;

/// A day in milliseconds.
pub const DAY: u64 = 86_400_000;

/// The minimum added to an operation's timeout before it may be assumed absent: 15 minutes.
pub const LEAST_ASSUMPTION: u64 = 900_000;

/// What totals say about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They grew by exactly its amount.
    Proven,
    /// They are unchanged, or older than the baseline.
    Unchanged,
    /// They changed, but not by this operation alone.
    Other,
    /// They are inconclusive.
    Unknown,
}

/// What totals say about an operation, compared with its baseline.
#[must_use]
pub fn judge(operation: &Operation, reading: &Reading) -> Verdict {
    let (amount, before) = (operation.amount, operation.baseline);
    let Some(now) = reading.totals.filter(|_| operation.has_baseline) else { return Verdict::Unknown };
    match operation.command {
        // Refunds require captures, so these totals are not of one instant.
        Command::Capture if now.refunded.max(before.refunded) > 0 && before.captured == 0 => Verdict::Unknown,
        Command::Capture => grown(before.captured, now.captured, amount),
        Command::Refund => grown(before.refunded, now.refunded, amount),
        Command::Void if before.voided || !now.voided => Verdict::Unchanged,
        Command::Void => Verdict::Proven,
        Command::Authorization | Command::Purchase if before.authorized > 0 || before.captured > 0 => Verdict::Other,
        Command::Authorization if is_last(operation, reading, "02") => grown(0, now.authorized, amount),
        Command::Purchase if is_last(operation, reading, "14") => {
            // Whether a purchase shows an authorized amount, a captured one or both is not documented.
            grown(0, if now.captured == 0 { now.authorized } else { now.captured }, amount)
        }
        Command::Authorization | Command::Purchase => Verdict::Unchanged,
        Command::Other(_) => Verdict::Unknown,
    }
}

/// Whether the last operation reported is the payment's own. After unseen actions of a customer, others may have followed.
fn is_last(operation: &Operation, reading: &Reading, status: &str) -> bool {
    reading.last == status || (operation.expected && outcome_of_status(&reading.last) == Outcome::Succeeded)
}

fn grown(before: u64, now: u64, amount: u64) -> Verdict {
    match now.checked_sub(before) {
        Some(growth) if growth == amount && amount > 0 => Verdict::Proven,
        // Totals never fall: lower ones than before are out of date.
        None | Some(0) => Verdict::Unchanged,
        Some(_) => Verdict::Other,
    }
}

/// The totals actually reached: the authorized amount of a payment that failed or is not settled does not count.
pub(super) fn reached(reading: &Reading) -> Option<Totals> {
    let totals = reading.totals?;
    let is_settled = matches!(outcome_of_status(&reading.last), Outcome::Succeeded | Outcome::Failed);
    let authorized = if is_settled && !matches!(reading.last.as_str(), "03" | "13") { totals.authorized } else { 0 };
    Some(Totals { authorized, ..totals })
}

/// Whether an operation without a trace may be assumed absent, by a reading requested at a given instant.
pub(super) fn may_assume_absent(operation: &Operation, reading: &Reading, asked_at: i64, after: u64) -> bool {
    let last = outcome_of_status(&reading.last);
    let is_unseen = match operation.status {
        Status::Sent | Status::Uncertain => !reading.found || matches!(last, Outcome::Succeeded | Outcome::Failed),
        // A customer who was declined, or never came back from 3-D Secure (20, on hold).
        Status::ActionRequired if reading.found => last == Outcome::Failed || reading.last == "20",
        // A customer who never reached the hosted page.
        Status::ActionRequired => operation.expected,
        _ => false,
    };
    let after = after.max(operation.timeout.saturating_add(LEAST_ASSUMPTION));
    let shows_nothing = reading.totals.is_some() && !shows(operation, reading) && !is_outdated(operation, reading);
    is_unseen && operation.has_baseline && shows_nothing && asked_at >= plus(operation.at, after)
}

/// Whether totals are less than they were before the operation, or those of no order although there was one: what is not in
/// them may have taken place.
fn is_outdated(operation: &Operation, reading: &Reading) -> bool {
    let before = operation.baseline;
    let now = reading.totals.unwrap_or_default();
    let is_less = now.captured < before.captured || now.refunded < before.refunded || (before.voided && !now.voided);
    let is_lost = !reading.found && (before != Totals::default() || !operation.command.is_payment());
    is_less || is_lost
}

/// Whether totals grew enough to include the operation.
pub(super) fn shows(operation: &Operation, reading: &Reading) -> bool {
    let (amount, before) = (operation.amount, operation.baseline);
    let Some(now) = reading.totals else { return false };
    match operation.command {
        Command::Capture => now.captured.saturating_sub(before.captured) >= amount,
        Command::Refund => now.refunded.saturating_sub(before.refunded) >= amount,
        Command::Void => now.voided && !before.voided,
        Command::Authorization => now.authorized.saturating_sub(before.authorized) >= amount,
        Command::Purchase => {
            now.authorized.saturating_sub(before.authorized) >= amount
                || now.captured.saturating_sub(before.captured) >= amount
        }
        Command::Other(_) => true,
    }
}

/// Whether totals show no sign at all of a capture or a void.
pub(super) fn is_unchanged(operation: &Operation, reading: &Reading) -> bool {
    let before = operation.baseline;
    matches!(operation.command, Command::Capture | Command::Void)
        && reading.totals.is_some_and(|now| now.captured <= before.captured && (before.voided || !now.voided))
}

/// Whether a suspect could explain why totals grew by the amount of an operation. A smaller one can, together with something
/// else.
pub(super) fn could_explain(suspect: &Suspect, operation: &Operation) -> bool {
    if suspect.forgotten && operation.command != Command::Refund {
        return false;
    }
    let is_alike = match (&suspect.command, &operation.command) {
        (Command::Other(_), _) | (Command::Void, Command::Void) => return true,
        (Command::Purchase, Command::Authorization | Command::Capture)
        | (Command::Authorization | Command::Capture, Command::Purchase) => true,
        (one, other) => one == other,
    };
    is_alike && suspect.amount <= operation.amount
}

/// Whether a notification belongs to this operation and no other.
pub(super) fn identifies(notice: &Notice, operation: &Operation) -> bool {
    let is_alike = notice.command == operation.command && notice.amount == operation.amount;
    let is_alike = is_alike && (notice.currency.is_empty() || notice.currency == operation.currency);
    match operation.command {
        Command::Authorization | Command::Purchase => is_alike && operation.alone,
        Command::Refund => match &operation.reference {
            Some(own) => is_alike && own.once && notice.reference.as_ref() == Some(&own.text),
            None => false,
        },
        Command::Void => notice.command == Command::Void && is_named(notice, operation),
        Command::Capture | Command::Other(_) => is_alike && is_named(notice, operation),
    }
}

fn is_named(notice: &Notice, operation: &Operation) -> bool {
    notice.tag.is_some() && notice.tag == operation.tag
}

/// Whether a notification identifies an operation by values that the caller did not choose.
pub(super) const fn has_name(notice: &Notice) -> bool {
    notice.tag.is_some() || notice.reference.is_some() || notice.command.is_payment()
}

/// Whether the answer to `CHECK_STATUS` by a `maintenance_reference` proves the refund. Another payment may have one with the
/// same reference, so of the names that the answer told (`merchant_reference`, `fort_id`, `maintenance_reference`; empty if
/// it did not) one of the payment's must be as the refund was sent, and none may differ. What it was not sent with is as
/// `CHECK_STATUS` of the payment told it; but of two payments with one `merchant_reference` that may be the other's `fort_id`,
/// which shows nothing against a refund of this `merchant_reference`.
pub(super) fn shows_refund(told: &[String], sent: &[String], known: &[String]) -> bool {
    let mut is_named = false;
    for (place, told) in told.iter().enumerate().filter(|(_, told)| !told.is_empty()) {
        let of = |names: &[String]| names.get(place).filter(|own| !own.is_empty()).map(|own| own == told);
        let as_sent = of(sent);
        match as_sent.or_else(|| of(known)) {
            Some(true) => is_named |= place < 2,
            Some(false) if as_sent.is_some() || !is_named => return false,
            _ => {}
        }
    }
    is_named
}

fn outcome_of_status(status: &str) -> Outcome {
    let mut code = String::from(status);
    code.push_str("000");
    outcome_of_code(&code)
}

/// Whether a response code says that the order was already processed, and so nothing about this operation.
pub(super) fn tells_of_before(response_code: &str) -> bool {
    matches!(response_code.get(2..), Some("007" | "047" | "066"))
}

impl Reading {
    /// The result of a `CHECK_STATUS` reply. All totals of an order that is not found are zero.
    #[must_use]
    pub fn from_status(reply: &payment::Status<'_>) -> Self {
        let reported = reply.totals();
        let found = matches!(reported, Ok(Some(_)));
        let totals = reported.ok().map(|order| {
            order.map_or_else(Totals::default, |order| Totals {
                authorized: order.authorized,
                captured: order.captured,
                refunded: order.refunded,
                voided: order.is_voided(),
            })
        });
        Self { totals, found, last: reply.transaction_status.into() }
    }
}
