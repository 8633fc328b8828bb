//! The life cycle: one call, whose first text names what is asked.

use super::{milliseconds, next, next_params, next_text, writing};
use crate::amount::Amount;
use crate::currency::Currency;
use crate::dictionary::Command;
use crate::issue::{Code, Issue, Language};
use crate::json::{Reader, Writer};
use crate::payment::Payment;
use crate::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

const SOURCE: &str = "NEW managing payments";

/// Calls a function of the life cycle: its name, then its arguments. Answers `{"payment":…}`, `{"issues":[…]}` or, for
/// `at`, the view.
#[wasm_bindgen]
#[must_use]
pub fn payment(flat: &str) -> String {
    let mut reader = Reader::new(flat);
    let name = next_text(&mut reader);
    let first = next(&mut reader).unwrap_or(Value::List(Vec::new()));
    let second = next_params(&mut reader);
    let third = next_params(&mut reader);
    let empty = Params::new();
    let object = match &first {
        Value::Object(members) => Params::from_members(members.clone()),
        _ => empty,
    };
    let options = if third.is_empty() { if second.is_empty() { &object } else { &second } } else { &third };
    let language = options.text("language").and_then(Language::from_name).unwrap_or_default();
    let window = || match object.text("windowDays").or_else(|| second.text("windowDays")) {
        None => 7,
        // What is no whole number of days is outside the bounds, and reported so.
        Some(text) => crate::text::read_u64(text).and_then(|days| u32::try_from(days).ok()).unwrap_or(0),
    };
    let answer = match name.as_str() {
        "authorized" => amount_of(&object).and_then(|amount| {
            let at = milliseconds(&object, "at").unwrap_or(i64::MIN);
            let (option, wallet) = (object.text("payment_option"), object.text("digital_wallet"));
            Payment::authorized(amount, at, window(), option, wallet)
        }),
        "purchased" => amount_of(&object).and_then(|amount| {
            let at = milliseconds(&object, "at").unwrap_or(i64::MIN);
            Payment::purchased(amount, at, object.text("payment_option"), object.text("digital_wallet"))
        }),
        "from_status" => Payment::from_status(
            &object,
            second.text("currency").unwrap_or_default(),
            second.text("command").unwrap_or_default(),
            milliseconds(&second, "authorizedAt"),
            window(),
        ),
        "read" => Payment::read_json(&first),
        "observed" => Payment::read_json(&first)
            .and_then(|payment| payment.observed(&second, milliseconds(&third, "at").unwrap_or(i64::MIN))),
        "after" => Payment::read_json(&first).and_then(|payment| {
            let (command, amount, at) = step(&second)?;
            payment.after(command, amount, at)
        }),
        "issues" => {
            let found = Payment::read_json(&first)
                .and_then(|payment| step(&second).map(|(command, amount, at)| payment.issues(command, amount, at)));
            Err(found.unwrap_or_else(|issues| issues))
        }
        "at" => match Payment::read_json(&first) {
            Ok(payment) => return view(&payment, milliseconds(&second, "at").unwrap_or(i64::MIN)),
            Err(issues) => Err(issues),
        },
        _ => Err(Vec::new()),
    };
    let mut writer = Writer::new();
    writer.begin_object();
    match answer {
        Ok(payment) => {
            writer.name("payment");
            payment.write_json(&mut writer);
        }
        Err(issues) => {
            writer.name("issues");
            writing::push_issues(&mut writer, &issues, language);
        }
    }
    writer.end_object();
    writer.finish()
}

type Step = (&'static str, Option<Amount>, i64);

/// The command, amount and instant of a step.
fn step(arguments: &Params<'_>) -> Result<Step, Vec<Issue>> {
    let command = Command::find(arguments.text("command").unwrap_or_default())
        .ok_or_else(|| alloc::vec![Issue::error("command", Code::UnknownCommand, SOURCE)])?;
    let amount = if arguments.get("amount").is_some() { Some(amount_of(arguments)?) } else { None };
    Ok((command.name, amount, milliseconds(arguments, "at").unwrap_or(i64::MIN)))
}

fn amount_of(arguments: &Params<'_>) -> Result<Amount, Vec<Issue>> {
    let issue = |parameter, code| alloc::vec![Issue::error(parameter, code, SOURCE)];
    let currency = arguments.text("currency").and_then(Currency::from_code);
    let currency = currency.ok_or_else(|| issue("currency", Code::BadCurrency))?;
    Amount::from_minor_digits(arguments.text("amount").unwrap_or_default(), currency)
        .map_err(|_| issue("amount", Code::NotAnAmount))
}

fn view(payment: &Payment, at: i64) -> String {
    let view = payment.at(at);
    let mut writer = Writer::new();
    writer.begin_object();
    for (name, text) in [("state", view.state.name()), ("authorization", view.authorization.name())] {
        writer.name(name);
        writer.string(text);
    }
    for (name, amount) in [("capturable", view.capturable), ("refundable", view.refundable)] {
        writer.name(name);
        writer.string(&amount.digits());
    }
    writer.name("commands");
    writer.begin_list();
    for command in &view.commands {
        writer.string(command);
    }
    writer.end_list();
    writer.name("lapsesAt");
    match view.lapses_at.and_then(|at| u64::try_from(at).ok()) {
        Some(at) => writer.number(at),
        None => writer.null(),
    }
    writer.end_object();
    writer.finish()
}
