//! `dictionary.json`: the parameters, commands and rules as data, for the sandbox and for anyone's own tools.

use super::quote::json as quote;
use aps_payops::dictionary::{
    ACCOUNT, COMMANDS, Characters, Choice, Command, Demand, Effect, Kind, Member, Parameter, Presence, Rule, Severity,
    When,
};
use aps_payops::text::words;

/// Rises when a reader of the old form could not read the new one.
const VERSION: u32 = 1;

/// Every parameter that a command knows, once, by name.
pub(crate) fn parameters() -> Vec<&'static Parameter> {
    let members = COMMANDS.iter().flat_map(|command| command.members).chain(ACCOUNT);
    let mut found: Vec<&Parameter> = members.map(|member| member.parameter).collect();
    found.sort_by_key(|parameter| parameter.name);
    found.dedup_by_key(|parameter| parameter.name);
    found
}

/// All members of a command, those of every command included, by name.
pub(crate) fn members(command: &Command) -> Vec<&'static Member> {
    let mut members: Vec<&Member> = command.members.iter().chain(ACCOUNT).collect();
    members.sort_by_key(|member| member.parameter.name);
    members
}

pub(crate) const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Supplied => "supplied",
        Presence::Refused => "refused",
    }
}

pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Money => "money",
        Effect::Query => "query",
        Effect::Service => "service",
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Identifier => "identifier",
        Kind::Text => "text",
        Kind::Url => "url",
        Kind::Encoded => "encoded",
        Kind::Number => "number",
        Kind::Amount => "amount",
        Kind::Currency => "currency",
        Kind::Email => "email",
        Kind::CardNumber => "card_number",
        Kind::Expiry => "expiry",
        Kind::SecurityCode => "security_code",
        Kind::Date => "date",
        Kind::Choice => "choice",
        Kind::Object => "object",
    }
}

const fn characters(characters: Characters) -> &'static str {
    match characters {
        Characters::Alpha => "alpha",
        Characters::Alnum => "alnum",
        Characters::Numeric => "numeric",
        Characters::Any => "any",
    }
}

fn list(entries: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", entries.into_iter().collect::<Vec<_>>().join(","))
}

fn texts<'t>(entries: impl IntoIterator<Item = &'t str>) -> String {
    list(entries.into_iter().map(quote))
}

fn object(members: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// An object with each member on a line of its own, so that a change shows as a line.
fn block(members: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name)));
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}

fn choice(choice: Choice) -> String {
    let mut members = vec![("value", quote(choice.value))];
    if choice.purchase_only {
        members.push(("purchase_only", "true".to_owned()));
    }
    object(members)
}

fn parameter(parameter: &Parameter) -> String {
    let mut members = vec![("kind", quote(kind(parameter.kind)))];
    if parameter.min > 1 {
        members.push(("min", parameter.min.to_string()));
    }
    if parameter.max > 0 {
        members.push(("max", parameter.max.to_string()));
    }
    members.push(("characters", quote(characters(parameter.characters))));
    if !parameter.special().is_empty() {
        members.push(("special", quote(parameter.special())));
    }
    if parameter.kind == Kind::Choice {
        members.push(("values", list(parameter.choices().map(choice))));
    }
    members.extend([("source", quote(parameter.source)), ("note", quote(parameter.note))]);
    object(members)
}

fn when(when: When) -> String {
    match when {
        When::Given(name) => object([("parameter", quote(name))]),
        When::Is(name, values) => object([("parameter", quote(name)), ("is", texts(words(values)))]),
        When::GivenUnless(name, other, values) => {
            let unless = object([("parameter", quote(other)), ("is", texts(words(values)))]);
            object([("parameter", quote(name)), ("unless", unless)])
        }
    }
}

fn rule(rule: &Rule) -> String {
    let mut members = Vec::new();
    if let Some(condition) = rule.when {
        members.push(("when", when(condition)));
    }
    members.push(match rule.demand {
        Demand::OneOf(names) => ("oneOf", texts(words(names))),
        Demand::Needs(names) => ("needs", texts(words(names))),
        Demand::Refuses(names) => ("refuses", texts(words(names))),
        Demand::Only(name, values) => ("only", object([("parameter", quote(name)), ("values", texts(words(values)))])),
    });
    members.push(("source", quote(rule.source)));
    object(members)
}

fn command(command: &Command) -> String {
    let rules = |severity: Severity| list(command.rules.iter().filter(|own| own.severity == severity).map(rule));
    let channels: Vec<&str> = command.channels.iter().map(|channel| channel.name()).collect();
    let parameters = members(command).into_iter().map(|own| (own.parameter.name, quote(presence(own.presence))));
    object([
        ("selector", quote(command.selector.name())),
        ("channel", texts(channels)),
        ("effect", quote(effect(command.effect))),
        ("parameters", object(parameters)),
        ("notOnPage", texts(words(command.not_on_page))),
        ("rules", rules(Severity::Error)),
        ("advice", rules(Severity::Warning)),
        ("note", quote(command.note)),
    ])
}

/// The whole dictionary. `rules` are enforced; `advice` is only documented, or in conflict between sources.
pub(crate) fn json() -> String {
    let parameters = block(parameters().into_iter().map(|own| (own.name, parameter(own))));
    let commands = block(COMMANDS.iter().map(|own| (own.name, command(own))));
    block([("version", VERSION.to_string()), ("parameters", parameters), ("commands", commands)]) + "\n"
}
