//! The tree that every message consists of: text, objects and lists.
//!
//! APS has no other types: a number is signed with the digits it is written with (`docs/reference.md`, *Signature*).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Deref;

/// A name and its value.
pub type Member<'a> = (Cow<'a, str>, Value<'a>);

/// The value of the member with a name.
#[must_use]
pub fn find<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Value<'a>> {
    members.iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, or a number as it was written.
    Text(Cow<'a, str>),
    /// Members in the order given, which is the order signed.
    Object(Vec<Member<'a>>),
    /// Elements in order.
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// The text, if it is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(_) | Self::List(_) => None,
        }
    }

    /// The members, if it is an object; otherwise empty.
    #[must_use]
    pub const fn members(&self) -> &[Member<'a>] {
        match self {
            Self::Object(members) => members.as_slice(),
            Self::Text(_) | Self::List(_) => &[],
        }
    }

    /// The values of its members or elements; none, if it is text.
    pub fn parts(&self) -> impl Iterator<Item = &Value<'a>> {
        self.members().iter().map(|(_, member)| member).chain(self.elements())
    }

    /// The elements, if it is a list; otherwise empty.
    #[must_use]
    pub const fn elements(&self) -> &[Value<'a>] {
        match self {
            Self::List(values) => values.as_slice(),
            Self::Text(_) | Self::Object(_) => &[],
        }
    }
}

/// The parameters of one message, in the order given. The builder keeps the names unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params<'a> {
    members: Vec<Member<'a>>,
}

impl<'a> Params<'a> {
    /// No parameters.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// Takes members whose names are known to be unique.
    #[must_use]
    pub const fn from_members(members: Vec<Member<'a>>) -> Self {
        Self { members }
    }

    /// Appends a parameter; the caller knows that the name is new.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: Value<'a>) {
        self.members.push((name.into(), value));
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        find(&self.members, name)
    }

    /// The value of a parameter, if it is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// Names and values in the order given.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

impl<'a> Deref for Params<'a> {
    type Target = [Member<'a>];

    fn deref(&self) -> &[Member<'a>] {
        &self.members
    }
}
