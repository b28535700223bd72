//! Why data has no result: the one table of the texts that become a cause.
//!
//! The service begins them with `Invalid arguments in States.X`, and callers search causes for that.
//! What follows the colon is ours and says what is wrong with which argument.

use std::fmt;

use crate::{
    Function, PARTITION_BYTES_MAX, RANGE_ITEMS_MAX, TEXT_BYTES_MAX, TEXT_CHARACTERS_MAX,
    UNIQUE_BYTES_MAX,
};

/// A function that could not be applied to its arguments. Prints the service's message.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub function: Function,
    pub reason: Reason,
}

/// What is wrong with the arguments. They count from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The argument is of another kind than the function needs.
    WrongKind {
        nth: usize,
        wanted: &'static str,
        found: &'static str,
    },
    /// A number that 32 bits do not hold.
    NotInRange {
        nth: usize,
    },
    /// A sum that 32 bits do not hold.
    SumNotInRange,
    /// A size of parts that is zero or less.
    NotPositive {
        nth: usize,
        found: i64,
    },
    /// A range cannot advance by zero.
    ZeroStep,
    TooManyItems,
    NoSuchItem {
        index: i64,
        length: usize,
    },
    ArrayTooLarge,
    TooMuchToCompare,
    /// There is no number from the first argument up to, but not including, the second.
    NothingBetween {
        start: i32,
        end: i32,
    },
    /// More characters than are encoded, decoded or hashed.
    TextTooLong {
        nth: usize,
    },
    /// A result that no payload can hold.
    ResultTooLong,
    UnknownAlgorithm(String),
    NotBase64,
    NotJson(stepwell_value::Error),
    DeepMerge,
    /// A lone brace in a template, in characters from its start.
    LoneBrace {
        at: usize,
    },
    /// A backslash in a template that escapes nothing.
    OpenBackslash {
        at: usize,
    },
    /// The template has so many `{}`, and so many arguments follow it.
    ArgumentCount {
        places: usize,
        found: usize,
    },
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invalid arguments in {}: {}", self.function, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongKind { nth, wanted, found } => {
                write!(f, "argument {nth} has to be {wanted}, not {found}")
            }
            Self::NotInRange { nth } => {
                write!(f, "argument {nth} has to be from {} to {}", i32::MIN, i32::MAX)
            }
            Self::SumNotInRange => write!(f, "the sum is not from {} to {}", i32::MIN, i32::MAX),
            Self::NotPositive { nth, found } => {
                write!(f, "argument {nth} has to be a positive integer, not {found}")
            }
            Self::ZeroStep => f.write_str("the step must not be zero"),
            Self::TooManyItems => write!(f, "the range has more than {RANGE_ITEMS_MAX} numbers"),
            Self::NoSuchItem { index, length } => {
                write!(f, "there is no index {index} in an array of length {length}")
            }
            Self::ArrayTooLarge => {
                write!(f, "the array is larger than {PARTITION_BYTES_MAX} bytes")
            }
            Self::TooMuchToCompare => {
                write!(f, "the array is larger than {UNIQUE_BYTES_MAX} bytes")
            }
            Self::NothingBetween { start, end } => {
                write!(f, "the end {end} is not greater than the start {start}")
            }
            Self::TextTooLong { nth } => {
                write!(f, "argument {nth} is longer than {TEXT_CHARACTERS_MAX} characters")
            }
            Self::ResultTooLong => write!(f, "the result is longer than {TEXT_BYTES_MAX} bytes"),
            Self::UnknownAlgorithm(name) => write!(
                f,
                "the algorithm has to be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, not {name:?}"
            ),
            Self::NotBase64 => f.write_str("argument 1 is not in Base64"),
            Self::NotJson(error) => write!(f, "argument 1 is not JSON: {error}"),
            Self::DeepMerge => {
                f.write_str("argument 3 has to be false: objects are not merged deeply")
            }
            Self::LoneBrace { at } => {
                write!(f, r"character {at} of the template is a lone brace; write it as \{{ or \}}")
            }
            Self::OpenBackslash { at } => write!(
                f,
                r"character {at} of the template is a backslash that escapes nothing; write it as \\"
            ),
            Self::ArgumentCount { places, found } => write!(
                f,
                "number of arguments do not match the occurrences of {{}}: {places} occurrences, \
                 {found} arguments"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
