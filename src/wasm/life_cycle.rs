//! The life cycle: a single call that names the question.

use super::memory::call;
use super::question::read_language;
use crate::amount::{Amount, MAX_MINOR};
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issues};
use crate::message::flat::{Fields, push_field};
use crate::payment::{Context, Operation, PaidBy, Payment, Status};
use crate::text::{read_i64, read_u64};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

const SOURCE: &str = "NEW managing payments";

/// The questions. The fields of each follow its name.
#[derive(Clone, Copy)]
enum Question {
    /// A new payment: command, minor units, currency, instant, window in days, option, wallet.
    Begin,
    /// A payment read from `CHECK_STATUS`: the reply, currency, command, instant, window in days.
    Derive,
    /// A payment in its stored form.
    Read,
    /// A question about a payment, whose fields come first.
    About(Aspect),
}

#[derive(Clone, Copy)]
enum Aspect {
    /// The updated payment: the reply to `CHECK_STATUS`, instant.
    Observed,
    /// Its view: instant.
    View,
    /// What forbids an operation: instant, command, minor units, currency.
    Issues,
    /// The payment after an operation: the same.
    After,
}

impl Question {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "begin" => Self::Begin,
            "derive" => Self::Derive,
            "read" => Self::Read,
            "observed" => Self::About(Aspect::Observed),
            "view" => Self::About(Aspect::View),
            "issues" => Self::About(Aspect::Issues),
            "after" => Self::About(Aspect::After),
            _ => return None,
        })
    }
}

/// Answers a question about the life cycle: language, the name of the question, its fields. Returns `payment`, `view` or
/// `issues`, followed by the fields. An allowed operation has no issues.
#[wasm_bindgen]
#[must_use]
pub fn payment(length: usize) -> usize {
    call(length, |flat, out| {
        let mut fields = Fields::new(flat);
        let language = read_language(fields.text());
        if let Err(issues) = answer(&mut fields, out) {
            push_field(out, "issues");
            issues.push_fields(out, language);
        }
    })
}

/// Appends the answer, or returns issues.
fn answer<'a>(fields: &mut Fields<'a>, out: &mut String) -> Result<(), Issues<'a>> {
    let Some(question) = Question::from_name(fields.text()) else { return Err(refused("payment", Code::NotAllowed)) };
    match question {
        Question::Begin => push_payment(out, begin(fields)),
        Question::Derive => {
            let reply = Status::read_fields(fields);
            let (currency, command) = (fields.text(), fields.text());
            let (authorized_at, window_days) = (read_i64(fields.text()), read_days(fields));
            let context = Context { currency, command, authorized_at, window_days };
            push_payment(out, Payment::from_status(&reply, context))
        }
        Question::Read => push_payment(out, Payment::read_fields(fields)),
        Question::About(aspect) => answer_about(&Payment::read_fields(fields)?, aspect, fields, out),
    }
}

#[inline(never)]
fn answer_about<'a>(
    payment: &Payment<'a>,
    aspect: Aspect,
    fields: &mut Fields<'a>,
    out: &mut String,
) -> Result<(), Issues<'a>> {
    match aspect {
        Aspect::Observed => {
            let reply = Status::read_fields(fields);
            push_payment(out, payment.observed(&reply, read_instant(fields)?))
        }
        Aspect::View => {
            let view = payment.at(read_instant(fields)?);
            push_field(out, "view");
            view.push_fields(out);
            Ok(())
        }
        Aspect::Issues => Err(payment.issues(read_operation(fields)?)),
        Aspect::After => push_payment(out, payment.after(read_operation(fields)?)),
    }
}

#[inline(never)]
fn push_payment<'a>(out: &mut String, payment: Result<Payment<'a>, Issues<'a>>) -> Result<(), Issues<'a>> {
    let payment = payment?;
    push_field(out, "payment");
    payment.push_fields(out);
    Ok(())
}

#[inline(never)]
fn begin<'a>(fields: &mut Fields<'a>) -> Result<Payment<'a>, Issues<'a>> {
    let (command, minor) = (fields.text(), read_u64(fields.text()));
    let currency = Currency::from_code(fields.text()).ok_or_else(|| refused("currency", Code::BadCurrency))?;
    let amount = minor.and_then(|minor| Amount::from_minor(minor, currency).ok());
    let amount = amount.ok_or_else(|| refused("amount", Code::NotAnAmount))?;
    let (at, window_days) = (read_instant(fields)?, read_days(fields));
    let paid_by = PaidBy::read_fields(fields);
    if command == "PURCHASE" {
        Payment::purchased(amount, at, paid_by)
    } else {
        Payment::authorized(amount, at, window_days, paid_by)
    }
}

/// An operation: instant, command, and minor units and currency of its amount, if it has one.
#[inline(never)]
fn read_operation<'a>(fields: &mut Fields<'a>) -> Result<Operation<'a>, Issues<'a>> {
    let (at, command) = (read_instant(fields)?, fields.text());
    let minor = read_u64(fields.text()).filter(|minor| *minor <= MAX_MINOR);
    let currency = Currency::from_code(fields.text());
    if Command::find(command).is_none() {
        #[cfg_attr(page, expect(unused_mut, reason = "a page lists no commands"))]
        let mut issues = refused("command", Code::UnknownCommand);
        #[cfg(not(page))]
        issues.with("allowed", &Payment::allowed_commands());
        return Err(issues);
    }
    Ok(Operation { command, minor, currency, at })
}

#[inline(never)]
fn refused(parameter: &str, code: Code) -> Issues<'_> {
    let mut issues = Issues::new(SOURCE);
    issues.error(parameter, code);
    issues
}

#[inline(never)]
fn read_instant<'a>(fields: &mut Fields<'_>) -> Result<i64, Issues<'a>> {
    read_i64(fields.text()).ok_or_else(|| {
        let mut issues = Issues::new(SOURCE);
        issues.expected("at", "an instant in milliseconds since 1970");
        issues
    })
}

/// A number of days. Anything else is rejected as a window.
fn read_days(fields: &mut Fields<'_>) -> u32 {
    read_u64(fields.text()).and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
}
