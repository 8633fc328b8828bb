//! Members of a JSON object, by expected type.
//!
//! The first error is kept, so a reader is a plain list of members without early returns. That makes the readers a third
//! smaller.

use super::Fault;
use crate::message::value::{Member, Value, find};
use crate::text::{read_i64, read_u64};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// The first error in a text. If there is one, nothing read from the text counts.
#[derive(Default)]
pub(super) struct Faults {
    first: OnceCell<Fault>,
}

impl Faults {
    pub(super) fn note(&self, fault: Fault) {
        // Only the first error is reported.
        let _ = self.first.set(fault);
    }

    #[inline(never)]
    pub(super) fn wrong(&self, name: &str) {
        self.note(Fault::Member(String::from(name)));
    }

    /// The value read, if there was no error.
    pub(super) fn unless_any<T>(self, read: T) -> Result<T, Fault> {
        match self.first.into_inner() {
            None => Ok(read),
            Some(fault) => Err(fault),
        }
    }
}

/// The default for missing members.
pub(super) const NOTHING: &Value<'static> = &Value::Object(Vec::new());

/// An object whose members are all known. Invalid members, and required ones that are missing, are recorded as errors; they
/// are read as defaults.
#[derive(Clone, Copy)]
pub(super) struct Object<'v> {
    members: &'v [Member<'v>],
    faults: &'v Faults,
}

impl<'v> Object<'v> {
    /// An object with only these members.
    #[inline(never)]
    pub(super) fn of(value: &'v Value<'v>, names: &[&str], faults: &'v Faults) -> Self {
        let members = match value {
            Value::Object(members) => members.as_slice(),
            Value::Text(_) | Value::List(_) => {
                faults.note(Fault::Malformed);
                &[]
            }
        };
        // They are nearly always written in the order of the names.
        let mut next = names.iter();
        let unknown = |(name, _): &&Member<'_>| !next.any(|own| *own == name) && !names.contains(&name.as_ref());
        if let Some((unknown, _)) = members.iter().find(unknown) {
            faults.wrong(unknown);
        }
        Self { members, faults }
    }

    /// A value, unless it is missing or null.
    #[inline(never)]
    pub(super) fn value(&self, name: &str) -> Option<&'v Value<'v>> {
        find(self.members, name).filter(|value| value.as_text() != Some(""))
    }

    /// A required value.
    pub(super) fn must_value(&self, name: &str) -> &'v Value<'v> {
        self.value(name).unwrap_or_else(|| {
            self.faults.wrong(name);
            NOTHING
        })
    }

    #[inline(never)]
    pub(super) fn str(&self, name: &str) -> Option<&'v str> {
        let value = self.value(name)?;
        if value.as_text().is_none() {
            self.faults.wrong(name);
        }
        value.as_text()
    }

    #[inline(never)]
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.str(name).map(String::from)
    }

    /// A required text, which may be empty.
    #[inline(never)]
    pub(super) fn must(&self, name: &str) -> String {
        let text = find(self.members, name).and_then(Value::as_text);
        if text.is_none() {
            self.faults.wrong(name);
        }
        String::from(text.unwrap_or_default())
    }

    #[inline(never)]
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let digits = self.str(name)?;
        let number = read_u64(digits);
        if number.is_none() {
            self.faults.wrong(name);
        }
        number
    }

    #[inline(never)]
    pub(super) fn must_number(&self, name: &str) -> u64 {
        if self.value(name).is_none() {
            self.faults.wrong(name);
        }
        self.number(name).unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn instant(&self, name: &str) -> Option<i64> {
        let digits = self.str(name)?;
        let instant = read_i64(digits);
        if instant.is_none() {
            self.faults.wrong(name);
        }
        instant
    }

    #[inline(never)]
    pub(super) fn must_instant(&self, name: &str) -> i64 {
        if self.value(name).is_none() {
            self.faults.wrong(name);
        }
        self.instant(name).unwrap_or_default()
    }

    /// `true` or `false`; false if missing.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.truth(name) == Some(true)
    }

    #[inline(never)]
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        match self.str(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.faults.wrong(name);
                None
            }
        }
    }

    /// The elements of a list; empty if missing.
    #[inline(never)]
    pub(super) fn list(&self, name: &str) -> &'v [Value<'v>] {
        match self.value(name) {
            None => &[],
            Some(Value::List(elements)) => elements,
            Some(_) => {
                self.faults.wrong(name);
                &[]
            }
        }
    }

    #[inline(never)]
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let elements = self.list(name);
        if elements.iter().any(|value| value.as_text().is_none()) {
            self.faults.wrong(name);
        }
        elements.iter().filter_map(Value::as_text).map(String::from).collect()
    }

    /// One of the words of a table.
    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.str(name)?;
        let found = words.iter().find(|(own, _)| *own == word);
        if found.is_none() {
            self.faults.wrong(name);
        }
        found.map(|(_, value)| *value)
    }

    /// A required word of a table; `otherwise` replaces an invalid one.
    pub(super) fn must_word<T: Copy>(&self, name: &str, words: &[(&str, T)], otherwise: T) -> T {
        if self.value(name).is_none() {
            self.faults.wrong(name);
        }
        self.word(name, words).unwrap_or(otherwise)
    }
}

/// The word for a value.
pub(super) fn word_of<T: Copy + PartialEq>(value: T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, own)| *own == value).map_or("", |(word, _)| word)
}
