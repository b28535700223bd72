//! What is wrong with bytes that should be a record.

use std::fmt;

use stepwell_value::Error as JsonError;

/// The bytes are not a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrupt {
    /// How far the reader had come, in bytes from the record's start.
    pub offset: usize,
    pub flaw: Flaw,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A later version of this program wrote it, or none.
    UnknownVersion(u8),
    UnknownTag {
        /// Of what there is no such tag.
        of: &'static str,
        tag: u8,
    },
    /// The record ends inside of something.
    Truncated,
    /// Bytes follow the last event.
    Trailing,
    NumberTooLarge,
    /// A text is not UTF-8.
    NotText,
    NotJson(JsonError),
    /// A payload points back further than there are payloads.
    Dangling,
    /// A second has a thousand million nanoseconds.
    NotATime,
}

impl std::error::Error for Corrupt {}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} of the record: {}", self.offset, self.flaw)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion(version) => write!(f, "version {version} is not known"),
            Self::UnknownTag { of, tag } => write!(f, "no {of} has the tag {tag}"),
            Self::Truncated => f.write_str("it ends too early"),
            Self::Trailing => f.write_str("something follows the last event"),
            Self::NumberTooLarge => f.write_str("a number is too large for what it counts"),
            Self::NotText => f.write_str("a text is not UTF-8"),
            Self::NotJson(error) => write!(f, "a payload is not JSON: {error}"),
            Self::Dangling => f.write_str("a payload points back to none"),
            Self::NotATime => f.write_str("a time has too many nanoseconds"),
        }
    }
}
