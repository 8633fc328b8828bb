//! The engine of operations, rule by rule.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod desk;
mod evidence;
mod names;
mod others;
mod sending;
mod text;
