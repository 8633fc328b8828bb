//! How states, events and decisions are written: JSON, read and written by the crate's own reader and writer.
//!
//! A store keeps a state, and each operation, as separate texts that only this code reads. Both begin with `{"v":1`; texts of
//! a later version are rejected, and those of an earlier version are read as long as this crate can. Members with their
//! default value are left out, so a new member needs no new version if its default is right for older texts.
//!
//! Names are JavaScript's (`leasedUntil`), statuses those of replies (`action_required`), commands APS's (`CAPTURE`),
//! instants milliseconds since 1970, durations milliseconds, amounts minor units as numbers.
//!
//! # Events
//!
//! Members in brackets may be left out or null. `recorded` is the text of the operation that the store has under the key, or
//! `"elsewhere"` if it belongs to another payment. A reading is a trusted reply to `CHECK_STATUS`, by `response_code`,
//! `authorized_amount`, `captured_amount`, `refunded_amount` and `transaction_status`.
//!
//! | event | members |
//! |---|---|
//! | `ask` | `intent` (below), `mode`: `send`, `send_regardless`, `prepare`, `expect`; `basis`: `"read"`, `"new"`, `"unknown"` or totals; `now`, [`recorded`, `reading`: `{ revision, reading }`, `given`: totals, `despite`: keys, `joined`: a revision, `wait`, `left`, `lookedUp`, `private`] |
//! | `carry_out` | `key`, `attempt`, `now`, [`recorded`, `reading`, `wait`, `left`, `lookedUp`] |
//! | `start` | `key`, `attempt`, `elapsed`, [`left`] |
//! | `reply` | `key`, `status`, `now`, [`code`: `response_code`, `recorded`] |
//! | `not_sent` | `key`, `attempt` |
//! | `lost`, `patience_over`, `forget` | `key` |
//! | `status` | `reading`, `askedAt`, [`key`, `reference` and `refunded`, `assumeAbsentAfter`] |
//! | `notification` | `command`, `status`, `now`, [`amount`, `currency`, `tag`, `reference`, `recorded`, `searched`] |
//! | `recover` | `olderThan`, `lease`, `prepared`: `send`, `release`, `leave`; `now` |
//! | `settle` | `key`, `status`: `succeeded`, `failed`; `now`, [`recorded`] |
//! | `same` | `state` |
//! | `join` | `key`, `timeout`, `now`, [`reference`, `despite`, `others`: `[[reference, state], …]`, `fenced`: references, `wait`] |
//! | `review` | `name`, `others`, `now` |
//! | `fence`, `reviewed` | |
//!
//! An intent has `key`, `fingerprint`, `command`, `attempt`, `timeout`, [`amount`, `currency`, `tag`, `reference`:
//! `{ text, once }`, `order`, `window`].
//!
//! # Decisions
//!
//! `{ record, next, reports, [reviewDue, behind] }`, and where `record` is true `{ state, revision, changes, [open,
//! attention, order] }`: what to swap, and what a store may list by. A change is `{ change: "insert" | "update", key,
//! operation, command, amount, currency, status, [evidence, open, tag, reference, notified, lapsed, contradiction] }` or
//! `{ change: "remove", key }`. Flags that are false are left out. `state` and `operation` are numbers, from 1, of texts
//! that follow the decision, each after a NUL: as strings, all their quotation marks would be escaped and read back, which
//! takes a tenth of a whole operation.
//!
//! | `next.do` | further members |
//! |---|---|
//! | `again`, `start`, `joined` | |
//! | `look_up` | `for`: `baseline` (with `revision`), `outcome`, `once`; [`reference`] |
//! | `send` | `timeout` |
//! | `wait` | `atMost` |
//! | `join`, `review` | [`order`] |
//! | `load_others`, `fence` | `references` |
//! | `find` | `key`, `tag`, `reference` or `alike` |
//! | `carry_out` | `key` |
//! | `answer` | `answer`: `settled`, `recorded`, `open` (each with `status`), `nothing`, `not_sent`, `no_baseline`, `unattributed`, `refused` (with `code`) |
//!
//! Reports are `outside` (`known`, `reported`, `suspects`), `contradiction` (`key`, `stands`, `other`), `lapsed` and `assumed`
//! (`key`), `paid_twice` (`references`).

mod decisions;
mod events;
mod members;
mod states;

use super::ask::is_behind;
use super::decide::decide;
use crate::message::json::Reader;
use alloc::string::String;
use members::Faults;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON, or not the expected number of texts.
    Malformed,
    /// It was written by a later version of this crate.
    Newer,
    /// A member is missing, unknown or invalid.
    Member(String),
}

/// Decides on texts: a state (`null` for a new payment) followed by an event, both JSON. Returns the decision as JSON,
/// followed by the texts that it refers to by number.
///
/// # Errors
/// See [`Fault`]. In that case nothing was decided.
pub fn answer(arguments: &str) -> Result<String, Fault> {
    let mut reader = Reader::new(arguments);
    let mut next = || reader.next_value().map_err(|_| Fault::Malformed)?.ok_or(Fault::Malformed);
    let (state, event) = (next()?, next()?);
    let faults = Faults::default();
    let state = states::read_state(&state, &faults);
    let event = events::read_event(&event, &faults);
    let (state, (event, given)) = faults.unless_any((state, event))?;
    let decision = decide(&state, &event);
    let behind = given.is_some_and(|given| is_behind(given, &decision.state));
    Ok(decisions::write_decision(&decision, behind))
}

pub use states::{read_operation_text, read_state_text, write_operation, write_state};
