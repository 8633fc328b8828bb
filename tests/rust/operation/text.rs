//! States, events and decisions as text.

use aps_payops::operation::{
    Attempt, Command, Contradiction, Evidence, First, Operation, Reference, State, Status, Suspect, Totals,
};
use aps_payops::operation::{
    Fault, answer, decide, read_operation_text, read_state_text, write_operation, write_state,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

fn tell(state: &str, event: &Value) -> Value {
    decision_of(&answer(&format!("{state}{event}")).expect("a decision"))
}

/// A decision with its texts in their places, as JavaScript makes it.
fn decision_of(answer: &str) -> Value {
    let mut texts = answer.split('\0');
    let mut decision: Value = serde_json::from_str(texts.next().expect("JSON")).expect("JSON");
    let texts: Vec<&str> = texts.collect();
    let mut numbers = vec![];
    let mut put = |place: &mut Value| {
        let number = place.as_u64().expect("a number");
        numbers.push(number);
        *place = json!(texts[usize::try_from(number).expect("small") - 1]);
    };
    if decision["record"] == json!(true) {
        put(&mut decision["state"]);
        for change in decision["changes"].as_array_mut().expect("a list") {
            if change["change"] != json!("remove") {
                put(&mut change["operation"]);
            }
        }
    }
    assert!(numbers.into_iter().eq(1..=texts.len() as u64), "{answer}");
    decision
}

/// The parameters of a reply to `CHECK_STATUS` that the engine reads.
fn status_reply(captured: u16, last: &str) -> Value {
    json!({ "response_code": "12000", "authorized_amount": "10000", "captured_amount": captured.to_string(),
            "transaction_status": last })
}

fn intent() -> Value {
    json!({ "key": "a", "fingerprint": "1:x", "command": "CAPTURE", "amount": 3000, "currency": "AED", "attempt": "t-1",
            "tag": "g-1", "timeout": 60000, "window": 604_800_000 })
}

/// What JavaScript writes and reads, from the wish to the proof.
#[test]
fn a_capture_whose_answer_is_lost() {
    let ask = json!({ "event": "ask", "intent": intent(), "mode": "send", "basis": "read", "wait": 0, "now": 1 });
    let decision = tell("null", &ask);
    assert_eq!(
        decision,
        json!({ "record": false, "next": { "do": "look_up", "for": "baseline", "revision": 0 }, "reports": [] })
    );
    let mut read = ask;
    read["reading"] = json!({ "revision": 0, "reading": status_reply(0, "02") });
    let decision = tell("null", &read);
    assert_eq!(
        (&decision["record"], &decision["revision"], &decision["next"]["do"]),
        (&json!(true), &json!(1), &json!("start"))
    );
    let change = &decision["changes"][0];
    assert_eq!(
        (&change["change"], &change["key"], &change["status"], &change["tag"]),
        (&json!("insert"), &json!("a"), &json!("sent"), &json!("g-1"))
    );
    let state = decision["state"].as_str().expect("a text").to_owned();
    let operation = change["operation"].as_str().expect("a text").to_owned();
    assert!(state.starts_with(r#"{"v":1,"#) && operation.starts_with(r#"{"v":1,"#));
    let start = json!({ "event": "start", "key": "a", "attempt": "t-1", "elapsed": 5, "left": null });
    assert_eq!(tell(&state, &start)["next"], json!({ "do": "send", "timeout": 60000 }));
    let decision = tell(&state, &json!({ "event": "lost", "key": "a" }));
    assert_eq!(decision["next"], json!({ "do": "look_up", "for": "outcome" }));
    let state = decision["state"].as_str().expect("a text").to_owned();
    let decision =
        tell(&state, &json!({ "event": "status", "key": "a", "reading": status_reply(3000, "04"), "askedAt": 9 }));
    assert_eq!(decision["next"], json!({ "do": "answer", "answer": "settled", "status": "succeeded" }));
    assert_eq!(decision["changes"][0]["evidence"], json!("totals"));
    assert_eq!(decision.get("open"), None);
    // The same key again, with the operation as the store has it.
    let state = decision["state"].as_str().expect("a text").to_owned();
    let recorded = decision["changes"][0]["operation"].clone();
    let ask =
        json!({ "event": "ask", "intent": intent(), "mode": "send", "basis": "read", "recorded": recorded, "now": 10 });
    assert_eq!(tell(&state, &ask)["next"], json!({ "do": "answer", "answer": "recorded", "status": "succeeded" }));
}

/// Another payment may have a refund with the same reference, and an answer may name no payment at all.
#[test]
fn a_refund_is_proven_by_its_reference_only_if_the_answer_names_its_payment() {
    let mut wanted = intent();
    wanted["command"] = json!("REFUND");
    wanted["reference"] = json!({ "text": "r-1", "once": true });
    let ask = json!({ "event": "ask", "intent": wanted, "mode": "send", "basis": "unknown", "wait": 0, "now": 1 });
    let sent = tell("null", &ask)["state"].as_str().expect("a text").to_owned();
    let outcome = |code: &str, status: &str, [told, with, known]: [&Value; 3]| {
        let refund = json!({ "response_code": code, "transaction_status": status, "told": told, "sent": with,
                             "known": known });
        let about = json!({ "event": "status", "key": "a", "reading": {}, "reference": "r-1", "refund": refund,
                            "askedAt": 9 });
        tell(&sent, &about)["changes"][0]["evidence"].clone()
    };
    let none = json!(["", "", ""]);
    let [both, reference, fort_id] = [["O-1", "1", "r-1"], ["O-1", "", "r-1"], ["", "1", "r-1"]].map(|own| json!(own));
    // What was told; with what the refund was sent; what is known of the payment; and whether it is proven.
    for (told, with, known, is_proven) in [
        (json!(["O-1", "", ""]), &both, &none, true),
        (json!(["", "1", ""]), &both, &none, true),
        (json!(["O-1", "1", "r-1"]), &both, &both, true),
        (json!(["O-1", "", ""]), &fort_id, &both, true),
        (json!(["", "1", ""]), &reference, &both, true),
        // Two payments have the reference, and the lookup of the totals told of the other.
        (json!(["O-1", "2", "r-1"]), &reference, &both, true),
        (json!(["O-1", "2", "r-1"]), &both, &both, false),
        (json!(["O-1", "2", "r-1"]), &fort_id, &both, false),
        (json!(["", "2", "r-1"]), &reference, &both, false),
        (json!(["O-2", "1", "r-1"]), &fort_id, &both, false),
        (json!([]), &both, &both, false),
        (json!(["", "", ""]), &both, &both, false),
        (json!(["", "", "r-1"]), &both, &both, false),
        (json!(["O-1", "", ""]), &fort_id, &none, false),
        (json!(["O-2", "", ""]), &both, &both, false),
        (json!(["O-2", "1", ""]), &both, &both, false),
        (json!(["O-1", "", "r-2"]), &both, &both, false),
    ] {
        let expected = if is_proven { json!("reference") } else { Value::Null };
        assert_eq!(outcome("12000", "06", [&told, with, known]), expected, "{told} {with} {known}");
        assert_eq!(outcome("12000", "07", [&told, with, known]), Value::Null, "{told}");
        assert_eq!(outcome("12036", "06", [&told, with, known]), Value::Null, "{told}");
    }
}

/// The reply that is kept is the one that the outcome comes from.
#[test]
fn a_message_is_kept_only_if_the_outcome_comes_from_it() {
    let ask = json!({ "event": "ask", "intent": intent(), "mode": "send", "basis": "unknown", "wait": 0, "now": 1 });
    let mut state = tell("null", &ask)["state"].as_str().expect("a text").to_owned();
    let mut recorded = Value::Null;
    let mut hear = |event: &str, status: &str| {
        let mut message = json!({ "event": event, "status": status, "recorded": recorded, "now": 2 });
        let more = if event == "reply" {
            json!({ "key": "a" })
        } else {
            json!({ "command": "CAPTURE", "amount": 3000, "currency": "AED", "tag": "g-1", "searched": true })
        };
        message.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let decision = tell(&state, &message);
        let change = &decision["changes"][0];
        state = decision["state"].as_str().expect("a text").to_owned();
        recorded = change["operation"].clone();
        (change["evidence"].clone(), change["keepsMessage"] == json!(true))
    };
    assert_eq!(hear("reply", "uncertain"), (Value::Null, true));
    assert_eq!(hear("notification", "pending"), (Value::Null, true));
    assert_eq!(hear("notification", "succeeded"), (json!("notification"), true));
    assert_eq!(hear("notification", "succeeded"), (json!("notification"), false));
    assert_eq!(hear("reply", "succeeded"), (json!("notification"), false));
    assert_eq!(hear("notification", "failed"), (json!("notification"), false), "a contradiction");
}

#[test]
fn what_cannot_be_read_is_a_fault_that_names_it() {
    let member = |name: &str| Err(Fault::Member(name.into()));
    for (arguments, fault) in [
        (String::new(), Err(Fault::Malformed)),
        ("null".into(), Err(Fault::Malformed)),
        ("{}{".into(), Err(Fault::Malformed)),
        (r#"{"v":2,"revision":1}{"event":"fence"}"#.into(), Err(Fault::Newer)),
        (r#"{"v":0,"revision":1}{"event":"fence"}"#.into(), member("v")),
        (r#"{"v":1,"revision":-1}{"event":"fence"}"#.into(), member("revision")),
        (r#"{"v":1,"revision":1,"other":1}{"event":"fence"}"#.into(), member("other")),
        (r#"null{"event":"other"}"#.into(), member("event")),
        (r#"null{"event":"lost"}"#.into(), member("key")),
        (r#"null{"event":"lost","key":"a","kye":"a"}"#.into(), member("kye")),
        (r#"null{"event":"reply","key":"a","status":"done","now":1}"#.into(), member("status")),
        (r#"null{"event":"start","key":"a","attempt":"b","elapsed":1.5}"#.into(), member("elapsed")),
        (r#"null{"event":"start","key":"a","attempt":"b","elapsed":1,"left":"soon"}"#.into(), member("left")),
    ] {
        assert_eq!(answer(&arguments).map(|_| ()), fault, "{arguments}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,4}", any::<String>().prop_filter("no text", |text| !text.is_empty())]
}

fn status() -> impl Strategy<Value = Status> {
    use Status::{ActionRequired, Failed, Pending, Prepared, Rejected, Sent, Succeeded, Uncertain};
    proptest::sample::select(vec![Prepared, Sent, ActionRequired, Pending, Uncertain, Succeeded, Failed, Rejected])
}

fn evidence() -> impl Strategy<Value = Evidence> {
    use Evidence::{Assumed, Notification, Person, Reference, Reply, Totals};
    proptest::sample::select(vec![Reply, Notification, Reference, Totals, Assumed, Person])
}

fn totals() -> impl Strategy<Value = Totals> {
    let digits = 0..10_000_000_000u64;
    let totals = (digits.clone(), digits.clone(), digits, any::<bool>());
    totals.prop_map(|(authorized, captured, refunded, voided)| Totals { authorized, captured, refunded, voided })
}

fn command() -> impl Strategy<Value = Command> {
    let known = ["AUTHORIZATION", "PURCHASE", "CAPTURE", "VOID_AUTHORIZATION", "REFUND", "PROCESS_BATCH"];
    proptest::sample::select(known.to_vec()).prop_map(Command::named)
}

fn operation() -> impl Strategy<Value = Operation> {
    let texts = (text(), text(), text(), option::of(text()), option::of((text(), any::<bool>())));
    let what = (command(), any::<u64>(), status(), option::of(evidence()), totals());
    let when = (any::<i64>(), any::<u64>(), any::<u64>(), option::of((status(), evidence(), any::<i64>())));
    (texts, what, when, vec(any::<bool>(), 9)).prop_map(|(texts, what, when, facts)| {
        let (key, fingerprint, attempt, tag, reference) = texts;
        let (command, amount, status, evidence, baseline) = what;
        let (at, timeout, window, contradiction) = when;
        Operation {
            key,
            fingerprint,
            command,
            amount,
            currency: if facts[0] { "AED".into() } else { String::new() },
            attempt,
            tag,
            reference: reference.map(|(text, once)| Reference { text, once }),
            status,
            evidence,
            baseline,
            has_baseline: facts[1],
            contested: facts[2],
            alone: facts[3],
            prepared: facts[4],
            credited: facts[5],
            expected: facts[6],
            answered_before: facts[7],
            lapsed: facts[8],
            notified: facts[0] ^ facts[1],
            at,
            timeout,
            window,
            contradiction: contradiction.map(|(status, evidence, at)| Contradiction { status, evidence, at }),
        }
    })
}

fn suspect() -> impl Strategy<Value = Suspect> {
    (text(), command(), any::<u64>(), option::of(text()), option::of(text()), any::<bool>()).prop_map(
        |(key, command, amount, tag, reference, forgotten)| Suspect { key, command, amount, tag, reference, forgotten },
    )
}

fn state() -> impl Strategy<Value = State> {
    let attempt = (text(), text(), any::<i64>(), any::<u64>()).prop_map(|(reference, key, at, timeout)| Attempt {
        reference,
        key,
        at,
        timeout,
    });
    let first = (text(), status()).prop_map(|(key, status)| First { key, status });
    let some = (any::<u64>(), option::of(text()), totals(), totals(), option::of(any::<i64>()), option::of(first));
    let lists = (option::of(operation()), vec(suspect(), 0..3), vec(attempt, 0..3), vec(text(), 0..3));
    (some, lists, option::of(any::<i64>()), vec(any::<bool>(), 4)).prop_map(|(some, lists, leased_until, facts)| {
        let (revision, order, known, sums, lapses_at, first) = some;
        let (lane, suspects, attempts, paid_twice) = lists;
        State {
            revision,
            order,
            known,
            sums,
            lapses_at,
            first,
            shared: facts[0],
            repeated: facts[1],
            lane,
            suspects,
            leased_until,
            unread: facts[2],
            attempts,
            review_due: facts[3],
            paid_twice,
        }
    })
}

#[test]
fn a_number_or_a_string_is_no_state() {
    for text in ["5", "-1.5", "\"5\"", "\"{}\""] {
        assert!(read_state_text(text).is_err() && read_operation_text(text).is_err(), "{text}");
        assert!(answer(&format!("{text}{{}}")).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(state in state(), operation in operation()) {
        let text = write_state(&state);
        prop_assert_eq!(read_state_text(&text), Ok(state));
        prop_assert_eq!(read_operation_text(&write_operation(&operation)), Ok(operation));
        // Others read it as JSON as well.
        prop_assert_eq!(serde_json::from_str::<Value>(&text).map(|_| ()).map_err(|error| error.to_string()), Ok(()));
    }

    #[test]
    fn no_text_breaks_it(text in ".{0,60}", state in state()) {
        let _ = answer(&text);
        let _ = answer(&(write_state(&state) + &text));
        let _ = read_state_text(&text);
    }

    /// A state that nobody can have come to is decided on like any other: nothing panics, and what changes is recorded.
    #[test]
    fn any_state_and_event_are_decided_on(state in state(), key in text(), status in status(), now in any::<i64>()) {
        use aps_payops::operation::{Event, Heard, Observation, Reading, Recorded, Recover, Prepared, Settle};
        let lane = state.lane.as_ref().map_or(key.clone(), |own| own.key.clone());
        let recorded = state.lane.clone().map_or(Recorded::Nothing, Recorded::Here);
        let reading = Reading { totals: Some(state.sums), found: true, last: "04".into() };
        for event in [
            Event::Lost { key: lane.clone() },
            Event::Forget { key: lane.clone() },
            Event::Reply(Heard { key: lane.clone(), status, answered_before: true, recorded: recorded.clone(), now }),
            Event::Status(Observation { key: None, reading, reference: Some("r".into()), refunded: Some(true), assume_absent_after: Some(0), asked_at: now }),
            Event::Recover(Recover { older_than: 0, lease: 1, prepared: Prepared::Release, now }),
            Event::Settle(Settle { key: lane, status, recorded, now }),
            Event::Same(state.clone()),
        ] {
            let decision = decide(&state, &event);
            prop_assert_eq!(decision.record, decision.state != state || state.revision == u64::MAX && decision.record);
            prop_assert_eq!(decision.state.revision, state.revision.saturating_add(u64::from(decision.record)));
        }
    }
}

/// A trace of texts replays to the same texts: what is recorded in a run can be decided again.
#[derive(Clone, Debug)]
enum Step {
    Ask(u8),
    Reply(Status),
    Lost,
    Look(u16),
    Notify(Status),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4u8).prop_map(Step::Ask),
        status().prop_map(Step::Reply),
        Just(Step::Lost),
        (0..4u16).prop_map(|captured| Step::Look(captured * 1_000)),
        status().prop_map(Step::Notify),
    ]
}

fn event_of(step: &Step, state: &State, now: usize) -> Value {
    let totals = |captured: u16| status_reply(captured, if captured == 0 { "02" } else { "04" });
    let key = state.lane.as_ref().map_or("a", |own| own.key.as_str());
    match step {
        Step::Ask(number) => {
            let key = format!("k{number}");
            let own = json!({ "key": key, "fingerprint": "1", "command": "CAPTURE", "amount": 1000, "currency": "AED",
                              "attempt": format!("t{now}"), "tag": key, "timeout": 1, "window": 1 });
            json!({ "event": "ask", "intent": own, "mode": "send", "basis": "read", "lookedUp": true, "now": now,
                    "reading": { "revision": state.revision, "reading": totals(0) } })
        }
        Step::Reply(status) => json!({ "event": "reply", "key": key, "status": name(*status), "now": now }),
        Step::Lost => json!({ "event": "lost", "key": key }),
        Step::Look(captured) => json!({ "event": "status", "reading": totals(*captured), "askedAt": now }),
        Step::Notify(status) => {
            json!({ "event": "notification", "command": "CAPTURE", "amount": 1000, "currency": "AED",
                                        "status": name(*status), "tag": key, "now": now })
        }
    }
}

fn name(status: Status) -> &'static str {
    match status {
        Status::Prepared => "prepared",
        Status::Sent => "sent",
        Status::ActionRequired => "action_required",
        Status::Pending => "pending",
        Status::Uncertain => "uncertain",
        Status::Succeeded => "succeeded",
        Status::Failed => "failed",
        Status::Rejected => "rejected",
    }
}

proptest! {
    #[test]
    fn a_recorded_trace_replays(steps in vec(step(), 1..40)) {
        let mut state = String::from("null");
        let mut trace = vec![];
        for (now, step) in steps.iter().enumerate() {
            let read = if state == "null" { State::default() } else { read_state_text(&state).expect("a state") };
            let event = event_of(step, &read, now).to_string();
            let decision = answer(&format!("{state}{event}")).expect("a decision");
            let value = decision_of(&decision);
            if let Some(next) = value["state"].as_str() {
                state = next.into();
            }
            trace.push((event, decision));
        }
        // Later, from the events alone.
        let mut replayed = String::from("null");
        for (event, decision) in trace {
            let again = answer(&format!("{replayed}{event}")).expect("a decision");
            prop_assert_eq!(&again, &decision);
            let value = decision_of(&again);
            if let Some(next) = value["state"].as_str() {
                replayed = next.into();
            }
        }
        prop_assert_eq!(replayed, state);
    }
}

/// What a reply says of an attempt before, and what the caller knows of the payment, the texts tell as APS and JavaScript do.
#[test]
fn codes_of_an_attempt_before_and_a_payment_that_is_behind() {
    let state = |given: Value| {
        let ask = json!({ "event": "ask", "intent": intent(), "mode": "send", "basis": { "authorized": 10000 },
                          "given": given, "now": 1 });
        tell("null", &ask)
    };
    assert_eq!(state(json!({ "authorized": 10000 })).get("behind"), None);
    assert_eq!(state(json!({ "authorized": 10000, "captured": 1 }))["behind"], json!(true));
    let sent = state(Value::Null)["state"].as_str().expect("a text").to_owned();
    for (code, purpose) in [("00066", "once"), ("00007", "once"), ("00047", "once"), ("15777", "outcome")] {
        let reply = json!({ "event": "reply", "key": "a", "status": "uncertain", "code": code, "now": 2 });
        assert_eq!(tell(&sent, &reply)["next"], json!({ "do": "look_up", "for": purpose }), "{code}");
    }
}
