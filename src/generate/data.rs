//! The JavaScript data: texts of codes and names of currencies. Pure literals, so that what is not imported goes, and
//! lines of one text, which an engine reads several times faster than as many lists.

use super::quote::json;
use aps_payops::currency::Currency;
use aps_payops::issue::Code;
use aps_payops::payment::{self, Status};
use aps_payops::reply::code_text::{ACQUIRER, CodeText, MESSAGE, STATUS};

const HEAD: &str = "// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.\n";

/// Lines whose cells end at a tab; the first is empty, so that every line has an end before it.
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

/// The names of the fields that cross to Rust in a row, and the codes that make an error one of the life cycle.
pub(crate) fn fields() -> String {
    let list = |about: &str, name: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| json(name)).collect();
        format!("\n/** {about}\n * @type {{readonly string[]}} */\nexport const {name} = [{}];\n", names.join(","))
    };
    let codes: Vec<&str> = Code::ALL.iter().filter(|code| code.is_of_life_cycle()).map(|code| code.name()).collect();
    [
        HEAD.to_owned(),
        list("Codes that tell what a payment forbids.", "LIFE_CYCLE", &codes),
        list("The state of a payment.", "PAYMENT", &payment::NAMES),
        list("What CHECK_STATUS tells of one.", "STATUS", &Status::NAMES),
    ]
    .concat()
}
