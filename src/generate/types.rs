//! `commands.d.ts`: what the parameters of each command are to TypeScript.

use super::dictionary::{members, parameters};
use super::quote::single;
use aps_payops::dictionary::{COMMANDS, Characters, Command, Kind, Member, Parameter, Presence};

const HEAD: &str = "\
// Generated from the tables of the Rust crate (src/bin/generate.rs). Do not edit.

import type { Amount } from '../amount.js';

/** A value inside a nested parameter. */
export type NestedValue = string | bigint | number | NestedValue[] | { [name: string]: NestedValue };

/** Money: an `Amount` brings its currency; minor units, as digits or a bigint, need one beside them. */
export type Money = { amount: Amount; currency?: string | null } | { amount: string | bigint; currency: string };
";

/// What replies hold besides the parameters of the request, which APS sends back.
const REPLY: &[(&str, &str)] = &[
    ("3ds_url", "Where the browser must go for 3-D Secure; with 20064."),
    ("acquirer_response_code", "The acquirer's own code, if third-party codes are switched on."),
    ("acquirer_response_message", "The acquirer's own text, likewise."),
    ("authorization_code", "The issuing bank's approval code."),
    ("authorized_amount", "CHECK_STATUS: the total authorized, in minor units."),
    ("captured_amount", "CHECK_STATUS: the total captured, in minor units."),
    ("command", "The command that this answers, if it has `command`."),
    ("fort_id", "APS's number of the order; longer than a JavaScript number holds."),
    ("fraud_comment", "What the fraud service said."),
    ("knet_ref_number", "KNET's reference."),
    ("processor_response_code", "The processor's own code."),
    ("query_command", "The command that this answers, if it has `query_command`."),
    ("reconciliation_reference", "For reconciliation with the acquirer."),
    ("refunded_amount", "CHECK_STATUS: the total refunded, in minor units."),
    ("response_code", "Five digits: two of status, three of message."),
    ("response_message", "APS's text, in the language of the request."),
    ("service_command", "The command that this answers, if it has `service_command`."),
    ("status", "Two digits."),
    ("third_party_transaction_number", "The third party's number of the transaction."),
    ("transaction_code", "CHECK_STATUS: the response code of the last operation."),
    ("transaction_message", "CHECK_STATUS: the text of the last operation."),
    ("transaction_status", "CHECK_STATUS: the status of the last operation."),
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
    match parameter.kind {
        Kind::Choice | Kind::Object | Kind::Amount | Kind::Currency | Kind::Expiry | Kind::Date => format!("{note}."),
        _ if parameter.max == 0 => format!("{note}."),
        _ => format!("{note}. At most {} characters.", parameter.max),
    }
}

fn value(parameter: &Parameter, command: &Command) -> String {
    match parameter.kind {
        Kind::Choice => {
            let fits = parameter.choices().filter(|own| !own.purchase_only || command.name != "AUTHORIZATION");
            fits.map(|own| single(own.value)).collect::<Vec<_>>().join(" | ")
        }
        Kind::Object => "{ [name: string]: NestedValue }".to_owned(),
        Kind::Number if parameter.special().is_empty() => "string | bigint | number".to_owned(),
        // A number might have lost its last digits.
        Kind::Identifier if parameter.characters == Characters::Numeric => "string | bigint".to_owned(),
        _ => "string".to_owned(),
    }
}

/// A name as a property: quoted where it is no identifier.
fn property(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { single(name) } else { name.to_owned() }
}

fn is_money(command: &Command) -> bool {
    command.members.iter().any(|own| own.parameter.kind == Kind::Amount && own.presence == Presence::Required)
}

fn member(member: &Member, command: &Command) -> Option<String> {
    let parameter = member.parameter;
    if is_money(command) && matches!(parameter.kind, Kind::Amount | Kind::Currency) {
        return None;
    }
    let name = property(parameter.name);
    let line = match member.presence {
        Presence::Required => format!("{name}: {};", value(parameter, command)),
        Presence::Optional => format!("{name}?: {} | null;", value(parameter, command)),
        Presence::Supplied => format!("{name}?: {};", value(parameter, command)),
        Presence::Refused => format!("{name}?: null;"),
    };
    let about = match member.presence {
        Presence::Supplied => format!("{} The account or the call supplies it.", comment(parameter)),
        Presence::Refused => "Refused: this command has none.".to_owned(),
        Presence::Required | Presence::Optional => comment(parameter),
    };
    Some(format!("  /** {about} */\n  {line}\n"))
}

fn interface(command: &Command) -> String {
    let name = camel(command.name);
    let (suffix, money) = if is_money(command) { ("Fields", true) } else { ("Params", false) };
    let mut out = format!("\n/** {} */\nexport interface {name}{suffix} {{\n", command.note);
    out.push_str(&format!(
        "  /** The command itself, which the call supplies. */\n  {}?: {};\n",
        command.selector.name(),
        single(command.name)
    ));
    out.extend(members(command).into_iter().filter_map(|own| member(own, command)));
    out.push_str("}\n");
    if money {
        out.push_str(&format!(
            "\n/** The parameters of {}. */\nexport type {name}Params = {name}Fields & Money;\n",
            command.name
        ));
    }
    out
}

fn reply() -> String {
    let own = REPLY.iter().map(|(name, about)| (*name, (*about).to_owned()));
    let echoed = parameters().into_iter().filter(|parameter| {
        // Never sent back.
        parameter.kind != Kind::SecurityCode && !REPLY.iter().any(|(name, _)| *name == parameter.name)
    });
    let mut fields: Vec<(&str, String)> = own.chain(echoed.map(|echo| (echo.name, echo.note.to_owned()))).collect();
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
pub(crate) fn commands() -> String {
    let mut out = HEAD.to_owned();
    out.extend(COMMANDS.iter().map(interface));
    out.push_str("\n/** The parameters by command. */\nexport interface CommandParams {\n");
    for command in COMMANDS {
        out.push_str(&format!("  {}: {}Params;\n", property(command.name), camel(command.name)));
    }
    out.push_str("}\n\n/** A command. */\nexport type CommandName = keyof CommandParams;\n");
    out.push_str(&reply());
    out
}
