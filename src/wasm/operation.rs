//! The engine of operations: a single call that takes state and event and returns a decision.

use super::buffer::call;
use crate::message::writer::Writer;
use crate::operation::{Fault, answer};
use wasm_bindgen::prelude::wasm_bindgen;

/// Decides on a state (`null` for a new payment) followed by an event, both JSON. Returns the decision as JSON and the texts
/// that it refers to by number, or `{ "fault": "malformed" | "newer" | "member", "member": … }` if they cannot be read; in
/// that case nothing was decided.
#[wasm_bindgen]
#[must_use]
pub fn decide(length: usize) -> usize {
    call(length, |arguments, out| match answer(arguments) {
        Ok(decision) => out.push_str(&decision),
        Err(fault) => {
            let mut writer = Writer::new();
            writer.begin_object();
            match &fault {
                Fault::Malformed => writer.member("fault", "malformed"),
                Fault::Newer => writer.member("fault", "newer"),
                Fault::Member(member) => {
                    writer.member("fault", "member");
                    writer.member("member", member);
                }
            }
            writer.end_object();
            out.push_str(&writer.finish());
        }
    })
}
