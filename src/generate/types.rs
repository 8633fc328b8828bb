//! `commands.d.ts`: the TypeScript types of the parameters of each command.

use super::model::{Characters, Command, Kind, Model, Parameter, Presence, Rule, SELECTORS, Severity, base};
use super::quote::single;
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "\
// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.

import type { Amount } from '../money/amount.js';

/** A value inside a nested parameter. */
export type NestedValue = Amount | string | bigint | number | NestedValue[] | { [name: string]: NestedValue };

/** Money: an `Amount` brings its currency; minor units, as digits or a bigint, need one beside them. */
export type Money = MoneyAsAmount | MoneyInMinorUnits;

/** Money that brings its currency. */
export interface MoneyAsAmount {
  /** The amount. */
  amount: Amount;
  /** ISO 4217; that of the amount if left out, and never another. */
  currency?: string | null;
}

/** Money in APS's minor units. */
export interface MoneyInMinorUnits {
  /** Minor units of the currency, as digits or a bigint: 4999 is 49.99 AED. */
  amount: string | bigint;
  /** ISO 4217. */
  currency: string;
}
";

/// What every reply contains, besides what the dictionary lists for its command.
const ENVELOPE: &[(&str, &str)] = &[
    ("command", "The command that this answers, if it has `command`."),
    ("query_command", "The command that this answers, if it has `query_command`."),
    ("response_code", "Five digits: two of status, three of message."),
    ("response_message", "APS's text, in the language of the request."),
    ("service_command", "The command that this answers, if it has `service_command`."),
    ("status", "Two digits."),
];

/// `VOID_AUTHORIZATION` as `VoidAuthorization`; a name must not begin with the digit of `3DS_ENROLLMENT`.
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
        Kind::Object if parameter.is_list() => "readonly NestedValue[]".to_owned(),
        Kind::Object => "{ readonly [name: string]: NestedValue }".to_owned(),
        Kind::Amount => "Amount | string | bigint".to_owned(),
        Kind::Number if parameter.special.is_empty() => "string | bigint | number".to_owned(),
        // Numbers might have lost their last digits.
        Kind::Identifier if parameter.characters == Characters::Numeric => "string | bigint".to_owned(),
        _ => "string".to_owned(),
    }
}

/// A name as a property: quoted if it is not an identifier.
fn property(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { single(name) } else { name.to_owned() }
}

type Members<'m> = Vec<(&'m str, &'m Parameter, Presence)>;

fn is_money(members: &Members<'_>) -> bool {
    members.iter().any(|(name, _, presence)| *name == "amount" && *presence == Presence::Required)
}

/// A member of a command's interface: its name, and its lines of source.
fn member((name, parameter, presence): (&str, &Parameter, Presence), command: &str, money: bool) -> Option<Member> {
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
    Some(Member { name, presence, lines: format!("  /** {about} */\n  {line}\n") })
}

struct Member {
    name: String,
    presence: Presence,
    lines: String,
}

/// Members that several commands share are written once, by presence, which makes the types a third of the size.
struct Shared(BTreeMap<(&'static str, String), String>);

/// The interface of the shared members.
fn group(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Required => Some("RequiredParameters"),
        Presence::Optional => Some("OptionalParameters"),
        Presence::Supplied => Some("SuppliedParameters"),
        Presence::Refused => None,
    }
}

impl Shared {
    fn of(model: &Model) -> Self {
        let mut counts: BTreeMap<(&'static str, String, String), usize> = BTreeMap::new();
        for (name, command) in &model.commands {
            for Member { name, presence, lines } in members(model, name, command) {
                if let Some(group) = group(presence) {
                    let count = counts.entry((group, name, lines)).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
        let mut most: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
        most.sort_by_key(|(_, count)| *count);
        // Where commands differ, the most frequent variant is shared.
        Self(most.into_iter().map(|((group, name, lines), _)| ((group, name), lines)).collect())
    }

    fn has(&self, group: &'static str, Member { name, lines, .. }: &Member) -> bool {
        self.0.get(&(group, name.clone())) == Some(lines)
    }

    fn write(&self) -> String {
        let abouts = [
            ("RequiredParameters", "What commands ask for."),
            ("OptionalParameters", "What commands take."),
            ("SuppliedParameters", "What the account or the call supplies."),
        ];
        let interfaces = abouts.map(|(group, about)| {
            let members: String =
                self.0.iter().filter(|((own, _), _)| *own == group).map(|(_, lines)| &**lines).collect();
            format!("\n/** {about} */\nexport interface {group} {{\n{members}}}\n")
        });
        interfaces.concat()
    }
}

fn members(model: &Model, name: &str, command: &Command) -> Vec<Member> {
    let members = model.members(command);
    let money = is_money(&members);
    members.into_iter().filter_map(|own| member(own, name, money)).collect()
}

/// The parameters of which a command always requires one, as a union for each such rule: at least one has text.
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

fn interface(model: &Model, name: &str, command: &Command, shared: &Shared) -> String {
    let listed = model.members(command);
    let type_name = camel(name);
    let money = is_money(&listed);
    let alternatives = alternatives(&listed, name, command);
    let suffix = if money || !alternatives.is_empty() { "Fields" } else { "Params" };
    let mut picked: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut own = String::new();
    for member in members(model, name, command) {
        match group(member.presence).filter(|group| shared.has(group, &member)) {
            Some(group) => picked.entry(group).or_default().push(single(member.name.trim_matches('\''))),
            None => own.push_str(&member.lines),
        }
    }
    let picks: Vec<_> = picked.iter().map(|(group, names)| format!("Pick<{group}, {}>", names.join(" | "))).collect();
    let parents = if picks.is_empty() { String::new() } else { format!(" extends {}", picks.join(", ")) };
    let mut out = format!("\n/** {} */\nexport interface {type_name}{suffix}{parents} {{\n", command.note);
    out.push_str(&format!(
        "  /** The command itself, which the call supplies. */\n  {}?: {};\n{own}}}\n",
        command.selector,
        single(name)
    ));
    if suffix == "Fields" {
        let money = if money { " & Money" } else { "" };
        out.push_str(&format!(
            "\n/** The parameters of {name}. */\nexport type {type_name}Params = {type_name}Fields{money}{alternatives};\n"
        ));
    }
    out
}

/// What a message is compared with and verified by: any reply may contain it.
const IDENTIFYING: &[&str] = &[
    "access_code",
    "amount",
    "currency",
    "fort_id",
    "language",
    "maintenance_reference",
    "merchant_identifier",
    "merchant_reference",
    "response_code",
    "response_message",
    "signature",
    "status",
];

/// Whether a reply contains it as text, rather than not at all or as another type.
fn is_replied(name: &str, own: &Parameter) -> bool {
    !name.contains(['@', '.', '[']) && own.kind != Kind::SecurityCode && own.kind != Kind::Object
}

fn reply_fields(model: &Model) -> String {
    let mut fields: Vec<(&str, &str)> = ENVELOPE.to_vec();
    fields.extend(
        model
            .parameters
            .iter()
            .filter(|(name, own)| is_replied(name, own))
            .map(|(name, own)| (name.as_str(), own.note.as_str())),
    );
    fields.sort_by_key(|(name, _)| *name);
    let mut out = "\n/** All that replies may hold, as text. */\nexport interface ReplyFields {\n".to_owned();
    for (name, about) in fields {
        out.push_str(&format!("  /** {about} */\n  readonly {}?: string;\n", property(name)));
    }
    out.push_str("}\n");
    out
}

/// What the reply to a command contains: the parameters sent, which are echoed, and `reply` of the dictionary.
fn replied(model: &Model, command: &Command) -> BTreeSet<String> {
    let asked = model.members(command).into_iter().filter(|(_, own, presence)| {
        *presence != Presence::Refused && own.kind != Kind::SecurityCode && own.kind != Kind::Object
    });
    let asked = asked.map(|(name, ..)| base(name).to_owned());
    let replied =
        command.reply.iter().filter(|name| model.parameters.get(*name).is_some_and(|own| is_replied(name, own)));
    asked.chain(replied.cloned()).filter(|name| !IDENTIFYING.contains(&name.as_str())).collect()
}

fn replies(model: &Model) -> String {
    let common = IDENTIFYING.iter().map(|name| single(name)).collect::<Vec<_>>().join(" | ");
    let mut out = format!(
        "\n/** Of every reply: what it is compared with and verified by; and what this package does not know. */\n\
         type AnyReply = Pick<ReplyFields, {common}> & {{ readonly [name: string]: any }};\n\
         \n/** The parameters of the reply to each command. */\nexport interface CommandReplies {{\n"
    );
    for (name, command) in &model.commands {
        let own = replied(model, command);
        let own =
            own.iter().map(|name| single(name)).chain([single(&command.selector)]).collect::<Vec<_>>().join(" | ");
        let note = &command.note;
        out.push_str(&format!("  /** {note} */\n  {}: Pick<ReplyFields, {own}> & AnyReply & ", property(name)));
        out.push_str(&format!("{{ {} }};\n", selectors(name, command, "readonly ").join("; ")));
    }
    out.push_str("}\n");
    out.push_str(
        "\n/**\n * The parameters of a reply as received, told apart by `command`, `query_command` or `service_command`: text, or objects\n \
         * and lists of it. APS may send others: read them by name.\n */\n\
         export type ReplyParams = CommandReplies[CommandName];\n",
    );
    out
}

/// The members that distinguish commands: only those that all commands have.
fn selectors(name: &str, command: &Command, before: &str) -> Vec<String> {
    let each = SELECTORS.split(' ').map(|selector| {
        if selector == command.selector {
            format!("{before}{selector}: {}", single(name))
        } else {
            format!("{before}{selector}?: undefined")
        }
    });
    each.collect()
}

/// The types of all commands.
pub(crate) fn commands(model: &Model) -> String {
    let mut out = HEAD.to_owned();
    let shared = Shared::of(model);
    out.push_str(&shared.write());
    out.extend(model.commands.iter().map(|(name, own)| interface(model, name, own, &shared)));
    out.push_str("\n/** The parameters by command. */\nexport interface CommandParams {\n");
    for (name, own) in &model.commands {
        out.push_str(&format!("  /** {} */\n  {}: {}Params;\n", own.note, property(name), camel(name)));
    }
    out.push_str("}\n\n/** A command. */\nexport type CommandName = keyof CommandParams;\n");
    out.push_str(
        "\n/** The parameters of any command, told apart by the command itself. */\nexport type OperationParams =",
    );
    for (name, own) in &model.commands {
        out.push_str(&format!("\n  | ({}Params & {{ {} }})", camel(name), selectors(name, own, "").join("; ")));
    }
    out.push_str(";\n");
    out.push_str(&reply_fields(model));
    out.push_str(&replies(model));
    out
}
