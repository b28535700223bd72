//! The targets, one a file. Each has a `TARGET` that the list in `target.rs` names.

pub(crate) mod definition;
mod expressions;
pub(crate) mod jsonata_evaluate;
pub(crate) mod jsonata_oracle;
pub(crate) mod jsonata_parse;
pub(crate) mod jsonpath_parse;
pub(crate) mod jsonpath_read;
pub(crate) mod machines;
pub(crate) mod mischief;
pub(crate) mod request;
pub(crate) mod value;
