//! Replies and notifications: opened, verified, and what their codes mean.

#[cfg(feature = "reference")]
pub mod acquirer_text;
#[cfg(feature = "signature")]
pub mod ambiguity;
pub mod code;
#[cfg(feature = "reference")]
pub mod code_text;
#[cfg(feature = "signature")]
mod open;

#[cfg(feature = "signature")]
pub use open::*;
