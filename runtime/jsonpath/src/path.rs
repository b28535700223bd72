//! A parsed path and what one can ask it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use stepwell_value::{Str, Value};

use crate::read::{self, Reader};
use crate::step::Step;
use crate::{ParseError, ReadError, parse};

/// A path through a JSON document.
///
/// Two paths are equal when their texts are.
#[derive(Clone, Debug)]
pub struct Path {
    text: Str,
    root: Root,
    steps: Vec<Step>,
    definite: bool,
}

/// What a path starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(Str),
}

impl Path {
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::parse_shared(&text.into())
    }

    /// As [`Path::parse`]; the path keeps the text and copies nothing of it.
    pub fn parse_shared(text: &Str) -> Result<Self, ParseError> {
        let (root, steps) = parse::path(text)?;
        let definite = steps.iter().all(Step::is_definite);
        Ok(Self { text: Str::clone(text), root, steps, definite })
    }

    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether the path names one place. Reading any other path gives an array.
    pub fn is_definite(&self) -> bool {
        self.definite
    }

    /// The value at a definite path, or an array of all values the path meets.
    ///
    /// `document` is the one that [`Path::root`] asks for.
    pub fn read(&self, document: &Value) -> Result<Value, ReadError> {
        self.find(document).map(Cow::into_owned)
    }

    /// As [`Path::read`], and borrows the value when it stands in the document as it is: a definite
    /// path without a union allocates nothing.
    pub fn find<'d>(&self, document: &'d Value) -> Result<Cow<'d, Value>, ReadError> {
        match read::follow(&self.steps, document) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.evaluate(document),
        }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The full evaluation. It is also where a failed [`read::follow`] gets its error from.
    fn evaluate<'d>(&self, document: &'d Value) -> Result<Cow<'d, Value>, ReadError> {
        let mut results = Reader::new(document, self.definite).run(&self.steps)?;
        if self.definite {
            return Ok(results.pop().expect("a definite path has a result or an error"));
        }
        let items: Vec<_> = results.into_iter().map(Cow::into_owned).collect();
        Ok(Cow::Owned(items.into()))
    }
}

impl FromStr for Path {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Path {}

/// Prints the text that was parsed.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
