//! `JSONPath` in the dialect that AWS Step Functions reads, over [`stepwell_value::Value`].
//!
//! A [`Path`] picks values out of a JSON document. `$.order.items[0].price` follows names and
//! indexes down from the root; `[*]`, `..`, slices and filters fan out. A path that can only name
//! one place is *definite*: reading it gives that value or an error. Every other path gives an
//! array of what it met, which may be empty.
//!
//! A [`ReferencePath`] is the small part of the language that names exactly one place by names and
//! indexes. It can also be written to: the document stays as it is, and the caller gets a new one
//! that shares everything beside the way to the place that changed.
//!
//! `JSONPath` has many dialects. This one is that of the Java library Jayway, version 2.0.0, because
//! its quirks and its error messages are what users of the service see: [`ReadError`] prints the same texts. Two things are
//! added to it, as the service does: `$$` is the root of a second document (the context object),
//! and `$name` is the root of a variable. Which document a path is read from is for the caller to
//! decide; [`Path::root`] says what the path asks for.
//!
//! Paths and documents may be hostile. Lengths, steps and work have limits
//! ([`LENGTH_MAX`], [`STEPS_MAX`], [`VISITS_MAX`]), and reading recurses by the steps of the path alone.
//! The crate reads no clock, does no I/O and knows nothing of workflows.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use error::{ParseError, Problem, ReadError, WriteError};
pub use java_text::JavaText;
pub use parse::{LENGTH_MAX, STEPS_MAX};
pub use path::{Path, Root};
pub use read::VISITS_MAX;
pub use reference::ReferencePath;

mod error;
mod filter;
mod java_text;
mod parse;
mod path;
mod read;
mod reference;
mod step;
