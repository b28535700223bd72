//! The `stepwell` command from outside: exit codes, standard output, standard error.
//!
//! Everything runs in folders of its own, without a terminal and without a network.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod command;
mod first_steps;
mod logs;
mod results;
mod served;
mod server;
mod stopping;
mod stores;
mod tls;
mod trials;
