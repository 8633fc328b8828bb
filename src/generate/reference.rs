//! `docs/reference.md`: the parameters of each command, the signature, and the codes.

use super::dictionary::{effect, members, presence};
use super::quote::{cell, code};
use aps_payops::code::outcome_of_code;
use aps_payops::code_text::{ACQUIRER, CodeText, MESSAGE, STATUS};
use aps_payops::currency::Currency;
use aps_payops::dictionary::{
    COMMANDS, Characters, Command, Demand, Kind, Parameter, Presence, RESERVED, Rule, Severity, When,
};
use aps_payops::issue::Code;
use aps_payops::operation::{Given, Options, Shape, validate};
use aps_payops::text::words;

const HEAD: &str = "\
# Reference

<!-- Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit: `npm run generate` writes it. -->

What APS takes and answers, as this package has it. `src/dictionary.rs` is the one home of the parameters and
`src/code_text.rs` of the texts; the TypeScript types and `dictionary.json` come out of the same tables.

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
- An answer of status `00` has no signature (SEV).
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

/// How bad another character is: asked of the checks themselves, so that the page cannot say otherwise.
fn severity_of_other_characters(command: &'static Command, parameter: &Parameter) -> Option<Severity> {
    let text = "\u{1}".repeat(usize::from(parameter.min.max(1)));
    let params = [Given { name: parameter.name, value: &text, shape: Shape::Text }];
    let options = Options::default();
    let issues = validate(command, &params, &options);
    let own =
        |issue: &&aps_payops::issue::Issue<'_>| issue.parameter == parameter.name && issue.code == Code::BadCharacter;
    issues.iter().find(own).map(|issue| issue.severity)
}

fn characters(command: &'static Command, parameter: &Parameter) -> String {
    let letters = match (parameter.kind, parameter.characters) {
        (Kind::Choice | Kind::Currency | Kind::Date | Kind::Object, _) => return String::new(),
        (_, Characters::Any) => return "any".to_owned(),
        (_, Characters::Alpha) => "letters",
        (_, Characters::Alnum) => "letters, digits",
        (_, Characters::Numeric) => "digits",
    };
    let (space, others) = (parameter.special().contains(' '), parameter.special().replace(' ', ""));
    let mut out = letters.to_owned();
    if !others.is_empty() {
        out = format!("{out}, {}", code(&others));
    }
    if space {
        out.push_str(", space");
    }
    if severity_of_other_characters(command, parameter) == Some(Severity::Warning) {
        out.push_str(" (advice)");
    }
    out
}

fn length(parameter: &Parameter) -> String {
    match (parameter.kind, u16::from(parameter.min), parameter.max) {
        (Kind::Choice | Kind::Currency | Kind::Date | Kind::Expiry | Kind::Object, ..) | (_, 0 | 1, 0) => String::new(),
        (_, min, 0) => format!("≥ {min}"),
        (_, min, max) if min == max => max.to_string(),
        (_, 0 | 1, max) => format!("≤ {max}"),
        (_, min, max) => format!("{min}–{max}"),
    }
}

fn values(command: &Command, parameter: &Parameter) -> String {
    let fixed = match parameter.kind {
        Kind::Amount => "digits, more than zero",
        Kind::Currency => "ISO 4217",
        Kind::Expiry => "YYMM",
        Kind::Date => "YYYY-MM-DD",
        Kind::Object => "an object",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    let fits = parameter.choices().filter(|own| !own.purchase_only || command.name != "AUTHORIZATION");
    fits.map(|own| code(own.value)).collect::<Vec<_>>().join(", ")
}

fn joined(names: &str, word: &str) -> String {
    let names: Vec<String> = words(names).map(code).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {word} {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn rule(rule: &Rule) -> String {
    let when = match rule.when {
        None => String::new(),
        Some(When::Given(name)) => format!("With {}: ", code(name)),
        Some(When::Is(name, values)) => format!("When {} is {}: ", code(name), joined(values, "or")),
        Some(When::GivenUnless(name, other, values)) => {
            format!("With {}, unless {} is {}: ", code(name), code(other), joined(values, "or"))
        }
    };
    let verb = |names: &str| if words(names).count() == 1 { "is" } else { "are" };
    let demand = match rule.demand {
        Demand::OneOf(names) => format!("at least one of {}", joined(names, "and")),
        Demand::Needs(names) => format!("{} {} needed", joined(names, "and"), verb(names)),
        Demand::Refuses(names) => format!("{} {} refused", joined(names, "and"), verb(names)),
        Demand::Only(name, values) => format!("{} may only be {}", code(name), joined(values, "or")),
    };
    let severity = if rule.severity == Severity::Warning { " (advice)" } else { "" };
    let sentence = format!("{when}{demand}{severity}");
    // A sentence that begins with its demand begins with a capital letter.
    let (first, rest) = sentence.split_at_checked(1).unwrap_or((&sentence, ""));
    format!("- {}{rest}. Source: {}.\n", first.to_uppercase(), rule.source)
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn command(command: &'static Command) -> String {
    let channels = command.channels.iter().map(|channel| channel.name()).collect::<Vec<_>>().join(" ");
    let mut out = format!(
        "\n### {}\n\n{} Named by {}; sent to {}; effect: {}.\n\n",
        command.name,
        command.note,
        code(command.selector.name()),
        joined(&channels, "or"),
        effect(command.effect)
    );
    out.push_str("| Parameter | Presence | What it is | Characters | Length | Values | Source |\n|---|---|---|---|---|---|---|\n");
    for member in members(command) {
        let own = member.parameter;
        let presence = presence(member.presence);
        let refused = member.presence == Presence::Refused;
        let unless_refused = |text: String| if refused { String::new() } else { text };
        out.push_str(&row(&[
            &code(own.name),
            presence,
            &cell(own.note),
            &unless_refused(characters(command, own)),
            &unless_refused(length(own)),
            &unless_refused(values(command, own)),
            &cell(own.source),
        ]));
    }
    let mut rules: String = command.rules.iter().map(rule).collect();
    if !command.not_on_page.is_empty() {
        rules.push_str(&format!(
            "- In a form for the payment page: {} are refused, since the browser gives them to APS alone.\n",
            joined(command.not_on_page, "and")
        ));
    }
    if !rules.is_empty() {
        out.push('\n');
        out.push_str(&rules);
    }
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
pub(crate) fn page() -> String {
    let mut out = HEAD.to_owned();
    out.extend(COMMANDS.iter().map(command));
    out.push_str(SIGNATURE);
    out.push_str(&format!("  {}.\n", joined(&RESERVED.join(" "), "and")));
    out.push_str(&money());
    out.push_str(&codes());
    out.push_str(SOURCES);
    out
}
