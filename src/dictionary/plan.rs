//! The dictionary's entry for one command, parsed once: parameters by index, and rules by the parameters they depend on.

use super::{Command, Parameter, Presence, SOURCES, Severity, number};
use crate::text::{line, take, words};
use alloc::vec::Vec;

/// The index of a parameter in a plan, in the order of names.
pub type Place = usize;

/// A command, prepared for checks.
#[derive(Debug)]
pub struct Plan {
    /// The command itself.
    pub command: Command,
    /// The required parameters.
    pub required: Vec<Place>,
    /// The place of `amount`, for the checks of cards and amounts.
    pub amount: Option<Place>,
    /// The place of `currency`.
    pub currency: Option<Place>,
    /// The place of `card_number`.
    pub card_number: Option<Place>,
    /// The place of `payment_option`.
    pub payment_option: Option<Place>,
    rules: Vec<Rule>,
    /// The rules without conditions.
    pub always: Rules,
    /// The rules that depend on the brand, which a card has whether or not `payment_option` is given.
    pub by_brand: Rules,
    parameters: Vec<Parameter>,
    // Open-addressed hash table of names: each slot is a place plus 1, or 0 if empty.
    table: Vec<u16>,
}

/// Rules of a command: one bit each, in the order of the dictionary.
pub type Rules = u64;

/// A rule between parameters. Several names or values are the words of one text.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Applies if any of these parameters is given; always, if empty.
    pub when: &'static str,
    /// Only if that parameter has one of these values; any value, if empty.
    pub values: &'static str,
    /// Not if this parameter
    pub unless: &'static str,
    /// has one of these values.
    pub others: &'static str,
    /// What it requires.
    pub demand: Demand,
    /// Of these parameters.
    pub names: &'static str,
    /// With these values.
    pub only: &'static str,
    /// Only if this parameter, too,
    #[cfg(not(page))]
    pub and: &'static str,
    /// has one of these values.
    #[cfg(not(page))]
    pub also: &'static str,
    /// Whether breaking it stops the request.
    pub severity: Severity,
    source: usize,
}

/// What a rule requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// At least one of the parameters.
    OneOf,
    /// All of the parameters.
    Needs,
    /// None of the parameters.
    Refuses,
    /// That the parameter, if given, has one of the values.
    Only,
}

impl Rule {
    /// The source.
    #[must_use]
    pub fn source(&self) -> &'static str {
        line(SOURCES, self.source)
    }

    fn read(text: &'static str) -> Self {
        let mut parts = text;
        let mut next = || take(&mut parts, '|');
        let head = next();
        Self {
            severity: if head.as_bytes().first() == Some(&b'e') { Severity::Error } else { Severity::Warning },
            source: head.get(1..).and_then(number).unwrap_or_default(),
            when: next(),
            values: next(),
            unless: next(),
            others: next(),
            demand: match next() {
                "o" => Demand::OneOf,
                "n" => Demand::Needs,
                "r" => Demand::Refuses,
                _ => Demand::Only,
            },
            names: next(),
            only: next(),
            #[cfg(not(page))]
            and: next(),
            #[cfg(not(page))]
            also: next(),
        }
    }
}

impl Plan {
    /// The plan of the command of that name.
    #[cfg(not(page))]
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        use super::COMMANDS;
        use std::sync::OnceLock;
        static PLANS: [OnceLock<Plan>; COMMANDS.len()] = [const { OnceLock::new() }; COMMANDS.len()];
        let place = Command::place_of(name)?;
        let plan = PLANS.get(place)?;
        match plan.get() {
            Some(plan) => Some(plan),
            None => Command::at(place).map(|command| plan.get_or_init(|| Self::read(command))),
        }
    }

    /// The plan of the command of that name. No memory outlives a call in a page, so each call parses what it needs.
    #[cfg(page)]
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Command::find(name).map(|command| &*alloc::boxed::Box::leak(alloc::boxed::Box::new(Self::read(command))))
    }

    fn read(command: Command) -> Self {
        let parameters: Vec<Parameter> = command.parameters().collect();
        let mut table = alloc::vec![0; parameters.len().saturating_mul(2).next_power_of_two()];
        for (place, parameter) in parameters.iter().enumerate() {
            let mut slot = hash(parameter.name);
            loop {
                slot &= table.len().wrapping_sub(1);
                match table.get_mut(slot) {
                    Some(free @ 0) => {
                        // No command has tens of thousands of parameters.
                        *free = u16::try_from(place.wrapping_add(1)).unwrap_or(u16::MAX);
                        break;
                    }
                    _ => slot = slot.wrapping_add(1),
                }
            }
        }
        let mut plan = Self {
            command,
            required: Vec::new(),
            amount: None,
            currency: None,
            card_number: None,
            payment_option: None,
            rules: Vec::new(),
            always: 0,
            by_brand: 0,
            parameters,
            table,
        };
        plan.amount = plan.place("amount");
        plan.currency = plan.place("currency");
        plan.card_number = plan.place("card_number");
        plan.payment_option = plan.place("payment_option");
        for (place, parameter) in plan.parameters.iter().enumerate() {
            if parameter.presence == Presence::Required {
                plan.required.push(place);
            }
        }
        let mut rest = command.rules;
        let mut bit = 1;
        while !rest.is_empty() {
            plan.add(Rule::read(take(&mut rest, ';')), bit);
            bit = bit.wrapping_shl(1);
        }
        plan
    }

    fn add(&mut self, rule: Rule, bit: Rules) {
        self.rules.push(rule);
        if rule.when.is_empty() {
            self.always |= bit;
        } else if rule.when == "payment_option" && rule.names != "currency" {
            self.by_brand |= bit;
        }
        for name in words(rule.when) {
            let place = self.place(name);
            if let Some(parameter) = place.and_then(|place| self.parameters.get_mut(place)) {
                parameter.rules |= bit;
            }
        }
    }

    /// The command's rules.
    pub fn rules(&self, rules: Rules) -> impl Iterator<Item = &Rule> {
        let mut rest = rules;
        self.rules.iter().filter(move |_| {
            let is_one = rest & 1 == 1;
            rest >>= 1;
            is_one
        })
    }

    /// The place of a parameter, or of a part by its path without indexes (`products[].product_name`).
    #[must_use]
    pub fn place(&self, name: &str) -> Option<Place> {
        let mut slot = hash(name);
        loop {
            let place = usize::from(*self.table.get(slot & self.table.len().wrapping_sub(1))?).checked_sub(1)?;
            if self.parameters.get(place)?.name == name {
                return Some(place);
            }
            slot = slot.wrapping_add(1);
        }
    }

    /// The parameter at a place.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<&Parameter> {
        self.parameters.get(place)
    }

    /// A parameter, or a part by its path without indexes.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.at(self.place(name)?)
    }

    /// All parameters and their parts, sorted by name.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }
}

/// FNV-1a: names are short, and a few hundred bytes per request do not justify a better hash.
fn hash(name: &str) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    // The upper bits are the better mixed ones.
    (hash ^ (hash >> 15)) as usize
}

#[cfg(test)]
mod tests {
    use super::{Command, Plan};
    use crate::text::words;

    #[test]
    fn every_parameter_is_found_at_its_place() {
        for command in Command::all() {
            let plan = Plan::find(command.name).unwrap();
            assert!(plan.parameters().is_sorted_by(|one, other| one.name < other.name), "{}", command.name);
            for (place, parameter) in plan.parameters().iter().enumerate() {
                assert_eq!(plan.place(parameter.name), Some(place));
                let other = std::format!("{}x", parameter.name);
                assert!(plan.parameter(&other).is_none_or(|own| own.name == other));
            }
        }
    }

    #[test]
    fn every_rule_is_asked_when_what_it_depends_on_is_given() {
        for command in Command::all() {
            let plan = Plan::find(command.name).unwrap();
            let count = command.rules.split_terminator(';').count();
            assert!(plan.rules.len() == count && count <= 64, "{}", command.name);
            let known = |name: &str| assert!(plan.parameter(name).is_some(), "{} {name}", command.name);
            for (place, rule) in plan.rules.iter().enumerate() {
                assert!(!rule.source().is_empty() && !rule.names.is_empty());
                let others = words(rule.unless).chain(words(rule.and));
                words(rule.when).chain(others).chain(words(rule.names)).for_each(known);
                assert_eq!(plan.always >> place & 1 == 1, rule.when.is_empty());
                for parameter in plan.parameters() {
                    let depends = words(rule.when).any(|name| name == parameter.name);
                    assert_eq!(parameter.rules >> place & 1 == 1, depends);
                }
            }
            assert_eq!(plan.rules(u64::MAX).count(), count);
        }
    }
}
