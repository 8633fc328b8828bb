//! A store in memory and the loop around the engine, as short as it can be.

use aps_payops::operation::{
    Answer, Ask, Basis, Change, Command, Decision, Event, Intent, Mode, Next, Observation, Operation, Purpose, Read,
    Reading, Recorded, Reference, Report, Start, State, Status, Totals, decide, read_state_text, write_state,
};
use std::collections::BTreeMap;

pub(crate) const TIMEOUT: u64 = 60_000;
pub(crate) const WINDOW: u64 = 7 * 86_400_000;
pub(crate) const MINUTE: i64 = 60_000;

#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) state: State,
    pub(crate) rows: BTreeMap<String, Operation>,
    pub(crate) reports: Vec<Report>,
    pub(crate) now: i64,
}

impl Desk {
    /// Decides and records.
    pub(crate) fn tell(&mut self, event: &Event) -> Next {
        let decision = decide(&self.state, event);
        self.record(decision)
    }

    pub(crate) fn record(&mut self, decision: Decision) -> Next {
        let Decision { state, record, changes, next, reports } = decision;
        assert_eq!(record, state != self.state, "what changes is recorded, and nothing else");
        assert!(record || changes.is_empty() && reports.is_empty());
        for change in changes {
            let (is_as_told, what) = match change {
                Change::Insert(own) => (self.rows.insert(own.key.clone(), own).is_none(), "inserted twice"),
                Change::Update { operation: own, .. } => {
                    (self.rows.insert(own.key.clone(), own).is_some(), "updated from nothing")
                }
                Change::Remove(key) => (self.rows.remove(&key).is_some(), "removed from nothing"),
            };
            assert!(is_as_told, "{what}");
        }
        assert_eq!(read_state_text(&write_state(&state)).as_ref(), Ok(&state), "what is written is read");
        self.state = state;
        self.reports.extend(reports);
        next
    }

    pub(crate) fn recorded(&self, key: &str) -> Recorded {
        self.rows.get(key).cloned().map_or(Recorded::Nothing, Recorded::Here)
    }

    pub(crate) fn ask(&self, intent: Intent) -> Ask {
        let basis = if intent.command.is_payment() { Basis::New } else { Basis::Read };
        Ask {
            recorded: self.recorded(&intent.key),
            intent,
            mode: Mode::Send,
            basis,
            reading: None,
            despite: vec![],
            joined: None,
            wait: 0,
            left: None,
            looked_up: false,
            private: false,
            now: self.now,
        }
    }

    /// Asks, reads the baseline if it is wanted, and goes on until it is to be sent or answered.
    pub(crate) fn begin(&mut self, ask: Ask, reading: &Reading) -> Next {
        let attempt = ask.intent.attempt.clone();
        let key = ask.intent.key.clone();
        let mut next = self.tell(&Event::Ask(ask.clone()));
        if let Next::LookUp(look_up) = &next {
            let Purpose::Baseline { revision } = look_up.purpose else { return next };
            let reading = Some(Read { revision, reading: Some(reading.clone()) });
            next = self.tell(&Event::Ask(Ask { reading, recorded: self.recorded(&key), ..ask }));
        }
        if next == Next::Start {
            next = self.tell(&Event::Start(Start { key, attempt, elapsed: 0, left: None }));
        }
        next
    }

    /// Sends an operation, and hears nothing.
    pub(crate) fn lose(&mut self, intent: Intent, reading: &Reading) -> Next {
        let key = intent.key.clone();
        assert_eq!(self.begin(self.ask(intent), reading), SEND);
        self.tell(&Event::Lost { key })
    }

    pub(crate) fn look(&mut self, reading: Reading) -> Next {
        self.tell(&Event::Status(self.observation(reading)))
    }

    pub(crate) fn observation(&self, reading: Reading) -> Observation {
        Observation {
            key: None,
            reading,
            reference: None,
            refunded: None,
            assume_absent_after: None,
            asked_at: self.now,
        }
    }

    pub(crate) fn reply(&mut self, key: &str, status: Status) -> Next {
        let recorded = self.recorded(key);
        let (key, now) = (key.into(), self.now);
        let heard = aps_payops::operation::Heard { key, status, answered_before: false, recorded, now };
        self.tell(&Event::Reply(heard))
    }

    pub(crate) fn row(&self, key: &str) -> &Operation {
        &self.rows[key]
    }
}

pub(crate) const SEND: Next = Next::Send { timeout: TIMEOUT };
pub(crate) const fn settled(status: Status) -> Next {
    Next::Answer(Answer::Settled(status))
}

pub(crate) fn intent(key: &str, command: Command, amount: u64) -> Intent {
    Intent {
        key: key.into(),
        fingerprint: format!("1:{}:{amount}", command.name()),
        attempt: format!("attempt of {key}"),
        tag: (command == Command::Capture).then(|| format!("tag of {key}")),
        reference: (command == Command::Refund).then(|| Reference { text: format!("reference of {key}"), once: true }),
        currency: "AED".into(),
        command,
        amount,
        order: None,
        timeout: TIMEOUT,
        window: WINDOW,
    }
}

pub(crate) fn capture(key: &str, amount: u64) -> Intent {
    intent(key, Command::Capture, amount)
}

pub(crate) fn reading(captured: u64, refunded: u64, last: &str) -> Reading {
    let totals = Totals { authorized: 10_000, captured, refunded, voided: last == "08" };
    Reading { totals: Some(totals), found: true, last: last.into() }
}

pub(crate) fn unchanged() -> Reading {
    reading(0, 0, "02")
}
