//! `docs/reference.md`: the parameters of each command, the signature, and the codes.

use super::dictionary::{presence, value};
use super::model::{Characters, Command, Kind, Model, Parameter, Presence, Rule, Severity, base};
use super::quote::{cell, code, json as json_text};
use aps_payops::currency::Currency;
use aps_payops::dictionary::check::{Given, Options, validate};
use aps_payops::dictionary::{Plan, RESERVED};
use aps_payops::issue::{self, Code};
use aps_payops::message::json::read_params;
use aps_payops::message::value::{Value, find};
use aps_payops::reply::acquirer_text::ACQUIRER;
use aps_payops::reply::code::outcome_of_code;
use aps_payops::reply::code_text::{CodeText, MESSAGE, STATUS};
use aps_payops::text::words;

const HEAD: &str = "\
# Reference

<!-- Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit: `npm run generate` writes it. -->

What APS takes and answers, as this package has it. `src/dictionary/dictionary.toml` is the one home of the parameters and
`src/reply/code_text.rs` of the texts; the TypeScript types and `dictionary.json` come out of the same tables.

- [Commands](#commands)
- [Signature](#signature)
- [Money](#money)
- [Codes](#codes)
- [Sources](#sources)

## Commands

*Presence.* `required` and `optional` mean what they say. `supplied`: the account or the call fills it in; a value that
is given as well must agree. `refused`: known, and not for this command.

*Characters* are those besides which any other is an error, or, where the cell says *advice*, only a warning: the lists
for free text, addresses and encoded bytes are documented, but APS is not known to enforce them. Letters are Unicode
letters and marks, digits are ASCII digits. *Any* leaves out control characters.

*Length* counts characters. An empty value is no value and is left out of the request.

Any parameter that is not listed is the error `unknown`, unless `allow` names it.
";

const SIGNATURE: &str = "
## Signature

All parameters but `signature`, sorted by the bytes of their names, are written as `name=value` with nothing between
them. The text stands between two copies of the phrase (the request phrase in requests, the response phrase in replies
and notifications), and the digest of its UTF-8 bytes is written in lower-case hex.

| Digest | What is hashed | Source |
|---|---|---|
| `SHA-256`, `SHA-512` | phrase + text + phrase | DOC in common |
| `HMAC-256`, `HMAC-512` | phrase + text + phrase, with the phrase as the key | WOO, MAG, OC3, PS, CSC |

- A number is signed as the digits that are sent; values are not quoted, escaped or trimmed (DOC, NET, ODOO).
- An object reads `{name=value, name=value}`, its members in the order in which they are sent; a list reads
  `[value, value]` (DOC, PHP, NET).
- Of an answer everything received is signed, parameters that are new included, and as received: masked values, HTML
  escapes (PHP, WOO, MAG, ODOO, NET).
- A direct answer of status `00` may have no signature (SEV). What has one is verified whatever its status: a customer's
  cancel, `00072`, comes signed (NET, WOO, MAG).
- Since nothing separates the parameters, one text can belong to two messages. A value may therefore not hold `=`. In
  `url`s and encoded bytes it may, unless one of these names stands before it:
";

const SOURCES: &str = "
## Sources

| Key | What it is |
|---|---|
| DOC | `bhaskarndas/payfortdoc`, a draft of the official documentation pages (2020) |
| NEW | the official documentation, paymentservices.amazon.com/docs |
| PHP | `payfort/payfort-php-sdk`, the official SDK |
| NET | `payfort/payfort-dotnet-sdk`, the official SDK |
| JAVA | `payfort/payfort-java-sdk`, the official SDK |
| WOO, MAG, OC3, PS, CSC | the official plugins for WooCommerce, Magento 2, OpenCart 3, PrestaShop and CS-Cart |
| SDK | several of the official SDKs and plugins |
| SEV | `sevaske/payfort-api` and `sevaske/payfort`, an independent PHP client |
| ODOO | the `payment_aps` addon of Odoo |
| ZK | an independent paraphrase of the official documentation (2026) |
| older guide | a list of codes from an earlier integration guide |

*inferred* means that no source states it: it follows from how official code uses it.
";

/// The severity of other characters: determined by the checks themselves, so that the page cannot contradict them.
fn is_advice(plan: &'static Plan, name: &str, parameter: &Parameter) -> bool {
    let text = "\u{1}".repeat(usize::from(parameter.min));
    let params = [Given { name: name.into(), value: &text, ..Given::default() }];
    let options = Options::default();
    let issues = validate(plan, &params, &options);
    let own = |issue: &&issue::Issue<'_>| issue.parameter == name && issue.code == Code::BadCharacter;
    issues.iter().find(own).is_some_and(|issue| issue.severity == issue::Severity::Warning)
}

fn characters(plan: &'static Plan, name: &str, parameter: &Parameter) -> String {
    let letters = match (parameter.kind, parameter.characters) {
        (Kind::Choice | Kind::Currency | Kind::Date | Kind::Object, _) => return String::new(),
        (_, Characters::Any) => return "any".to_owned(),
        (_, Characters::Alpha) => "letters",
        (_, Characters::Alnum) => "letters, digits",
        (_, Characters::Numeric) => "digits",
    };
    let (space, others) = (parameter.special.contains(' '), parameter.special.replace(' ', ""));
    let mut out = letters.to_owned();
    if !others.is_empty() {
        out = format!("{out}, {}", code(&others));
    }
    if space {
        out.push_str(", space");
    }
    if is_advice(plan, base(name), parameter) {
        out.push_str(" (advice)");
    }
    out
}

fn length(parameter: &Parameter) -> String {
    match (parameter.kind, parameter.min, parameter.max) {
        (Kind::Choice | Kind::Currency | Kind::Date | Kind::Expiry | Kind::Object, ..) | (_, 0 | 1, None) => {
            String::new()
        }
        (_, min, None) => format!("≥ {min}"),
        (_, min, Some(max)) if min == max => max.to_string(),
        (_, 0 | 1, Some(max)) => format!("≤ {max}"),
        (_, min, Some(max)) => format!("{min}–{max}"),
    }
}

fn values(command: &str, parameter: &Parameter) -> String {
    let fixed = match parameter.kind {
        Kind::Amount if parameter.zero => "digits",
        Kind::Amount => "digits, more than zero",
        Kind::Currency => "ISO 4217",
        Kind::Expiry => "YYMM",
        Kind::Date => "YYYY-MM-DD",
        Kind::DateTime => "YYYY-MM-DDThh:mm:ss±hh:mm",
        Kind::Url => "an absolute URL",
        Kind::Ip => "one IPv4 or IPv6 address",
        Kind::Object if parameter.is_list() => "a list",
        Kind::Object => "an object",
        Kind::CardNumber if !parameter.brands.is_empty() => {
            return format!("of {} (advice)", joined(&parameter.brands, "or"));
        }
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    let fits = parameter.values.iter().filter(|word| !word.ends_with('*') || command != "AUTHORIZATION");
    fits.map(|word| code(word.trim_end_matches('*'))).collect::<Vec<_>>().join(", ")
}

fn joined<T: AsRef<str>>(names: &[T], word: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| code(name.as_ref())).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {word} {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn rule(model: &Model, rule: &Rule) -> String {
    let is = |name: &str, values: &[String]| format!("{} is {}", code(name), joined(values, "or"));
    let unless = Rule::pair(rule.unless.as_ref()).map(|(name, values)| format!("unless {}", is(name, values)));
    let when = model.when(rule).map(|(names, values)| match (names.as_slice(), values) {
        ([name], [_, ..]) => format!("when {}", is(name, values)),
        (names, _) => format!("with {}", joined(names, "or")),
    });
    let and = rule.and().map(|(name, values)| format!(" and {}", is(name, values))).unwrap_or_default();
    let when = when.map(|own| own + &and);
    let conditions: Vec<String> = when.into_iter().chain(unless).collect();
    let conditions = if conditions.is_empty() { String::new() } else { format!("{}: ", conditions.join(", ")) };
    let verb = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
    let only = Rule::pair(rule.only.as_ref());
    let demand = match (&rule.one_of, &rule.needs, &rule.refuses, only) {
        (Some(names), ..) => format!("at least one of {}", joined(names, "and")),
        (_, Some(names), ..) => format!("{} {} needed", joined(names, "and"), verb(names)),
        (_, _, Some(names), _) => format!("{} {} refused", joined(names, "and"), verb(names)),
        (.., Some((name, values))) => format!("{} may only be {}", code(name), joined(values, "or")),
        _ => String::new(),
    };
    let severity = if rule.severity == Severity::Warning { " (advice)" } else { "" };
    let sentence = format!("{conditions}{demand}{severity}");
    // A sentence that begins with its requirement is capitalized.
    let (first, rest) = sentence.split_at_checked(1).unwrap_or((&sentence, ""));
    format!("- {}{rest}. Source: {}.\n", first.to_uppercase(), model.source(&rule.source))
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Requests and replies that the tests actually sent and received, by command (`tests/package/messages/commands.test.js`).
const EXCHANGES: &str = include_str!("../../tests/fixtures/examples.json");

/// A value of a message as JSON on one line.
fn message_value(own: &Value<'_>) -> String {
    match own {
        Value::Text(text) => json_text(text),
        Value::Object(members) => {
            let members = members.iter().map(|(name, one)| format!("{}: {}", json_text(name), message_value(one)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::List(elements) => {
            format!("[{}]", elements.iter().map(message_value).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The recorded request and reply of a command.
fn exchange(name: &str) -> Option<String> {
    let recorded = read_params(EXCHANGES).ok()?;
    let own = recorded.get(name)?.members();
    let block = |part: &str| {
        let members = find(own, part)?.members().iter();
        let lines = members.map(|(name, one)| format!("  {}: {}", json_text(name), message_value(one)));
        Some(format!("```json\n{{\n{}\n}}\n```\n", lines.collect::<Vec<_>>().join(",\n")))
    };
    Some(format!("\nA request that the tests sent:\n\n{}\nIts reply:\n\n{}", block("request")?, block("reply")?))
}

/// The parameters of the example request: the required ones, and those in the command's example.
fn example(model: &Model, name: &str, command: &Command) -> String {
    let mut lines = vec![format!("  \"{}\": \"{name}\"", command.selector)];
    for (own, parameter, presence) in model.members(command) {
        let given = command.example.get(base(own));
        let shown = given.is_some()
            || presence == Presence::Required
            || matches!(base(own), "access_code" | "language" | "merchant_identifier");
        if shown {
            lines.push(format!("  \"{}\": {}", base(own), value(given.unwrap_or(&parameter.example))));
        }
    }
    format!("```json\n{{\n{}\n}}\n```\n", lines.join(",\n"))
}

fn parts(model: &Model, name: &str) -> String {
    let parts: Vec<String> = model
        .parts(name)
        .map(|(path, part)| format!("{} ({})", code(path), cell(part.note.trim_end_matches('.'))))
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    let required = model.parameters.get(name).map(|own| own.required.as_slice()).unwrap_or_default();
    let needed = if required.is_empty() { String::new() } else { format!(" Needed: {}.", joined(required, "and")) };
    format!("- Inside {}: {}.{needed}\n", code(name), parts.join(", "))
}

fn command(model: &Model, name: &str, own: &Command) -> String {
    let Some(known) = Plan::find(name) else { return String::new() };
    let mut out = format!(
        "\n### {name}\n\n{} Named by {}; sent to {}; effect: {}. Success is status {}, failure {}.\n\n",
        own.note,
        code(&own.selector),
        joined(&own.channels, "or"),
        own.effect,
        joined(&words(&own.status.success).collect::<Vec<_>>(), "or"),
        code(&own.status.failure),
    );
    let methods: Vec<String> = own.method.iter().chain(&own.form).map(|name| code(&format!("aps.{name}"))).collect();
    if !methods.is_empty() {
        out.push_str(&format!("Methods of the client: {}.\n\n", methods.join(", ")));
    }
    if let Some(why) = &own.inferred {
        out.push_str(&format!("*Inferred.* {why}\n\n"));
    }
    out.push_str("| Parameter | Presence | What it is | Characters | Length | Values | Source |\n|---|---|---|---|---|---|---|\n");
    let members = model.members(own);
    for (full, parameter, how) in &members {
        let unless_refused = |text: String| if *how == Presence::Refused { String::new() } else { text };
        out.push_str(&row(&[
            &code(base(full)),
            presence(*how),
            &cell(&parameter.note),
            &unless_refused(characters(known, full, parameter)),
            &unless_refused(length(parameter)),
            &unless_refused(values(name, parameter)),
            &cell(model.source(&parameter.source)),
        ]));
    }
    let mut rules: String = own.rules.iter().map(|one| rule(model, one)).collect();
    if !own.browser.is_empty() {
        rules.push_str(&format!(
            "- In a form for the payment page: {} are refused, since the browser gives them to APS alone.\n",
            joined(&own.browser, "and")
        ));
    }
    let api = model.api(own);
    if !api.is_empty() {
        let names = joined(&api, "and");
        rules.push_str(&format!(
            "- In a form for the payment page: {names} are refused; they go with the payment API only.\n"
        ));
    }
    for (name, waived) in &own.waived_with {
        let waived = joined(waived, "and");
        rules.push_str(&format!("- With {}, APS does not require {waived}; the client sends it.\n", code(name)));
    }
    if !own.waived.is_empty() {
        rules.push_str(&format!("- APS does not require {} here; the client sends it.\n", joined(&own.waived, "and")));
    }
    rules.extend(members.iter().map(|(full, ..)| parts(model, full)));
    if !own.reply.is_empty() {
        rules.push_str(&format!("- The reply also holds {}.\n", joined(&own.reply, "and")));
    }
    if !own.unsigned_reply.is_empty() {
        rules.push_str(&format!("- Left out of the signature of the reply: {}.\n", joined(&own.unsigned_reply, "and")));
    }
    if !rules.is_empty() {
        out.push('\n');
        out.push_str(&rules);
    }
    let unsigned = || format!("\nAn example, before it is signed:\n\n{}", example(model, name, own));
    out.push_str(&exchange(name).unwrap_or_else(unsigned));
    out
}

fn money() -> String {
    let decimals = |exponent: u8| {
        let fits = Currency::all().filter(|currency| currency.exponent() == exponent);
        fits.map(|currency| code(currency.code())).collect::<Vec<_>>().join(" ")
    };
    format!(
        "\n## Money\n\n\
        An amount is sent as a whole number of the currency's minor units, at most 10 digits: 20.00 AED is `2000`, \
        20.000 KWD is `20000` (NEW, handling currencies). VISA in a currency of three decimals should end in 0 (NEW, \
        standard 3-D Secure).\n\n\
        {} currencies are known: ISO 4217 as of {}, without those that have no minor unit. All have 2 decimals but these:\n\n\
        | Decimals | Currencies |\n|---|---|\n| 0 | {} |\n| 3 | {} |\n| 4 | {} |\n",
        Currency::all().count(),
        Currency::AS_OF,
        decimals(0),
        decimals(3),
        decimals(4)
    )
}

fn texts(title: &str, about: &str, table: &[CodeText]) -> String {
    let mut out = format!("\n### {title}\n\n{about}\n\n| Code | English | Arabic | Source |\n|---|---|---|---|\n");
    for text in table {
        out.push_str(&row(&[&code(text.code), &cell(text.en), &cell(text.ar), &cell(text.source)]));
    }
    out
}

fn codes() -> String {
    let mut out = "\n## Codes\n\n\
        `response_code` and `transaction_code` are five digits: two of status, three of message. The texts are ours, not \
        APS's.\n\n### Statuses\n\nThe outcome is that of the status with message `000`. Some messages make it \
        uncertain, such as `006`; after `11` and `12` the payment's own outcome is that of `transaction_code`.\n\n| Code | English | Arabic | Outcome | Source |\n|---|---|---|---|---|\n"
        .to_owned();
    for text in STATUS {
        let outcome = outcome_of_code(&format!("{}000", text.code)).name();
        out.push_str(&row(&[&code(text.code), &cell(text.en), &cell(text.ar), &code(outcome), &cell(text.source)]));
    }
    out.push_str(&texts("Messages", "The last three digits.", MESSAGE));
    out.push_str(&texts(
        "Acquirer codes",
        "`acquirer_response_code` comes only to accounts that have third-party codes switched on. The list is APS's own \
        (.NET SDK), of many systems at once.",
        ACQUIRER,
    ));
    out
}

/// The whole page.
pub(crate) fn page(model: &Model) -> String {
    let mut out = HEAD.to_owned();
    out.extend(model.commands.iter().map(|(name, own)| command(model, name, own)));
    out.push_str(SIGNATURE);
    out.push_str(&format!("  {}.\n", joined(&words(RESERVED).collect::<Vec<_>>(), "and")));
    out.push_str(&money());
    out.push_str(&codes());
    out.push_str(SOURCES);
    out
}
