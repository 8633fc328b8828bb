//! States and operations in the format that a store keeps: one table of members, by which they are read and written.

use super::Fault;
use super::members::{Faults, NOTHING, Object, word_of};
use crate::message::json::Reader;
use crate::message::value::Value;
use crate::message::writer::Writer;
use crate::operation::state::{
    Attempt, Command, Contradiction, Evidence, First, Operation, Reference, State, Status, Suspect, Totals,
};
use alloc::string::String;
use alloc::vec::Vec;

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

const EVIDENCE: &[(&str, Evidence)] = &[
    ("reply", Evidence::Reply),
    ("notification", Evidence::Notification),
    ("reference", Evidence::Reference),
    ("totals", Evidence::Totals),
    ("assumed", Evidence::Assumed),
    ("person", Evidence::Person),
];

/// An object of the format.
pub(super) trait Record: Sized {
    /// Whether a store keeps it as a text of its own, with a version.
    const IS_STORED: bool = false;

    /// Reads its members.
    fn members(object: &mut Object<'_>) -> Self;

    /// Writes its members.
    fn push_members(&self, out: &mut Writer);
}

/// A member of an object. Absent options, empty lists, false flags and totals of zero are left out; all others are required.
pub(super) trait Part: Sized {
    /// Reads it from an object.
    fn read(object: &mut Object<'_>, name: &str) -> Self;

    /// Writes it with its name.
    fn write(&self, out: &mut Writer, name: &str);
}

macro_rules! records {
    ($($type:ident $([$is_stored:ident])? { $($member:ident $name:literal,)* })*) => {$(
        impl Record for $type {
            $(const $is_stored: bool = true;)?

            fn members(object: &mut Object<'_>) -> Self {
                Self { $($member: Part::read(object, $name),)* }
            }

            fn push_members(&self, out: &mut Writer) {
                $(self.$member.write(out, $name);)*
            }
        }
    )*};
}

records! {
    State [IS_STORED] {
        revision "revision",
        order "order",
        known "known",
        sums "sums",
        lapses_at "lapsesAt",
        first "first",
        shared "shared",
        repeated "repeated",
        lane "lane",
        suspects "suspects",
        leased_until "leasedUntil",
        unread "unread",
        attempts "attempts",
        review_due "reviewDue",
        paid_twice "paidTwice",
    }
    Operation [IS_STORED] {
        key "key",
        fingerprint "fingerprint",
        command "command",
        amount "amount",
        currency "currency",
        attempt "attempt",
        tag "tag",
        reference "reference",
        status "status",
        evidence "evidence",
        baseline "baseline",
        has_baseline "hasBaseline",
        contested "contested",
        alone "alone",
        prepared "prepared",
        credited "credited",
        expected "expected",
        answered_before "answeredBefore",
        lapsed "lapsed",
        notified "notified",
        at "at",
        timeout "timeout",
        window "window",
        contradiction "contradiction",
    }
    Reference { text "text", once "once", }
    First { key "key", status "status", }
    Contradiction { status "status", evidence "evidence", at "at", }
    Attempt { reference "reference", key "key", at "at", timeout "timeout", }
    Suspect {
        key "key",
        command "command",
        amount "amount",
        tag "tag",
        reference "reference",
        forgotten "forgotten",
    }
}

macro_rules! parts {
    ($($type:ty, $object:ident $name:ident => $read:expr, $own:ident $out:ident => $write:expr;)*) => {$(
        impl Part for $type {
            fn read($object: &mut Object<'_>, $name: &str) -> Self {
                $read
            }

            fn write(&self, $out: &mut Writer, $name: &str) {
                let $own = self;
                $write;
            }
        }
    )*};
}

parts! {
    String, object name => object.must(name), own out => out.member(name, own);
    Command, object name => Self::named(&object.must(name)), own out => out.member(name, own.name());
    Status, object name => object.must_word(name, STATUSES, Self::Uncertain),
        own out => out.member(name, word_of(*own, STATUSES));
    Evidence, object name => object.must_word(name, EVIDENCE, Self::Person),
        own out => out.member(name, word_of(*own, EVIDENCE));
    u64, object name => object.must_number(name), own out => number(out, name, *own);
    i64, object name => object.must_instant(name), own out => { out.name(name); out.signed(*own) };
    bool, object name => object.flag(name), own out => flag(out, name, *own);
    Vec<String>, object name => object.texts(name), own out => if !own.is_empty() { push_texts(out, name, own) };
    Totals, object name => object.read(name, read_totals).unwrap_or_default(),
        own out => if *own != Self::default() { push_totals(out, name, *own) };
}

impl<T: Part> Part for Option<T> {
    fn read(object: &mut Object<'_>, name: &str) -> Self {
        // The value null, too, is taken out.
        if object.has(name) { Some(T::read(object, name)) } else { object.value(name).and(None) }
    }

    fn write(&self, out: &mut Writer, name: &str) {
        if let Some(own) = self {
            own.write(out, name);
        }
    }
}

impl<T: Record> Part for T {
    fn read(object: &mut Object<'_>, name: &str) -> Self {
        object.must_read(name, read_record)
    }

    fn write(&self, out: &mut Writer, name: &str) {
        out.name(name);
        push_record(out, self);
    }
}

impl<T: Record> Part for Vec<T> {
    fn read(object: &mut Object<'_>, name: &str) -> Self {
        object.each(name, read_record)
    }

    fn write(&self, out: &mut Writer, name: &str) {
        if !self.is_empty() {
            out.name(name);
            out.begin_list();
            for own in self {
                push_record(out, own);
            }
            out.end_list();
        }
    }
}

/// Reads a state; empty text is the state of a new payment.
///
/// # Errors
/// See [`Fault`].
pub fn read_state_text(text: &str) -> Result<State, Fault> {
    read_text(text, read_state)
}

/// Reads an operation.
///
/// # Errors
/// See [`Fault`].
pub fn read_operation_text(text: &str) -> Result<Operation, Fault> {
    read_text(text, read_record)
}

fn read_text<T>(text: &str, read: fn(&Value<'_>, &Faults) -> T) -> Result<T, Fault> {
    let faults = Faults::default();
    let found = read(&Value::Text(text.into()), &faults);
    faults.unless_any(found)
}

/// A state, as JSON or as text that contains it. Null is a new one.
pub(super) fn read_state(value: &Value<'_>, faults: &Faults) -> State {
    if value.as_text() == Some("") { State::default() } else { read_record(value, faults) }
}

/// An object, as JSON or, if it is stored, as text that contains it.
#[inline(never)]
pub(super) fn read_record<T: Record>(value: &Value<'_>, faults: &Faults) -> T {
    if let (Value::Text(text), true) = (value, T::IS_STORED) {
        return read_record(&value_of(text, faults), faults);
    }
    let mut object = Object::of(value, faults);
    if T::IS_STORED {
        match object.must_number("v") {
            0 => faults.wrong("v"),
            VERSION => {}
            _ => faults.note(Fault::Newer),
        }
    }
    T::members(&mut object)
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

pub(super) fn read_totals(value: &Value<'_>, faults: &Faults) -> Totals {
    let mut object = Object::of(value, faults);
    Totals {
        authorized: object.number("authorized").unwrap_or_default(),
        captured: object.number("captured").unwrap_or_default(),
        refunded: object.number("refunded").unwrap_or_default(),
        voided: object.flag("voided"),
    }
}

/// A state as text.
#[must_use]
pub fn write_state(state: &State) -> String {
    write_record(state, 1024)
}

/// An operation as text.
#[must_use]
pub fn write_operation(operation: &Operation) -> String {
    write_record(operation, 512)
}

fn write_record(record: &impl Record, room: usize) -> String {
    let mut out = Writer::with_capacity(room);
    push_record(&mut out, record);
    out.finish()
}

#[inline(never)]
pub(super) fn push_record<T: Record>(out: &mut Writer, record: &T) {
    out.begin_object();
    if T::IS_STORED {
        number(out, "v", VERSION);
    }
    record.push_members(out);
    out.end_object();
}

#[inline(never)]
pub(super) fn push_totals(out: &mut Writer, name: &str, totals: Totals) {
    out.name(name);
    out.begin_object();
    number(out, "authorized", totals.authorized);
    number(out, "captured", totals.captured);
    number(out, "refunded", totals.refunded);
    flag(out, "voided", totals.voided);
    out.end_object();
}

pub(super) fn push_texts(out: &mut Writer, name: &str, texts: &[String]) {
    out.name(name);
    out.begin_list();
    for text in texts {
        out.string(text);
    }
    out.end_list();
}

#[inline(never)]
pub(super) fn number(out: &mut Writer, name: &str, number: u64) {
    out.name(name);
    out.number(number);
}

#[inline(never)]
pub(super) fn flag(out: &mut Writer, name: &str, truth: bool) {
    if truth {
        out.name(name);
        out.boolean(true);
    }
}
