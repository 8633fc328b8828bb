//! `commands.d.ts`: what the parameters of each command are to TypeScript.

use super::model::{Characters, Command, Kind, Model, Parameter, Presence, Rule, SELECTORS, Severity, base};
use super::quote::single;

const HEAD: &str = "\
// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.

import type { Amount } from '../money/amount.js';

/** A value inside a nested parameter. */
export type NestedValue = Amount | string | bigint | number | NestedValue[] | { [name: string]: NestedValue };

/** Money: an `Amount` brings its currency; minor units, as digits or a bigint, need one beside them. */
export type Money = { amount: Amount; currency?: string | null } | { amount: string | bigint; currency: string };
";

/// What every reply holds, besides what the dictionary says of its command.
const ENVELOPE: &[(&str, &str)] = &[
    ("command", "The command that this answers, if it has `command`."),
    ("query_command", "The command that this answers, if it has `query_command`."),
    ("response_code", "Five digits: two of status, three of message."),
    ("response_message", "APS's text, in the language of the request."),
    ("service_command", "The command that this answers, if it has `service_command`."),
    ("status", "Two digits."),
];

/// `VOID_AUTHORIZATION` as `VoidAuthorization`; a name may not begin with the digit of `3DS_ENROLLMENT`.
fn camel(name: &str) -> String {
    let words = name.split('_').flat_map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        [first.to_uppercase(), rest.to_lowercase()]
    });
    let prefix = if name.starts_with(|first: char| first.is_ascii_digit()) { "Aps" } else { "" };
    [prefix.to_owned()].into_iter().chain(words).collect()
}

fn comment(parameter: &Parameter) -> String {
    let note = parameter.note.trim_end_matches('.');
    match (parameter.kind, parameter.max) {
        (Kind::Choice | Kind::Object | Kind::Amount | Kind::Currency | Kind::Expiry | Kind::Date, _) | (_, None) => {
            format!("{note}.")
        }
        (_, Some(max)) => format!("{note}. At most {max} characters."),
    }
}

fn value(parameter: &Parameter, command: &str) -> String {
    match parameter.kind {
        Kind::Choice => {
            let fits = parameter.values.iter().filter(|word| !word.ends_with('*') || command != "AUTHORIZATION");
            fits.map(|word| single(word.trim_end_matches('*'))).collect::<Vec<_>>().join(" | ")
        }
        Kind::Object if matches!(parameter.example, toml::Value::Array(_)) => "readonly NestedValue[]".to_owned(),
        Kind::Object => "{ readonly [name: string]: NestedValue }".to_owned(),
        Kind::Amount => "Amount | string | bigint".to_owned(),
        Kind::Number if parameter.special.is_empty() => "string | bigint | number".to_owned(),
        // A number might have lost its last digits.
        Kind::Identifier if parameter.characters == Characters::Numeric => "string | bigint".to_owned(),
        _ => "string".to_owned(),
    }
}

/// A name as a property: quoted where it is no identifier.
fn property(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { single(name) } else { name.to_owned() }
}

type Members<'m> = Vec<(&'m str, &'m Parameter, Presence)>;

fn is_money(members: &Members<'_>) -> bool {
    members.iter().any(|(name, _, presence)| *name == "amount" && *presence == Presence::Required)
}

fn member((name, parameter, presence): (&str, &Parameter, Presence), command: &str, money: bool) -> Option<String> {
    let name = base(name);
    if money && matches!(name, "amount" | "currency") {
        return None;
    }
    let name = property(name);
    let line = match presence {
        Presence::Required => format!("{name}: {};", value(parameter, command)),
        Presence::Optional => format!("{name}?: {} | null;", value(parameter, command)),
        Presence::Supplied => format!("{name}?: {};", value(parameter, command)),
        Presence::Refused => format!("{name}?: null;"),
    };
    let about = match presence {
        Presence::Supplied => format!("{} The account or the call supplies it.", comment(parameter)),
        Presence::Refused => "Refused: this command has none.".to_owned(),
        Presence::Required | Presence::Optional => comment(parameter),
    };
    Some(format!("  /** {about} */\n  {line}\n"))
}

/// What a command always asks for one of, as a union for each such rule: one of the parameters at least has text.
fn alternatives(members: &Members<'_>, name: &str, command: &Command) -> String {
    let always = |own: &&Rule| {
        own.severity == Severity::Error && own.given.is_none() && own.is.is_none() && own.unless.is_none()
    };
    let listed = command.rules.iter().filter(always).filter_map(|own| own.one_of.as_ref());
    let unions = listed.map(|names| {
        let own = members.iter().filter(|(own, ..)| names.iter().any(|name| name == base(own)));
        let sides = own.map(|(own, parameter, _)| format!("{{ {}: {} }}", property(base(own)), value(parameter, name)));
        format!(" & ({})", sides.collect::<Vec<_>>().join(" | "))
    });
    unions.collect()
}

fn interface(model: &Model, name: &str, command: &Command) -> String {
    let members = model.members(command);
    let type_name = camel(name);
    let money = is_money(&members);
    let alternatives = alternatives(&members, name, command);
    let suffix = if money || !alternatives.is_empty() { "Fields" } else { "Params" };
    let mut out = format!("\n/** {} */\nexport interface {type_name}{suffix} {{\n", command.note);
    out.push_str(&format!(
        "  /** The command itself, which the call supplies. */\n  {}?: {};\n",
        command.selector,
        single(name)
    ));
    out.extend(members.into_iter().filter_map(|own| member(own, name, money)));
    out.push_str("}\n");
    if suffix == "Fields" {
        let money = if money { " & Money" } else { "" };
        out.push_str(&format!(
            "\n/** The parameters of {name}. */\nexport type {type_name}Params = {type_name}Fields{money}{alternatives};\n"
        ));
    }
    out
}

fn reply(model: &Model) -> String {
    let mut fields: Vec<(&str, &str)> = ENVELOPE.to_vec();
    for (name, own) in &model.parameters {
        let is_whole = !name.contains(['@', '.', '[']);
        // Never sent back.
        if is_whole && own.kind != Kind::SecurityCode && own.kind != Kind::Object {
            fields.push((name, &own.note));
        }
    }
    fields.sort_by_key(|(name, _)| *name);
    let mut out = "\n/** The parameters of a reply, all as text. APS may send others: read them by name. */\n\
        export interface ReplyParams {\n"
        .to_owned();
    for (name, about) in fields {
        out.push_str(&format!("  /** {about} */\n  {}?: string;\n", property(name)));
    }
    out.push_str("  [name: string]: string | undefined;\n}\n");
    out
}

/// The types of all commands.
pub(crate) fn commands(model: &Model) -> String {
    let mut out = HEAD.to_owned();
    out.extend(model.commands.iter().map(|(name, own)| interface(model, name, own)));
    out.push_str("\n/** The parameters by command. */\nexport interface CommandParams {\n");
    for name in model.commands.keys() {
        out.push_str(&format!("  {}: {}Params;\n", property(name), camel(name)));
    }
    out.push_str("}\n\n/** A command. */\nexport type CommandName = keyof CommandParams;\n");
    out.push_str(
        "\n/** The parameters of any command, told apart by the command itself. */\nexport type OperationParams =",
    );
    for (name, own) in &model.commands {
        // Only properties that all members have tell them apart.
        let selectors = SELECTORS.split(' ').map(|selector| {
            if selector == own.selector {
                format!("{selector}: {}", single(name))
            } else {
                format!("{selector}?: undefined")
            }
        });
        let selectors: Vec<String> = selectors.collect();
        out.push_str(&format!("\n  | ({}Params & {{ {} }})", camel(name), selectors.join("; ")));
    }
    out.push_str(";\n");
    out.push_str(&reply(model));
    out
}
