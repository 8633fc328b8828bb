//! `dictionary.json`: the parameters, commands and rules as data, for the sandbox and for users' own tools.

use super::model::{Command, Kind, Model, Parameter, Presence, Rule, SELECTORS, Severity, base};
use super::quote::json as quote;
use serde::Serialize;

/// Incremented when readers of the old format cannot read the new one.
const VERSION: u32 = 2;

pub(crate) const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Supplied => "supplied",
        Presence::Refused => "refused",
    }
}

/// A variant by its name in the file, as JSON.
fn word(variant: impl Serialize) -> String {
    toml::Value::try_from(variant).map_or_else(|_| String::new(), |own| value(&own))
}

fn list(entries: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", entries.into_iter().collect::<Vec<_>>().join(","))
}

fn texts<'t>(entries: impl IntoIterator<Item = &'t String>) -> String {
    list(entries.into_iter().map(|entry| quote(entry)))
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// An object with one member per line, for readable diffs.
fn block<'n>(members: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name)));
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}

/// A value of the file as JSON.
pub(crate) fn value(own: &toml::Value) -> String {
    match own {
        toml::Value::Array(elements) => list(elements.iter().map(value)),
        toml::Value::Table(members) => object(members.iter().map(|(name, member)| (name.as_str(), value(member)))),
        toml::Value::String(text) => quote(text),
        other => other.to_string(),
    }
}

fn choice(word: &str) -> String {
    match word.strip_suffix('*') {
        Some(value) => object([("value", quote(value)), ("purchase_only", "true".to_owned())]),
        None => object([("value", quote(word))]),
    }
}

fn parameter(model: &Model, own: &Parameter) -> String {
    let mut members = vec![("kind", word(own.kind))];
    if own.min > 1 {
        members.push(("min", own.min.to_string()));
    }
    if let Some(max) = own.max {
        members.push(("max", max.to_string()));
    }
    members.push(("characters", word(own.characters)));
    if !own.special.is_empty() {
        members.push(("special", quote(&own.special)));
    }
    if own.kind == Kind::Choice {
        members.push(("values", list(own.values.iter().map(|word| choice(word)))));
    }
    members.extend([
        ("source", quote(model.source(&own.source))),
        ("note", quote(&own.note)),
        ("example", value(&own.example)),
    ]);
    for (name, listed) in [("required", &own.required), ("brands", &own.brands)] {
        if !listed.is_empty() {
            members.push((name, texts(listed)));
        }
    }
    let marks = [("closed", own.closed), ("inferred", own.inferred), ("secret", own.secret), ("zero", own.zero)];
    for (name, _) in marks.into_iter().filter(|(_, is)| *is) {
        members.push((name, "true".to_owned()));
    }
    object(members)
}

fn pair(name: &str, values: &[String], label: &'static str) -> [(&'static str, String); 2] {
    [("parameter", quote(name)), (label, texts(values))]
}

/// A rule; one for each parameter that can trigger it.
fn rules(model: &Model, own: &Rule) -> Vec<String> {
    match model.when(own) {
        Some((names, values)) => names.into_iter().map(|name| rule(model, own, Some((name, values)))).collect(),
        None => vec![rule(model, own, None)],
    }
}

fn rule(model: &Model, rule: &Rule, when: Option<(&str, &[String])>) -> String {
    let mut members = Vec::new();
    let unless = Rule::pair(rule.unless.as_ref()).map(|(name, values)| object(pair(name, values, "is")));
    match when {
        Some((name, values)) => {
            let mut condition = vec![("parameter", quote(name))];
            if !values.is_empty() {
                condition.push(("is", texts(values)));
            }
            condition.extend(rule.and().map(|(name, values)| ("and", object(pair(name, values, "is")))));
            condition.extend(unless.map(|own| ("unless", own)));
            members.push(("when", object(condition)));
        }
        None => members.extend(unless.map(|own| ("unless", own))),
    }
    for (name, listed) in [("oneOf", &rule.one_of), ("needs", &rule.needs), ("refuses", &rule.refuses)] {
        members.extend(listed.as_ref().map(|names| (name, texts(names))));
    }
    let only = Rule::pair(rule.only.as_ref());
    members.extend(only.map(|(name, values)| ("only", object(pair(name, values, "values")))));
    members.push(("source", quote(model.source(&rule.source))));
    object(members)
}

fn command(model: &Model, own: &Command) -> String {
    let rules = |severity: Severity| {
        list(own.rules.iter().filter(|rule| rule.severity == severity).flat_map(|one| rules(model, one)))
    };
    let members = model.members(own);
    let variants = members.iter().filter(|(name, ..)| base(name) != *name).map(|(name, ..)| (base(name), quote(name)));
    let mut entry = vec![
        ("selector", quote(&own.selector)),
        ("channel", texts(&own.channels)),
        ("effect", quote(&own.effect)),
        ("parameters", object(members.iter().map(|(name, _, how)| (base(name), quote(presence(*how)))))),
        ("variants", object(variants)),
        ("waived", texts(&own.waived)),
        ("waivedWith", object(own.waived_with.iter().map(|(name, waived)| (name.as_str(), texts(waived))))),
        ("notOnPage", list(model.off_page(own).into_iter().map(quote))),
        ("unsignedReply", texts(&own.unsigned_reply)),
        ("rules", rules(Severity::Error)),
        ("advice", rules(Severity::Warning)),
        ("status", object([("success", quote(&own.status.success)), ("failure", quote(&own.status.failure))])),
        ("reply", texts(&own.reply)),
        ("example", object(own.example.iter().map(|(name, one)| (name.as_str(), value(one))))),
        ("note", quote(&own.note)),
    ];
    entry.extend(own.method.as_ref().map(|name| ("method", quote(name))));
    entry.extend(own.form.as_ref().map(|name| ("form", quote(name))));
    entry.extend(own.inferred.as_ref().map(|why| ("inferred", quote(why))));
    object(entry)
}

/// The whole dictionary. `rules` are enforced; `advice` is only documented, or in conflict between sources. A command's
/// `variants` name the entries that hold its parameters with other limits than usual.
pub(crate) fn json(model: &Model) -> String {
    let parameters = block(model.parameters.iter().map(|(name, own)| (name.as_str(), parameter(model, own))));
    let commands = block(model.commands.iter().map(|(name, own)| (name.as_str(), command(model, own))));
    let wallets = object(model.wallets.iter().map(|(name, own)| (name.as_str(), quote(&own.digital_wallet))));
    let selectors = list(SELECTORS.split(' ').map(quote));
    let members = [
        ("version", VERSION.to_string()),
        ("selectors", selectors),
        ("wallets", wallets),
        ("parameters", parameters),
        ("commands", commands),
    ];
    block(members) + "\n"
}
