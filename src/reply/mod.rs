//! Replies and notifications: opening and verifying them, and the meaning of their codes.

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
