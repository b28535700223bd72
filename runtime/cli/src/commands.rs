//! One module per command. Each has its `run`, which says how it ended.

pub(crate) mod activity;
mod answer;
pub(crate) mod api;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod deploy;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod env;
pub(crate) mod exec;
pub(crate) mod machine;
pub(crate) mod map_run;
pub(crate) mod new;
pub(crate) mod pages;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod start;
pub(crate) mod store;
pub(crate) mod task;
pub(crate) mod test;
