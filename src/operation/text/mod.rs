//! How states, events and decisions are written: JSON, read and written by the crate's own reader and writer.
//!
//! A store keeps a state, and each operation, as a text of its own that nobody else looks into. Both begin with
//! `{"v":1`; a text of a later version is not read, and one of an earlier version is for as long as this crate can. Members
//! that have their usual value are left out, so a new member needs no new version where the usual value is right for what
//! was written before.
//!
//! Names are JavaScript's (`leasedUntil`), statuses those of replies (`action_required`), commands APS's (`CAPTURE`),
//! instants milliseconds since 1970, durations milliseconds, amounts minor units as numbers.

mod decisions;
mod events;
mod members;
mod states;

use super::ask::is_behind;
use super::decide::decide;
use crate::message::json::Reader;
use alloc::string::String;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON, or not the texts that were asked for.
    Malformed,
    /// It was written by a later version of this crate.
    Newer,
    /// A member is missing, unknown, or not what it should be.
    Member(String),
}

/// Decides as text: a state (`null` for a new payment) and an event behind it, each JSON. Answers the decision as JSON.
///
/// # Errors
/// See [`Fault`]. Nothing was decided then.
pub fn answer(arguments: &str) -> Result<String, Fault> {
    let mut reader = Reader::new(arguments);
    let mut next = || reader.next_value().map_err(|_| Fault::Malformed)?.ok_or(Fault::Malformed);
    let (state, event) = (next()?, next()?);
    let state = states::read_state(&state)?;
    let given = events::read_given(&event)?;
    let decision = decide(&state, &events::read_event(&event)?);
    let behind = given.is_some_and(|given| is_behind(given, &decision.state));
    Ok(decisions::write_decision(&decision, behind))
}

pub use states::{read_operation_text, read_state_text, write_operation, write_state};
