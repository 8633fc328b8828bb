//! Members of an object: checked for repeated names as they are read, and sorted into the order in which they are signed.

use super::ReadError;
use super::value::{Member, Value};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The members of one object as they are read, with names kept unique.
///
/// A reply has some twenty names: one bit per name distinguishes most of them without comparing. Above [`Self::FEW`] they are
/// sorted once at the end, so that a message full of names does not take quadratic time.
pub(crate) struct Members<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    seen: u64,
}

impl<'a> Members<'a> {
    const FEW: usize = 32;

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { members: Vec::with_capacity(capacity), seen: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn push(&mut self, name: Cow<'a, str>, value: Value<'a>) -> Result<(), ReadError> {
        // In JavaScript it would set the prototype instead of a member.
        if name == "__proto__" {
            return Err(ReadError::Malformed);
        }
        if self.members.len() < Self::FEW {
            let bit = Self::bit(&name);
            if self.seen & bit != 0 && self.members.iter().any(|(other, _)| *other == name) {
                return Err(ReadError::Repeated(name.into_owned()));
            }
            self.seen |= bit;
        }
        self.members.push((name, value));
        Ok(())
    }

    fn bit(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let at = |index: usize| bytes.get(index).copied().map_or(0, usize::from);
        let middle = at(bytes.len() / 2);
        let last = bytes.last().copied().map_or(0, usize::from);
        let mixed = at(0).wrapping_mul(7) ^ middle.wrapping_mul(13) ^ last.wrapping_mul(31) ^ bytes.len();
        1u64 << (mixed & 63)
    }

    /// The members, once it is certain that no name is repeated.
    pub(crate) fn finish(self) -> Result<Vec<(Cow<'a, str>, Value<'a>)>, ReadError> {
        if self.members.len() > Self::FEW {
            let order = sorted(&self.members);
            let repeated = order.windows(2).find_map(|pair| match pair {
                [(_, one, _), (_, other, _)] if one == other => Some(*one),
                _ => None,
            });
            if let Some(name) = repeated {
                return Err(ReadError::Repeated(name.into()));
            }
        }
        Ok(self.members)
    }
}

/// A parameter with the first eight bytes of its name as a number, which is enough to order most names.
pub(crate) type Keyed<'p, 'v> = (u64, &'p str, &'p Value<'v>);

/// Members in byte order of their names. No input makes this slow.
pub(crate) fn sorted<'p, 'v>(members: &'p [Member<'v>]) -> Vec<Keyed<'p, 'v>> {
    let mut order: Vec<Keyed<'p, 'v>> = Vec::with_capacity(members.len());
    for (name, value) in members {
        order.push((key(name), name, value));
    }
    sort(&mut order);
    order
}

/// Sorts parameters in byte order of their names.
pub(crate) fn sort(order: &mut [Keyed<'_, '_>]) {
    order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.cmp(other.1)));
}

/// The first eight bytes of a name, as a number.
pub(crate) fn key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if let Some(head) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*head);
    }
    let mut head = [0; 8];
    for (slot, byte) in head.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    u64::from_be_bytes(head)
}
