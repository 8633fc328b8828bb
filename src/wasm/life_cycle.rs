//! The life cycle: one call, which is told what is asked.

use super::memory::call;
use super::validation::language;
use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::fields::Fields;
use crate::issue::{Code, Issues};
use crate::payment::{NO_AMOUNT, NO_INSTANT, Payment, Status};
use crate::text::{push_ascii, read_i64, read_u64};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

const SOURCE: &str = "NEW managing payments";

/// Calls a function of the life cycle: language, name, then its arguments. Answers `p` and the fields of the next
/// payment, `i` and those of the issues, or `v` and those of the view.
#[wasm_bindgen]
#[must_use]
pub fn payment(length: usize) -> usize {
    call(length, |flat, out| {
        let mut fields = Fields::new(flat);
        let language = language(fields.text());
        let mut issues = Issues::default();
        let payment = ask(&mut fields, out, &mut issues);
        if !issues.is_empty() || (payment.is_none() && out.is_empty()) {
            out.clear();
            push_ascii(out, b'i');
            issues.push_fields(out, language);
        } else if let Some(payment) = payment {
            push_ascii(out, b'p');
            payment.push_fields(out);
        }
    })
}

/// The next payment, if there are no issues; none where the answer is no payment, and is written already.
fn ask<'a>(fields: &mut Fields<'a>, out: &mut String, issues: &mut Issues<'a>) -> Option<Payment<'a>> {
    let name = fields.text();
    match name {
        "begin" => {
            let command = fields.text();
            let minor = read_u64(fields.text()).unwrap_or_default();
            let amount = Amount::at_most_max(minor, Currency::from_code(fields.text())?);
            let at = instant(fields);
            let window = read_u64(fields.text()).unwrap_or(0);
            let window = (command != "PURCHASE").then_some(window);
            return Some(Payment::begun(amount, at, window, [fields.text(), fields.text()], issues));
        }
        "from_status" => {
            let reply = Status::read_fields(fields);
            let context = [fields.text(), fields.text()];
            let at = instant(fields);
            return Payment::seen(&reply, context, at, read_u64(fields.text()).unwrap_or(0), issues);
        }
        _ => {}
    }
    let mut payment = Payment::read(fields, issues)?;
    match name {
        "observed" => {
            let reply = Status::read_fields(fields);
            payment.observe(&reply, instant(fields), issues);
        }
        "at" => {
            push_ascii(out, b'v');
            payment.push_view(out, instant(fields));
            return None;
        }
        "issues" | "after" => {
            let at = instant(fields);
            let command = fields.text();
            let minor = read_u64(fields.text()).unwrap_or(NO_AMOUNT);
            let currency = fields.text();
            if Command::find(command).is_none() {
                issues.by(SOURCE).error("command", Code::UnknownCommand);
            } else if name == "after" {
                payment.advance(command, minor, currency, at, issues);
            } else {
                payment.judge(command, minor, currency, at, issues);
                return None;
            }
        }
        _ => {}
    }
    Some(payment)
}

fn instant(fields: &mut Fields<'_>) -> i64 {
    read_i64(fields.text()).unwrap_or(NO_INSTANT)
}
