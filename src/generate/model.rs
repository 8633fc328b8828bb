//! The source of the dictionary: `src/dictionary/dictionary.toml`, read and checked. Shared by the build script and the
//! generator.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    /// The parameters of every command, supplied by the account.
    pub(crate) account: Vec<String>,
    pub(crate) sources: BTreeMap<String, String>,
    pub(crate) parameters: BTreeMap<String, Parameter>,
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// The description of each group of client methods.
    pub(crate) methods: BTreeMap<String, String>,
    /// Wallets with their own credentials, by member of the account.
    pub(crate) wallets: BTreeMap<String, Wallet>,
    pub(crate) commands: BTreeMap<String, Command>,
}

/// A parameter, or part of one.
#[allow(clippy::struct_excessive_bools, reason = "the flags of a table, as it is written")]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) characters: Characters,
    #[serde(default)]
    pub(crate) special: String,
    #[serde(default = "one")]
    pub(crate) min: u16,
    pub(crate) max: Option<u16>,
    #[serde(default)]
    pub(crate) values: Vec<String>,
    pub(crate) source: String,
    pub(crate) note: String,
    pub(crate) example: toml::Value,
    #[serde(default)]
    pub(crate) inferred: bool,
    /// For an object: all its members are in the dictionary.
    #[serde(default)]
    pub(crate) closed: bool,
    /// For an object, or the objects in a list: the required members.
    #[serde(default)]
    pub(crate) required: Vec<String>,
    /// For a card number, which has no special characters: the brands accepted; any brand if empty.
    #[serde(default)]
    pub(crate) brands: Vec<String>,
    /// For an amount: it may be zero.
    #[serde(default)]
    pub(crate) zero: bool,
    /// It is never printed.
    #[serde(default)]
    pub(crate) secret: bool,
}

/// A wallet with its own credentials.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wallet {
    /// The value of `digital_wallet`.
    pub(crate) digital_wallet: String,
    /// The prefix of its environment variables.
    pub(crate) environment: String,
}

impl Parameter {
    /// Whether it is a list, as its example is.
    pub(crate) const fn is_list(&self) -> bool {
        matches!(self.example, toml::Value::Array(_))
    }
}

const fn one() -> u16 {
    1
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Identifier,
    Text,
    Url,
    Opaque,
    Ip,
    Encoded,
    Number,
    Amount,
    Currency,
    Email,
    CardNumber,
    Expiry,
    SecurityCode,
    Date,
    DateTime,
    Choice,
    Object,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Characters {
    Alpha,
    Alnum,
    Numeric,
    #[default]
    Any,
}

/// The parameter in which requests name their command.
pub(crate) const SELECTORS: &str = "command query_command service_command";

/// A command.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    pub(crate) selector: String,
    pub(crate) channels: Vec<String>,
    pub(crate) effect: String,
    /// The client's method that sends it.
    pub(crate) method: Option<String>,
    /// The client's method that builds a form of it.
    pub(crate) form: Option<String>,
    /// A file is sent with the request or returned, so the method is written by hand.
    #[serde(default)]
    pub(crate) file: bool,
    pub(crate) note: String,
    pub(crate) inferred: Option<String>,
    pub(crate) required: Vec<String>,
    #[serde(default)]
    pub(crate) optional: Vec<String>,
    #[serde(default)]
    pub(crate) refused: Vec<String>,
    /// What of the account's parameters APS does not require.
    #[serde(default)]
    pub(crate) waived: Vec<String>,
    /// By parameter: what of the account's parameters APS does not require beside it.
    #[serde(default)]
    pub(crate) waived_with: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) browser: Vec<String>,
    /// What goes with the payment API only, although the command has forms as well.
    #[serde(default)]
    pub(crate) api: Vec<String>,
    #[serde(default)]
    pub(crate) unsigned_reply: Vec<String>,
    #[serde(default)]
    pub(crate) rules: Vec<Rule>,
    pub(crate) status: Status,
    pub(crate) reply: Vec<String>,
    #[serde(default)]
    pub(crate) example: BTreeMap<String, toml::Value>,
}

/// The statuses with which a reply reports the outcome of the command; several are the words of one text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Status {
    pub(crate) success: String,
    pub(crate) failure: String,
}

/// A rule between parameters: when it applies (always, if there is no condition), and what it requires.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) given: Option<String>,
    /// One parameter and its values, or two.
    pub(crate) is: Option<BTreeMap<String, Vec<String>>>,
    pub(crate) unless: Option<BTreeMap<String, Vec<String>>>,
    pub(crate) one_of: Option<Vec<String>>,
    pub(crate) needs: Option<Vec<String>>,
    pub(crate) refuses: Option<Vec<String>>,
    pub(crate) only: Option<BTreeMap<String, Vec<String>>>,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) severity: Severity,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    #[default]
    Error,
    Warning,
}

/// Whether a command takes a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    Supplied,
    Refused,
}

/// APS's name, without the word after `@`.
pub(crate) fn base(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

impl Rule {
    /// The parameter and values of a condition, if it has one.
    pub(crate) fn pair(condition: Option<&BTreeMap<String, Vec<String>>>) -> Option<(&str, &[String])> {
        condition?.iter().next().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The second parameter and values of `is`, if it names two.
    pub(crate) fn and(&self) -> Option<(&str, &[String])> {
        self.is.as_ref()?.iter().nth(1).map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

impl Model {
    /// Reads the file.
    ///
    /// # Errors
    /// Everything that is wrong with it, one problem per line.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let model: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let problems = model.problems();
        if problems.is_empty() { Ok(model) } else { Err(problems.join("\n")) }
    }

    /// Names, with groups replaced by their members.
    fn spread<'m>(&'m self, names: &'m [String]) -> impl Iterator<Item = &'m str> {
        names
            .iter()
            .flat_map(|name| match name.strip_prefix('@') {
                Some(group) => self.groups.get(group).map(Vec::as_slice).unwrap_or_default(),
                None => std::slice::from_ref(name),
            })
            .map(String::as_str)
    }

    /// The parameters of a command, including those of every command, by APS's name.
    pub(crate) fn members<'m>(&'m self, command: &'m Command) -> Vec<(&'m str, &'m Parameter, Presence)> {
        let mut members: Vec<_> = [
            (self.account.as_slice(), Presence::Supplied),
            (command.required.as_slice(), Presence::Required),
            (command.optional.as_slice(), Presence::Optional),
            (command.refused.as_slice(), Presence::Refused),
        ]
        .into_iter()
        .flat_map(|(names, presence)| self.spread(names).map(move |name| (name, presence)))
        .filter_map(|(name, presence)| Some((name, self.parameters.get(name)?, presence)))
        .collect();
        members.sort_by_key(|(name, ..)| *name);
        members
    }

    /// The parameters that a rule depends on, any one of them, and the values that trigger it.
    pub(crate) fn when<'m>(&'m self, rule: &'m Rule) -> Option<(Vec<&'m str>, &'m [String])> {
        match Rule::pair(rule.is.as_ref()) {
            Some((name, values)) => Some((vec![name], values)),
            None => Some((self.spread(std::slice::from_ref(rule.given.as_ref()?)).collect(), [].as_slice())),
        }
    }

    /// What does not go into a form for the payment page, although the command takes it.
    pub(crate) fn off_page<'m>(&'m self, command: &'m Command) -> Vec<&'m str> {
        self.spread(&command.browser).chain(self.api(command)).collect()
    }

    /// What goes with the payment API only, of a command that has forms as well: also objects and lists, since a form has
    /// only text.
    pub(crate) fn api<'m>(&'m self, command: &'m Command) -> Vec<&'m str> {
        let listed: BTreeSet<&str> = self.spread(&command.api).collect();
        let has_forms = command.channels.iter().any(|channel| channel == "page");
        let members = self.members(command).into_iter();
        let own = members.filter(|(name, own, _)| listed.contains(name) || (has_forms && own.kind == Kind::Object));
        own.map(|(name, ..)| name).collect()
    }

    /// The parts of an object, by path.
    pub(crate) fn parts<'m>(&'m self, name: &'m str) -> impl Iterator<Item = (&'m str, &'m Parameter)> {
        let inside = move |path: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', '[']));
        self.parameters.iter().filter(move |(path, _)| inside(path)).map(|(path, part)| (path.as_str(), part))
    }

    /// The source, in words.
    pub(crate) fn source(&self, key: &str) -> &str {
        self.sources.get(key).map_or("", String::as_str)
    }

    /// The paths of the parameters that are money in minor units; `[]` is any element.
    pub(crate) fn money(&self) -> Vec<&str> {
        self.names_of(|own| own.kind == Kind::Amount)
    }

    /// The last names on the paths of the parameters that are never printed.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let paths = self.names_of(|own| own.secret).into_iter();
        paths.map(|path| path.rsplit('.').next().unwrap_or(path)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Those that are left out of printed parameters altogether, rather than masked.
    pub(crate) fn security_codes(&self) -> Vec<&str> {
        self.names_of(|own| own.kind == Kind::SecurityCode)
    }

    /// The card data that a shop must not keep in logs and files.
    pub(crate) fn card_data(&self) -> Vec<&str> {
        self.names_of(|own| matches!(own.kind, Kind::CardNumber | Kind::SecurityCode | Kind::Expiry))
    }

    fn names_of(&self, fits: impl Fn(&Parameter) -> bool) -> Vec<&str> {
        let own = self.parameters.iter().filter(|(_, own)| fits(own));
        own.map(|(name, _)| base(name)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn problems(&self) -> Vec<String> {
        let commands = self.commands.iter().flat_map(|(name, command)| {
            self.problems_of_command(command).into_iter().map(move |what| format!("{name}: {what}"))
        });
        self.problems_of_parameters().into_iter().chain(commands).collect()
    }

    fn problems_of_parameters(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, parameter) in &self.parameters {
            if !self.sources.contains_key(&parameter.source) {
                problems.push(format!("{name}: there is no source {}", parameter.source));
            }
            if (parameter.kind == Kind::Choice) == parameter.values.is_empty() {
                problems.push(format!("{name}: values go with a choice, and a choice with values"));
            }
            let whole = |member: &String| {
                ["", "[]"].iter().any(|list| self.parameters.contains_key(&format!("{name}{list}.{member}")))
            };
            if !parameter.required.iter().all(whole) {
                problems.push(format!("{name}: members required are among those of the object"));
            }
            if !parameter.brands.is_empty() && parameter.kind != Kind::CardNumber {
                problems.push(format!("{name}: brands go with a card number"));
            }
            if parameter.zero && parameter.kind != Kind::Amount {
                problems.push(format!("{name}: zero goes with an amount"));
            }
            if !parameter.special.is_ascii() || parameter.special.contains(['\t', '\n']) {
                problems.push(format!("{name}: special characters are ASCII, and neither tab nor line end"));
            }
            if parameter.values.iter().any(|value| value.contains(|c: char| !c.is_ascii_graphic() || "|;".contains(c)))
            {
                problems.push(format!("{name}: a value is a word of ASCII without | and ;"));
            }
        }
        problems
    }

    fn problems_of_command(&self, command: &Command) -> Vec<String> {
        let mut problems = Vec::new();
        let mut wrong = |what: String| problems.push(what);
        for (field, value, known) in [
            ("selector", vec![&command.selector], SELECTORS),
            ("channels", command.channels.iter().collect(), "api page upload batch reporting"),
            ("effect", vec![&command.effect], "money query service"),
        ] {
            if value.is_empty() || value.iter().any(|own| !known.split(' ').any(|word| word == *own)) {
                wrong(format!("{field} is none of {known}"));
            }
        }
        for method in command.method.iter().chain(&command.form) {
            if method.split_once('.').is_some_and(|(group, _)| !self.methods.contains_key(group)) {
                wrong(format!("there is no group of methods for {method}"));
            }
        }
        let waived = command.waived.iter().chain(command.waived_with.values().flatten());
        if let Some(name) = waived.into_iter().find(|name| !self.account.contains(name)) {
            wrong(format!("{name} is not one of the account's parameters"));
        }
        let lists = [&self.account, &command.required, &command.optional, &command.refused];
        let mut own = BTreeSet::new();
        for member in lists.into_iter().flat_map(|list| self.spread(list)) {
            if !self.parameters.contains_key(member) {
                wrong(format!("there is no parameter {member}"));
            }
            if !own.insert(base(member)) {
                wrong(format!("{member} is listed twice"));
            }
        }
        for group in lists.into_iter().flatten().chain(&command.api).filter_map(|entry| entry.strip_prefix('@')) {
            if !self.groups.contains_key(group) {
                wrong(format!("there is no group {group}"));
            }
        }
        for name in command.reply.iter().chain(&command.unsigned_reply) {
            if !self.parameters.contains_key(name) {
                wrong(format!("there is no parameter {name} for a reply"));
            }
        }
        for rule in &command.rules {
            self.problems_of_rule(rule, &own).into_iter().for_each(&mut wrong);
        }
        let named = command.browser.iter().chain(command.example.keys()).chain(command.waived_with.keys());
        for named in named.map(String::as_str).chain(self.spread(&command.api)) {
            if !own.contains(named) {
                wrong(format!("{named} is no parameter of it"));
            }
        }
        problems
    }

    /// `own`: the names of the command's parameters.
    fn problems_of_rule(&self, rule: &Rule, own: &BTreeSet<&str>) -> Vec<String> {
        let mut problems = Vec::new();
        let mut wrong = |what: String| problems.push(what);
        if !self.sources.contains_key(&rule.source) {
            wrong(format!("there is no source {}", rule.source));
        }
        let demands = [rule.one_of.is_some(), rule.needs.is_some(), rule.refuses.is_some(), rule.only.is_some()];
        if demands.into_iter().filter(|own| *own).count() != 1 {
            wrong("a rule asks for one thing".to_owned());
        }
        if rule.given.is_some() && rule.is.is_some() {
            wrong("a rule has one condition, and `unless`".to_owned());
        }
        let maps = [&rule.is, &rule.unless, &rule.only];
        let most = [2, 1, 1];
        if maps.iter().zip(most).any(|(map, most)| map.as_ref().is_some_and(|map| map.is_empty() || map.len() > most)) {
            wrong("unless and only name one parameter, is one or two".to_owned());
        }
        let names = maps.into_iter().flatten().flat_map(BTreeMap::keys);
        let listed = [&rule.one_of, &rule.needs, &rule.refuses].into_iter().flatten().flatten();
        let given = self.spread(rule.given.as_slice());
        for named in names.chain(listed).map(String::as_str).chain(given) {
            if !own.contains(named) {
                wrong(format!("a rule names {named}, which is no parameter of it"));
            }
        }
        problems
    }
}
