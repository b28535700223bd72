//! A parsed call and what one can ask it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use stepwell_jsonpath::Path;
use stepwell_value::{Str, Value};

use crate::{Failure, Function, ParseError, evaluate, parse};

/// A call of an intrinsic function, with the calls inside it. Cloning shares it.
///
/// Two calls are equal when their texts are.
#[derive(Clone, Debug)]
pub struct Call {
    text: Str,
    outermost: Arc<Invocation>,
}

/// One function with its arguments, as many as it takes.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) function: Function,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Debug)]
pub(crate) enum Argument {
    Literal(Value),
    Path(Path),
    Invocation(Invocation),
}

impl Call {
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let outermost = Arc::new(parse::call(text)?);
        Ok(Self { text: text.into(), outermost })
    }

    /// The paths among the arguments, from left to right.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let mut paths = Vec::new();
        self.outermost.collect_paths(&mut paths);
        paths.into_iter()
    }

    /// Reads the paths from left to right, each of them once for each time it is written, and
    /// calculates. `entropy` gives sixty-four random bits at a time.
    ///
    /// The first error ends the evaluation, be it the reader's or a [`Failure`].
    pub fn evaluate<E: From<Failure>>(
        &self,
        read: &mut dyn FnMut(&Path) -> Result<Value, E>,
        entropy: &mut dyn FnMut() -> u64,
    ) -> Result<Value, E> {
        evaluate::invoke(&self.outermost, read, entropy)
    }

    /// What the service says when an evaluation ends in an error. The call is quoted as it was
    /// written, from the outermost function on, whichever function inside it failed.
    pub fn cause(&self, error: &dyn fmt::Display) -> String {
        format!("The function '{}' had the following error: {error}", self.text)
    }
}

impl Invocation {
    fn collect_paths<'c>(&'c self, paths: &mut Vec<&'c Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Literal(_) => {}
                Argument::Path(path) => paths.push(path),
                Argument::Invocation(inner) => inner.collect_paths(paths),
            }
        }
    }
}

impl FromStr for Call {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Call {}

/// Prints the text that was parsed.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
