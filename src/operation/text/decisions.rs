//! Decisions in the format that JavaScript reads.

use super::members::word_of;
use super::states::{Part, flag, number, push_texts, push_totals, write_operation, write_state};
use crate::message::writer::Writer;
use crate::operation::decision::{Answer, Change, Decision, Find, LookUp, Next, Purpose, Refusal, Report};
use crate::operation::state::{Operation, Status};
use crate::text::push_ascii;
use alloc::string::String;
use alloc::vec::Vec;

const REFUSALS: &[(&str, Refusal)] = &[
    ("busy", Refusal::Busy),
    ("other_contents", Refusal::OtherContents),
    ("deadline", Refusal::Deadline),
    ("not_prepared", Refusal::NotPrepared),
    ("unknown_operation", Refusal::UnknownOperation),
    ("paid_already", Refusal::PaidAlready),
];

/// `{ record, state, revision, open, attention, order, changes, reviewDue, behind, next, reports }` and the texts that it
/// refers to by number: see the parent module.
pub(super) fn write_decision(decision: &Decision, behind: bool) -> String {
    let mut out = Writer::with_capacity(2048);
    let mut texts = Vec::new();
    let state = &decision.state;
    out.begin_object();
    out.name("record");
    out.boolean(decision.record);
    if decision.record {
        number(&mut out, "state", numbered(&mut texts, write_state(state)));
        number(&mut out, "revision", state.revision);
        flag(&mut out, "open", state.lane.is_some());
        flag(&mut out, "attention", state.needs_attention());
        state.order.write(&mut out, "order");
        out.name("changes");
        out.begin_list();
        decision.changes.iter().for_each(|change| push_change(&mut out, change, &mut texts));
        out.end_list();
    }
    flag(&mut out, "reviewDue", state.review_due);
    flag(&mut out, "behind", behind);
    out.name("next");
    push_next(&mut out, &decision.next);
    out.name("reports");
    out.begin_list();
    decision.reports.iter().for_each(|report| push_report(&mut out, report));
    out.end_list();
    out.end_object();
    let mut answer = out.finish();
    for text in texts {
        push_ascii(&mut answer, 0);
        answer.push_str(&text);
    }
    answer
}

/// The number, from 1, of a text that will follow the decision.
fn numbered(texts: &mut Vec<String>, text: String) -> u64 {
    texts.push(text);
    texts.len() as u64
}

fn push_change(out: &mut Writer, change: &Change, texts: &mut Vec<String>) {
    out.begin_object();
    match change {
        Change::Insert(own) => push_columns(out, "insert", own, texts),
        Change::Update { operation, keeps_message } => {
            push_columns(out, "update", operation, texts);
            flag(out, "keepsMessage", *keeps_message);
        }
        Change::Remove(key) => {
            out.member("change", "remove");
            out.member("key", key);
        }
    }
    out.end_object();
}

/// The text to store, and the columns that a store may want to list by.
fn push_columns(out: &mut Writer, change: &str, own: &Operation, texts: &mut Vec<String>) {
    out.member("change", change);
    out.member("key", &own.key);
    number(out, "operation", numbered(texts, write_operation(own)));
    out.member("command", own.command.name());
    number(out, "amount", own.amount);
    out.member("currency", &own.currency);
    own.status.write(out, "status");
    own.evidence.write(out, "evidence");
    flag(out, "open", own.status.is_open());
    own.tag.write(out, "tag");
    if let Some(reference) = &own.reference {
        out.member("reference", &reference.text);
    }
    flag(out, "notified", own.notified);
    flag(out, "lapsed", own.lapsed);
    flag(out, "contradiction", own.contradiction.is_some());
}

fn push_next(out: &mut Writer, next: &Next) {
    out.begin_object();
    match next {
        Next::Again => out.member("do", "again"),
        Next::LookUp(LookUp { purpose, reference }) => {
            out.member("do", "look_up");
            match purpose {
                Purpose::Baseline { revision } => {
                    out.member("for", "baseline");
                    number(out, "revision", *revision);
                }
                Purpose::Outcome => out.member("for", "outcome"),
                Purpose::Once => out.member("for", "once"),
            }
            reference.write(out, "reference");
        }
        Next::Start => out.member("do", "start"),
        Next::Send { timeout } => {
            out.member("do", "send");
            number(out, "timeout", *timeout);
        }
        Next::Wait { at_most } => {
            out.member("do", "wait");
            number(out, "atMost", *at_most);
        }
        Next::LoadOthers(references) => {
            out.member("do", "load_others");
            push_texts(out, "references", references);
        }
        Next::Join(order) => {
            out.member("do", "join");
            order.write(out, "order");
        }
        Next::Joined => out.member("do", "joined"),
        Next::Fence(references) => {
            out.member("do", "fence");
            push_texts(out, "references", references);
        }
        Next::Find(find) => {
            out.member("do", "find");
            match find {
                Find::Key(key) => out.member("key", key),
                Find::Tag(tag) => out.member("tag", tag),
                Find::Reference(reference) => out.member("reference", reference),
                Find::Alike => flag(out, "alike", true),
            }
        }
        Next::CarryOut(key) => {
            out.member("do", "carry_out");
            out.member("key", key);
        }
        Next::Review(order) => {
            out.member("do", "review");
            order.write(out, "order");
        }
        Next::Answer(answer) => push_answer(out, *answer),
    }
    out.end_object();
}

fn push_answer(out: &mut Writer, answer: Answer) {
    let mut push = |answer: &str, status: Option<Status>| {
        out.member("do", "answer");
        out.member("answer", answer);
        status.write(out, "status");
    };
    match answer {
        Answer::Settled(status) => push("settled", Some(status)),
        Answer::Recorded(status) => push("recorded", Some(status)),
        Answer::Open(status) => push("open", Some(status)),
        Answer::Nothing => push("nothing", None),
        Answer::NotSent => push("not_sent", None),
        Answer::NoBaseline => push("no_baseline", None),
        Answer::Unattributed => push("unattributed", None),
        Answer::Refused(refusal) => {
            push("refused", None);
            out.member("code", word_of(refusal, REFUSALS));
        }
    }
}

fn push_report(out: &mut Writer, report: &Report) {
    out.begin_object();
    match report {
        Report::Outside { known, reported, suspects } => {
            out.member("report", "outside");
            push_totals(out, "known", *known);
            push_totals(out, "reported", *reported);
            push_texts(out, "suspects", suspects);
        }
        Report::Contradiction { key, stands, other } => {
            out.member("report", "contradiction");
            out.member("key", key);
            stands.write(out, "stands");
            other.write(out, "other");
        }
        Report::Lapsed { key } => {
            out.member("report", "lapsed");
            out.member("key", key);
        }
        Report::PaidTwice { references } => {
            out.member("report", "paid_twice");
            push_texts(out, "references", references);
        }
        Report::Assumed { key } => {
            out.member("report", "assumed");
            out.member("key", key);
        }
    }
    out.end_object();
}
