//! Members of a JSON object, by what they should be.

use super::Fault;
use crate::message::value::{Member, Value, find};
use crate::text::{read_i64, read_u64};
use alloc::string::String;
use alloc::vec::Vec;

/// An object whose members are all known.
#[derive(Clone, Copy)]
pub(super) struct Object<'v> {
    members: &'v [Member<'v>],
}

impl<'v> Object<'v> {
    /// An object with no members but these.
    pub(super) fn of(value: &'v Value<'v>, names: &[&str]) -> Result<Self, Fault> {
        let Value::Object(members) = value else { return Err(Fault::Malformed) };
        match members.iter().find(|(name, _)| !names.contains(&name.as_ref())) {
            Some((unknown, _)) => Err(Fault::Member(String::from(unknown.as_ref()))),
            None => Ok(Self { members }),
        }
    }

    /// A value, unless it is left out or null.
    pub(super) fn value(&self, name: &str) -> Option<&'v Value<'v>> {
        find(self.members, name).filter(|value| value.as_text() != Some(""))
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(String::from(text.as_ref()))),
            Some(_) => Err(wrong(name)),
        }
    }

    /// A text that must be there; it may be empty.
    pub(super) fn must(&self, name: &str) -> Result<String, Fault> {
        let text = find(self.members, name).and_then(Value::as_text);
        text.map(String::from).ok_or_else(|| wrong(name))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Fault> {
        let digits = self.text(name)?;
        digits.map(|digits| read_u64(&digits).ok_or_else(|| wrong(name))).transpose()
    }

    pub(super) fn must_number(&self, name: &str) -> Result<u64, Fault> {
        self.number(name)?.ok_or_else(|| wrong(name))
    }

    pub(super) fn instant(&self, name: &str) -> Result<Option<i64>, Fault> {
        let digits = self.text(name)?;
        digits.map(|digits| read_i64(&digits).ok_or_else(|| wrong(name))).transpose()
    }

    pub(super) fn must_instant(&self, name: &str) -> Result<i64, Fault> {
        self.instant(name)?.ok_or_else(|| wrong(name))
    }

    /// `true` or `false`; false if it is left out.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.truth(name)? == Some(true))
    }

    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, Fault> {
        match self.text(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(wrong(name)),
        }
    }

    /// The elements of a list; none if it is left out.
    pub(super) fn list(&self, name: &str) -> Result<&'v [Value<'v>], Fault> {
        match self.value(name) {
            None => Ok(&[]),
            Some(Value::List(elements)) => Ok(elements),
            Some(_) => Err(wrong(name)),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Fault> {
        let text = |value: &Value<'_>| value.as_text().map(String::from).ok_or_else(|| wrong(name));
        self.list(name)?.iter().map(text).collect()
    }

    /// One of the words of a table.
    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Fault> {
        let word = self.text(name)?;
        word.map(|word| found(&word, words).ok_or_else(|| wrong(name))).transpose()
    }

    pub(super) fn must_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, Fault> {
        self.word(name, words)?.ok_or_else(|| wrong(name))
    }
}

fn found<T: Copy>(word: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(own, _)| *own == word).map(|(_, value)| *value)
}

/// The word of a value.
pub(super) fn word_of<T: Copy + PartialEq>(value: T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, own)| *own == value).map_or("", |(word, _)| word)
}

pub(super) fn wrong(name: &str) -> Fault {
    Fault::Member(String::from(name))
}
