//! The `stepwell` command from outside: exit codes, standard output, standard error.
//!
//! Everything runs in folders of its own, without a terminal and without a network.

mod bad_input;
mod command;
mod first_steps;
mod results;
mod stopping;
