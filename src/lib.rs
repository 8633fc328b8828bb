//! Amazon Payment Services (APS, formerly PayFort): payment operations, validated, built, signed and verified.
//!
#![cfg_attr(any(doc, doctest), doc = include_str!("../docs/guide/rust.md"))]
#![cfg_attr(page, no_std)]

extern crate alloc;

pub mod amount;
#[cfg(not(page))]
pub mod amount_cause;
pub mod card;
pub mod currency;
pub mod dictionary;
pub mod issue;
pub mod message;
#[cfg(feature = "signature")]
pub mod operation;
pub mod payment;
pub mod reply;
#[cfg(feature = "signature")]
pub mod signature;
pub mod text;
pub mod unicode;
#[cfg(any(feature = "checkout", feature = "server"))]
#[allow(unreachable_pub, reason = "wasm-bindgen exports what is pub")]
mod wasm;
#[cfg(feature = "signature")]
mod wiped;
