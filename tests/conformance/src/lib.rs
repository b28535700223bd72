//! Plays what was recorded on the service, and says where this runtime answers differently.
//!
//! The recordings are not part of this repository. [`data`] tells where they are looked for. Three
//! kinds are played: [`expressions`], which are texts of the expression languages with what they
//! come to, [`executions`], which are definitions with the history that has to come out, and
//! [`states`], which are single states with what comes of them.
//!
//! [`http`] plays executions, single states and recorded calls once more, as a client of a server.
//!
//! Whatever is played ends in a [`Report`], which prints a score for each group of cases and how
//! each case that failed differs.
#![forbid(unsafe_code)]

pub use score::{Failure, Only, Report, Score};

mod answer;
mod case;
mod compare;
pub mod data;
pub mod executions;
pub mod expressions;
mod field;
#[cfg(feature = "http")]
pub mod http;
mod objects;
mod play;
mod score;
pub mod states;
mod tasks;
