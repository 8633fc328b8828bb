//! The engine of operations, rule by rule.

mod desk;
mod evidence;
mod names;
mod others;
mod sending;
mod text;
