//! Requests in their shortest form, for the one call that has to be fast.
//!
//! A packed request is digest, phrase, and then for each parameter its place among the parameters of the command and its
//! value. Each of them is led by its length in bytes, each number is two characters of six bits. Since places are in the
//! order of names, nothing has to be looked up or compared. Only text is packed; `operation` judges it by the same rules
//! as everything else. What the account and the call supply is not judged again with every request, here as little as
//! where it is added to parameters of other forms: the account was checked.

use crate::dictionary::check::{Given, is_sound};
use crate::dictionary::pieces::Pieces;
use crate::dictionary::{Command, Parameter, Presence, Rule};
use crate::signature::{Digest, Hex, sign_with};
use crate::text::has_word;
use alloc::string::String;
use alloc::vec::Vec;

/// A command, made ready: what the dictionary says of it, in the order in which parameters are signed.
#[derive(Debug)]
pub struct Plan {
    command: Command,
    places: Vec<Place>,
    /// Rules that depend on no parameter.
    rules: Vec<Rule>,
    required: usize,
}

#[derive(Debug)]
struct Place {
    name: &'static str,
    /// The name as it is signed, with `=` behind it.
    label: String,
    /// None for what the account and the call supply.
    judged: Option<Parameter>,
    is_required: bool,
    /// Rules that depend on the parameter.
    rules: Vec<Rule>,
}

impl Plan {
    /// Makes a command ready.
    #[must_use]
    pub fn new(command: Command) -> Self {
        let whole = |name: &str| name.bytes().all(|byte| !matches!(byte, b'.' | b'['));
        let (always, dependent): (Vec<Rule>, Vec<Rule>) = command.rules().partition(|rule| rule.when.is_empty());
        let place = |name, parameter: Option<Parameter>| Place {
            name,
            label: String::from_iter([name, "="]),
            is_required: parameter.is_some_and(|own| own.presence == Presence::Required),
            judged: parameter.filter(|own| own.presence != Presence::Supplied),
            rules: dependent.iter().filter(|rule| has_word(rule.when, name)).copied().collect(),
        };
        let mut places: Vec<Place> = command
            .parameters()
            .filter(|parameter| whole(parameter.name))
            .map(|parameter| place(parameter.name, Some(parameter)))
            .collect();
        // Parameters come in the order of their names.
        let selector = place(command.selector(), None);
        places.insert(places.partition_point(|own| own.name < selector.name), selector);
        let required = places.iter().filter(|place| place.is_required).count();
        Self { command, places, rules: always, required }
    }

    /// The command.
    #[must_use]
    pub const fn command(&self) -> Command {
        self.command
    }

    /// The names of the parameters, by place.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.places.iter().map(|place| place.name)
    }

    /// The signature of a packed request; none if anything is wrong with it, of which `validate` then tells.
    #[must_use]
    pub fn sign(&self, packed: &str) -> Option<Hex> {
        let mut rest = packed;
        let digest = Digest::from_name(next(&mut rest)?)?;
        let phrase = Some(next(&mut rest)?).filter(|phrase| !phrase.is_empty())?;
        // In the order of places, which is the order of names. They are few, so each finds its place from the end.
        let mut values: Vec<(usize, &str)> = Vec::with_capacity(16);
        while !rest.is_empty() {
            let place = number(&mut rest)?;
            values.push((place, next(&mut rest)?));
            let mut sorted = values.as_mut_slice();
            while let [before @ .., one, other] = sorted {
                if one.0 == other.0 {
                    return None;
                }
                if one.0 < other.0 {
                    break;
                }
                core::mem::swap(one, other);
                let shorter = before.len().saturating_add(1);
                sorted = sorted.get_mut(..shorter)?;
            }
        }
        let mut required = self.required;
        let mut params = Vec::with_capacity(values.len());
        let mut text = Pieces::with_capacity(packed.len().saturating_add(values.len().saturating_mul(20)));
        for (place, value) in &values {
            let place = self.places.get(*place)?;
            text.push(&place.label);
            text.push(value);
            params.push(Given { name: place.name, value, ..Given::default() });
            required = required.saturating_sub(usize::from(place.is_required));
        }
        let places = || values.iter().filter_map(|(place, _)| self.places.get(*place));
        let rules = self.rules.iter().chain(places().flat_map(|place| &place.rules));
        let sound =
            required == 0 && is_sound(self.command, &params, places().map(|place| place.judged.as_ref()), rules);
        sound.then(|| sign_with(text.as_bytes(), phrase, digest).hex())
    }
}

/// Two characters of six bits each, from the space on.
fn number(rest: &mut &str) -> Option<usize> {
    let [high, low, ..] = rest.as_bytes() else { return None };
    let digit = |byte: &u8| byte.checked_sub(b' ').filter(|digit| *digit < 64).map(usize::from);
    let number = digit(high)? << 6 | digit(low)?;
    *rest = rest.get(2..)?;
    Some(number)
}

/// A length, and as much text.
fn next<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let length = number(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::dictionary::check::{Given, Options, paths, validate};
    use crate::dictionary::{Command, Kind, Presence};
    use crate::message::json::read_params;
    use crate::signature::{Digest, Phrase, sign};
    use alloc::string::String;
    use alloc::vec::Vec;

    fn push_number(out: &mut String, number: usize) {
        out.push(char::from(b' ' + (number >> 6) as u8));
        out.push(char::from(b' ' + (number & 63) as u8));
    }

    fn push(out: &mut String, text: &str) {
        push_number(out, text.len());
        out.push_str(text);
    }

    fn packed(plan: &Plan, params: &[(&str, &str)]) -> String {
        let mut text = String::new();
        push(&mut text, "SHA-256");
        push(&mut text, "PASS");
        for (name, value) in params {
            push_number(&mut text, plan.names().position(|own| own == *name).unwrap());
            push(&mut text, value);
        }
        text
    }

    #[test]
    fn places_are_in_the_order_of_names() {
        for command in Command::all() {
            let plan = Plan::new(command);
            assert!(plan.names().is_sorted_by(|one, other| one < other) && plan.names().count() < 4096);
        }
    }

    #[test]
    fn packed_or_not_the_judgement_and_the_signature_are_the_same() {
        let account = [("access_code", "abc"), ("merchant_identifier", "def"), ("language", "en")];
        let values =
            ["", "1000", "AED", "order-1", "a@example.com", "RECURRING", "MADA", "4005550000000001", "a=b", "x y", "ü"];
        for command in Command::all() {
            let plan = Plan::new(command);
            let names: Vec<&str> = plan
                .names()
                .filter(|name| {
                    command.parameter(name).is_some_and(|own| {
                        own.name != "signature" && own.kind != Kind::Object && own.presence != Presence::Supplied
                    })
                })
                .collect();
            for seed in 0..200usize {
                let mut params: Vec<(&str, &str)> = account.to_vec();
                params.push((command.selector(), command.name));
                for parameter in command.parameters().filter(|own| own.presence == Presence::Required) {
                    let usual = match parameter.name {
                        "amount" => "1000",
                        "currency" => "AED",
                        "merchant_reference" => "order-1",
                        "customer_email" => "a@example.com",
                        _ => continue,
                    };
                    params.push((parameter.name, usual));
                }
                let name = names[seed % names.len()];
                let other = names[seed / 7 % names.len()];
                for (name, value) in
                    [(name, values[seed / 11 % values.len()]), (other, values[seed / 13 % values.len()])]
                {
                    params.retain(|(own, _)| *own != name);
                    if !value.is_empty() {
                        params.push((name, value));
                    }
                }
                let json: Vec<String> =
                    params.iter().map(|(name, value)| std::format!("\"{name}\":\"{value}\"")).collect();
                let json = std::format!("{{{}}}", json.join(","));
                let read = read_params(&json).unwrap();
                let all = paths(&read);
                let given: Vec<Given<'_>> = all.iter().map(|(name, given)| Given { name, ..*given }).collect();
                let sound = !validate(command, &given, &Options::default()).has_error();
                let phrase = Phrase::new("PASS".into()).unwrap();
                let expected = sound.then(|| sign(&read, &[], &phrase, Digest::Sha256));
                assert_eq!(
                    plan.sign(&packed(&plan, &params)).map(|hex| String::from(hex.as_str())),
                    expected,
                    "{json}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_packed_rightly_is_not_signed() {
        let plan = Plan::new(Command::find("CHECK_STATUS").unwrap());
        let good = packed(&plan, &[("merchant_reference", "x"), ("query_command", "CHECK_STATUS")]);
        assert!(plan.sign(&good).is_some());
        // Cut between two parameters it is whole; without its reference it is refused by its rules.
        for end in 0..good.len() {
            assert_eq!(plan.sign(&good[..end]).is_some(), good[..end].ends_with(" !x"), "{end}");
        }
        let twice = packed(&plan, &[("merchant_reference", "x"), ("merchant_reference", "x")]);
        for bad in [
            twice.as_str(),
            "",
            " 'SHA-256  ",
            " %SHA-1 $PASS",
            " 'SHA-256 $PASS~~ !x",
            " 'SHA-256 $PASS\u{1f}\u{1f} !x",
        ] {
            assert!(plan.sign(bad).is_none());
        }
    }
}
