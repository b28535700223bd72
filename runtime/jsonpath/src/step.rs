//! One step of a path, and its canonical text.
//!
//! The canonical text is the one that error messages use: `.a` prints as `['a']`, a filter as
//! `[?]`. The text as the author wrote it is kept by the path.

use std::fmt;

use stepwell_value::Str;

use crate::filter::Filter;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Name(Str),
    /// `['a','b']`: one object with the members that are there. Never empty.
    Names(Box<[Str]>),
    Index(i32),
    /// `[(@.length-1)]`, kept as -1: an index that counts from the end.
    FromEnd(i32),
    Indexes(Box<[i32]>),
    SliceFrom(i32),
    SliceTo(i32),
    Slice(i32, i32),
    Wildcard,
    /// `..`: the step behind it is tried on every container below. Never the last step.
    Scan,
    Filter(Box<Filter>),
}

impl Step {
    /// Whether the step leads to at most one place. A union counts as one place.
    pub(crate) fn is_definite(&self) -> bool {
        match self {
            Self::Name(_) | Self::Names(_) | Self::Index(_) | Self::FromEnd(_) => true,
            Self::Indexes(_)
            | Self::SliceFrom(_)
            | Self::SliceTo(_)
            | Self::Slice(..)
            | Self::Wildcard
            | Self::Scan
            | Self::Filter(_) => false,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "['{name}']"),
            Self::Names(names) => write!(f, "['{}']", names.join("', '")),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::FromEnd(offset) => write!(f, "[@.size(){offset}]"),
            Self::Indexes(indexes) => {
                for (nth, index) in indexes.iter().enumerate() {
                    write!(f, "{}{index}", if nth == 0 { "[" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::SliceFrom(from) => write!(f, "[{from}:]"),
            Self::SliceTo(to) => write!(f, "[:{to}]"),
            Self::Slice(from, to) => write!(f, "[{from}:{to}]"),
            Self::Wildcard => f.write_str("[*]"),
            Self::Scan => f.write_str(".."),
            Self::Filter(_) => f.write_str("[?]"),
        }
    }
}

/// Steps in a row, canonical.
pub(crate) struct Steps<'a>(pub(crate) &'a [Step]);

impl fmt::Display for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| step.fmt(f))
    }
}
