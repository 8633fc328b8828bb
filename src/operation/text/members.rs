//! Members of a JSON object, by expected type.
//!
//! The first error is kept, so a reader is a plain list of members without early returns. That makes the readers a third
//! smaller.

use super::Fault;
use crate::message::value::{Member, Value};
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

/// An object whose members are taken out as they are read: what is left when it is dropped is unknown. Invalid members, and
/// required ones that are missing, are recorded as errors; they are read as defaults.
pub(super) struct Object<'v> {
    left: Vec<&'v Member<'v>>,
    faults: &'v Faults,
}

impl Drop for Object<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        if let Some((unknown, _)) = self.left.first() {
            self.faults.wrong(unknown);
        }
    }
}

impl<'v> Object<'v> {
    #[inline(never)]
    pub(super) fn of(value: &'v Value<'v>, faults: &'v Faults) -> Self {
        if !matches!(value, Value::Object(_)) {
            faults.note(Fault::Malformed);
        }
        Self { left: value.members().iter().collect(), faults }
    }

    fn take(&mut self, name: &str) -> Option<&'v Value<'v>> {
        // They are nearly always written in the order in which they are read.
        let place = self.left.iter().position(|(own, _)| own == name)?;
        Some(&self.left.remove(place).1)
    }

    /// Whether there is such a member, and it is not null.
    #[inline(never)]
    pub(super) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(own, value)| own == name && value.as_text() != Some(""))
    }

    /// A value, unless it is missing or null.
    #[inline(never)]
    pub(super) fn value(&mut self, name: &str) -> Option<&'v Value<'v>> {
        self.take(name).filter(|value| value.as_text() != Some(""))
    }

    /// A required value.
    #[inline(never)]
    pub(super) fn must_value(&mut self, name: &str) -> &'v Value<'v> {
        self.value(name).unwrap_or_else(|| {
            self.faults.wrong(name);
            NOTHING
        })
    }

    /// What is read of a value, unless it is missing or null.
    pub(super) fn read<T>(&mut self, name: &str, read: fn(&Value<'_>, &Faults) -> T) -> Option<T> {
        self.value(name).map(|value| read(value, self.faults))
    }

    /// What is read of a required value.
    pub(super) fn must_read<T>(&mut self, name: &str, read: fn(&Value<'_>, &Faults) -> T) -> T {
        read(self.must_value(name), self.faults)
    }

    /// A value by its text, unless it is missing or null.
    fn parsed<T>(&mut self, name: &str, parse: impl Fn(&'v str) -> Option<T>) -> Option<T> {
        let parsed = self.value(name)?.as_text().and_then(parse);
        if parsed.is_none() {
            self.faults.wrong(name);
        }
        parsed
    }

    /// A value that is required.
    fn required<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let read = read(self);
        if read.is_none() {
            self.faults.wrong(name);
        }
        read
    }

    #[inline(never)]
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.parsed(name, |text| Some(String::from(text)))
    }

    /// A required text, which may be empty.
    #[inline(never)]
    pub(super) fn must(&mut self, name: &str) -> String {
        let text = self.take(name).and_then(Value::as_text);
        if text.is_none() {
            self.faults.wrong(name);
        }
        String::from(text.unwrap_or_default())
    }

    #[inline(never)]
    pub(super) fn number(&mut self, name: &str) -> Option<u64> {
        self.parsed(name, read_u64)
    }

    #[inline(never)]
    pub(super) fn must_number(&mut self, name: &str) -> u64 {
        self.required(name, |own| own.number(name)).unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn must_instant(&mut self, name: &str) -> i64 {
        self.required(name, |own| own.parsed(name, read_i64)).unwrap_or_default()
    }

    /// `true` or `false`; false if missing.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.parsed(name, |text| text.parse().ok()) == Some(true)
    }

    /// The elements of a list; empty if missing.
    #[inline(never)]
    pub(super) fn list(&mut self, name: &str) -> &'v [Value<'v>] {
        match self.value(name) {
            None => &[],
            Some(Value::List(elements)) => elements,
            Some(_) => {
                self.faults.wrong(name);
                &[]
            }
        }
    }

    /// What is read of each element of a list.
    pub(super) fn each<T>(&mut self, name: &str, read: fn(&Value<'_>, &Faults) -> T) -> Vec<T> {
        self.list(name).iter().map(|value| read(value, self.faults)).collect()
    }

    #[inline(never)]
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let elements = self.list(name);
        if elements.iter().any(|value| value.as_text().is_none()) {
            self.faults.wrong(name);
        }
        elements.iter().filter_map(Value::as_text).map(String::from).collect()
    }

    /// A required word of a table; `otherwise` replaces an invalid one.
    pub(super) fn must_word<T: Copy>(&mut self, name: &str, words: &[(&str, T)], otherwise: T) -> T {
        let of = |word: &str| words.iter().find(|(own, _)| *own == word).map(|(_, value)| *value);
        self.required(name, |own| own.parsed(name, of)).unwrap_or(otherwise)
    }
}

/// The word for a value.
pub(super) fn word_of<T: Copy + PartialEq>(value: T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, own)| *own == value).map_or("", |(word, _)| word)
}
