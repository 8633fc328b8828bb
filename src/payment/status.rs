//! Payments out of `CHECK_STATUS` replies.
//!
//! The reply tells the totals of the order and the last operation. A void shows only as that operation, so where a later
//! one hides whether there was a void, the payment cannot be derived.

use super::{AUTHORIZATION, Names, PURCHASE, Payment, end_of_window, is_instant, not_an_instant};
use crate::amount::{Amount, MAX_MINOR};
use crate::code::{self, Outcome};
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issue};
use crate::text::read_u64;
use crate::value::Params;
use alloc::vec::Vec;

const BY_STATUS: &str = "DOC check status table; NEW check status";

const REPLIED: Names = Names {
    authorized: "authorized_amount",
    captured: "captured_amount",
    refunded: "refunded_amount",
    voided: "transaction_status",
    at: "authorizedAt",
    lapses_at: "windowDays",
};

const AUTHORIZED: &str = "02";
const CAPTURED: &str = "04";
const REFUNDED: &str = "06";
const VOIDED: &str = "08";
const PURCHASED: &str = "14";

struct Seen<'a> {
    status: &'a str,
    authorized: u64,
    captured: u64,
    refunded: u64,
}

impl Payment {
    /// Derives a payment from a `CHECK_STATUS` reply, which tells neither currency nor command nor date.
    ///
    /// `authorized_at` is needed for an authorization, whose window begins then.
    ///
    /// # Errors
    /// All that keeps it from being derived: `not_authorized` if there is no such payment or it failed; `not_allowed` on
    /// `transaction_status` or `transaction_code` while it is pending or uncertain, or when the last operation failed and
    /// nothing was captured, so that there may have been a void before; `missing`, `not_an_amount`, `conflict`,
    /// `exceeds_authorized`, `exceeds_captured`, `zero_amount`, `currency_mismatch`, `bad_currency`, `purchase_only`.
    pub fn from_status(
        reply: &Params<'_>,
        currency: &str,
        command: &str,
        authorized_at: Option<i64>,
        window_days: u32,
    ) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let known = Currency::from_code(currency);
        if known.is_none() {
            issues.push(Issue::error("currency", Code::BadCurrency, BY_STATUS));
        }
        let purchase = command == PURCHASE;
        if !purchase && command != AUTHORIZATION {
            let known = dictionary::Command::find(command).is_some();
            let code = if known { Code::NotAllowed } else { Code::UnknownCommand };
            issues.push(Issue::error("command", code, BY_STATUS));
        }
        let (mut at, mut lapses_at) = (authorized_at, None);
        if !purchase {
            let start = authorized_at.unwrap_or_else(|| {
                issues.push(Issue::error("authorizedAt", Code::Missing, BY_STATUS));
                0
            });
            at = Some(start);
            lapses_at = Some(end_of_window(start, window_days, &mut issues));
        }
        let seen = Seen::read(reply, currency, purchase, &mut issues);
        let (Some(seen), Some(currency)) = (seen, known) else { return Err(issues) };
        let mut payment = Self::purchase(
            Amount::at_most_max(seen.authorized, currency),
            at,
            reply.text("payment_option"),
            reply.text("digital_wallet"),
        );
        payment.lapses_at = lapses_at;
        if purchase && seen.authorized == 0 {
            payment.authorized = seen.captured;
        }
        payment.captured = seen.captured;
        payment.refunded = seen.refunded;
        payment.voided = seen.status == VOIDED;
        if !purchase && seen.captured == 0 && matches!(seen.status, "05" | "07" | "09") {
            issues.push(Issue::error("transaction_status", Code::NotAllowed, BY_STATUS));
        }
        payment.checked(&REPLIED, issues)
    }

    /// Brings a known payment up to date with a `CHECK_STATUS` reply.
    ///
    /// What is known stays known: totals only grow and a void stays, so an old reply that comes late changes nothing. The
    /// instant of the reply, `at`, decides nothing, since totals are facts even after the window.
    ///
    /// # Errors
    /// As for [`Payment::from_status`], and `conflict` where the reply cannot be about this payment.
    pub fn observed(&self, reply: &Params<'_>, at: i64) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        if !is_instant(at) {
            issues.push(not_an_instant("at"));
        }
        let Some(seen) = Seen::read(reply, self.currency.code(), self.is_purchase(), &mut issues) else {
            return Err(issues);
        };
        // A void or a purchase may show no authorized amount: whether it does is not documented.
        let untold = seen.authorized == 0 && (self.is_purchase() || seen.status == VOIDED);
        if seen.authorized != self.authorized && !untold {
            issues.push(conflict("authorized_amount", "the payment"));
        }
        if self.is_purchase() && seen.captured != self.captured {
            issues.push(conflict("captured_amount", "the payment"));
        }
        if seen.refunded > seen.captured {
            issues.push(Issue::error("refunded_amount", Code::ExceedsCaptured, BY_STATUS).with("max", seen.captured));
            return Err(issues);
        }
        let mut next = self.clone();
        next.captured = self.captured.max(seen.captured);
        next.refunded = self.refunded.max(seen.refunded);
        next.voided = self.voided || seen.status == VOIDED;
        next.checked(&REPLIED, issues)
    }
}

impl<'a> Seen<'a> {
    // None when the reply is not about a payment that there is.
    fn read(reply: &'a Params<'_>, currency: &str, purchase: bool, issues: &mut Vec<Issue>) -> Option<Self> {
        let before = issues.len();
        let mut refuse = |parameter: &str, code: Code| issues.push(Issue::error(parameter, code, BY_STATUS));
        match reply.text("response_code").unwrap_or_default() {
            "12000" => {}
            "" => refuse("response_code", Code::Missing),
            "12036" => refuse("response_code", Code::NotAuthorized),
            _ => refuse("response_code", Code::NotAllowed),
        }
        if issues.len() > before {
            return None;
        }
        if reply.text("currency").is_some_and(|told| told != currency) {
            issues.push(Issue::error("currency", Code::CurrencyMismatch, BY_STATUS));
        }
        let status = read_status(reply, purchase, issues);
        let authorized = read_total(reply, "authorized_amount", issues);
        let captured = read_total(reply, "captured_amount", issues);
        let refunded = read_total(reply, "refunded_amount", issues);
        let seen = Self { status, authorized: authorized?, captured: captured?, refunded: refunded? };
        // The last operation must have left its mark.
        match seen.status {
            CAPTURED | PURCHASED if seen.captured == 0 => {
                issues.push(conflict("captured_amount", "transaction_status"));
            }
            REFUNDED if seen.refunded == 0 => issues.push(conflict("refunded_amount", "transaction_status")),
            _ => {}
        }
        (issues.len() == before).then_some(seen)
    }
}

fn read_status<'a>(reply: &'a Params<'_>, purchase: bool, issues: &mut Vec<Issue>) -> &'a str {
    let status = reply.text("transaction_status").unwrap_or_default();
    let transaction_code = reply.text("transaction_code").unwrap_or_default();
    let mut refuse = |parameter: &str, code: Code| issues.push(Issue::error(parameter, code, BY_STATUS));
    match status {
        "" => refuse("transaction_status", Code::Missing),
        "03" | "13" => refuse("transaction_status", Code::NotAuthorized),
        AUTHORIZED | VOIDED if purchase => issues.push(conflict("transaction_status", "command")),
        PURCHASED if !purchase => issues.push(conflict("transaction_status", "command")),
        AUTHORIZED | CAPTURED | "05" | REFUNDED | "07" | VOIDED | "09" | PURCHASED => {
            match code::split(transaction_code) {
                _ if transaction_code.is_empty() => refuse("transaction_code", Code::Missing),
                // That it was done already settles it: this time nothing was done.
                Some((own, "007" | "047" | "066")) if own == status => {}
                Some((own, _)) if own == status => {
                    // While its outcome is open, the totals may be behind.
                    if !matches!(code::outcome_of_code(transaction_code), Outcome::Succeeded | Outcome::Failed) {
                        refuse("transaction_code", Code::NotAllowed);
                    }
                }
                _ => issues.push(conflict("transaction_code", "transaction_status")),
            }
        }
        // Stored, incomplete, uncertain, pending, on hold, in review, or nothing that happens to a payment.
        _ => refuse("transaction_status", Code::NotAllowed),
    }
    status
}

fn read_total(reply: &Params<'_>, name: &'static str, issues: &mut Vec<Issue>) -> Option<u64> {
    let digits = reply.text(name).unwrap_or_default();
    let total = read_u64(digits).filter(|minor| *minor <= MAX_MINOR);
    if total.is_none() {
        let code =
            if reply.get(name).is_none() || reply.text(name) == Some("") { Code::Missing } else { Code::NotAnAmount };
        issues.push(Issue::error(name, code, BY_STATUS));
    }
    total
}

fn conflict(parameter: &str, with: &str) -> Issue {
    Issue::error(parameter, Code::Conflict, BY_STATUS).with("with", with)
}
