//! Signatures: the text that is signed, its digest, and why a signature does not match.

#[cfg(feature = "signature")]
mod alter;
#[cfg(feature = "signature")]
mod budget;
pub mod canonical;
#[cfg(feature = "signature")]
pub mod explain;
#[cfg(feature = "signature")]
mod key_mistakes;
#[cfg(feature = "signature")]
mod shown;
#[cfg(feature = "signature")]
mod sign;
#[cfg(feature = "signature")]
mod signed;

#[cfg(feature = "signature")]
pub use sign::*;
