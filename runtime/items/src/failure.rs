//! Why a data set could not be read to its end.

use std::fmt;
use std::io;

/// Why reading stopped. Its text is the cause that the Map state fails with, in the service's words
/// where they are known.
///
/// A failure is the last thing that a reader gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    MaxItemsNegative,
    /// The data set is neither an array nor an object that may be iterated over.
    NotIterable,
    DuplicateHeaders,
    HeadersTooLong {
        max: usize,
    },
    /// An item is longer than the caller allows.
    ItemTooLong {
        /// The item's place in its file, counted from 0.
        index: u64,
        max: usize,
    },
    /// A pointer that RFC 6901 does not allow, or that is too long.
    InvalidPointer {
        pointer: String,
    },
    /// Nothing is where the pointer points.
    NothingAtPointer {
        pointer: String,
    },
    /// The file is not what its configuration says it is.
    Malformed {
        format: &'static str,
        /// In bytes, from the start of the file.
        offset: u64,
        reason: String,
    },
    /// The manifest does not say what a manifest has to say.
    InvalidManifest {
        reason: String,
    },
    /// The bytes did not come.
    Io {
        reason: String,
    },
    /// Whoever opens the files has none to give, and says why.
    Unavailable {
        reason: String,
    },
}

impl ReadFailure {
    /// The error that a Map state fails with when its items cannot be read.
    pub const ERROR: &'static str = "States.ItemReaderFailed";

    /// Says which item it was, for whoever found one too long did not count.
    pub(crate) fn at(self, index: u64) -> Self {
        match self {
            Self::ItemTooLong { max, .. } => Self::ItemTooLong { index, max },
            other => other,
        }
    }

    pub(crate) fn io(error: &io::Error) -> Self {
        Self::Io { reason: error.to_string() }
    }
}

impl std::error::Error for ReadFailure {}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaxItemsNegative => f.write_str("field MaxItems must be positive"),
            Self::NotIterable => f.write_str("Attempting to map over non-iterable node."),
            Self::DuplicateHeaders => f.write_str("CSV headers cannot contain duplicates."),
            Self::HeadersTooLong { max } => {
                write!(f, "the CSV headers are longer than {max} bytes")
            }
            Self::ItemTooLong { index, max } => {
                write!(f, "the item at index {index} is longer than {max} bytes")
            }
            Self::InvalidPointer { pointer } => {
                write!(f, "the ItemsPointer is not a JSON pointer: {pointer}")
            }
            Self::NothingAtPointer { pointer } => {
                write!(f, "the ItemsPointer points at nothing: {pointer}")
            }
            Self::Malformed { format, offset, reason } => {
                write!(f, "the file is not {format}: {reason} (at byte {offset})")
            }
            Self::InvalidManifest { reason } => write!(f, "the manifest is not usable: {reason}"),
            Self::Io { reason } => write!(f, "the file cannot be read: {reason}"),
            Self::Unavailable { reason } => f.write_str(reason),
        }
    }
}
