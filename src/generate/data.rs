//! The JavaScript data: texts of codes and names of currencies. Pure literals, so that what is not imported goes.

use super::quote::json;
use aps_payops::code_text::{ACQUIRER, CodeText, MESSAGE, STATUS};
use aps_payops::currency::Currency;
use aps_payops::issue::Code;
use aps_payops::payment::{self, Status};
use aps_payops::text::words;

const HEAD: &str = "// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.\n";

fn table(name: &str, about: &str, texts: &[CodeText]) -> String {
    let mut out = format!(
        "\n/** {about}\n * @type {{Record<string, readonly [en: string, ar: string]>}} */\nexport const {name} = {{\n"
    );
    for text in texts {
        out.push_str(&format!("{}:[{},{}],\n", json(text.code), json(text.en), json(text.ar)));
    }
    out.push_str("};\n");
    out
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
    let mut out = format!(
        "{HEAD}\n/** ISO 4217 as of {}.\n * @type {{readonly (readonly [code: string, exponent: number, name: string])[]}} */\n\
         export const CURRENCIES = [\n",
        Currency::AS_OF
    );
    for currency in Currency::all() {
        out.push_str(&format!("[{},{},{}],\n", json(currency.code()), currency.exponent(), json(currency.name())));
    }
    out.push_str("];\n");
    out
}

/// The names of the fields that cross to Rust in a row, and the codes that make an error one of the life cycle.
pub(crate) fn fields() -> String {
    let list = |about: &str, name: &str, names: &str| {
        let names: Vec<String> = words(names).map(json).collect();
        format!("\n/** {about}\n * @type {{readonly string[]}} */\nexport const {name} = [{}];\n", names.join(","))
    };
    let codes: Vec<&str> = Code::ALL.iter().filter(|code| code.is_of_life_cycle()).map(|code| code.name()).collect();
    [
        HEAD.to_owned(),
        list("Codes that tell what a payment forbids.", "LIFE_CYCLE", &codes.join(" ")),
        list("The state of a payment.", "PAYMENT", payment::NAMES),
        list("What CHECK_STATUS tells of one.", "STATUS", Status::NAMES),
    ]
    .concat()
}
