//! The JSON value of the whole runtime.
//!
//! [`Value`] is a parsed JSON document: immutable, cheap to clone and to share between threads,
//! with objects that keep the order of their members and integers that stay exact. [`Payload`] is a
//! document that may not have been parsed yet: it keeps the text it came with and builds the tree
//! at most once, when somebody asks. What nobody touches is never parsed, copied or printed again.
//!
//! The crate reads no clock, does no I/O and has no opinion about workflows.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use object::Object;
pub use parse::{DEPTH_MAX, Duplicate, Error, ErrorKind, Step, scan};
pub use payload::{Payload, TooDeep};
pub use value::{Str, Value};

mod measure;
mod object;
mod parse;
mod payload;
mod plain;
mod print;
mod value;
