//! What the tests share: guests to run, and a host with a registry of its own to run them in.

pub mod guests;
pub mod tasks;
