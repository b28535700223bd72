//! What can go wrong: with the text of a path, with a read, with a write.

use std::fmt;

use crate::{LENGTH_MAX, STEPS_MAX, VISITS_MAX};

/// Why a text is not a path, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// In bytes from the start of the text.
    pub offset: usize,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Something else was needed here.
    Expected(&'static str),
    /// A name with a blank has to be written as `['a b']`.
    Blank,
    /// A path may not end with `..`.
    EndsWithScan,
    /// An index that 32 bits do not hold.
    IndexTooLarge,
    /// A path inside a filter names one value: no `*`, `..`, slice, list or filter.
    FilterPathNotDefinite,
    /// A regular expression that cannot be used; the reason.
    Pattern(String),
    /// Not allowed in a reference path.
    NotAReference,
    TooLong,
    TooManySteps,
}

impl std::error::Error for ParseError {}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Expected(what) => write!(f, "expected {what}")?,
            Problem::Blank => {
                f.write_str("a blank is not allowed here; write such a name as ['a b']")?;
            }
            Problem::EndsWithScan => f.write_str("a path cannot end with `..`")?,
            Problem::IndexTooLarge => f.write_str("this index does not fit into 32 bits")?,
            Problem::FilterPathNotDefinite => {
                f.write_str("a path inside a filter has to name a single value")?;
            }
            Problem::Pattern(reason) => write!(f, "this regular expression is refused: {reason}")?,
            Problem::NotAReference => {
                f.write_str("a reference path has names and single indexes only")?;
            }
            Problem::TooLong => write!(f, "the path is longer than {LENGTH_MAX} bytes")?,
            Problem::TooManySteps => write!(f, "the path has more than {STEPS_MAX} steps")?,
        }
        write!(f, " (at byte {})", self.offset)
    }
}

/// Why a document has no answer. Prints the message of the Java library Jayway, 2.0.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The last name of the path is missing.
    NoResults {
        path: String,
    },
    /// A name on the way is missing.
    MissingProperty {
        path: String,
    },
    /// A name was asked of something that is not an object.
    NotAnObject {
        property: String,
        path: String,
    },
    /// An index was asked of null.
    IsNull {
        path: String,
    },
    IndexOutOfBounds {
        path: String,
    },
    /// A union of names has to be the last step.
    UnionNotLast {
        path: String,
    },
    /// An index or a slice of something that is not an array; `rest` is the path from there.
    NotAnArray {
        rest: String,
        found: String,
    },
    /// A filter on something without members; `rest` is the path from there.
    FilteredPrimitive {
        rest: String,
        found: String,
    },
    /// More than [`VISITS_MAX`] steps of work.
    TooMuchWork,
}

impl ReadError {
    /// Whether the document merely lacks the value. The other errors are a misuse of the path: a
    /// filter does not take them for false, and `[*]` does not pass over them.
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::NoResults { .. }
            | Self::MissingProperty { .. }
            | Self::NotAnObject { .. }
            | Self::IsNull { .. }
            | Self::IndexOutOfBounds { .. } => true,
            Self::UnionNotLast { .. }
            | Self::NotAnArray { .. }
            | Self::FilteredPrimitive { .. }
            | Self::TooMuchWork => false,
        }
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResults { path } => write!(f, "No results for path: {path}"),
            Self::MissingProperty { path } => write!(f, "Missing property in path {path}"),
            Self::NotAnObject { property, path } => {
                write!(f, "Property {property} not found in path {path}")
            }
            Self::IsNull { path } => write!(f, "The path {path} is null"),
            Self::IndexOutOfBounds { path } => {
                write!(f, "Index out of bounds when evaluating path {path}")
            }
            Self::UnionNotLast { path } => {
                write!(f, "Multi properties can only be used as path leafs: {path}")
            }
            Self::NotAnArray { rest, found } => write!(
                f,
                "Filter: {rest} can only be applied to arrays. Current context is: {found}"
            ),
            Self::FilteredPrimitive { rest, found } => write!(
                f,
                "Filter: {rest} can not be applied to primitives. Current context is: {found}"
            ),
            Self::TooMuchWork => write!(f, "reading the path takes more than {VISITS_MAX} steps"),
        }
    }
}

/// Why a reference path cannot be written to in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// A member was to be set in something that is not an object.
    NotAnObject { path: String, found: &'static str },
    /// An element was to be set in something that is not an array, or is not there.
    NotAnArray { path: String, found: &'static str },
    /// Elements can be replaced, not added.
    NoSuchElement { path: String, length: usize },
}

impl std::error::Error for WriteError {}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject { path, found } => {
                write!(f, "cannot set a member of {path}: it is {found}, not an object")
            }
            Self::NotAnArray { path, found } => {
                write!(f, "cannot set an element of {path}: it is {found}, not an array")
            }
            Self::NoSuchElement { path, length } => {
                write!(f, "cannot set {path}: the array has {length} elements")
            }
        }
    }
}
