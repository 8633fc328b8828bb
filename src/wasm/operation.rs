//! The engine of operations: one call, state and event in, decision out.

use super::buffer::call;
use crate::message::writer::Writer;
use crate::operation::{Fault, answer};
use wasm_bindgen::prelude::wasm_bindgen;

/// Decides: a state (`null` for a new payment) and an event behind it, each JSON. Leaves the decision as JSON and the texts
/// that it numbers, or `{ "fault": "malformed" | "newer" | "member", "member": … }` if they cannot be read; then nothing was
/// decided.
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
