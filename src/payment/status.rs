//! Payments out of `CHECK_STATUS` replies.
//!
//! The reply tells the totals of the order and the last operation. A void shows only as that operation, so where a later
//! one hides whether there was a void, the payment cannot be derived.

use super::{AUTHORIZATION, Names, PURCHASE, Payment, end_of_window, is_instant, not_an_instant};
use crate::amount::{Amount, MAX_MINOR};
use crate::code::{self, Outcome};
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::text::{has_word, read_u64};
use crate::value::{Member, Value, find, text_of};

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
        reply: &[Member<'_>],
        currency: &str,
        command: &str,
        authorized_at: Option<i64>,
        window_days: u32,
    ) -> Result<Self, Issues> {
        let mut issues = Issues::new(BY_STATUS);
        let known = Currency::from_code(currency);
        if known.is_none() {
            issues.error("currency", Code::BadCurrency);
        }
        let purchase = command == PURCHASE;
        if !purchase && command != AUTHORIZATION {
            let known = dictionary::Command::find(command).is_some();
            issues.error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
        }
        let (mut at, mut lapses_at) = (authorized_at, None);
        if !purchase {
            if at.is_none() {
                issues.error("authorizedAt", Code::Missing);
            }
            let start = at.unwrap_or_default();
            at = Some(start);
            lapses_at = Some(end_of_window(start, window_days, issues.by(super::BY_VALUE)));
        }
        let seen = Seen::read(reply, currency, purchase, &mut issues);
        let (Some(seen), Some(currency)) = (seen, known) else { return Err(issues) };
        let mut payment = Self::new(
            Amount::at_most_max(seen.authorized, currency),
            at,
            text_of(reply, "payment_option"),
            text_of(reply, "digital_wallet"),
        );
        payment.lapses_at = lapses_at;
        if purchase && seen.authorized == 0 {
            payment.authorized = seen.captured;
        }
        payment.captured = seen.captured;
        payment.refunded = seen.refunded;
        payment.voided = seen.status == VOIDED;
        if !purchase && seen.captured == 0 && has_word("05 07 09", seen.status) {
            issues.error("transaction_status", Code::NotAllowed);
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
    pub fn observed(&self, reply: &[Member<'_>], at: i64) -> Result<Self, Issues> {
        let mut issues = Issues::new(BY_STATUS);
        if !is_instant(at) {
            not_an_instant(&mut issues, "at");
        }
        let Some(seen) = Seen::read(reply, self.currency.code(), self.is_purchase(), &mut issues) else {
            return Err(issues);
        };
        // A void or a purchase may show no authorized amount: whether it does is not documented.
        let untold = seen.authorized == 0 && (self.is_purchase() || seen.status == VOIDED);
        if seen.authorized != self.authorized && !untold {
            issues.conflict("authorized_amount", "the payment");
        }
        if self.is_purchase() && seen.captured != self.captured {
            issues.conflict("captured_amount", "the payment");
        }
        if seen.refunded > seen.captured {
            issues.above("refunded_amount", Code::ExceedsCaptured, seen.captured);
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
    fn read(reply: &'a [Member<'_>], currency: &str, purchase: bool, issues: &mut Issues) -> Option<Self> {
        issues.by(BY_STATUS);
        let before = issues.len();
        let code = match text_of(reply, "response_code") {
            "12000" => None,
            "" => Some(Code::Missing),
            "12036" => Some(Code::NotAuthorized),
            _ => Some(Code::NotAllowed),
        };
        if let Some(code) = code {
            issues.error("response_code", code);
            return None;
        }
        if find(reply, "currency").and_then(Value::as_text).is_some_and(|told| told != currency) {
            issues.error("currency", Code::CurrencyMismatch);
        }
        let status = read_status(reply, purchase, issues);
        let authorized = read_total(reply, "authorized_amount", issues);
        let captured = read_total(reply, "captured_amount", issues);
        let refunded = read_total(reply, "refunded_amount", issues);
        let seen = Self { status, authorized: authorized?, captured: captured?, refunded: refunded? };
        // The last operation must have left its mark.
        let unmarked = match status {
            CAPTURED | PURCHASED if seen.captured == 0 => "captured_amount",
            REFUNDED if seen.refunded == 0 => "refunded_amount",
            _ => "",
        };
        if !unmarked.is_empty() {
            issues.conflict(unmarked, "transaction_status");
        }
        (issues.len() == before).then_some(seen)
    }
}

fn read_status<'a>(reply: &'a [Member<'_>], purchase: bool, issues: &mut Issues) -> &'a str {
    let status = text_of(reply, "transaction_status");
    let transaction_code = text_of(reply, "transaction_code");
    let wrong = match status {
        "" => Some(Code::Missing),
        "03" | "13" => Some(Code::NotAuthorized),
        AUTHORIZED | VOIDED if purchase => Some(Code::Conflict),
        PURCHASED if !purchase => Some(Code::Conflict),
        AUTHORIZED | CAPTURED | "05" | REFUNDED | "07" | VOIDED | "09" | PURCHASED => None,
        // Stored, incomplete, uncertain, pending, on hold, in review, or nothing that happens to a payment.
        _ => Some(Code::NotAllowed),
    };
    match wrong {
        Some(Code::Conflict) => issues.conflict("transaction_status", "command"),
        Some(code) => {
            issues.error("transaction_status", code);
        }
        None => match code::split(transaction_code) {
            None if transaction_code.is_empty() => {
                issues.error("transaction_code", Code::Missing);
            }
            Some((own, message)) if own == status => {
                // While its outcome is open, the totals may be behind. That it was done already settles it: this time
                // nothing was done.
                if !has_word("007 047 066", message)
                    && !matches!(code::outcome_of_code(transaction_code), Outcome::Succeeded | Outcome::Failed)
                {
                    issues.error("transaction_code", Code::NotAllowed);
                }
            }
            _ => issues.conflict("transaction_code", "transaction_status"),
        },
    }
    status
}

fn read_total(reply: &[Member<'_>], name: &str, issues: &mut Issues) -> Option<u64> {
    let digits = text_of(reply, name);
    let total = read_u64(digits).filter(|minor| *minor <= MAX_MINOR);
    if total.is_none() {
        let missing = digits.is_empty() && find(reply, name).is_none_or(|value| value.as_text().is_some());
        issues.error(name, if missing { Code::Missing } else { Code::NotAnAmount });
    }
    total
}
