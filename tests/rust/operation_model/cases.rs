//! The cases, each checked in full.

use super::case::{Case, authorized, call, capture, purchased, unused};
use super::world::{Call, Do};
use aps_payops::operation::Command;
use stateright::{Checker, HasDiscoveries, Model};
use std::io::{Write, stdout};
use std::time::Instant;

/// Checks a case and prints how many states there are.
fn check(case: Case) {
    let (name, start) = (case.name, Instant::now());
    // Far beyond what any case has: a rule that is broken can make it endless.
    let checker = case.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).target_state_count(5_000_000);
    let checker = checker.spawn_bfs().join();
    let (unique, all) = (checker.unique_state_count(), checker.state_count());
    // Not `println`, which a test that passes keeps to itself.
    let took = start.elapsed().as_secs_f32();
    writeln!(stdout(), "{name}: {unique} states ({all} with repetitions) in {took:.1} s").expect("standard output");
    checker.assert_properties();
}

#[test]
fn one_key_asked_for_twice_at_once() {
    let calls = vec![vec![capture("A")], vec![capture("A")]];
    check(Case { crashes: 1, ..Case::new("one key, two functions", vec![authorized(3)], calls) });
}

#[test]
fn two_keys_at_once() {
    let calls = vec![vec![capture("A")], vec![capture("B")]];
    check(Case { lags: true, ..Case::new("two keys, two functions", vec![authorized(3)], calls) });
}

#[test]
fn retries_after_a_crash() {
    let calls = vec![vec![capture("A"), capture("A"), capture("B")]];
    let retries = Case::new("retries", vec![authorized(3)], calls);
    check(Case { crashes: 2, ..retries.clone() });
    check(Case { name: "retries, lagging", lags: true, crashes: 1, ..retries });
}

#[test]
fn cut_and_refused_connections() {
    let calls = vec![vec![capture("A"), capture("A")]];
    let case = Case::new("cut connections", vec![authorized(3)], calls);
    check(Case { cuts: 2, crashes: 1, refuses: true, ..case });
    let calls = vec![vec![capture("A")], vec![capture("A")]];
    check(Case { cuts: 1, refuses: true, ..Case::new("cut connections, two functions", vec![authorized(3)], calls) });
}

#[test]
fn retries_with_late_requests() {
    let calls = vec![vec![capture("A"), capture("B")]];
    let late =
        Case { is_late: true, lags: true, crashes: 1, ticks: 2, ..Case::new("late", vec![authorized(3)], calls) };
    check(late.clone());
    check(Case { name: "late, without tags", tags: false, ..late });
}

#[test]
fn prepared_and_carried_out_by_two() {
    let prepare = call(Do::Prepare, "A", Command::Capture, 1);
    let carry_out = call(Do::CarryOut, "A", Command::Capture, 1);
    let calls = vec![vec![prepare.clone(), carry_out.clone()], vec![carry_out.clone()]];
    let case = Case::new("prepared, carried out by two", vec![authorized(3)], calls);
    check(Case { crashes: 1, refuses: true, ..case });
    let recover = call(Do::Recover, "A", Command::Capture, 1);
    let calls = vec![vec![prepare, carry_out], vec![recover]];
    check(Case { crashes: 1, ..Case::new("prepared, released by another", vec![authorized(3)], calls) });
}

#[test]
fn refunds_and_voids() {
    let refund = |key| call(Do::Send, key, Command::Refund, 1);
    let calls = vec![vec![refund("A")], vec![refund("B")]];
    check(Case { ..Case::new("refunds", vec![purchased(2)], calls) });
    let void = |key| call(Do::Send, key, Command::Void, 0);
    let calls = vec![vec![void("A")], vec![capture("B")]];
    check(Case { crashes: 1, ..Case::new("a void and a capture", vec![authorized(1)], calls) });
}

#[test]
fn more_than_there_is() {
    let calls = vec![vec![capture("A")], vec![capture("B")]];
    check(Case { crashes: 1, ..Case::new("two captures of one", vec![authorized(1)], calls) });
}

#[test]
fn movements_that_are_not_ours() {
    let calls = vec![vec![capture("A"), capture("B")]];
    let case = Case { outside: 1, crashes: 1, ..Case::new("outside", vec![authorized(3)], calls) };
    check(case.clone());
    check(Case { name: "outside, lagging", lags: true, ..case.clone() });
    let calls = vec![vec![call(Do::Send, "A", Command::Capture, 2), call(Do::Send, "B", Command::Capture, 2)]];
    check(Case { name: "outside, of another amount", payments: vec![authorized(5)], calls, lags: true, ..case });
    let calls = vec![vec![capture("A")], vec![capture("B")]];
    check(Case { outside: 1, ticks: 0, ..Case::new("outside, two functions", vec![authorized(3)], calls) });
}

#[test]
fn a_person_says_how_it_ended() {
    let calls = vec![vec![capture("A"), capture("B")]];
    let case = Case { words: 1, crashes: 1, ..Case::new("a person", vec![authorized(3)], calls) };
    check(case.clone());
    check(Case { name: "a person, late requests", is_late: true, tags: false, ..case });
}

fn purchase(payment: usize, key: &'static str, order: Option<&'static str>) -> Call {
    Call { payment, order, ..call(Do::Send, key, Command::Purchase, 1) }
}

#[test]
fn payments_under_new_references() {
    let calls = vec![vec![purchase(0, "A", None), purchase(0, "A", None)], vec![purchase(0, "B", None)]];
    check(Case { crashes: 1, lags: true, ..Case::new("a purchase, again", vec![unused("P")], calls) });
}

#[test]
fn two_attempts_at_one_order() {
    let references = || vec![unused("P"), unused("Q"), unused("O")];
    let calls = vec![vec![purchase(0, "A", Some("O"))], vec![purchase(1, "B", Some("O"))]];
    let case = Case::new("two attempts at once", references(), calls);
    check(Case { crashes: 1, ..case });
    // The first attempt bears the order's name.
    let calls = vec![vec![purchase(0, "A", None)], vec![purchase(1, "B", Some("P"))]];
    check(Case { crashes: 1, ..Case::new("an attempt beside the order's own", references(), calls) });
    let despite = Call { despite: vec!["A".into()], ..purchase(1, "B", Some("O")) };
    let calls = vec![vec![purchase(0, "A", Some("O")), despite]];
    check(Case {
        crashes: 1,
        is_late: true,
        ..Case::new("a second attempt in spite of the first", references(), calls)
    });
}
