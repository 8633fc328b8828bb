//! What is tried: which calls are made, what may go wrong, and what must hold all the same.

use super::world::{Books, Call, Do, Payment, Worker, World};
use aps_payops::operation::{Command, Totals};
use std::collections::{BTreeMap, BTreeSet};

/// A case. What may go wrong as often as it likes: requests and replies are lost, and come in any order.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that may go wrong")]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) payments: Vec<Payment>,
    /// The calls that each function makes, one after another.
    pub(crate) calls: Vec<Vec<Call>>,
    pub(crate) ticks: i64,
    /// Whether a request may arrive after a tick, and `CHECK_STATUS` be behind for longer: without (b) and (c).
    pub(crate) is_late: bool,
    /// Whether `CHECK_STATUS` may be behind at all.
    pub(crate) lags: bool,
    /// Whether notifications tell which operation they are about.
    pub(crate) tags: bool,
    pub(crate) crashes: u8,
    /// How many swaps may have an end that nobody knows.
    pub(crate) cuts: u8,
    /// How many movements there may be that are not ours.
    pub(crate) outside: u8,
    /// How many words of a person there may be.
    pub(crate) words: u8,
    /// Whether the connection to the gateway may be refused.
    pub(crate) refuses: bool,
}

impl Case {
    pub(crate) fn new(name: &'static str, payments: Vec<Payment>, calls: Vec<Vec<Call>>) -> Self {
        Self {
            name,
            payments,
            calls,
            ticks: 1,
            is_late: false,
            lags: false,
            tags: true,
            crashes: 0,
            cuts: 0,
            outside: 0,
            words: 0,
            refuses: false,
        }
    }

    pub(crate) fn world(&self) -> World {
        World {
            payments: self.payments.iter().map(|own| Payment { outside: self.outside, ..own.clone() }).collect(),
            rows: BTreeMap::new(),
            requests: BTreeSet::new(),
            notices: BTreeSet::new(),
            workers: self.calls.iter().map(|_| Worker::new(0)).collect(),
            heard: None,
            tick: 0,
            lags: self.lags,
            crashes: self.crashes,
            cuts: self.cuts,
            outside: self.outside,
            words: self.words,
            to_come: BTreeMap::new(),
            is_mistaken: false,
            reported: BTreeSet::new(),
            broken: None,
        }
    }

    pub(crate) fn call(&self, worker: usize, begun: usize) -> &Call {
        &self.calls[worker][begun - 1]
    }

    /// Whether what the engine is sure of by totals, or by absence, must be so.
    pub(crate) const fn is_within(&self) -> bool {
        !self.is_late && self.outside == 0 && self.words == 0
    }
}

/// A payment that the gateway has and the store has never seen.
pub(crate) fn authorized(amount: u64) -> Payment {
    let totals = Totals { authorized: amount, ..Totals::default() };
    let books = Books { totals, last: "02", done: vec![] };
    Payment { name: "P", shown: books.clone(), books, ..Payment::default() }
}

pub(crate) fn purchased(amount: u64) -> Payment {
    let totals = Totals { authorized: amount, captured: amount, ..Totals::default() };
    let books = Books { totals, last: "14", done: vec![] };
    Payment { name: "P", shown: books.clone(), books, ..Payment::default() }
}

pub(crate) fn unused(name: &'static str) -> Payment {
    Payment { name, ..Payment::default() }
}

pub(crate) fn call(what: Do, key: &'static str, command: Command, amount: u64) -> Call {
    Call { what, payment: 0, key, command, amount, order: None, despite: vec![] }
}

pub(crate) fn capture(key: &'static str) -> Call {
    call(Do::Send, key, Command::Capture, 1)
}
