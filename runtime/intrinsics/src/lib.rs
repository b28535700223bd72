//! The intrinsic functions of the Amazon States Language, over [`stepwell_value::Value`].
//!
//! An intrinsic function is a small calculation on JSON that is written as a text:
//! `States.Format('Hello {}', $.name)` puts words together, `States.ArrayLength($.items)` counts,
//! `States.Hash($.body, 'SHA-256')` computes a digest. There are eighteen of them. Arguments are
//! literals, paths into documents, and further calls.
//!
//! ```
//! use stepwell_intrinsics::{Call, Failure};
//! use stepwell_jsonpath::Path;
//! use stepwell_value::Value;
//!
//! #[derive(Debug)]
//! enum Trouble {
//!     NotFound(stepwell_jsonpath::ReadError),
//!     Failed(Failure),
//! }
//!
//! impl From<Failure> for Trouble {
//!     fn from(failure: Failure) -> Self {
//!         Self::Failed(failure)
//!     }
//! }
//!
//! let call = Call::parse("States.Format('{} has {} items', $.name, States.ArrayLength($.items))");
//! let input = Value::parse(r#"{"name": "Ada", "items": ["tea", "pot"]}"#).unwrap();
//! let mut read = |path: &Path| path.read(&input).map_err(Trouble::NotFound);
//! let greeting = call.unwrap().evaluate(&mut read, &mut || 4).unwrap();
//! assert_eq!(greeting, Value::from("Ada has 2 items"));
//! ```
//!
//! A [`Call`] is parsed once and evaluated often, by as many threads as like. What a text alone can
//! get wrong is found by [`Call::parse`]: names, numbers of arguments, escapes, paths. What data can
//! get wrong is a [`Failure`]. Which documents paths are read from, and how a value that is missing
//! is reported, is for the caller to decide, who passes a function that reads.
//!
//! Where the documentation of the service is silent, the functions do what recorded executions show,
//! and else what a Java program over parsed JSON would do: `1` and `1.0` are different, numbers round
//! as `Math.round` does, and an object inside a text reads `{a=1, b=[x]}`.
//!
//! The crate is pure. Random bits are an argument. Calls and documents may be hostile: the number of
//! functions and arguments, and the size of what a function makes, have limits, so an evaluation ends
//! soon in a value or in an error.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use call::Call;
pub use error::{ParseError, Problem};
pub use failure::{Failure, Reason};
pub use function::Function;
pub use limits::{
    ARGUMENTS_MAX, FUNCTIONS_MAX, LENGTH_MAX, PARTITION_BYTES_MAX, RANGE_ITEMS_MAX, TEXT_BYTES_MAX,
    TEXT_CHARACTERS_MAX, UNIQUE_BYTES_MAX,
};

mod arguments;
mod array;
mod call;
mod encoding;
mod error;
mod evaluate;
mod failure;
mod function;
mod java_map;
mod java_random;
mod json;
mod limits;
mod math;
mod parse;
mod print;
mod template;
#[cfg(test)]
mod testing;
mod text;
mod uuid;
