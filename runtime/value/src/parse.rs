//! JSON text read: a scan that only checks, and a parse that builds.
//!
//! Both walk the text with the same [`Reader`], so what the scan accepts the parser parses. The
//! grammar is RFC 8259's, with two limits of ours: nesting up to [`DEPTH_MAX`], and no escape that
//! names half of a surrogate pair, because no text can hold one.
//!
//! The tree takes at most about forty times the room of its text (`[[],[],[]]` is the worst), so
//! whoever bounds the text with [`Value::parse_within`] bounds the tree.

use std::fmt;

use crate::Value;

pub use duplicates::{Duplicate, Step};
use reader::{Reader, Refused};

mod build;
mod duplicates;
mod escape;
mod names;
mod number;
mod reader;
mod scan;

/// How deep arrays and objects may nest.
pub const DEPTH_MAX: usize = 1000;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text ends where more was needed.
    UnexpectedEnd {
        expected: &'static str,
    },
    UnexpectedCharacter {
        found: char,
        expected: &'static str,
    },
    /// Something follows the document.
    TrailingCharacter {
        found: char,
    },
    /// A number that JSON does not allow, such as `01` or `1.`.
    InvalidNumber,
    InvalidEscape,
    /// `\ud800` to `\udfff` without its other half.
    LoneSurrogate,
    /// A control character inside a string has to be written as an escape.
    ControlCharacter,
    TooDeep,
    /// The text is longer than the reader's caller allows. Nothing of it was read.
    TooLong {
        bytes: usize,
        bytes_max: usize,
    },
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::UnexpectedEnd { expected } => {
                write!(f, "the text ends where {expected} was expected")?;
            }
            ErrorKind::UnexpectedCharacter { found, expected } => {
                write!(f, "found {found:?} where {expected} was expected")?;
            }
            ErrorKind::TrailingCharacter { found } => {
                write!(f, "found {found:?} after the end of the document")?;
            }
            ErrorKind::InvalidNumber => f.write_str("this is not a number in JSON's notation")?,
            ErrorKind::InvalidEscape => f.write_str("this escape is not one of JSON's")?,
            ErrorKind::LoneSurrogate => f.write_str("half of a surrogate pair stands alone")?,
            ErrorKind::ControlCharacter => {
                f.write_str("a control character inside a string has to be escaped")?;
            }
            ErrorKind::TooDeep => write!(f, "arrays and objects nest deeper than {DEPTH_MAX}")?,
            ErrorKind::TooLong { bytes, bytes_max } => {
                return write!(f, "the text has {bytes} bytes, and {bytes_max} are the most");
            }
        }
        write!(f, " (line {}, column {})", self.line, self.column)
    }
}

/// Checks that a text is one JSON document, and builds nothing. Gives how deep it nests: 0 for a
/// scalar. The value nests less deep where a member is replaced by a later one of its name.
pub fn scan(text: &str) -> Result<usize, Error> {
    let mut reader = Reader::new(text);
    scan::document(&mut reader).map_err(|Refused| reader.error())
}

impl Value {
    /// Parses one JSON document. Of members with the same name the last one counts.
    ///
    /// The text may be of any length; see [`Value::parse_within`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut reader = Reader::new(text);
        let built = build::document::<false>(&mut reader).map_err(|Refused| reader.error());
        built.map(|(value, _)| value)
    }

    /// Parses a document that somebody wrote. As [`Value::parse`], with the names that stand more
    /// than once in one object, in the order of the text; no more than a hundred are told.
    ///
    /// A document that has none, as nearly all have, costs no more than its parse. Such documents
    /// repeat themselves, so texts that are equal and short are shared.
    pub fn parse_written(text: &str) -> Result<(Self, Vec<Duplicate>), Error> {
        let mut reader = Reader::new(text);
        let built = build::document::<true>(&mut reader).map_err(|Refused| reader.error());
        let (value, has_duplicates) = built?;
        if !has_duplicates {
            return Ok((value, Vec::new()));
        }
        let mut reader = Reader::new(text);
        let found = duplicates::document(&mut reader).map_err(|Refused| reader.error())?;
        Ok((value, found))
    }

    /// Parses one JSON document, unless its text is too long.
    pub fn parse_within(text: &str, bytes_max: usize) -> Result<Self, Error> {
        check_length(text, bytes_max)?;
        Self::parse(text)
    }
}

pub(crate) fn check_length(text: &str, bytes_max: usize) -> Result<(), Error> {
    let bytes = text.len();
    if bytes <= bytes_max {
        return Ok(());
    }
    Err(Error { kind: ErrorKind::TooLong { bytes, bytes_max }, line: 1, column: 1 })
}

#[cfg(test)]
mod tests;
