//! Every interleaving of small cases, run through the engine by a model checker.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod case;
mod cases;
mod gateway;
mod properties;
mod worker;
mod world;
