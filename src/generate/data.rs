//! The JavaScript data: texts of codes and names of currencies. Pure literals, so that unused ones are tree-shaken, with
//! lines of one text, which an engine parses several times faster than separate lists.

use super::model::{Model, SELECTORS};
use super::quote::{json, single};
use aps_payops::currency::Currency;
use aps_payops::issue::Code;
use aps_payops::message::MAX_BYTES;
use aps_payops::operation::{Command, RESERVE};
use aps_payops::payment::{self, Status};
use aps_payops::reply::acquirer_text::ACQUIRER;
use aps_payops::reply::code_text::{CodeText, MESSAGE, STATUS};

const HEAD: &str = "// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.\n";

/// Lines of tab-separated cells; the first is empty, so that every line follows a line break.
fn lines(name: &str, about: &str, rows: impl IntoIterator<Item = String>) -> String {
    let text: String = rows.into_iter().flat_map(|row| ["\n".to_owned(), row]).collect();
    assert!(!text.contains(['`', '\\', '$']), "it would have to be escaped");
    format!("\n/** {about} */\nexport const {name} = `{text}`;\n")
}

fn table(name: &str, about: &str, texts: &[CodeText]) -> String {
    let about = format!("{about} Lines of code, English and Arabic.");
    lines(name, &about, texts.iter().map(|text| [text.code, text.en, text.ar].join("\t")))
}

/// The texts of the codes, in English and Arabic.
pub(crate) fn codes() -> String {
    [
        HEAD.to_owned(),
        table("STATUS", "By status: the first two digits of a response code.", STATUS),
        table("MESSAGE", "By message: the last three digits of a response code.", MESSAGE),
        table("ACQUIRER", "By `acquirer_response_code`.", ACQUIRER),
    ]
    .concat()
}

/// Code, decimals and English name of every currency.
pub(crate) fn currencies() -> String {
    let rows = Currency::all().map(|own| format!("{}\t{}\t{}", own.code(), own.exponent(), own.name()));
    let about = format!("ISO 4217 as of {}. Lines of code, decimals and English name.", Currency::AS_OF);
    HEAD.to_owned() + &lines("CURRENCIES", &about, rows)
}

/// What JavaScript needs to know of parameters to copy, print and limit them.
pub(crate) fn parameters(model: &Model) -> String {
    let list = |about: &str, name: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| single(name)).collect();
        format!("\n/** {about} */\nexport const {name} = /** @type {{const}} */ ([{}]);\n", names.join(", "))
    };
    let wallets = model.wallets.iter().map(|(name, own)| {
        format!(
            "  {{ name: {}, digital_wallet: {}, environment: {} }},\n",
            single(name),
            single(&own.digital_wallet),
            single(&own.environment)
        )
    });
    let is_payment = |name: &&str| Command::named(name).is_payment();
    let payments: Vec<&str> = model.commands.keys().map(String::as_str).filter(is_payment).collect();
    [
        HEAD.to_owned(),
        list(
            "Money in minor units: names, and paths in which `[]` is any element of a list.",
            "MONEY",
            &model.money(),
        ),
        list("What is never printed, at any depth.", "SECRETS", &model.secrets()),
        list("Of those, what is not printed even masked.", "SECURITY_CODES", &model.security_codes()),
        list("What of a card is in no log and no file.", "CARD_DATA", &model.card_data()),
        list("Commands that make a payment, with a `merchant_reference` of its own.", "PAYMENTS", &payments),
        list("The parameters of which one names the command.", "SELECTORS", &SELECTORS.split(' ').collect::<Vec<_>>()),
        format!("\n/** The longest message, in bytes. */\nexport const MAX_BYTES = {MAX_BYTES};\n"),
        format!(
            "\n/** Milliseconds reserved before a deadline, for recording an answer and returning it. */\nexport const \
             RESERVE = {RESERVE};\n"
        ),
        format!(
            "\n/** Wallets with credentials of their own: the member of the account, the value of `digital_wallet`, and how \
             their environment variables begin. */\nexport const WALLETS = /** @type {{const}} */ ([\n{}]);\n",
            wallets.collect::<String>()
        ),
    ]
    .concat()
}

/// The methods of the client, by group: the command that each sends, or builds a form of.
pub(crate) fn methods(model: &Model) -> String {
    let table = |about: &str, name: &str, is_form: bool| {
        let groups = model.methods.iter().filter_map(|(group, note)| {
            let own = model.commands.iter().filter(|(_, command)| is_form || !command.file);
            let lines: String = own
                .filter_map(|(command, own)| {
                    let (of, method) = if is_form { &own.form } else { &own.method }.as_ref()?.split_once('.')?;
                    let line = format!("    /** {command}: {} */\n    {method}: {},\n", own.note, single(command));
                    (of == group).then_some(line)
                })
                .collect();
            (!lines.is_empty()).then(|| format!("  /** {note} */\n  {group}: {{\n{lines}  }},\n"))
        });
        let groups: String = groups.collect();
        format!("\n/** {about} */\nexport const {name} = /** @type {{const}} */ ({{\n{groups}}});\n")
    };
    [
        HEAD.to_owned(),
        table("Methods that send a command.", "METHODS", false),
        table("Methods that build a form, for the customer's browser to post.", "FORMS", true),
    ]
    .concat()
}

/// The names of the fields that cross to Rust in a row, and the codes that make an error one of the life cycle.
pub(crate) fn fields() -> String {
    let list = |about: &str, name: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| json(name)).collect();
        format!("\n/** {about}\n * @type {{readonly string[]}} */\nexport const {name} = [{}];\n", names.join(","))
    };
    let codes: Vec<&str> = Code::ALL.iter().filter(|code| code.is_of_life_cycle()).map(|code| code.name()).collect();
    [
        HEAD.to_owned(),
        list("Codes for what a payment forbids.", "LIFE_CYCLE", &codes),
        list("The state of a payment.", "PAYMENT", &payment::NAMES),
        list("What CHECK_STATUS reports about a payment.", "STATUS", &Status::NAMES),
    ]
    .concat()
}
