//! One module per command. Each has its `run`, which says how it ended.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod store;
pub(crate) mod task;
