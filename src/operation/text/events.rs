//! Events as JavaScript tells them: `{ "event": "ask", … }`.

use super::Fault;
use super::members::{Object, wrong};
use super::states::{STATUSES, read_operation, read_reference, read_state, read_totals};
use crate::message::value::{Value, find};
use crate::operation::event::{
    Ask, Basis, CarryOut, Event, Heard, Intent, Join, Mode, Notice, Observation, Prepared, Read, Reading, Recorded,
    Recover, Settle, Start,
};
use crate::operation::evidence::{DAY, tells_of_before};
use crate::operation::state::{Command, State, Totals};
use crate::payment::{self, WINDOW_DAYS};
use alloc::string::String;
use alloc::vec::Vec;

const USUAL_WINDOW: u64 = WINDOW_DAYS as u64 * DAY;

pub(super) fn read_event(value: &Value<'_>) -> Result<Event, Fault> {
    let name = find(value.members(), "event").and_then(Value::as_text).ok_or_else(|| wrong("event"))?;
    let only = |names: &[&str]| Object::of(value, names);
    Ok(match name {
        "ask" => Event::Ask(read_ask(value)?),
        "carry_out" => Event::CarryOut(read_carry_out(value)?),
        "start" => {
            let object = only(&["event", "key", "attempt", "elapsed", "left"])?;
            Event::Start(Start {
                key: object.must("key")?,
                attempt: object.must("attempt")?,
                elapsed: object.must_number("elapsed")?,
                left: object.number("left")?,
            })
        }
        "reply" => {
            let object = only(&["event", "key", "status", "code", "recorded", "now"])?;
            Event::Reply(Heard {
                key: object.must("key")?,
                status: object.must_word("status", STATUSES)?,
                answered_before: tells_of_before(&object.text("code")?.unwrap_or_default()),
                recorded: read_recorded(&object)?,
                now: object.must_instant("now")?,
            })
        }
        "not_sent" => {
            let object = only(&["event", "key", "attempt"])?;
            Event::NotSent { key: object.must("key")?, attempt: object.must("attempt")? }
        }
        "lost" => Event::Lost { key: only(&["event", "key"])?.must("key")? },
        "status" => Event::Status(read_observation(value)?),
        "patience_over" => Event::PatienceOver { key: only(&["event", "key"])?.must("key")? },
        "notification" => Event::Notification(read_notice(value)?),
        "recover" => {
            const PREPARED: &[(&str, Prepared)] =
                &[("send", Prepared::Send), ("release", Prepared::Release), ("leave", Prepared::Leave)];
            let object = only(&["event", "olderThan", "lease", "prepared", "now"])?;
            Event::Recover(Recover {
                older_than: object.must_number("olderThan")?,
                lease: object.must_number("lease")?,
                prepared: object.must_word("prepared", PREPARED)?,
                now: object.must_instant("now")?,
            })
        }
        "settle" => {
            let object = only(&["event", "key", "status", "recorded", "now"])?;
            Event::Settle(Settle {
                key: object.must("key")?,
                status: object.must_word("status", STATUSES)?,
                recorded: read_recorded(&object)?,
                now: object.must_instant("now")?,
            })
        }
        "forget" => Event::Forget { key: only(&["event", "key"])?.must("key")? },
        "same" => Event::Same(read_state(only(&["event", "state"])?.value("state").ok_or_else(|| wrong("state"))?)?),
        "join" => Event::Join(read_join(value)?),
        "fence" => only(&["event"]).map(|_| Event::Fence)?,
        "review" => {
            let object = only(&["event", "name", "others", "now"])?;
            Event::Review {
                name: object.must("name")?,
                others: read_others(&object)?.unwrap_or_default(),
                now: object.must_instant("now")?,
            }
        }
        "reviewed" => only(&["event"]).map(|_| Event::Reviewed)?,
        _ => return Err(wrong("event")),
    })
}

/// What the caller of an `ask` knows of the payment, if it is told.
pub(super) fn read_given(value: &Value<'_>) -> Result<Option<Totals>, Fault> {
    find(value.members(), "given").map(read_totals).transpose()
}

fn read_ask(value: &Value<'_>) -> Result<Ask, Fault> {
    const MODES: &[(&str, Mode)] = &[
        ("send", Mode::Send),
        ("send_regardless", Mode::SendRegardless),
        ("prepare", Mode::Prepare),
        ("expect", Mode::Expect),
    ];
    const NAMES: &[&str] = &[
        "event", "intent", "mode", "basis", "given", "recorded", "reading", "despite", "joined", "wait", "left",
        "lookedUp", "now",
    ];
    let object = Object::of(value, NAMES)?;
    Ok(Ask {
        intent: read_intent(object.value("intent").ok_or_else(|| wrong("intent"))?)?,
        mode: object.must_word("mode", MODES)?,
        basis: read_basis(object.value("basis").ok_or_else(|| wrong("basis"))?)?,
        recorded: read_recorded(&object)?,
        reading: object.value("reading").map(read_read).transpose()?,
        despite: object.texts("despite")?,
        joined: object.number("joined")?,
        wait: object.number("wait")?.unwrap_or_default(),
        left: object.number("left")?,
        looked_up: object.flag("lookedUp")?,
        now: object.must_instant("now")?,
    })
}

fn read_intent(value: &Value<'_>) -> Result<Intent, Fault> {
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
    let object = Object::of(value, NAMES)?;
    Ok(Intent {
        key: object.must("key")?,
        fingerprint: object.must("fingerprint")?,
        command: Command::named(&object.must("command")?),
        amount: object.number("amount")?.unwrap_or_default(),
        currency: object.text("currency")?.unwrap_or_default(),
        attempt: object.must("attempt")?,
        tag: object.text("tag")?,
        reference: object.value("reference").map(read_reference).transpose()?,
        order: object.text("order")?,
        timeout: object.must_number("timeout")?,
        window: object.number("window")?.unwrap_or(USUAL_WINDOW),
    })
}

/// `"read"`, `"new"`, `"unknown"`, or totals that were given.
fn read_basis(value: &Value<'_>) -> Result<Basis, Fault> {
    match value.as_text() {
        Some("read") => Ok(Basis::Read),
        Some("new") => Ok(Basis::New),
        Some("unknown") => Ok(Basis::Unknown),
        Some(_) => Err(wrong("basis")),
        None => read_totals(value).map(Basis::Given),
    }
}

/// `"elsewhere"`, or an operation as it was written.
fn read_recorded(object: &Object<'_>) -> Result<Recorded, Fault> {
    match object.value("recorded") {
        None => Ok(Recorded::Nothing),
        Some(value) if value.as_text() == Some("elsewhere") => Ok(Recorded::Elsewhere),
        Some(value) => read_operation(value).map(Recorded::Here),
    }
}

fn read_read(value: &Value<'_>) -> Result<Read, Fault> {
    let object = Object::of(value, &["revision", "reading"])?;
    Ok(Read {
        revision: object.must_number("revision")?,
        reading: object.value("reading").map(read_reading).transpose()?,
    })
}

/// A believed reply to `CHECK_STATUS`, by the parameters that tell of the payment; what is no text reads `{}`.
fn read_reading(value: &Value<'_>) -> Result<Reading, Fault> {
    const NAMES: &[&str] =
        &["response_code", "authorized_amount", "captured_amount", "refunded_amount", "transaction_status"];
    let object = Object::of(value, NAMES)?;
    let text = |name| object.value(name).and_then(Value::as_text).unwrap_or_default();
    Ok(Reading::told_by(&payment::Status {
        response_code: text("response_code"),
        authorized_amount: text("authorized_amount"),
        captured_amount: text("captured_amount"),
        refunded_amount: text("refunded_amount"),
        transaction_status: text("transaction_status"),
        ..payment::Status::default()
    }))
}

fn read_carry_out(value: &Value<'_>) -> Result<CarryOut, Fault> {
    const NAMES: &[&str] = &["event", "key", "attempt", "recorded", "reading", "wait", "left", "lookedUp", "now"];
    let object = Object::of(value, NAMES)?;
    Ok(CarryOut {
        key: object.must("key")?,
        attempt: object.must("attempt")?,
        recorded: read_recorded(&object)?,
        reading: object.value("reading").map(read_read).transpose()?,
        wait: object.number("wait")?.unwrap_or_default(),
        left: object.number("left")?,
        looked_up: object.flag("lookedUp")?,
        now: object.must_instant("now")?,
    })
}

fn read_observation(value: &Value<'_>) -> Result<Observation, Fault> {
    let object = Object::of(value, &["event", "key", "reading", "refunded", "assumeAbsentAfter", "askedAt"])?;
    Ok(Observation {
        key: object.text("key")?,
        reading: read_reading(object.value("reading").ok_or_else(|| wrong("reading"))?)?,
        refunded: object.truth("refunded")?,
        assume_absent_after: object.number("assumeAbsentAfter")?,
        asked_at: object.must_instant("askedAt")?,
    })
}

fn read_notice(value: &Value<'_>) -> Result<Notice, Fault> {
    const NAMES: &[&str] =
        &["event", "command", "amount", "currency", "status", "tag", "reference", "recorded", "searched", "now"];
    let object = Object::of(value, NAMES)?;
    Ok(Notice {
        command: Command::named(&object.must("command")?),
        amount: object.number("amount")?.unwrap_or_default(),
        currency: object.text("currency")?.unwrap_or_default(),
        status: object.must_word("status", STATUSES)?,
        tag: object.text("tag")?,
        reference: object.text("reference")?,
        recorded: read_recorded(&object)?,
        searched: object.flag("searched")?,
        now: object.must_instant("now")?,
    })
}

fn read_join(value: &Value<'_>) -> Result<Join, Fault> {
    const NAMES: &[&str] = &["event", "reference", "key", "timeout", "despite", "others", "fenced", "wait", "now"];
    let object = Object::of(value, NAMES)?;
    Ok(Join {
        reference: object.text("reference")?,
        key: object.must("key")?,
        timeout: object.must_number("timeout")?,
        despite: object.texts("despite")?,
        others: read_others(&object)?,
        fenced: object.texts("fenced")?,
        wait: object.number("wait")?.unwrap_or_default(),
        now: object.must_instant("now")?,
    })
}

/// `[["reference", state], …]`
fn read_others(object: &Object<'_>) -> Result<Option<Vec<(String, State)>>, Fault> {
    if object.value("others").is_none() {
        return Ok(None);
    }
    let read = |value: &Value<'_>| match value.elements() {
        [Value::Text(reference), state] => Ok((String::from(reference.as_ref()), read_state(state)?)),
        _ => Err(wrong("others")),
    };
    object.list("others")?.iter().map(read).collect::<Result<Vec<_>, _>>().map(Some)
}
