//! Checks the parts of objects and lists. A page sends none, so its artefact leaves this out.

use super::Parameter;
use super::check::{Check, Given, Seen, unnumbered};
use crate::issue::{Code, Severity};
use crate::text::{push_u64, words};
use alloc::string::String;

impl<'a> Check<'_, 'a> {
    /// An unknown part of a structure whose parts are all known: how APS treats it is not known.
    pub(super) fn judge_extra(&mut self, given: &'a Given<'a>) {
        let end = given.name.bytes().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or_default();
        let whole = given.name.get(..end).and_then(|name| self.plan.parameter(name));
        if let Some(parameter) = whole.filter(|own| own.is_closed()) {
            self.error(parameter, &given.name, Code::Unknown).of(Severity::Warning);
        }
        if let Some(parameter) = whole {
            self.report_hidden(parameter.source(), &given.name, given.value, Severity::Warning);
        }
    }

    /// A structure where one is expected.
    pub(super) fn judge_structure(&mut self, parameter: &Parameter, given: &'a Given<'a>) {
        if given.is_list == parameter.is_list {
            self.judge_elements(parameter, &given.name);
        } else {
            self.report_misplaced(parameter, given);
        }
    }

    /// The members required in a structure, or in each object of a list.
    pub(super) fn judge_members(&mut self, given: &'a Given<'a>, place: usize) {
        let mut path = unnumbered(&given.name);
        let structure = self.plan.parameter(path.strip_suffix("[]").unwrap_or(&path));
        path.push('.');
        let length = path.len();
        for member in words(structure.map_or("", Parameter::members)) {
            path.truncate(length);
            path.push_str(member);
            // The entry of a list describes its elements, not the list itself.
            let Some(own) = self.plan.parameter(&path) else { continue };
            let is_own = |(part, seen): (&Given<'_>, &Seen<'_>)| {
                let rest = part.name.strip_prefix(&*given.name).and_then(|rest| rest.strip_prefix('.'));
                !seen.text.is_empty() && rest == Some(member)
            };
            let mut parts = self.params.iter().zip(&self.seen).skip(place);
            if !parts.by_ref().take_while(|(part, _)| part.name.starts_with(&*given.name)).any(is_own) {
                self.error(own, own.name, Code::Missing).with("with", &given.name);
            }
        }
    }

    /// Checks the number of elements of a list.
    fn judge_elements(&mut self, parameter: &Parameter, name: &'a str) {
        let Some(max) = parameter.max else { return };
        let mut beyond = String::from(name);
        beyond.push('[');
        push_u64(&mut beyond, max as u64);
        beyond.push(']');
        if self.params.iter().any(|given| given.is_part && given.name == beyond) {
            self.error(parameter, name, Code::TooLong).with_number("#max", max as u64);
        }
    }
}
