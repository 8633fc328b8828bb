//! What there is: a gateway with real books, a store, two functions and what is on its way between them.

use aps_payops::operation::{Command, Decision, Operation, Purpose, Read, Reading, State, Status, Totals};
use std::collections::{BTreeMap, BTreeSet};

/// How much time passes at once: as long as the merchant says that a request is under way at most.
pub(crate) const TICK: i64 = 960_000;
pub(crate) const TIMEOUT: u64 = 60_000;
pub(crate) const CURRENCY: &str = "AED";

/// What the gateway did on a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Books {
    pub(crate) totals: Totals,
    /// `transaction_status` of the last operation; empty if there is no such order.
    pub(crate) last: &'static str,
    /// The keys of what was carried out, in order; what others did has none.
    pub(crate) done: Vec<&'static str>,
}

impl Books {
    pub(crate) fn reading(&self) -> Reading {
        Reading { totals: Some(self.totals), found: !self.last.is_empty(), last: self.last.into() }
    }

    /// Carries out a command, if the payment allows it.
    pub(crate) fn carry_out(&mut self, key: Option<&'static str>, command: &Command, amount: u64) -> Status {
        let Totals { authorized, captured, refunded, voided } = self.totals;
        let exists = !self.last.is_empty();
        let (allowed, last) = match command {
            Command::Authorization => (!exists, "02"),
            Command::Purchase => (!exists, "14"),
            Command::Capture => (!voided && captured + amount <= authorized, "04"),
            Command::Void => (!voided && captured == 0 && authorized > 0, "08"),
            Command::Refund => (refunded + amount <= captured, "06"),
            Command::Other(_) => (false, ""),
        };
        if !allowed {
            return if command.is_payment() { Status::Uncertain } else { Status::Rejected };
        }
        self.totals = self.totals.after(command, amount);
        self.last = last;
        self.done.extend(key);
        Status::Succeeded
    }

    pub(crate) fn did(&self, key: &str) -> bool {
        self.done.contains(&key)
    }
}

/// A payment: the gateway's books, what `CHECK_STATUS` shows of them, and what the store has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Payment {
    pub(crate) name: &'static str,
    pub(crate) books: Books,
    pub(crate) shown: Books,
    pub(crate) state: State,
    /// How many movements that are not ours were to come when the state was swapped last.
    pub(crate) outside: u8,
}

/// A request on its way, or a notification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Message {
    pub(crate) payment: usize,
    pub(crate) key: &'static str,
    pub(crate) attempt: String,
    pub(crate) tag: Option<String>,
}

/// What a function is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Do {
    Send,
    Prepare,
    CarryOut,
    Recover,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) what: Do,
    pub(crate) payment: usize,
    pub(crate) key: &'static str,
    pub(crate) command: Command,
    pub(crate) amount: u64,
    pub(crate) order: Option<&'static str>,
    pub(crate) despite: Vec<String>,
}

/// What a function is about to tell the engine of the payment it works on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    Wish,
    Start,
    NotSent,
    Reply(Status),
    Lost,
    Status { reading: Reading, reference: Option<String>, refunded: Option<bool>, asked_at: i64 },
}

/// Where a function stands: between two of these it may be stopped for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    Idle,
    /// It is about to load the payment and ask the engine.
    Load(Input),
    /// It is about to swap what the engine decided.
    Swap {
        decision: Box<Decision>,
        input: Input,
    },
    /// It has recorded the intent and is about to send it.
    Go {
        state: Box<State>,
    },
    /// It is about to send.
    Send,
    /// It is about to ask `CHECK_STATUS`.
    Look {
        purpose: Purpose,
        reference: Option<String>,
    },
    /// It waits for the answer.
    Waiting,
    /// It is about to load the state of the order.
    Order,
    /// It has loaded that, and is about to load the other attempts.
    Others {
        order: Box<State>,
        loaded: bool,
        others: Vec<(String, State)>,
        fenced: Vec<String>,
    },
    /// It is about to fence other attempts.
    Fence {
        order: Box<State>,
        others: Vec<(String, State)>,
        left: Vec<String>,
        fenced: Vec<String>,
    },
    /// It is about to swap the state of the order.
    Enter {
        decision: Box<Decision>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Worker {
    /// How many of its calls have begun.
    pub(crate) begun: usize,
    pub(crate) phase: Phase,
    pub(crate) reading: Option<Read>,
    pub(crate) looked_up: bool,
    pub(crate) joined: Option<u64>,
    /// The revision of the payment that it enters the attempt for.
    pub(crate) entering: u64,
    /// What the last lookup was for.
    pub(crate) purpose: Option<Purpose>,
    /// When the intent was decided, by its own clock.
    pub(crate) decided_at: i64,
}

impl Worker {
    pub(crate) const fn new(begun: usize) -> Self {
        Self {
            begun,
            phase: Phase::Idle,
            reading: None,
            looked_up: false,
            joined: None,
            entering: 0,
            purpose: None,
            decided_at: 0,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) payments: Vec<Payment>,
    /// The rows of the store: the payment and the operation, by key.
    pub(crate) rows: BTreeMap<String, (usize, Operation)>,
    pub(crate) requests: BTreeSet<Message>,
    pub(crate) notices: BTreeSet<Message>,
    pub(crate) workers: Vec<Worker>,
    /// The care of open operations has sent `CHECK_STATUS` and not passed the answer to the engine yet.
    pub(crate) heard: Option<(usize, Reading, i64)>,
    pub(crate) tick: i64,
    /// As of the case.
    pub(crate) lags: bool,
    pub(crate) crashes: u8,
    pub(crate) cuts: u8,
    pub(crate) outside: u8,
    pub(crate) words: u8,
    /// How many movements that are not ours were to come, by key, when the state came to be that the intent was recorded
    /// over: those that came before are in its baseline.
    pub(crate) to_come: BTreeMap<String, u8>,
    /// Whether a movement that is not ours was taken for one of ours, which may come yet.
    pub(crate) is_mistaken: bool,
    /// What was reported: keys, references, or `outside` and the payment.
    pub(crate) reported: BTreeSet<String>,
    /// What must never be seen to happen.
    pub(crate) broken: Option<&'static str>,
}
