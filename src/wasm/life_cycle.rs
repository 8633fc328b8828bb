//! The life cycle: one call, whose first text names what is asked.

use super::{finished, language, writing};
use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issues};
use crate::payment::{Payment, WINDOW_DAYS};
use crate::text::{read_i64, read_u64};
use crate::tree;
use crate::value::{Member, Value, find, text_of};
use crate::writer::Writer;
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

const SOURCE: &str = "NEW managing payments";

/// Calls a function of the life cycle: its name, then its arguments, as a tree. Answers `{"payment":…}`,
/// `{"issues":[…]}` or, for `at`, the view.
#[wasm_bindgen]
#[must_use]
pub fn payment(flat: &str) -> String {
    let values = tree::read(flat);
    let mut writer = Writer::new();
    writer.begin_object();
    // The options come last; for `authorized` and `purchased` they are all there is.
    if let ([name, first, rest @ ..], Some(options)) = (values.as_slice(), values.last()) {
        let answer = ask(name.as_text().unwrap_or_default(), first, rest, options.members(), &mut writer);
        match answer {
            Ok(None) => {}
            Ok(Some(payment)) => {
                writer.name("payment");
                payment.write_json(&mut writer);
            }
            Err(issues) => {
                writer.name("issues");
                writing::push_issues(&mut writer, &issues, language(options.members()));
            }
        }
    }
    writer.end_object();
    finished(writer.finish())
}

/// The next payment; none where the answer is no payment, and is written already.
fn ask(
    name: &str,
    first: &Value<'_>,
    rest: &[Value<'_>],
    options: &[Member<'_>],
    writer: &mut Writer,
) -> Result<Option<Payment>, Issues> {
    let at = read_i64(text_of(options, "at")).unwrap_or(i64::MIN);
    let window = match text_of(options, "windowDays") {
        "" => WINDOW_DAYS,
        // What is no whole number of days is outside the bounds, and reported so.
        days => read_u64(days).and_then(|days| u32::try_from(days).ok()).unwrap_or(0),
    };
    let (option, wallet) = (text_of(options, "payment_option"), text_of(options, "digital_wallet"));
    match name {
        "authorized" => return Payment::authorized(amount_of(options)?, at, window, option, wallet).map(Some),
        "purchased" => return Payment::purchased(amount_of(options)?, at, option, wallet).map(Some),
        "from_status" => {
            let authorized_at = read_i64(text_of(options, "authorizedAt"));
            let (currency, command) = (text_of(options, "currency"), text_of(options, "command"));
            return Payment::from_status(first.members(), currency, command, authorized_at, window).map(Some);
        }
        _ => {}
    }
    let payment = Payment::read_json(first)?;
    match name {
        "read" => Ok(Some(payment)),
        "observed" => payment.observed(rest.first().map(Value::members).unwrap_or_default(), at).map(Some),
        "at" => {
            push_view(writer, &payment, at);
            Ok(None)
        }
        _ => {
            let command = text_of(options, "command");
            if Command::find(command).is_none() {
                let mut issues = Issues::new(SOURCE);
                issues.error("command", Code::UnknownCommand);
                return Err(issues);
            }
            let amount = if find(options, "amount").is_some() { Some(amount_of(options)?) } else { None };
            if name == "after" {
                return payment.after(command, amount, at).map(Some);
            }
            Err(payment.issues(command, amount, at))
        }
    }
}

fn amount_of(arguments: &[Member<'_>]) -> Result<Amount, Issues> {
    let mut issues = Issues::new(SOURCE);
    match Currency::from_code(text_of(arguments, "currency")) {
        None => issues.error("currency", Code::BadCurrency),
        Some(currency) => match Amount::from_minor_digits(text_of(arguments, "amount"), currency) {
            Ok(amount) => return Ok(amount),
            Err(_) => issues.error("amount", Code::NotAnAmount),
        },
    };
    Err(issues)
}

fn push_view(writer: &mut Writer, payment: &Payment, at: i64) {
    let view = payment.at(at);
    writer.member("state", view.state.name());
    writer.member("authorization", view.authorization.name());
    writer.member("capturable", &view.capturable.digits());
    writer.member("refundable", &view.refundable.digits());
    writer.name("commands");
    writer.begin_list();
    for command in view.commands {
        writer.string(command);
    }
    writer.end_list();
    writer.name("lapsesAt");
    match view.lapses_at {
        Some(at) => writer.signed(at),
        None => writer.null(),
    }
}
