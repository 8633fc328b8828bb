//! Events in the format that JavaScript writes: `{ "event": "ask", … }`.

use super::members::{Faults, Object};
use super::states::{Part, read_record, read_state, read_totals};
use crate::message::value::Value;
use crate::operation::event::{
    Ask, Basis, CarryOut, Event, Heard, Intent, Join, Mode, Notice, Observation, Prepared, Read, Reading, Recorded,
    Recover, Settle, Start,
};
use crate::operation::evidence::{DAY, shows_refund, tells_of_before};
use crate::operation::state::{Command, State, Totals};
use crate::payment::{self, WINDOW_DAYS};
use alloc::string::String;
use alloc::vec::Vec;

const USUAL_WINDOW: u64 = WINDOW_DAYS as u64 * DAY;

/// An event, and what the caller of an `ask` knows about the payment, if given.
pub(super) fn read_event(value: &Value<'_>, faults: &Faults) -> (Event, Option<Totals>) {
    let object = &mut Object::of(value, faults);
    let event = match object.must("event").as_str() {
        "ask" => {
            let given = object.read("given", read_totals);
            return (Event::Ask(read_ask(object)), given);
        }
        "carry_out" => Event::CarryOut(read_carry_out(object)),
        "start" => Event::Start(Start {
            key: object.must("key"),
            attempt: object.must("attempt"),
            elapsed: object.must_number("elapsed"),
            left: object.number("left"),
        }),
        "reply" => Event::Reply(Heard {
            key: object.must("key"),
            status: Part::read(object, "status"),
            answered_before: tells_of_before(&object.text("code").unwrap_or_default()),
            recorded: read_recorded(object),
            now: object.must_instant("now"),
        }),
        "not_sent" => Event::NotSent { key: object.must("key"), attempt: object.must("attempt") },
        "lost" => Event::Lost { key: object.must("key") },
        "status" => Event::Status(read_observation(object)),
        "patience_over" => Event::PatienceOver { key: object.must("key") },
        "notification" => Event::Notification(read_notice(object)),
        "recover" => {
            const PREPARED: &[(&str, Prepared)] =
                &[("send", Prepared::Send), ("release", Prepared::Release), ("leave", Prepared::Leave)];
            Event::Recover(Recover {
                older_than: object.must_number("olderThan"),
                lease: object.must_number("lease"),
                prepared: object.must_word("prepared", PREPARED, Prepared::Leave),
                now: object.must_instant("now"),
            })
        }
        "settle" => Event::Settle(Settle {
            key: object.must("key"),
            status: Part::read(object, "status"),
            recorded: read_recorded(object),
            now: object.must_instant("now"),
        }),
        "forget" => Event::Forget { key: object.must("key") },
        "same" => Event::Same(object.must_read("state", read_state)),
        "join" => Event::Join(read_join(object)),
        "fence" => Event::Fence,
        "review" => Event::Review {
            name: object.must("name"),
            revision: object.must_number("revision"),
            others: object.read("others", read_others).unwrap_or_default(),
            now: object.must_instant("now"),
        },
        "reviewed" => Event::Reviewed { revision: object.must_number("revision") },
        _ => {
            faults.wrong("event");
            Event::Fence
        }
    };
    (event, None)
}

fn read_ask(object: &mut Object<'_>) -> Ask {
    const MODES: &[(&str, Mode)] = &[
        ("send", Mode::Send),
        ("send_regardless", Mode::SendRegardless),
        ("prepare", Mode::Prepare),
        ("expect", Mode::Expect),
    ];
    Ask {
        intent: object.must_read("intent", read_intent),
        mode: object.must_word("mode", MODES, Mode::Prepare),
        basis: object.must_read("basis", read_basis),
        recorded: read_recorded(object),
        reading: object.read("reading", read_read),
        despite: object.texts("despite"),
        joined: object.number("joined"),
        wait: object.number("wait").unwrap_or_default(),
        left: object.number("left"),
        looked_up: object.flag("lookedUp"),
        private: object.flag("private"),
        now: object.must_instant("now"),
    }
}

fn read_intent(value: &Value<'_>, faults: &Faults) -> Intent {
    let mut object = Object::of(value, faults);
    Intent {
        key: object.must("key"),
        fingerprint: object.must("fingerprint"),
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        currency: object.text("currency").unwrap_or_default(),
        attempt: object.must("attempt"),
        tag: object.text("tag"),
        reference: object.read("reference", read_record),
        order: object.text("order"),
        timeout: object.must_number("timeout"),
        window: object.number("window").unwrap_or(USUAL_WINDOW),
    }
}

/// `"read"`, `"new"`, `"unknown"`, or the totals given.
fn read_basis(value: &Value<'_>, faults: &Faults) -> Basis {
    match value.as_text() {
        Some("read") => Basis::Read,
        Some("new") => Basis::New,
        Some("unknown") => Basis::Unknown,
        Some(_) => {
            faults.wrong("basis");
            Basis::Unknown
        }
        None => Basis::Given(read_totals(value, faults)),
    }
}

/// `"elsewhere"`, or an operation in its written form.
fn read_recorded(object: &mut Object<'_>) -> Recorded {
    let read = |value: &Value<'_>, faults: &Faults| match value.as_text() {
        Some("elsewhere") => Recorded::Elsewhere,
        _ => Recorded::Here(read_record(value, faults)),
    };
    object.read("recorded", read).unwrap_or_default()
}

fn read_read(value: &Value<'_>, faults: &Faults) -> Read {
    let mut object = Object::of(value, faults);
    Read { revision: object.must_number("revision"), reading: object.read("reading", read_reading) }
}

/// A trusted reply to `CHECK_STATUS`, by the parameters that describe the payment; anything but text becomes `{}`.
fn read_reading(value: &Value<'_>, faults: &Faults) -> Reading {
    let mut object = Object::of(value, faults);
    let mut text = |name| object.value(name).and_then(Value::as_text).unwrap_or_default();
    Reading::from_status(&payment::Status {
        response_code: text("response_code"),
        authorized_amount: text("authorized_amount"),
        captured_amount: text("captured_amount"),
        refunded_amount: text("refunded_amount"),
        transaction_status: text("transaction_status"),
        ..payment::Status::default()
    })
}

fn read_carry_out(object: &mut Object<'_>) -> CarryOut {
    CarryOut {
        key: object.must("key"),
        fingerprint: object.must("fingerprint"),
        attempt: object.must("attempt"),
        recorded: read_recorded(object),
        reading: object.read("reading", read_read),
        wait: object.number("wait").unwrap_or_default(),
        left: object.number("left"),
        looked_up: object.flag("lookedUp"),
        now: object.must_instant("now"),
    }
}

fn read_observation(object: &mut Object<'_>) -> Observation {
    Observation {
        key: object.text("key"),
        reading: object.must_read("reading", read_reading),
        reference: object.text("reference"),
        refunded: object.read("refund", read_refund).filter(|is_shown| *is_shown),
        assume_absent_after: object.number("assumeAbsentAfter"),
        asked_at: object.must_instant("askedAt"),
    }
}

/// The trusted answer to `CHECK_STATUS` by the `maintenance_reference` of a refund, with the names that it told, those that the
/// refund was sent with, and those that are known of its payment: `{ response_code, transaction_status, told, sent, known }`.
fn read_refund(value: &Value<'_>, faults: &Faults) -> bool {
    let mut object = Object::of(value, faults);
    let [code, status] = ["response_code", "transaction_status"].map(|name| object.text(name).unwrap_or_default());
    let [told, sent, known] = ["told", "sent", "known"].map(|name| object.texts(name));
    code == "12000" && status == "06" && shows_refund(&told, &sent, &known)
}

fn read_notice(object: &mut Object<'_>) -> Notice {
    Notice {
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        currency: object.text("currency").unwrap_or_default(),
        status: Part::read(object, "status"),
        tag: object.text("tag"),
        reference: object.text("reference"),
        recorded: read_recorded(object),
        searched: object.flag("searched"),
        now: object.must_instant("now"),
    }
}

fn read_join(object: &mut Object<'_>) -> Join {
    Join {
        reference: object.text("reference"),
        key: object.must("key"),
        timeout: object.must_number("timeout"),
        despite: object.texts("despite"),
        others: object.read("others", read_others),
        fenced: object.texts("fenced"),
        wait: object.number("wait").unwrap_or_default(),
        left: object.number("left"),
        now: object.must_instant("now"),
    }
}

/// `[["reference", state], …]`
fn read_others(value: &Value<'_>, faults: &Faults) -> Vec<(String, State)> {
    let read = |value: &Value<'_>| match value.elements() {
        [Value::Text(reference), state] => Some((String::from(reference.as_ref()), read_state(state, faults))),
        _ => None,
    };
    let others: Option<_> = value.elements().iter().map(read).collect();
    if others.is_none() || !matches!(value, Value::List(_)) {
        faults.wrong("others");
    }
    others.unwrap_or_default()
}
