//! Why a text is not a call.

use std::fmt;

use crate::{ARGUMENTS_MAX, FUNCTIONS_MAX, Function, LENGTH_MAX};

/// Why a text is not a call, and where.
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
    UnknownFunction {
        name: String,
        /// The function that differs from it in case alone.
        like: Option<Function>,
    },
    WrongArity {
        function: Function,
        found: usize,
    },
    /// A backslash before something that needs none.
    Escape,
    /// Not a number in JSON's notation.
    Number,
    /// A path that cannot be read; the offset of that error counts from the start of the call.
    Path(stepwell_jsonpath::ParseError),
    /// A character that a name in a path has only inside brackets and quotes.
    NameCharacter(char),
    /// A result has no members by index.
    Indexed,
    TooLong,
    TooManyFunctions,
    TooManyArguments,
}

impl std::error::Error for ParseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Path(error) => Some(error),
            Problem::Expected(_)
            | Problem::UnknownFunction { .. }
            | Problem::WrongArity { .. }
            | Problem::Escape
            | Problem::Number
            | Problem::NameCharacter(_)
            | Problem::Indexed
            | Problem::TooLong
            | Problem::TooManyFunctions
            | Problem::TooManyArguments => None,
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Expected(what) => write!(f, "expected {what}")?,
            Problem::UnknownFunction { name, like: Some(function) } => {
                write!(f, "there is no function `{name}`; its name is `{function}`")?;
            }
            Problem::UnknownFunction { name, like: None } => {
                write!(f, "there is no function `{name}`")?;
            }
            Problem::WrongArity { function, found } => {
                let (least, most) = function.arity().into_inner();
                write!(f, "`{function}` takes ")?;
                match most {
                    _ if least == most => write!(f, "{least}")?,
                    usize::MAX => write!(f, "at least {least}")?,
                    _ => write!(f, "{least} to {most}")?,
                }
                let is_one = least == 1 && matches!(most, 1 | usize::MAX);
                write!(f, " argument{}, not {found}", if is_one { "" } else { "s" })?;
            }
            Problem::Escape => {
                f.write_str(r"a backslash stands only in `\'`, `\{`, `\}` and `\\`")?;
            }
            Problem::Number => f.write_str("this is not a number in JSON's notation")?,
            // The path's own error knows where it is.
            Problem::Path(error) => return write!(f, "this path is refused: {error}"),
            Problem::NameCharacter(found) => {
                write!(f, "a name with {found:?} has to be written as ['name'] in a function")?;
            }
            Problem::Indexed => f.write_str(
                "the result of a function cannot be indexed; use `States.ArrayGetItem`",
            )?,
            Problem::TooLong => write!(f, "the call is longer than {LENGTH_MAX} bytes")?,
            Problem::TooManyFunctions => {
                write!(f, "a call holds {FUNCTIONS_MAX} functions at most")?;
            }
            Problem::TooManyArguments => {
                write!(f, "a call has {ARGUMENTS_MAX} arguments at most")?;
            }
        }
        write!(f, " (at byte {})", self.offset)
    }
}
