//! Payments out of `CHECK_STATUS` replies.
//!
//! The reply tells the totals of the order and the last operation. A void shows only as that operation, so where a later
//! one hides whether there was a void, the payment cannot be derived.

use super::record::total;
use super::{AUTHORIZATION, NONE, PURCHASE, Payment, end_of_window, is_instant, not_an_instant};
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::message::flat::Fields;
use crate::reply::code::{self, Outcome};
use crate::text::has_word;

const BY_STATUS: &str = "DOC check status table; NEW check status";

const REPLIED: &str = "authorized_amount captured_amount refunded_amount transaction_status authorizedAt windowDays";

const AUTHORIZED: &str = "02";
const CAPTURED: &str = "04";
const REFUNDED: &str = "06";
const VOIDED: &str = "08";
const PURCHASED: &str = "14";

/// What a `CHECK_STATUS` reply tells of a payment. What it does not tell is empty; what is no text reads `{}`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Status<'a> {
    /// `response_code`
    pub response_code: &'a str,
    /// `currency`, which APS does not send.
    pub currency: &'a str,
    /// `transaction_status`: the status of the last operation.
    pub transaction_status: &'a str,
    /// `transaction_code`: its response code.
    pub transaction_code: &'a str,
    /// `authorized_amount`
    pub authorized_amount: &'a str,
    /// `captured_amount`
    pub captured_amount: &'a str,
    /// `refunded_amount`
    pub refunded_amount: &'a str,
    /// `payment_option`
    pub payment_option: &'a str,
    /// `digital_wallet`
    pub digital_wallet: &'a str,
}

impl<'a> Status<'a> {
    /// The names of the fields, in their order.
    pub const NAMES: &'static str = "response_code currency transaction_status transaction_code authorized_amount \
                                     captured_amount refunded_amount payment_option digital_wallet";

    /// Reads the fields.
    pub fn read_fields(fields: &mut Fields<'a>) -> Self {
        Self {
            response_code: fields.text(),
            currency: fields.text(),
            transaction_status: fields.text(),
            transaction_code: fields.text(),
            authorized_amount: fields.text(),
            captured_amount: fields.text(),
            refunded_amount: fields.text(),
            payment_option: fields.text(),
            digital_wallet: fields.text(),
        }
    }
}

impl<'a> Payment<'a> {
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
        reply: &Status<'a>,
        currency: &str,
        command: &str,
        authorized_at: Option<i64>,
        window_days: u32,
    ) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let window = u64::from(window_days);
        let at = authorized_at.unwrap_or(NONE);
        let payment = Self::seen(reply, [currency, command], at, window, &mut issues);
        payment.filter(|_| issues.is_empty()).ok_or(issues)
    }

    /// As [`Payment::from_status`]. No payment if there are issues.
    pub(crate) fn seen(
        reply: &Status<'a>,
        [currency, command]: [&str; 2],
        authorized_at: i64,
        window_days: u64,
        issues: &mut Issues<'a>,
    ) -> Option<Self> {
        issues.by(BY_STATUS);
        let known = Currency::from_code(currency);
        if known.is_none() {
            issues.error("currency", Code::BadCurrency);
        }
        let purchase = command == PURCHASE;
        if !purchase && command != AUTHORIZATION {
            let known = dictionary::Command::find(command).is_some();
            issues.error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
        }
        let (mut at, mut lapses_at) = (authorized_at, NONE);
        if !purchase {
            if at == NONE {
                issues.error("authorizedAt", Code::Missing);
                at = 0;
            }
            lapses_at = end_of_window(at, window_days, issues);
        }
        let [authorized, captured, refunded] = reply.totals(currency, purchase, issues)?;
        if !purchase && captured == 0 && has_word("05 07 09", reply.transaction_status) {
            issues.error("transaction_status", Code::NotAllowed);
        }
        let payment = Self {
            currency: known?,
            authorized: if purchase && authorized == 0 { captured } else { authorized },
            captured,
            refunded,
            voided: reply.transaction_status == VOIDED,
            at,
            lapses_at,
            payment_option: reply.payment_option,
            digital_wallet: reply.digital_wallet,
        };
        payment.check(REPLIED, issues);
        Some(payment)
    }

    /// Brings a known payment up to date with a `CHECK_STATUS` reply.
    ///
    /// What is known stays known: totals only grow and a void stays, so an old reply that comes late changes nothing. The
    /// instant of the reply, `at`, decides nothing, since totals are facts even after the window.
    ///
    /// # Errors
    /// As for [`Payment::from_status`], and `conflict` where the reply cannot be about this payment.
    pub fn observed(&self, reply: &Status<'a>, at: i64) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::default();
        let mut next = *self;
        next.observe(reply, at, &mut issues);
        if issues.is_empty() { Ok(next) } else { Err(issues) }
    }

    /// As [`Payment::observed`], in place. No payment if there are issues.
    pub(crate) fn observe(&mut self, reply: &Status<'a>, at: i64, issues: &mut Issues<'a>) {
        if !is_instant(at) {
            not_an_instant(issues, "at");
        }
        let (purchase, voided) = (self.is_purchase(), reply.transaction_status == VOIDED);
        let Some([authorized, captured, refunded]) = reply.totals(self.currency.code(), purchase, issues) else {
            return;
        };
        // A void or a purchase may show no authorized amount: whether it does is not documented.
        let untold = authorized == 0 && (purchase || voided);
        if authorized != self.authorized && !untold {
            issues.conflict("authorized_amount", "the payment");
        }
        if purchase && captured != self.captured {
            issues.conflict("captured_amount", "the payment");
        }
        if refunded > captured {
            issues.above("refunded_amount", Code::ExceedsCaptured, captured);
            return;
        }
        self.captured = self.captured.max(captured);
        self.refunded = self.refunded.max(refunded);
        self.voided |= voided;
        self.check(REPLIED, issues);
    }
}

impl<'a> Status<'a> {
    // What was authorized, captured and refunded; none when the reply is not about a payment that there is.
    #[inline(never)]
    fn totals(&self, currency: &str, purchase: bool, issues: &mut Issues<'a>) -> Option<[u64; 3]> {
        issues.by(BY_STATUS);
        let before = issues.len();
        let code = match self.response_code {
            "12000" => None,
            "" => Some(Code::Missing),
            "12036" => Some(Code::NotAuthorized),
            _ => Some(Code::NotAllowed),
        };
        if let Some(code) = code {
            issues.error("response_code", code);
            return None;
        }
        if !self.currency.is_empty() && self.currency != currency {
            issues.error("currency", Code::CurrencyMismatch);
        }
        self.last_operation(purchase, issues);
        let totals = [
            total(issues, "authorized_amount", self.authorized_amount),
            total(issues, "captured_amount", self.captured_amount),
            total(issues, "refunded_amount", self.refunded_amount),
        ];
        let [_, captured, refunded] = totals;
        // The last operation must have left its mark.
        let unmarked = match self.transaction_status {
            CAPTURED | PURCHASED if captured == 0 => "captured_amount",
            REFUNDED if refunded == 0 => "refunded_amount",
            _ => "",
        };
        if !unmarked.is_empty() && issues.len() == before {
            issues.conflict(unmarked, "transaction_status");
        }
        (issues.len() == before).then_some(totals)
    }

    fn last_operation(&self, purchase: bool, issues: &mut Issues<'a>) {
        let wrong = match self.transaction_status {
            "" => Some(Code::Missing),
            "03" | "13" => Some(Code::NotAuthorized),
            AUTHORIZED | VOIDED if purchase => Some(Code::Conflict),
            PURCHASED if !purchase => Some(Code::Conflict),
            AUTHORIZED | CAPTURED | "05" | REFUNDED | "07" | VOIDED | "09" | PURCHASED => None,
            // Stored, incomplete, uncertain, pending, on hold, in review, or nothing that happens to a payment.
            _ => Some(Code::NotAllowed),
        };
        if let Some(code) = wrong {
            issues.error("transaction_status", code);
            if code == Code::Conflict {
                issues.with("with", "command");
            }
            return;
        }
        let wrong = match code::split(self.transaction_code) {
            None if self.transaction_code.is_empty() => Code::Missing,
            // While its outcome is open, the totals may be behind. That it was done already settles it: this time
            // nothing was done.
            Some((status, message)) if status == self.transaction_status => {
                let outcome = code::outcome_of_code(self.transaction_code);
                if has_word("007 047 066", message) || matches!(outcome, Outcome::Succeeded | Outcome::Failed) {
                    return;
                }
                Code::NotAllowed
            }
            _ => Code::Conflict,
        };
        issues.error("transaction_code", wrong);
        if wrong == Code::Conflict {
            issues.with("with", "transaction_status");
        }
    }
}
