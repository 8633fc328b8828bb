//! What must hold in every state.

use super::case::Case;
use super::world::{Phase, World};
use aps_payops::operation::{Evidence, Operation, Status};
use stateright::Property;

pub(crate) fn properties() -> Vec<Property<Case>> {
    vec![
        Property::always("nothing happens that cannot", |_, world: &World| world.broken.is_none()),
        Property::always("nothing is done twice under one key", |_, world: &World| {
            keys(world).all(|(payment, key)| {
                let done = &world.payments[payment].books.done;
                done.iter().filter(|own| **own == key).count() <= 1
            })
        }),
        Property::always("a payment has at most one open operation, and knows it", |_, world: &World| {
            let open =
                |payment: usize| world.rows.values().filter(move |(own, row)| *own == payment && row.status.is_open());
            world.payments.iter().enumerate().all(|(place, payment)| {
                open(place).count() <= 1 && open(place).map(|(_, row)| row).next() == payment.state.lane.as_ref()
            })
        }),
        Property::always("what succeeded was done", |case: &Case, world: &World| {
            rows(world).all(|(did, row)| did || !is_sure(case, row) || row.status != Status::Succeeded)
        }),
        Property::always("what failed was not done", |case: &Case, world: &World| {
            rows(world).all(|(did, row)| {
                !did || !is_sure(case, row) || row.status == Status::Succeeded || row.status.is_open()
            })
        }),
        Property::always("nothing that was done is lost", |case: &Case, world: &World| {
            world.payments.iter().flat_map(|payment| &payment.books.done).all(|key| {
                world.rows.get(*key).is_some_and(|(payment, row)| {
                    let is_suspect = world.payments[*payment].state.suspects.iter().any(|own| own.key == *key);
                    row.status.is_open()
                        || row.evidence == Some(Evidence::Person)
                        || row.status == Status::Succeeded
                        || is_reported(row)
                        || (is_suspect && !case.is_within())
                })
            })
        }),
        Property::always("known totals are never above the books", |_, world: &World| {
            world.payments.iter().all(|payment| {
                let (known, books) = (payment.state.known, payment.books.totals);
                known.max(books) == books
            })
        }),
        Property::always("the sums are never above the books", |case: &Case, world: &World| {
            case.outside > 0
                || world
                    .payments
                    .iter()
                    .all(|payment| payment.state.sums.max(payment.books.totals) == payment.books.totals)
        }),
        Property::always("contradictions are reported", |_, world: &World| {
            world.rows.iter().all(|(key, (_, row))| row.contradiction.is_none() || world.reported.contains(key))
        }),
        Property::always("in the end nothing is open", |case: &Case, world: &World| {
            // What is prepared waits, and under a reference that was used before no identity helps.
            let is_closed = |payment: usize| match &Case::looked_after(world, payment).state {
                state if state.shared => true,
                state => state.lane.as_ref().is_none_or(|open| open.status == Status::Prepared),
            };
            !(case.is_within() && case.tags && is_over(case, world)) || (0..world.payments.len()).all(is_closed)
        }),
        Property::always("in the end every difference is reported", |case: &Case, world: &World| {
            !is_over(case, world)
                || rows(world).all(|(did, row)| row.status.is_open() || is_told(case, world, did, row))
        }),
        Property::always("who pays twice is reported", |case: &Case, world: &World| {
            let is_due = world.payments.iter().any(|payment| payment.state.review_due);
            let holders: Vec<&str> =
                world.payments.iter().filter(|own| own.state.holds_money(world.now())).map(|own| own.name).collect();
            case.payments.len() < 2
                || is_due
                || holders.len() < 2
                || holders.iter().all(|name| world.reported.contains(*name))
        }),
        Property::always("an order is paid twice only in spite of it", |case: &Case, world: &World| {
            let holds = |own: &&super::world::Payment| own.books.totals.captured > own.books.totals.refunded;
            let is_named = case.calls.iter().flatten().any(|call| !call.despite.is_empty());
            case.payments.len() < 2 || is_named || world.payments.iter().filter(holds).count() < 2
        }),
        Property::sometimes("it can succeed by its reply", |_, world: &World| {
            has(world, Status::Succeeded, Evidence::Reply)
        }),
    ]
}

fn keys(world: &World) -> impl Iterator<Item = (usize, &'static str)> {
    let done = |(place, payment): (usize, &super::world::Payment)| {
        payment.books.done.iter().map(move |key| (place, *key)).collect::<Vec<_>>()
    };
    world.payments.iter().enumerate().flat_map(done)
}

fn rows(world: &World) -> impl Iterator<Item = (bool, &Operation)> {
    world.rows.values().map(|(payment, row)| (world.payments[*payment].books.did(&row.key), row))
}

/// Whether the outcome of an operation must be so in this case.
fn is_sure(case: &Case, row: &Operation) -> bool {
    match row.evidence {
        Some(Evidence::Reply | Evidence::Notification | Evidence::Reference) => true,
        // What did not move its amount may move on.
        Some(Evidence::Totals) => u64::from(case.outside) < row.amount,
        Some(Evidence::Assumed) => !case.is_late,
        Some(Evidence::Person) | None => false,
    }
}

fn is_reported(row: &Operation) -> bool {
    row.contradiction.is_some_and(|other| other.status == Status::Succeeded)
}

/// Whether nothing happens any more but that somebody looks after what is open.
fn is_over(case: &Case, world: &World) -> bool {
    let is_idle = |(worker, own): (usize, &super::world::Worker)| {
        own.phase == Phase::Idle && own.begun == case.calls[worker].len()
    };
    world.workers.iter().enumerate().all(is_idle)
        && world.requests.is_empty()
        && world.notices.is_empty()
        && world.heard.is_none()
        && world.tick == case.ticks
        && world.rows.values().all(|(_, row)| row.at < world.now())
}

/// Whether an outcome is so, or its difference was reported, or will be when the totals are read once more.
fn is_told(case: &Case, world: &World, did: bool, row: &Operation) -> bool {
    let happened = row.status == Status::Succeeded;
    let (payment, _) = world.rows[&row.key];
    let outside = format!("outside {payment}");
    happened == did
        || row.contradiction.is_some()
        || row.evidence == Some(Evidence::Person)
        || case.outside > 0
        || world.reported.contains(&outside)
        || !Case::looked_after(world, payment).reports.is_empty()
}

fn has(world: &World, status: Status, evidence: Evidence) -> bool {
    world.rows.values().any(|(_, row)| row.status == status && row.evidence == Some(evidence))
}
