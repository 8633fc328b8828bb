//! Compiles `src/dictionary/dictionary.toml` into the text that `src/dictionary/mod.rs` reads: see there for its form.

#![allow(
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a build may stop, and plain beats fast"
)]

#[allow(dead_code, reason = "the generator reads the rest")]
#[path = "src/generate/model.rs"]
mod model;

use model::{Characters, Kind, Model, Parameter, Presence, Rule, Severity, base};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

const CARDS: &str = "src/card_ranges.toml";
const FILE: &str = "src/dictionary/dictionary.toml";

fn main() {
    println!("cargo:rerun-if-changed={FILE}");
    println!("cargo:rerun-if-changed=src/generate/model.rs");
    // The artefact of a page is the one without std.
    println!("cargo::rustc-check-cfg=cfg(page)");
    let has = |name: &str| env::var_os(name).is_some();
    if has("CARGO_FEATURE_CHECKOUT") && !has("CARGO_FEATURE_SERVER") {
        let target = env::var("CARGO_CFG_TARGET_ARCH");
        if target.as_deref() == Ok("wasm32") {
            println!("cargo::rustc-cfg=page");
        }
    }
    let text = fs::read_to_string(FILE).expect(FILE);
    let model = Model::read(&text).unwrap_or_else(|problems| panic!("{FILE}:\n{problems}"));
    let out = env::var_os("OUT_DIR").expect("cargo tells");
    fs::write(Path::new(&out).join("dictionary.rs"), emit(&model)).expect("the build folder is ours");
    println!("cargo:rerun-if-changed={CARDS}");
    let cards =
        toml::from_str(&fs::read_to_string(CARDS).expect(CARDS)).unwrap_or_else(|why| panic!("{CARDS}:\n{why}"));
    fs::write(Path::new(&out).join("card_ranges.rs"), emit_cards(&cards)).expect("the build folder is ours");
}

/// The file of card ranges.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cards {
    brand: Vec<CardBrand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardBrand {
    name: String,
    accepted: bool,
    as_of: String,
    source: String,
    ranges: Vec<String>,
}

fn emit_cards(cards: &Cards) -> String {
    let brands = cards.brand.iter().map(|brand| {
        let CardBrand { name, accepted, as_of, source, ranges } = brand;
        assert!(as_of.len() == 7 && !source.is_empty(), "{CARDS}: {name} has a date and a source");
        for range in ranges {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            let digits = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
            assert!(digits(from) && digits(to) && from.len() == to.len() && from <= to, "{CARDS}: {name} {range}");
        }
        format!("Brand {{ name: {name:?}, accepted: {accepted}, ranges: {:?} }},", ranges.join(" "))
    });
    format!("static BRANDS: &[Brand] = &[{}];\n", brands.collect::<String>())
}

fn emit(model: &Model) -> String {
    // The artefact of a page has no room for what it need not check.
    let is_page = env::var_os("CARGO_FEATURE_SIGNATURE").is_none();
    // Only what requests need: a source or a parameter of replies alone is no use to anyone who checks.
    let mut lines: BTreeMap<&str, (&Parameter, Vec<char>)> = BTreeMap::new();
    for (place, command) in model.commands.values().enumerate() {
        for (name, parameter, presence) in model.members(command) {
            // A page sends no structures.
            let is_kept = |part: &Parameter| !is_page && (parameter.closed || is_limited(part));
            let parts = model.parts(name).filter(|(_, part)| is_kept(part));
            for (path, part) in [(name, parameter)].into_iter().chain(parts) {
                let presence = if path == name { presence } else { Presence::Optional };
                let line = lines.entry(path).or_insert_with(|| (part, vec!['-'; model.commands.len()]));
                line.1[place] = match presence {
                    Presence::Required => 'r',
                    Presence::Optional => 'o',
                    Presence::Supplied => 's',
                    Presence::Refused => 'x',
                };
            }
        }
    }
    // Details of the customer and recurring payments come from the shop, not from a page, which reads no second condition.
    let is_of_shop = |own: &Rule| own.and().is_some() || own.given.as_ref().is_some_and(|given| given.starts_with('@'));
    let is_kept = |own: &&Rule| !(is_page && is_of_shop(own));
    let rules = model.commands.values().flat_map(|command| &command.rules).filter(is_kept);
    let mut sources: Vec<&str> =
        lines.values().map(|(own, _)| &own.source).chain(rules.map(|own| &own.source)).map(String::as_str).collect();
    sources.sort_unstable();
    sources.dedup();
    let source = |key: &str| sources.binary_search(&key).expect("it is there");

    let mut parameters = String::new();
    for (name, (own, presence)) in &lines {
        let max = own.max.map(|max| max.to_string()).unwrap_or_default();
        let min = if own.min > 1 { own.min.to_string() } else { String::new() };
        let takes = match own.kind {
            Kind::Choice => own.values.join(" "),
            Kind::Amount => if own.zero { "0" } else { "" }.to_owned(),
            Kind::Object if (own.closed || !own.required.is_empty()) && !is_page => {
                let first = if own.closed { "closed" } else { "open" };
                [first].into_iter().chain(own.required.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
            }
            Kind::CardNumber => own.brands.join(" "),
            _ => own.special.clone(),
        };
        let presence = String::from_iter(presence);
        let letter = match own.kind {
            // A page sends neither addresses of pages nor lists.
            Kind::Url if is_page => kind(Kind::Opaque),
            Kind::Ip if is_page => kind(Kind::Identifier),
            Kind::Object if own.is_list() && !is_page => 'l',
            other => kind(other),
        };
        let letters = [letter, characters(own.characters)];
        parameters.push_str(&format!(
            "{name}\t{max}\t{takes}\t{}\t{min}\t{presence}\t{}\n",
            String::from_iter(letters),
            source(&own.source),
        ));
    }
    let mut commands: Vec<String> = Vec::new();
    let mut statuses = String::new();
    for (name, command) in &model.commands {
        // Nor does a page build forms.
        let api = model.api(command).join(" ") + "\t";
        let api = if is_page { "" } else { api.as_str() };
        let rules: Vec<String> =
            command.rules.iter().filter(is_kept).map(|own| rule(model, own, source(&own.source))).collect();
        let first = |text: &str| text.chars().next().expect("a word");
        commands.push(format!(
            "{name}\t{}\t{}\t{}\t{}\t{}\t{api}{}",
            command.channels.join(" "),
            first(&command.selector),
            first(&command.effect),
            command.browser.join(" "),
            command.unsigned_reply.join(" "),
            rules.join(";"),
        ));
        statuses.push_str(&format!("{name} {} {}\n", command.status.success, command.status.failure));
    }
    let sources: String = sources.iter().flat_map(|key| [model.source(key), "\n"]).collect();
    let texts = [("PARAMETERS", parameters), ("SOURCES", sources), ("STATUSES", statuses)]
        .map(|(name, text)| format!("const {name}: &str = {text:?};\n"));
    texts.concat() + &format!("static COMMANDS: [&str; {}] = {commands:?};\n", commands.len())
}

/// Whether there is anything to check of a part.
fn is_limited(part: &Parameter) -> bool {
    part.max.is_some()
        || part.min > 1
        || part.characters != Characters::Any
        || !matches!(part.kind, Kind::Text | Kind::Object)
        || part.is_list()
}

const fn kind(kind: Kind) -> char {
    match kind {
        Kind::Identifier => 'i',
        Kind::Text => 't',
        Kind::Url => 'u',
        Kind::Opaque => 'q',
        Kind::Ip => 'p',
        Kind::Encoded => 'b',
        Kind::Number => 'n',
        Kind::Amount => 'a',
        Kind::Currency => 'y',
        Kind::Email => 'm',
        Kind::CardNumber => 'c',
        Kind::Expiry => 'e',
        Kind::SecurityCode => 's',
        Kind::Date => 'd',
        Kind::DateTime => 'z',
        Kind::Choice => 'w',
        Kind::Object => 'o',
    }
}

const fn characters(characters: Characters) -> char {
    match characters {
        Characters::Alpha => 'a',
        Characters::Alnum => 'b',
        Characters::Numeric => 'n',
        Characters::Any => 'y',
    }
}

/// Severity and source, when, its values, unless, its values, what is asked for, of which parameters, with which values, and
/// what else it depends on, its values.
fn rule(model: &Model, rule: &Rule, source: usize) -> String {
    let severity = if rule.severity == Severity::Error { 'e' } else { 'w' };
    let (when, values) = model.when(rule).unwrap_or_default();
    let (and, also) = rule.and().unwrap_or_default();
    let (unless, others) = Rule::pair(rule.unless.as_ref()).unwrap_or_default();
    let (demand, names, only) = match (&rule.one_of, &rule.needs, &rule.refuses, &rule.only) {
        (Some(names), ..) => ('o', names.join(" "), String::new()),
        (_, Some(names), ..) => ('n', names.join(" "), String::new()),
        (_, _, Some(names), _) => ('r', names.join(" "), String::new()),
        (.., only) => {
            let (name, values) = Rule::pair(only.as_ref()).expect("checked");
            ('v', name.to_owned(), values.join(" "))
        }
    };
    let parts = [
        format!("{severity}{source}"),
        when.into_iter().map(base).collect::<Vec<_>>().join(" "),
        values.join(" "),
        unless.to_owned(),
        others.join(" "),
        demand.to_string(),
        names,
        only,
        and.to_owned(),
        also.join(" "),
    ];
    parts.join("|").trim_end_matches('|').to_owned()
}
