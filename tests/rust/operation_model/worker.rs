//! A function that runs the loop around the engine, step by step, as JavaScript does.

use super::case::Case;
use super::world::{CURRENCY, Call, Do, Input, Message, Phase, TICK, TIMEOUT, Worker, World};
use aps_payops::operation::{
    Answer, Ask, Basis, CarryOut, Change, Command, Decision, Event, Evidence, Heard, Intent, Join, LookUp, Mode, Next,
    Observation, Operation, Prepared, Purpose, Read, Recorded, Recover, Reference, Report, Start, State, Status,
    decide,
};

const DAY: u64 = 86_400_000;

impl World {
    pub(crate) fn now(&self) -> i64 {
        self.tick * TICK
    }

    /// Decides over a payment as it is in the store.
    fn recorded(&self, payment: usize, key: &str) -> Recorded {
        match self.rows.get(key) {
            None => Recorded::Nothing,
            Some((own, operation)) if *own == payment => Recorded::Here(operation.clone()),
            Some(_) => Recorded::Elsewhere,
        }
    }

    /// Swaps what was decided over the state that was loaded. Whether it was done.
    pub(crate) fn swap(&mut self, payment: usize, decision: &Decision) -> bool {
        let taken = |change: &Change| matches!(change, Change::Insert(own) if self.rows.contains_key(&own.key));
        let outside = self.outside;
        let place = &mut self.payments[payment];
        if place.state.revision + 1 != decision.state.revision || decision.changes.iter().any(taken) {
            return false;
        }
        place.state = decision.state.clone();
        let before = std::mem::replace(&mut place.outside, outside);
        if let (Next::Start, Some(own)) = (&decision.next, &decision.state.lane) {
            self.to_come.insert(own.key.clone(), before);
        }
        for change in &decision.changes {
            match change {
                Change::Insert(own) | Change::Update { operation: own, .. } => {
                    self.rows.insert(own.key.clone(), (payment, own.clone()));
                }
                Change::Remove(key) => {
                    self.rows.remove(key);
                }
            }
        }
        self.compare(payment);
        for report in &decision.reports {
            self.reported.extend(match report {
                Report::Outside { .. } => vec![format!("outside {payment}")],
                Report::Contradiction { key, .. } => vec![key.clone()],
                Report::PaidTwice { references } => references.clone(),
                Report::Lapsed { .. } | Report::Assumed { .. } => vec![],
            });
        }
        true
    }

    /// Totals may prove what was not done only if something else moved its amount since the state came to be that its
    /// intent was recorded over: what came before should be in its baseline.
    fn compare(&mut self, payment: usize) {
        let books = &self.payments[payment].books;
        let is_wrong = |own: &Operation| own.evidence == Some(Evidence::Totals) && !books.did(&own.key);
        let rows = self.rows.values().filter(|(own, _)| *own == payment).map(|(_, own)| own);
        let wrong: Vec<&String> = rows.filter(|own| is_wrong(own)).map(|own| &own.key).collect();
        let is_excused = wrong.iter().all(|key| self.to_come[*key] != self.outside) || self.lags;
        if !wrong.is_empty() && !self.is_mistaken && !is_excused {
            self.broken = Some("totals prove what was not done, and nothing else moved its amount");
        }
        self.is_mistaken |= !wrong.is_empty();
    }

    /// Tells the engine something about a payment, at once and in one piece: what contends for the state would only be
    /// done again.
    pub(crate) fn tell(&mut self, payment: usize, event: &Event) -> Next {
        let decision = decide(&self.payments[payment].state, event);
        if decision.record && !self.swap(payment, &decision) {
            self.broken = Some("a swap of what was just loaded is refused");
        }
        decision.next
    }
}

impl Case {
    fn attempt(worker: usize, own: &Worker) -> String {
        format!("{worker}.{}", own.begun)
    }

    fn intent(&self, worker: usize, own: &Worker) -> Intent {
        let call = self.call(worker, own.begun);
        let attempt = Self::attempt(worker, own);
        let is_refund = call.command == Command::Refund;
        Intent {
            key: call.key.into(),
            fingerprint: format!("{}:{}", call.command.name(), call.amount),
            command: call.command.clone(),
            amount: call.amount,
            currency: CURRENCY.into(),
            tag: (self.tags && !call.command.is_payment() && !is_refund).then(|| attempt.clone()),
            reference: (is_refund && self.tags).then(|| Reference { text: attempt.clone(), once: true }),
            attempt,
            order: call.order.map(String::from),
            timeout: TIMEOUT,
            window: 7 * DAY,
        }
    }

    fn event(&self, world: &World, worker: usize, input: &Input) -> Event {
        let own = &world.workers[worker];
        let call = self.call(worker, own.begun);
        let (key, now) = (String::from(call.key), world.now());
        let recorded = world.recorded(call.payment, call.key);
        match input {
            Input::Wish => match call.what {
                Do::Send | Do::Prepare => Event::Ask(Ask {
                    intent: self.intent(worker, own),
                    mode: if call.what == Do::Send { Mode::Send } else { Mode::Prepare },
                    basis: if call.command.is_payment() { Basis::New } else { Basis::Read },
                    recorded,
                    reading: own.reading.clone(),
                    despite: call.despite.clone(),
                    joined: own.joined,
                    wait: 0,
                    left: None,
                    looked_up: own.looked_up,
                    private: false,
                    now,
                }),
                Do::CarryOut => Event::CarryOut(CarryOut {
                    key,
                    fingerprint: self.intent(worker, own).fingerprint,
                    attempt: Self::attempt(worker, own),
                    recorded,
                    reading: own.reading.clone(),
                    wait: 0,
                    left: None,
                    looked_up: own.looked_up,
                    now,
                }),
                Do::Recover => Event::Recover(Recover { older_than: 0, lease: 1, prepared: Prepared::Release, now }),
            },
            Input::Start => Event::Start(self.start(world, worker)),
            Input::NotSent => Event::NotSent { key, attempt: Self::attempt(worker, own) },
            Input::Reply(status) => Event::Reply(Heard {
                key,
                status: *status,
                answered_before: *status == Status::Uncertain,
                recorded,
                now,
            }),
            Input::Lost => Event::Lost { key },
            Input::Status { reading, reference, refunded, asked_at } => Event::Status(Observation {
                key: None,
                reading: reading.clone(),
                reference: reference.clone(),
                refunded: *refunded,
                assume_absent_after: Some(TICK.unsigned_abs()),
                asked_at: *asked_at,
            }),
        }
    }

    fn start(&self, world: &World, worker: usize) -> Start {
        let own = &world.workers[worker];
        let elapsed = (world.now() - own.decided_at).unsigned_abs();
        let key = self.call(worker, own.begun).key.into();
        Start { key, attempt: Self::attempt(worker, own), elapsed, left: None }
    }

    /// A function takes its next step.
    pub(crate) fn step(&self, world: &mut World, worker: usize) {
        let own = &world.workers[worker];
        match own.phase.clone() {
            Phase::Idle => {
                world.workers[worker] = Worker { phase: Phase::Load(Input::Wish), ..Worker::new(own.begun + 1) };
                self.load(world, worker, &Input::Wish);
            }
            Phase::Load(input) => self.load(world, worker, &input),
            Phase::Swap { decision, input } => {
                let call = self.call(worker, own.begun);
                if world.swap(call.payment, &decision) {
                    Self::go_on(world, worker, &decision.next, &decision.state);
                } else {
                    world.workers[worker].phase = Phase::Load(input);
                }
            }
            Phase::Go { state } => {
                let decision = decide(&state, &Event::Start(self.start(world, worker)));
                Self::follow(world, worker, decision, Input::Start);
            }
            Phase::Send => self.send(world, worker),
            Phase::Look { purpose, reference } => self.look(world, worker, purpose, reference),
            Phase::Waiting => world.workers[worker].phase = Phase::Load(Input::Lost),
            Phase::Order | Phase::Others { .. } | Phase::Fence { .. } | Phase::Enter { .. } => {
                self.enter(world, worker);
            }
        }
    }

    fn load(&self, world: &mut World, worker: usize, input: &Input) {
        let event = self.event(world, worker, input);
        let call = self.call(worker, world.workers[worker].begun);
        let decision = decide(&world.payments[call.payment].state, &event);
        if decision.record && decision.next == Next::Start {
            world.workers[worker].decided_at = world.now();
        }
        Self::follow(world, worker, decision, input.clone());
    }

    fn follow(world: &mut World, worker: usize, decision: Decision, input: Input) {
        if decision.record {
            world.workers[worker].phase = Phase::Swap { decision: Box::new(decision), input };
        } else {
            Self::go_on(world, worker, &decision.next, &decision.state);
        }
    }

    fn go_on(world: &mut World, worker: usize, next: &Next, state: &State) {
        let own = &mut world.workers[worker];
        let is_asked_for_another = own.purpose == Some(Purpose::Once);
        own.phase = match next {
            Next::LookUp(LookUp { purpose: Purpose::Outcome | Purpose::Once, .. }) if own.looked_up => Phase::Idle,
            Next::LookUp(LookUp { purpose, reference }) => {
                Phase::Look { purpose: *purpose, reference: reference.clone() }
            }
            Next::Again => Phase::Load(Input::Wish),
            Next::Start => Phase::Go { state: Box::new(state.clone()) },
            Next::Send { .. } => Phase::Send,
            Next::Join(_) => {
                own.entering = state.revision;
                Phase::Order
            }
            Next::Answer(Answer::Nothing | Answer::Settled(_) | Answer::Open(_)) if is_asked_for_another => {
                own.purpose = None;
                Phase::Load(Input::Wish)
            }
            _ => Phase::Idle,
        };
        if own.phase == Phase::Idle {
            *own = Worker::new(own.begun);
        }
    }

    fn look(&self, world: &mut World, worker: usize, purpose: Purpose, reference: Option<String>) {
        let call = self.call(worker, world.workers[worker].begun).clone();
        let payment = &world.payments[call.payment];
        let shown = if self.lags { &payment.shown } else { &payment.books };
        let reading = shown.reading();
        let has_it = |open: &&Operation| open.reference.as_ref().map(|own| &own.text) == reference.as_ref();
        let refunded =
            reference.as_ref().and(payment.state.lane.as_ref()).filter(has_it).map(|open| shown.did(&open.key));
        let asked_at = world.now();
        let own = &mut world.workers[worker];
        own.purpose = Some(purpose);
        own.phase = if let Purpose::Baseline { revision } = purpose {
            own.reading = Some(Read { revision, reading: Some(reading) });
            Phase::Load(Input::Wish)
        } else {
            own.looked_up = true;
            Phase::Load(Input::Status { reading, reference, refunded, asked_at })
        };
    }

    fn send(&self, world: &mut World, worker: usize) {
        let own = &world.workers[worker];
        let Call { payment, key, .. } = *self.call(worker, own.begun);
        let tag = world.rows.get(key).and_then(|(_, operation)| tag_of(operation));
        world.requests.insert(Message { payment, key, attempt: Self::attempt(worker, own), tag });
        world.workers[worker].phase = Phase::Waiting;
    }

    /// Enters an attempt in the state that bears the order's name.
    fn enter(&self, world: &mut World, worker: usize) {
        let own = world.workers[worker].clone();
        let call = self.call(worker, own.begun);
        let place = self.order_of(call);
        let now = world.now();
        let join = |others: Option<Vec<(String, State)>>, fenced: Vec<String>| {
            let reference = (place != call.payment).then(|| String::from(self.payments[call.payment].name));
            let (key, despite) = (call.key.into(), call.despite.clone());
            Event::Join(Join { reference, key, timeout: TIMEOUT, despite, others, fenced, wait: 0, left: None, now })
        };
        let load = |world: &World, names: &[String]| -> Vec<(String, State)> {
            let state = |name: &String| self.payments.iter().position(|own| own.name == name);
            names.iter().filter_map(|name| Some((name.clone(), world.payments[state(name)?].state.clone()))).collect()
        };
        let phase = match own.phase {
            Phase::Order => {
                let order = Box::new(world.payments[place].state.clone());
                Phase::Others { order, loaded: false, others: vec![], fenced: vec![] }
            }
            Phase::Others { order, loaded, others, fenced } => {
                let given = loaded.then(|| others.clone());
                match decide(&order, &join(given, fenced.clone())) {
                    Decision { next: Next::LoadOthers(names), .. } => {
                        Phase::Others { order, loaded: true, others: load(world, &names), fenced }
                    }
                    Decision { next: Next::Fence(left), .. } => Phase::Fence { order, others, left, fenced },
                    decision if decision.record => Phase::Enter { decision: Box::new(decision) },
                    _ => Phase::Idle,
                }
            }
            Phase::Fence { order, others, mut left, mut fenced } => {
                let name = left.pop().expect("one is left");
                let seen = others.iter().find(|(own, _)| *own == name).map(|(_, state)| state.clone());
                let decision = decide(&seen.unwrap_or_default(), &Event::Fence);
                let other = self.payments.iter().position(|own| own.name == name).expect("a payment");
                if world.swap(other, &decision) {
                    fenced.push(name);
                    if left.is_empty() {
                        Phase::Others { order, loaded: true, others, fenced }
                    } else {
                        Phase::Fence { order, others, left, fenced }
                    }
                } else {
                    Phase::Order
                }
            }
            Phase::Enter { decision } => {
                if world.swap(place, &decision) {
                    let entering = if place == call.payment { decision.state.revision } else { own.entering };
                    world.workers[worker].joined = Some(entering);
                    Phase::Load(Input::Wish)
                } else {
                    Phase::Order
                }
            }
            other => other,
        };
        world.workers[worker].phase = phase;
        if world.workers[worker].phase == Phase::Idle {
            world.workers[worker] = Worker::new(own.begun);
        }
    }

    fn order_of(&self, call: &Call) -> usize {
        let name = call.order.unwrap_or(self.payments[call.payment].name);
        self.payments.iter().position(|own| own.name == name).expect("the order has a state")
    }
}

/// What names an operation in its request and in its notification.
fn tag_of(operation: &Operation) -> Option<String> {
    operation.tag.clone().or_else(|| operation.reference.as_ref().map(|own| own.text.clone()))
}
