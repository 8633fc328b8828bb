//! States and operations in the format that a store keeps.

use super::Fault;
use super::members::{Faults, NOTHING, Object, word_of};
use crate::message::json::Reader;
use crate::message::value::Value;
use crate::message::writer::Writer;
use crate::operation::state::{
    Attempt, Command, Contradiction, Evidence, First, Operation, Reference, State, Status, Suspect, Totals,
};
use alloc::string::String;

const VERSION: u64 = 1;

pub(super) const STATUSES: &[(&str, Status)] = &[
    ("prepared", Status::Prepared),
    ("sent", Status::Sent),
    ("action_required", Status::ActionRequired),
    ("pending", Status::Pending),
    ("uncertain", Status::Uncertain),
    ("succeeded", Status::Succeeded),
    ("failed", Status::Failed),
    ("rejected", Status::Rejected),
];

pub(super) const EVIDENCE: &[(&str, Evidence)] = &[
    ("reply", Evidence::Reply),
    ("notification", Evidence::Notification),
    ("reference", Evidence::Reference),
    ("totals", Evidence::Totals),
    ("assumed", Evidence::Assumed),
    ("person", Evidence::Person),
];

/// Reads a state; empty text is the state of a new payment.
///
/// # Errors
/// See [`Fault`].
pub fn read_state_text(text: &str) -> Result<State, Fault> {
    let faults = Faults::default();
    let state = read_state(&Value::Text(text.into()), &faults);
    faults.unless_any(state)
}

/// Reads an operation.
///
/// # Errors
/// See [`Fault`].
pub fn read_operation_text(text: &str) -> Result<Operation, Fault> {
    let faults = Faults::default();
    let operation = read_operation(&Value::Text(text.into()), &faults);
    faults.unless_any(operation)
}

fn value_of<'t>(text: &'t str, faults: &Faults) -> Value<'t> {
    let mut reader = Reader::new(text);
    match reader.next_value() {
        // A number reads as its digits, which would be read again without end.
        Ok(Some(value)) if value.as_text().is_none() && reader.rest().trim_ascii_start().is_empty() => value,
        _ => {
            faults.note(Fault::Malformed);
            NOTHING.clone()
        }
    }
}

/// A state, as JSON or as text that contains it. Null is a new one.
pub(super) fn read_state(value: &Value<'_>, faults: &Faults) -> State {
    const NAMES: &[&str] = &[
        "v",
        "revision",
        "order",
        "known",
        "sums",
        "lapsesAt",
        "shared",
        "repeated",
        "shared",
        "first",
        "lane",
        "suspects",
        "leasedUntil",
        "unread",
        "attempts",
        "reviewDue",
        "paidTwice",
    ];
    if let Value::Text(text) = value {
        return if text.is_empty() { State::default() } else { read_state(&value_of(text, faults), faults) };
    }
    let object = Object::of(value, NAMES, faults);
    check_version(&object, faults);
    State {
        revision: object.must_number("revision"),
        order: object.text("order"),
        known: object.value("known").map(|value| read_totals(value, faults)).unwrap_or_default(),
        sums: object.value("sums").map(|value| read_totals(value, faults)).unwrap_or_default(),
        lapses_at: object.instant("lapsesAt"),
        first: object.value("first").map(|value| read_first(value, faults)),
        shared: object.flag("shared"),
        repeated: object.flag("repeated"),
        lane: object.value("lane").map(|value| read_operation(value, faults)),
        suspects: object.list("suspects").iter().map(|value| read_suspect(value, faults)).collect(),
        leased_until: object.instant("leasedUntil"),
        unread: object.flag("unread"),
        attempts: object.list("attempts").iter().map(|value| read_attempt(value, faults)).collect(),
        review_due: object.flag("reviewDue"),
        paid_twice: object.texts("paidTwice"),
    }
}

fn check_version(object: &Object<'_>, faults: &Faults) {
    match object.must_number("v") {
        0 => faults.wrong("v"),
        VERSION => {}
        _ => faults.note(Fault::Newer),
    }
}

#[inline(never)]
pub(super) fn read_totals(value: &Value<'_>, faults: &Faults) -> Totals {
    let object = Object::of(value, &["authorized", "captured", "refunded", "voided"], faults);
    Totals {
        authorized: object.number("authorized").unwrap_or_default(),
        captured: object.number("captured").unwrap_or_default(),
        refunded: object.number("refunded").unwrap_or_default(),
        voided: object.flag("voided"),
    }
}

fn read_first(value: &Value<'_>, faults: &Faults) -> First {
    let object = Object::of(value, &["key", "status"], faults);
    First { key: object.must("key"), status: object.must_word("status", STATUSES, Status::Uncertain) }
}

fn read_attempt(value: &Value<'_>, faults: &Faults) -> Attempt {
    let object = Object::of(value, &["reference", "key", "at", "timeout"], faults);
    Attempt {
        reference: object.must("reference"),
        key: object.must("key"),
        at: object.must_instant("at"),
        timeout: object.must_number("timeout"),
    }
}

fn read_suspect(value: &Value<'_>, faults: &Faults) -> Suspect {
    let object = Object::of(value, &["key", "command", "amount", "tag", "reference", "forgotten"], faults);
    Suspect {
        key: object.must("key"),
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        tag: object.text("tag"),
        reference: object.text("reference"),
        forgotten: object.flag("forgotten"),
    }
}

#[inline(never)]
pub(super) fn read_reference(value: &Value<'_>, faults: &Faults) -> Reference {
    let object = Object::of(value, &["text", "once"], faults);
    Reference { text: object.must("text"), once: object.flag("once") }
}

/// An operation, as JSON or as text that contains it.
pub(super) fn read_operation(value: &Value<'_>, faults: &Faults) -> Operation {
    const NAMES: &[&str] = &[
        "v",
        "key",
        "fingerprint",
        "command",
        "amount",
        "currency",
        "attempt",
        "tag",
        "reference",
        "status",
        "evidence",
        "baseline",
        "hasBaseline",
        "contested",
        "alone",
        "prepared",
        "credited",
        "expected",
        "answeredBefore",
        "lapsed",
        "notified",
        "at",
        "timeout",
        "window",
        "contradiction",
    ];
    if let Value::Text(text) = value {
        return read_operation(&value_of(text, faults), faults);
    }
    let object = Object::of(value, NAMES, faults);
    check_version(&object, faults);
    Operation {
        key: object.must("key"),
        fingerprint: object.must("fingerprint"),
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        currency: object.text("currency").unwrap_or_default(),
        attempt: object.must("attempt"),
        tag: object.text("tag"),
        reference: object.value("reference").map(|value| read_reference(value, faults)),
        status: object.must_word("status", STATUSES, Status::Uncertain),
        evidence: object.word("evidence", EVIDENCE),
        baseline: object.value("baseline").map(|value| read_totals(value, faults)).unwrap_or_default(),
        has_baseline: object.flag("hasBaseline"),
        contested: object.flag("contested"),
        alone: object.flag("alone"),
        prepared: object.flag("prepared"),
        credited: object.flag("credited"),
        expected: object.flag("expected"),
        answered_before: object.flag("answeredBefore"),
        lapsed: object.flag("lapsed"),
        notified: object.flag("notified"),
        at: object.must_instant("at"),
        timeout: object.must_number("timeout"),
        window: object.must_number("window"),
        contradiction: object.value("contradiction").map(|value| read_contradiction(value, faults)),
    }
}

fn read_contradiction(value: &Value<'_>, faults: &Faults) -> Contradiction {
    let object = Object::of(value, &["status", "evidence", "at"], faults);
    Contradiction {
        status: object.must_word("status", STATUSES, Status::Uncertain),
        evidence: object.must_word("evidence", EVIDENCE, Evidence::Person),
        at: object.must_instant("at"),
    }
}

/// A state as text.
#[must_use]
pub fn write_state(state: &State) -> String {
    let mut out = Writer::with_capacity(1024);
    out.begin_object();
    number(&mut out, "v", VERSION);
    number(&mut out, "revision", state.revision);
    option(&mut out, "order", state.order.as_ref());
    totals(&mut out, "known", state.known);
    totals(&mut out, "sums", state.sums);
    instant(&mut out, "lapsesAt", state.lapses_at);
    if let Some(first) = &state.first {
        out.name("first");
        out.begin_object();
        out.member("key", &first.key);
        out.member("status", word_of(first.status, STATUSES));
        out.end_object();
    }
    flag(&mut out, "shared", state.shared);
    flag(&mut out, "repeated", state.repeated);
    if let Some(lane) = &state.lane {
        out.name("lane");
        push_operation(&mut out, lane);
    }
    if !state.suspects.is_empty() {
        out.name("suspects");
        out.begin_list();
        state.suspects.iter().for_each(|suspect| push_suspect(&mut out, suspect));
        out.end_list();
    }
    instant(&mut out, "leasedUntil", state.leased_until);
    flag(&mut out, "unread", state.unread);
    if !state.attempts.is_empty() {
        out.name("attempts");
        out.begin_list();
        state.attempts.iter().for_each(|attempt| push_attempt(&mut out, attempt));
        out.end_list();
    }
    flag(&mut out, "reviewDue", state.review_due);
    if !state.paid_twice.is_empty() {
        out.name("paidTwice");
        out.begin_list();
        state.paid_twice.iter().for_each(|reference| out.string(reference));
        out.end_list();
    }
    out.end_object();
    out.finish()
}

/// An operation as text.
#[must_use]
#[inline(never)]
pub fn write_operation(operation: &Operation) -> String {
    let mut out = Writer::with_capacity(512);
    push_operation(&mut out, operation);
    out.finish()
}

fn push_operation(out: &mut Writer, own: &Operation) {
    out.begin_object();
    number(out, "v", VERSION);
    out.member("key", &own.key);
    out.member("fingerprint", &own.fingerprint);
    out.member("command", own.command.name());
    number(out, "amount", own.amount);
    out.member("currency", &own.currency);
    out.member("attempt", &own.attempt);
    option(out, "tag", own.tag.as_ref());
    if let Some(reference) = &own.reference {
        out.name("reference");
        out.begin_object();
        out.member("text", &reference.text);
        flag(out, "once", reference.once);
        out.end_object();
    }
    out.member("status", word_of(own.status, STATUSES));
    if let Some(evidence) = own.evidence {
        out.member("evidence", word_of(evidence, EVIDENCE));
    }
    totals(out, "baseline", own.baseline);
    flag(out, "hasBaseline", own.has_baseline);
    flag(out, "contested", own.contested);
    flag(out, "alone", own.alone);
    flag(out, "prepared", own.prepared);
    flag(out, "credited", own.credited);
    flag(out, "expected", own.expected);
    flag(out, "answeredBefore", own.answered_before);
    flag(out, "lapsed", own.lapsed);
    flag(out, "notified", own.notified);
    instant(out, "at", Some(own.at));
    number(out, "timeout", own.timeout);
    number(out, "window", own.window);
    if let Some(other) = own.contradiction {
        out.name("contradiction");
        push_contradiction(out, other);
    }
    out.end_object();
}

#[inline(never)]
pub(super) fn push_contradiction(out: &mut Writer, other: Contradiction) {
    out.begin_object();
    out.member("status", word_of(other.status, STATUSES));
    out.member("evidence", word_of(other.evidence, EVIDENCE));
    instant(out, "at", Some(other.at));
    out.end_object();
}

fn push_suspect(out: &mut Writer, suspect: &Suspect) {
    out.begin_object();
    out.member("key", &suspect.key);
    out.member("command", suspect.command.name());
    number(out, "amount", suspect.amount);
    option(out, "tag", suspect.tag.as_ref());
    option(out, "reference", suspect.reference.as_ref());
    flag(out, "forgotten", suspect.forgotten);
    out.end_object();
}

fn push_attempt(out: &mut Writer, attempt: &Attempt) {
    out.begin_object();
    out.member("reference", &attempt.reference);
    out.member("key", &attempt.key);
    instant(out, "at", Some(attempt.at));
    number(out, "timeout", attempt.timeout);
    out.end_object();
}

#[inline(never)]
pub(super) fn totals(out: &mut Writer, name: &str, totals: Totals) {
    if totals == Totals::default() {
        return;
    }
    out.name(name);
    out.begin_object();
    number(out, "authorized", totals.authorized);
    number(out, "captured", totals.captured);
    number(out, "refunded", totals.refunded);
    flag(out, "voided", totals.voided);
    out.end_object();
}

#[inline(never)]
pub(super) fn number(out: &mut Writer, name: &str, number: u64) {
    out.name(name);
    out.number(number);
}

#[inline(never)]
pub(super) fn instant(out: &mut Writer, name: &str, at: Option<i64>) {
    if let Some(at) = at {
        let mut text = String::new();
        crate::text::push_i64(&mut text, at);
        out.name(name);
        out.raw(&text);
    }
}

#[inline(never)]
pub(super) fn flag(out: &mut Writer, name: &str, truth: bool) {
    if truth {
        out.name(name);
        out.boolean(true);
    }
}

#[inline(never)]
pub(super) fn option(out: &mut Writer, name: &str, text: Option<&String>) {
    if let Some(text) = text {
        out.member(name, text);
    }
}
