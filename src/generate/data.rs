//! The JavaScript data: texts of codes and names of currencies. Pure literals, so that what is not imported goes.

use super::quote::json;
use aps_payops::code_text::{ACQUIRER, CodeText, MESSAGE, STATUS};
use aps_payops::currency::Currency;

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
