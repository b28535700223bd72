//! The server as a client of HTTP sees it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod client;
mod endings;
mod hostile;
mod life;
mod mocks;
mod refusals;
mod server;
