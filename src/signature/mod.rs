//! Signatures: the text that is signed, its digest, and why a signature does not match.

mod alter;
mod budget;
pub mod canonical;
pub mod explain;
mod key_mistakes;
mod shown;
mod sign;
mod signed;

pub use sign::*;
