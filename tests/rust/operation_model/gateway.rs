//! What happens around the functions: the network, the gateway, time, a person; and the model of all of it.

use super::case::Case;
use super::properties::properties;
use super::world::{CURRENCY, Input, Message, Phase, TICK, World};
use aps_payops::operation::{Command, Event, Find, Next, Notice, Observation, Recorded, Settle, Status, decide};
use stateright::{Model, Property};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A function takes its next step.
    Step(usize),
    /// A function is stopped for ever.
    Crash(usize),
    /// The connection to the store is cut: the swap was done, or not, and the function cannot tell.
    Cut { worker: usize, done: bool },
    /// The gateway cannot be reached.
    Refuse(usize),
    /// The gateway carries out a request; its reply is heard, or lost.
    Deliver { request: Message, heard: bool },
    /// A request is lost.
    Drop(Message),
    /// A notification comes.
    Notify(Message),
    /// `CHECK_STATUS` catches up with the books.
    CatchUp(usize),
    /// Someone who looks after what is open asks `CHECK_STATUS`.
    Ask(usize),
    /// And tells the engine.
    Hear,
    /// Time passes.
    Tick,
    /// Something else captures or refunds on the payment.
    Outside(usize),
    /// A person says how an operation ended.
    Say { payment: usize, key: String, status: Status },
    /// The order is reviewed.
    Review(usize),
}

impl Model for Case {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![self.world()]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (worker, own) in world.workers.iter().enumerate() {
            let is_idle = own.phase == Phase::Idle;
            if !is_idle || own.begun < self.calls[worker].len() {
                actions.push(Action::Step(worker));
            }
            if world.crashes > 0 && !is_idle {
                actions.push(Action::Crash(worker));
            }
            if world.cuts > 0 && matches!(own.phase, Phase::Swap { .. }) {
                actions.extend([false, true].map(|done| Action::Cut { worker, done }));
            }
            if self.refuses && own.phase == Phase::Send {
                actions.push(Action::Refuse(worker));
            }
        }
        for request in &world.requests {
            actions.push(Action::Deliver { request: request.clone(), heard: false });
            if Self::waiting(world, request).is_some() {
                actions.push(Action::Deliver { request: request.clone(), heard: true });
            }
            actions.push(Action::Drop(request.clone()));
        }
        actions.extend(world.notices.iter().cloned().map(Action::Notify));
        for (place, payment) in world.payments.iter().enumerate() {
            if self.lags && payment.shown != payment.books {
                actions.push(Action::CatchUp(place));
            }
            if world.heard.is_none() && (world.tick > 0 || self.ticks == 0) && payment.state.lane.is_some() {
                actions.push(Action::Ask(place));
            }
            if world.outside > 0 {
                actions.push(Action::Outside(place));
            }
            if payment.state.review_due {
                actions.push(Action::Review(place));
            }
        }
        if world.heard.is_some() {
            actions.push(Action::Hear);
        }
        if world.words > 0 {
            for (key, (payment, _)) in &world.rows {
                for status in [Status::Succeeded, Status::Failed] {
                    actions.push(Action::Say { payment: *payment, key: key.clone(), status });
                }
            }
        }
        // What is about to be sent is on its way, for all that anyone knows.
        let is_settled = world.requests.is_empty()
            && world.workers.iter().all(|own| own.phase != Phase::Send)
            && world.payments.iter().all(|own| own.shown == own.books || !self.lags);
        if world.tick < self.ticks && (self.is_late || is_settled) {
            actions.push(Action::Tick);
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Step(worker) => self.step(&mut world, worker),
            Action::Crash(worker) => {
                world.crashes -= 1;
                world.workers[worker] = super::world::Worker::new(world.workers[worker].begun);
            }
            Action::Cut { worker, done } => self.cut(&mut world, worker, done),
            Action::Refuse(worker) => world.workers[worker].phase = Phase::Load(Input::NotSent),
            Action::Deliver { request, heard } => self.deliver(&mut world, &request, heard),
            Action::Drop(request) => {
                world.requests.remove(&request);
            }
            Action::Notify(notice) => {
                world.notices.remove(&notice);
                self.notify(&mut world, &notice);
            }
            Action::CatchUp(payment) => {
                let own = &mut world.payments[payment];
                own.shown.clone_from(&own.books);
            }
            Action::Ask(payment) => {
                let own = &world.payments[payment];
                let reading = if self.lags { &own.shown } else { &own.books }.reading();
                world.heard = Some((payment, reading, world.now()));
            }
            Action::Hear => {
                let (payment, reading, asked_at) = world.heard.take()?;
                let assume_absent_after = Some(TICK.unsigned_abs());
                let observation =
                    Observation { key: None, reading, reference: None, refunded: None, assume_absent_after, asked_at };
                world.tell(payment, &Event::Status(observation));
            }
            Action::Tick => world.tick += 1,
            Action::Outside(payment) => {
                world.outside -= 1;
                let own = &mut world.payments[payment];
                let command = if own.books.last == "14" { Command::Refund } else { Command::Capture };
                own.books.carry_out(None, &command, 1);
            }
            Action::Say { payment, key, status } => {
                world.words -= 1;
                let now = world.now();
                let recorded = world.rows.get(&key).map_or(Recorded::Nothing, |(_, own)| Recorded::Here(own.clone()));
                world.tell(payment, &Event::Settle(Settle { key, status, recorded, now }));
            }
            Action::Review(payment) => self.review(&mut world, payment),
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties()
    }
}

impl Case {
    /// The function that waits for the answer to a request.
    fn waiting(world: &World, request: &Message) -> Option<usize> {
        let is_own = |worker: usize| {
            let own = &world.workers[worker];
            own.phase == Phase::Waiting && request.attempt == format!("{worker}.{}", own.begun)
        };
        (0..world.workers.len()).find(|worker| is_own(*worker))
    }

    fn deliver(&self, world: &mut World, request: &Message, heard: bool) {
        let call = self.calls.iter().flatten().find(|call| call.key == request.key).expect("somebody's request");
        let books = &mut world.payments[request.payment].books;
        let status = books.carry_out(Some(request.key), &call.command, call.amount);
        let waiting = Self::waiting(world, request).filter(|_| heard);
        world.requests.remove(request);
        if status == Status::Succeeded {
            world.notices.insert(request.clone());
        }
        if let Some(worker) = waiting {
            world.workers[worker].phase = Phase::Load(Input::Reply(status));
        }
    }

    fn notify(&self, world: &mut World, message: &Message) {
        let call = self.calls.iter().flatten().find(|call| call.key == message.key).expect("somebody's request");
        let is_refund = call.command == Command::Refund;
        let mut notice = Notice {
            command: call.command.clone(),
            amount: call.amount,
            currency: CURRENCY.into(),
            status: Status::Succeeded,
            tag: message.tag.clone().filter(|_| !is_refund),
            reference: message.tag.clone().filter(|_| is_refund),
            recorded: Recorded::Nothing,
            searched: false,
            now: world.now(),
        };
        let next = world.tell(message.payment, &Event::Notification(notice.clone()));
        let Next::Find(find) = next else { return };
        let found = world.rows.values().find(|(payment, own)| {
            *payment == message.payment
                && match &find {
                    Find::Key(key) => own.key == *key,
                    Find::Tag(tag) => own.tag.as_ref() == Some(tag),
                    Find::Reference(text) => own.reference.as_ref().is_some_and(|own| own.text == *text),
                    Find::Alike => {
                        (&own.command, own.amount, own.status) == (&notice.command, notice.amount, notice.status)
                            && !own.notified
                    }
                }
        });
        notice.recorded = found.map_or(Recorded::Nothing, |(_, own)| Recorded::Here(own.clone()));
        notice.searched = true;
        world.tell(message.payment, &Event::Notification(notice));
    }

    /// The connection to the store is cut. Whatever was to be done then, the state is loaded again first.
    fn cut(&self, world: &mut World, worker: usize, done: bool) {
        world.cuts -= 1;
        let own = world.workers[worker].clone();
        let Phase::Swap { decision, input } = own.phase else { return };
        let payment = self.call(worker, own.begun).payment;
        if done {
            world.swap(payment, &decision);
        }
        let is_start = decision.next == Next::Start;
        world.workers[worker].phase = Phase::Load(if is_start { Input::Start } else { input });
    }

    fn review(&self, world: &mut World, payment: usize) {
        let order = world.payments[payment].state.order.clone().unwrap_or_else(|| self.payments[payment].name.into());
        let place = self.payments.iter().position(|own| own.name == order).expect("the order has a state");
        let names = world.payments[place].state.attempts.iter().map(|attempt| attempt.reference.clone());
        let state = |name: &String| {
            world.payments.iter().find(|own| own.name == name).map(|own| own.state.clone()).unwrap_or_default()
        };
        let others = names.map(|name| (name.clone(), state(&name))).collect();
        let now = world.now();
        let revision = world.payments[place].state.revision;
        world.tell(place, &Event::Review { name: order, revision, others, now });
        let revision = world.payments[payment].state.revision;
        world.tell(payment, &Event::Reviewed { revision });
    }

    /// What would come of looking once more after all is over.
    pub(crate) fn looked_after(world: &World, payment: usize) -> aps_payops::operation::Decision {
        let own = &world.payments[payment];
        let observation = Observation {
            key: None,
            reading: own.books.reading(),
            reference: own.state.lane.as_ref().and_then(|open| open.reference.as_ref()).map(|own| own.text.clone()),
            refunded: own.state.lane.as_ref().map(|open| own.books.did(&open.key)),
            assume_absent_after: Some(TICK.unsigned_abs()),
            asked_at: world.now(),
        };
        decide(&own.state, &Event::Status(observation))
    }
}
