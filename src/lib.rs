//! Amazon Payment Services (APS, formerly PayFort): payment operations, validated, built, signed and verified.
#![cfg_attr(all(target_arch = "wasm32", feature = "checkout", not(feature = "server")), no_std)]

extern crate alloc;

pub mod amount;
pub mod canonical;
pub mod card;
pub mod code;
#[cfg(feature = "reference")]
pub mod code_text;
pub mod currency;
pub mod dictionary;
#[cfg(feature = "signature")]
pub mod explain;
pub mod fields;
pub mod form;
pub mod issue;
pub mod json;
pub mod message;
mod notation;
pub mod operation;
#[cfg(feature = "signature")]
pub mod packed;
pub mod payment;
#[cfg(feature = "signature")]
pub mod pieces;
#[cfg(feature = "signature")]
pub mod reply;
#[cfg(feature = "signature")]
pub mod signature;
pub mod text;
pub mod unicode;
pub mod value;
#[cfg(any(feature = "checkout", feature = "server"))]
#[allow(unreachable_pub, reason = "wasm-bindgen exports what is pub")]
mod wasm;
pub mod writer;
