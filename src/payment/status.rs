//! What `CHECK_STATUS` reports about an order, and the payment derived from it. No other code reads those replies.
//!
//! The reply has the totals of the order and the last operation. A void shows only as the last operation, so if a later one
//! hides whether there was a void, the payment cannot be derived.

use super::record::read_total;
use super::{AUTHORIZATION, DAYS, Names, Origin, PURCHASE, PaidBy, Payment, end_of_window, is_instant, not_an_instant};
use crate::currency::Currency;
use crate::dictionary;
use crate::issue::{Code, Issues};
use crate::message::flat::Fields;
use crate::reply::code::{self, Outcome};

const BY_STATUS: &str = "DOC check status table; NEW check status";

const REPLIED: Names = Names {
    authorized: "authorized_amount",
    captured: "captured_amount",
    refunded: "refunded_amount",
    voided: "transaction_status",
    at: "authorizedAt",
    window: "windowDays",
    window_form: DAYS,
};

const AUTHORIZED: &str = "02";
const CAPTURED: &str = "04";
const CAPTURE_FAILED: &str = "05";
const REFUNDED: &str = "06";
const REFUND_FAILED: &str = "07";
const VOIDED: &str = "08";
const VOID_FAILED: &str = "09";
const PURCHASED: &str = "14";

/// The parameters of a `CHECK_STATUS` reply that describe a payment. Missing ones are empty; those that are not text are
/// `{}`.
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

/// The totals of an order, in minor units of its currency, and its last operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals<'a> {
    /// `authorized_amount`. May or may not be present for a purchase.
    pub authorized: u64,
    /// `captured_amount`
    pub captured: u64,
    /// `refunded_amount`
    pub refunded: u64,
    /// `transaction_status`: the status of the last operation, two digits; empty if missing.
    pub last_status: &'a str,
    /// `transaction_code`: the response code of the last operation, five digits; empty if missing.
    pub last_code: &'a str,
}

impl Totals<'_> {
    /// Whether the last operation voided the authorization. A later one hides a void.
    #[must_use]
    pub fn is_voided(&self) -> bool {
        self.last_status == VOIDED
    }
}

/// What is known about a payment and missing in `CHECK_STATUS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'c> {
    /// Its currency.
    pub currency: &'c str,
    /// The command that made it, `AUTHORIZATION` or `PURCHASE`.
    pub command: &'c str,
    /// When it was authorized, in milliseconds since 1970; needed for an authorization.
    pub authorized_at: Option<i64>,
    /// How long it may be captured, in days.
    pub window_days: u32,
}

impl<'a> Status<'a> {
    /// The names of the fields, in order.
    pub const NAMES: [&'static str; 9] = [
        "response_code",
        "currency",
        "transaction_status",
        "transaction_code",
        "authorized_amount",
        "captured_amount",
        "refunded_amount",
        "payment_option",
        "digital_wallet",
    ];

    /// Reads the fields.
    #[inline(never)]
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

    /// The totals of the order; `None` if APS does not know the order (12036), which does not prove that it never will.
    ///
    /// A total that is missing or empty is zero, unless the last operation must have changed it: after a capture something is
    /// captured, and so on. In that case the totals are unknown.
    ///
    /// # Errors
    /// `missing` or `not_allowed` for a `response_code` other than 12000; `missing`, `not_an_amount` or `conflict` for a
    /// total.
    pub fn totals(&self) -> Result<Option<Totals<'a>>, Issues<'a>> {
        let mut issues = Issues::default();
        let totals = self.read_totals(&mut issues);
        if issues.is_empty() { Ok(totals) } else { Err(issues) }
    }

    /// Like [`Status::totals`]; `None` also if there are issues.
    fn read_totals(&self, issues: &mut Issues<'a>) -> Option<Totals<'a>> {
        issues.by(BY_STATUS);
        match self.response_code {
            "12000" => {}
            "12036" => return None,
            code => {
                issues.error("response_code", if code.is_empty() { Code::Missing } else { Code::NotAllowed });
                return None;
            }
        }
        let [authorized, captured, refunded] = [
            ("authorized_amount", self.authorized_amount),
            ("captured_amount", self.captured_amount),
            ("refunded_amount", self.refunded_amount),
        ]
        .map(|(name, digits)| if digits.is_empty() { Some(0) } else { read_total(issues, name, digits) });
        let (authorized, captured, refunded) = (authorized?, captured?, refunded?);
        let (name, digits, mark) = match self.transaction_status {
            AUTHORIZED => ("authorized_amount", self.authorized_amount, authorized),
            CAPTURED => ("captured_amount", self.captured_amount, captured),
            REFUNDED => ("refunded_amount", self.refunded_amount, refunded),
            // Which of the two a purchase shows is not documented.
            PURCHASED => ("captured_amount", self.captured_amount, captured.max(authorized)),
            _ => ("", "", 1),
        };
        if mark == 0 && digits.is_empty() {
            issues.error(name, Code::Missing);
        } else if mark == 0 {
            issues.conflict(name, "transaction_status");
        }
        let (last_status, last_code) = (self.transaction_status, self.transaction_code);
        (mark > 0).then_some(Totals { authorized, captured, refunded, last_status, last_code })
    }

    /// The totals of a payment whose order exists and whose last operation has ended; `None` if there are issues.
    #[inline(never)]
    fn totals_of_payment(&self, currency: &str, is_purchase: bool, issues: &mut Issues<'a>) -> Option<Totals<'a>> {
        let before = issues.len();
        let totals = self.read_totals(issues);
        if self.response_code != "12000" {
            if issues.len() == before {
                issues.error("response_code", Code::NotAuthorized);
            }
            return None;
        }
        if !self.currency.is_empty() && self.currency != currency {
            issues.error("currency", Code::CurrencyMismatch);
        }
        self.judge_last_operation(is_purchase, issues);
        totals.filter(|_| issues.len() == before)
    }

    fn judge_last_operation(&self, is_purchase: bool, issues: &mut Issues<'a>) {
        let wrong = match self.transaction_status {
            "" => Some(Code::Missing),
            "03" | "13" => Some(Code::NotAuthorized),
            AUTHORIZED | VOIDED if is_purchase => Some(Code::Conflict),
            PURCHASED if !is_purchase => Some(Code::Conflict),
            AUTHORIZED | CAPTURED | CAPTURE_FAILED | REFUNDED | REFUND_FAILED | VOIDED | VOID_FAILED | PURCHASED => {
                None
            }
            // Stored, incomplete, uncertain, pending, on hold, in review, or not an operation on a payment.
            _ => Some(Code::NotAllowed),
        };
        match wrong {
            Some(Code::Conflict) => issues.conflict("transaction_status", "command"),
            Some(code) => {
                issues.error("transaction_status", code);
            }
            None => self.judge_last_code(issues),
        }
    }

    fn judge_last_code(&self, issues: &mut Issues<'a>) {
        if self.transaction_code.is_empty() {
            issues.error("transaction_code", Code::Missing);
            return;
        }
        match code::split(self.transaction_code) {
            Some((status, message)) if status == self.transaction_status => {
                // While its outcome is open, the totals may be out of date. “Already processed” settles it: nothing was done
                // this time.
                let outcome = code::outcome_of_code(self.transaction_code);
                let is_settled =
                    matches!(message, "007" | "047" | "066") || matches!(outcome, Outcome::Succeeded | Outcome::Failed);
                if !is_settled {
                    issues.error("transaction_code", Code::NotAllowed);
                }
            }
            _ => issues.conflict("transaction_code", "transaction_status"),
        }
    }

    fn paid_by(&self) -> PaidBy<'a> {
        PaidBy { payment_option: super::known(self.payment_option), digital_wallet: super::known(self.digital_wallet) }
    }
}

impl<'a> Payment<'a> {
    /// Derives a payment from a `CHECK_STATUS` reply, which contains neither currency nor command nor date.
    ///
    /// # Errors
    /// Everything that prevents this: `not_authorized` if there is no such payment or it failed; `not_allowed` on
    /// `transaction_status` or `transaction_code` while it is pending or uncertain, or when the last operation failed and
    /// nothing was captured, so that there may have been a void before; `missing`, `not_an_amount`, `conflict`,
    /// `exceeds_authorized`, `exceeds_captured`, `zero_amount`, `currency_mismatch`, `bad_currency`, `purchase_only`.
    #[inline(never)]
    pub fn from_status(reply: &Status<'a>, context: Context<'_>) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::new(BY_STATUS);
        let currency = Currency::from_code(context.currency);
        if currency.is_none() {
            issues.error("currency", Code::BadCurrency);
        }
        let is_purchase = context.command == PURCHASE;
        if !is_purchase && context.command != AUTHORIZATION {
            let known = dictionary::Command::find(context.command).is_some();
            issues.error("command", if known { Code::NotAllowed } else { Code::UnknownCommand });
            #[cfg(not(page))]
            issues.with("allowed", "AUTHORIZATION, PURCHASE");
        }
        let origin = match context.authorized_at {
            at if is_purchase => Some(Origin::Purchase { at }),
            Some(at) => {
                Some(Origin::Authorization { at, lapses_at: end_of_window(at, context.window_days, &mut issues) })
            }
            None => {
                issues.error("authorizedAt", Code::Missing);
                end_of_window(0, context.window_days, &mut issues);
                None
            }
        };
        let Some(totals) = reply.totals_of_payment(context.currency, is_purchase, &mut issues) else {
            return Err(issues);
        };
        // A failed operation may hide a void before it, unless something was captured.
        let may_hide_void = matches!(totals.last_status, CAPTURE_FAILED | REFUND_FAILED | VOID_FAILED);
        if !is_purchase && totals.captured == 0 && may_hide_void {
            issues.by(BY_STATUS).error("transaction_status", Code::NotAllowed);
        }
        let (Some(origin), Some(currency)) = (origin, currency) else { return Err(issues) };
        let untold = is_purchase && totals.authorized == 0;
        let PaidBy { payment_option, digital_wallet } = reply.paid_by();
        let payment = Self {
            origin,
            currency,
            authorized: if untold { totals.captured } else { totals.authorized },
            captured: totals.captured,
            refunded: totals.refunded,
            voided: totals.is_voided(),
            payment_option,
            digital_wallet,
        };
        payment.check(&REPLIED, &mut issues);
        payment.unless(issues)
    }

    /// Updates a known payment from a `CHECK_STATUS` reply.
    ///
    /// Known facts are kept: totals only grow and a void is final, so a late reply changes nothing. The instant of the reply,
    /// `at`, has no effect, since totals hold even after the window.
    ///
    /// # Errors
    /// As for [`Payment::from_status`], and `conflict` where the reply cannot be about this payment.
    #[inline(never)]
    pub fn observed(&self, reply: &Status<'a>, at: i64) -> Result<Self, Issues<'a>> {
        let mut issues = Issues::new(BY_STATUS);
        if !is_instant(at) {
            not_an_instant(&mut issues, "at");
            issues.by(BY_STATUS);
        }
        let is_purchase = self.is_purchase();
        let Some(totals) = reply.totals_of_payment(self.currency.code(), is_purchase, &mut issues) else {
            return Err(issues);
        };
        // A void or a purchase may show no authorized amount: whether it does is not documented.
        let untold = totals.authorized == 0 && (is_purchase || totals.is_voided());
        if totals.authorized != self.authorized && !untold {
            issues.conflict("authorized_amount", "the payment");
        }
        if is_purchase && totals.captured != self.captured {
            issues.conflict("captured_amount", "the payment");
        }
        if totals.refunded > totals.captured {
            issues.above("refunded_amount", Code::ExceedsCaptured, totals.captured);
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let next = Self {
            captured: self.captured.max(totals.captured),
            refunded: self.refunded.max(totals.refunded),
            voided: self.voided || totals.is_voided(),
            ..*self
        };
        next.check(&REPLIED, &mut issues);
        next.unless(issues)
    }
}
