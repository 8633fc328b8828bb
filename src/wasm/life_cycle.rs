//! The life cycle: one call, which is told what is asked.

use super::memory::call;
use super::validation::language;
use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issues};
use crate::message::flat::Fields;
use crate::payment::{NO_AMOUNT, NO_INSTANT, Payment, Status};
use crate::text::{push_ascii, read_i64, read_u64};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

const SOURCE: &str = "NEW managing payments";

/// Calls a function of the life cycle: language, the function's letter, then its arguments. Answers `p` and the fields of
/// the next payment, `i` and those of the issues, or `v` and those of the view.
#[wasm_bindgen]
#[must_use]
pub fn payment(length: usize) -> usize {
    call(length, |flat, out| {
        let mut fields = Fields::new(flat);
        let language = language(fields.text());
        let mut issues = Issues::default();
        let mut next = None;
        ask(&mut fields, out, &mut issues, &mut next);
        if !issues.is_empty() || (next.is_none() && out.is_empty()) {
            out.clear();
            push_ascii(out, b'i');
            issues.push_fields(out, language);
        } else if let Some(payment) = &next {
            push_ascii(out, b'p');
            payment.push_fields(out);
        }
    })
}

/// Leaves the next payment, if there are no issues; none where the answer is no payment. A view is written already.
///
/// The functions are `b`egin, `s`tatus (a payment out of a reply to `CHECK_STATUS`), `r`ead, and of a payment that is
/// there `o`bserved, `v`iew, `i`ssues and `a`fter.
fn ask<'a>(fields: &mut Fields<'a>, out: &mut String, issues: &mut Issues<'a>, next: &mut Option<Payment<'a>>) {
    let function = fields.text().as_bytes().first();
    match function {
        Some(b'b') => {
            let command = fields.text();
            let minor = number(fields, 0);
            let Some(currency) = Currency::from_code(fields.text()) else { return };
            let amount = Amount::at_most_max(minor, currency);
            let at = instant(fields);
            let window = number(fields, 0);
            let window = (command != "PURCHASE").then_some(window);
            *next = Some(Payment::begun(amount, at, window, [fields.text(), fields.text()], issues));
            return;
        }
        Some(b's') => {
            let reply = Status::read_fields(fields);
            let context = [fields.text(), fields.text()];
            let at = instant(fields);
            *next = Payment::seen(&reply, context, at, number(fields, 0), issues);
            return;
        }
        _ => {}
    }
    *next = Payment::read(fields, issues);
    let Some(payment) = next else { return };
    match function {
        Some(b'o') => {
            let reply = Status::read_fields(fields);
            payment.observe(&reply, instant(fields), issues);
        }
        Some(b'v') => {
            push_ascii(out, b'v');
            payment.push_view(out, instant(fields));
            *next = None;
        }
        Some(b'i' | b'a') => {
            let at = instant(fields);
            let command = fields.text();
            let minor = number(fields, NO_AMOUNT);
            let currency = fields.text();
            if Command::find(command).is_none() {
                issues.by(SOURCE).error("command", Code::UnknownCommand);
            } else if function == Some(&b'a') {
                payment.advance(command, minor, currency, at, issues);
            } else {
                payment.judge(command, minor, currency, at, issues);
                *next = None;
            }
        }
        _ => {}
    }
}

#[inline(never)]
fn instant(fields: &mut Fields<'_>) -> i64 {
    read_i64(fields.text()).unwrap_or(NO_INSTANT)
}

#[inline(never)]
fn number(fields: &mut Fields<'_>, otherwise: u64) -> u64 {
    read_u64(fields.text()).unwrap_or(otherwise)
}
