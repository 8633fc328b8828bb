//! Events in the format that JavaScript writes: `{ "event": "ask", … }`.

use super::members::{Faults, Object};
use super::states::{STATUSES, read_operation, read_reference, read_state, read_totals};
use crate::message::value::{Value, find, text_of};
use crate::operation::event::{
    Ask, Basis, CarryOut, Event, Heard, Intent, Join, Mode, Notice, Observation, Prepared, Read, Reading, Recorded,
    Recover, Settle, Start,
};
use crate::operation::evidence::{DAY, tells_of_before};
use crate::operation::state::{Command, State, Status, Totals};
use crate::payment::{self, WINDOW_DAYS};
use alloc::string::String;
use alloc::vec::Vec;

const USUAL_WINDOW: u64 = WINDOW_DAYS as u64 * DAY;

pub(super) fn read_event(value: &Value<'_>, faults: &Faults) -> Event {
    let only = |names: &[&str]| Object::of(value, names, faults);
    match text_of(value.members(), "event") {
        "ask" => Event::Ask(read_ask(value, faults)),
        "carry_out" => Event::CarryOut(read_carry_out(value, faults)),
        "start" => {
            let object = only(&["event", "key", "attempt", "elapsed", "left"]);
            Event::Start(Start {
                key: object.must("key"),
                attempt: object.must("attempt"),
                elapsed: object.must_number("elapsed"),
                left: object.number("left"),
            })
        }
        "reply" => {
            let object = only(&["event", "key", "status", "code", "recorded", "now"]);
            Event::Reply(Heard {
                key: object.must("key"),
                status: object.must_word("status", STATUSES, Status::Uncertain),
                answered_before: tells_of_before(&object.text("code").unwrap_or_default()),
                recorded: read_recorded(&object, faults),
                now: object.must_instant("now"),
            })
        }
        "not_sent" => {
            let object = only(&["event", "key", "attempt"]);
            Event::NotSent { key: object.must("key"), attempt: object.must("attempt") }
        }
        "lost" => Event::Lost { key: only(&["event", "key"]).must("key") },
        "status" => Event::Status(read_observation(value, faults)),
        "patience_over" => Event::PatienceOver { key: only(&["event", "key"]).must("key") },
        "notification" => Event::Notification(read_notice(value, faults)),
        "recover" => {
            const PREPARED: &[(&str, Prepared)] =
                &[("send", Prepared::Send), ("release", Prepared::Release), ("leave", Prepared::Leave)];
            let object = only(&["event", "olderThan", "lease", "prepared", "now"]);
            Event::Recover(Recover {
                older_than: object.must_number("olderThan"),
                lease: object.must_number("lease"),
                prepared: object.must_word("prepared", PREPARED, Prepared::Leave),
                now: object.must_instant("now"),
            })
        }
        "settle" => {
            let object = only(&["event", "key", "status", "recorded", "now"]);
            Event::Settle(Settle {
                key: object.must("key"),
                status: object.must_word("status", STATUSES, Status::Uncertain),
                recorded: read_recorded(&object, faults),
                now: object.must_instant("now"),
            })
        }
        "forget" => Event::Forget { key: only(&["event", "key"]).must("key") },
        "same" => Event::Same(read_state(only(&["event", "state"]).must_value("state"), faults)),
        "join" => Event::Join(read_join(value, faults)),
        "fence" => {
            only(&["event"]);
            Event::Fence
        }
        "review" => {
            let object = only(&["event", "name", "revision", "others", "now"]);
            Event::Review {
                name: object.must("name"),
                revision: object.must_number("revision"),
                others: read_others(&object, faults).unwrap_or_default(),
                now: object.must_instant("now"),
            }
        }
        "reviewed" => Event::Reviewed { revision: only(&["event", "revision"]).must_number("revision") },
        _ => {
            faults.wrong("event");
            Event::Fence
        }
    }
}

/// What the caller of an `ask` knows about the payment, if given.
pub(super) fn read_given(value: &Value<'_>, faults: &Faults) -> Option<Totals> {
    find(value.members(), "given").map(|value| read_totals(value, faults))
}

fn read_ask(value: &Value<'_>, faults: &Faults) -> Ask {
    const MODES: &[(&str, Mode)] = &[
        ("send", Mode::Send),
        ("send_regardless", Mode::SendRegardless),
        ("prepare", Mode::Prepare),
        ("expect", Mode::Expect),
    ];
    const NAMES: &[&str] = &[
        "event", "intent", "mode", "basis", "given", "recorded", "reading", "despite", "joined", "wait", "left",
        "lookedUp", "private", "now",
    ];
    let object = Object::of(value, NAMES, faults);
    Ask {
        intent: read_intent(object.must_value("intent"), faults),
        mode: object.must_word("mode", MODES, Mode::Prepare),
        basis: read_basis(object.must_value("basis"), faults),
        recorded: read_recorded(&object, faults),
        reading: object.value("reading").map(|value| read_read(value, faults)),
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
    const NAMES: &[&str] = &[
        "key",
        "fingerprint",
        "command",
        "amount",
        "currency",
        "attempt",
        "tag",
        "reference",
        "order",
        "timeout",
        "window",
    ];
    let object = Object::of(value, NAMES, faults);
    Intent {
        key: object.must("key"),
        fingerprint: object.must("fingerprint"),
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        currency: object.text("currency").unwrap_or_default(),
        attempt: object.must("attempt"),
        tag: object.text("tag"),
        reference: object.value("reference").map(|value| read_reference(value, faults)),
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
fn read_recorded(object: &Object<'_>, faults: &Faults) -> Recorded {
    match object.value("recorded") {
        None => Recorded::Nothing,
        Some(value) if value.as_text() == Some("elsewhere") => Recorded::Elsewhere,
        Some(value) => Recorded::Here(read_operation(value, faults)),
    }
}

fn read_read(value: &Value<'_>, faults: &Faults) -> Read {
    let object = Object::of(value, &["revision", "reading"], faults);
    Read {
        revision: object.must_number("revision"),
        reading: object.value("reading").map(|value| read_reading(value, faults)),
    }
}

/// A trusted reply to `CHECK_STATUS`, by the parameters that describe the payment; anything but text becomes `{}`.
fn read_reading(value: &Value<'_>, faults: &Faults) -> Reading {
    const NAMES: &[&str] =
        &["response_code", "authorized_amount", "captured_amount", "refunded_amount", "transaction_status"];
    let object = Object::of(value, NAMES, faults);
    let text = |name| object.value(name).and_then(Value::as_text).unwrap_or_default();
    Reading::from_status(&payment::Status {
        response_code: text("response_code"),
        authorized_amount: text("authorized_amount"),
        captured_amount: text("captured_amount"),
        refunded_amount: text("refunded_amount"),
        transaction_status: text("transaction_status"),
        ..payment::Status::default()
    })
}

fn read_carry_out(value: &Value<'_>, faults: &Faults) -> CarryOut {
    const NAMES: &[&str] =
        &["event", "key", "fingerprint", "attempt", "recorded", "reading", "wait", "left", "lookedUp", "now"];
    let object = Object::of(value, NAMES, faults);
    CarryOut {
        key: object.must("key"),
        fingerprint: object.must("fingerprint"),
        attempt: object.must("attempt"),
        recorded: read_recorded(&object, faults),
        reading: object.value("reading").map(|value| read_read(value, faults)),
        wait: object.number("wait").unwrap_or_default(),
        left: object.number("left"),
        looked_up: object.flag("lookedUp"),
        now: object.must_instant("now"),
    }
}

fn read_observation(value: &Value<'_>, faults: &Faults) -> Observation {
    let object = Object::of(
        value,
        &["event", "key", "reading", "reference", "refunded", "assumeAbsentAfter", "askedAt"],
        faults,
    );
    Observation {
        key: object.text("key"),
        reading: read_reading(object.must_value("reading"), faults),
        reference: object.text("reference"),
        refunded: object.truth("refunded"),
        assume_absent_after: object.number("assumeAbsentAfter"),
        asked_at: object.must_instant("askedAt"),
    }
}

fn read_notice(value: &Value<'_>, faults: &Faults) -> Notice {
    const NAMES: &[&str] =
        &["event", "command", "amount", "currency", "status", "tag", "reference", "recorded", "searched", "now"];
    let object = Object::of(value, NAMES, faults);
    Notice {
        command: Command::named(&object.must("command")),
        amount: object.number("amount").unwrap_or_default(),
        currency: object.text("currency").unwrap_or_default(),
        status: object.must_word("status", STATUSES, Status::Uncertain),
        tag: object.text("tag"),
        reference: object.text("reference"),
        recorded: read_recorded(&object, faults),
        searched: object.flag("searched"),
        now: object.must_instant("now"),
    }
}

fn read_join(value: &Value<'_>, faults: &Faults) -> Join {
    const NAMES: &[&str] = &["event", "reference", "key", "timeout", "despite", "others", "fenced", "wait", "now"];
    let object = Object::of(value, NAMES, faults);
    Join {
        reference: object.text("reference"),
        key: object.must("key"),
        timeout: object.must_number("timeout"),
        despite: object.texts("despite"),
        others: read_others(&object, faults),
        fenced: object.texts("fenced"),
        wait: object.number("wait").unwrap_or_default(),
        now: object.must_instant("now"),
    }
}

/// `[["reference", state], …]`
fn read_others(object: &Object<'_>, faults: &Faults) -> Option<Vec<(String, State)>> {
    object.value("others")?;
    let read = |value: &Value<'_>| {
        if let [Value::Text(reference), state] = value.elements() {
            return Some((String::from(reference.as_ref()), read_state(state, faults)));
        }
        faults.wrong("others");
        None
    };
    Some(object.list("others").iter().filter_map(read).collect())
}
