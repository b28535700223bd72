//! Who may call the server.
//!
//! Three questions, in the order in which a request meets them:
//!
//! 1. Does a web page that is not the server's own drive this request? [`browser::OwnNames`].
//! 2. Who signed it? [`Keys::verify`] calculates the signature (version 4) that the request should
//!    have, and gives the [`Key`] that it was made with.
//! 3. May that one do this? [`Key::authorize`] asks the key's [`Policy`].
//!
//! The crate reads no clock, does no I/O and waits for nothing: `now` is an argument. It is not on
//! the list of pure crates because the signer is linked with `time`, which could read a clock.
//! Requests are hostile until they are verified; nothing in here panics on one, and no answer
//! tells a secret.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use keys::{Key, KeyError, Keys, Principal, PrincipalError};
pub use policy::{Decision, Fault, Policy, PolicyError};
pub use refusal::{Denial, Incomplete, Invalid, Refusal};
pub use request::{Headers, Request};
pub use secret::Secret;
pub use timestamp::Timestamp;
pub use verify::SKEW_MAX;

mod authorization;
pub mod browser;
mod keys;
mod policy;
mod refusal;
mod request;
mod secret;
mod timestamp;
mod verify;
