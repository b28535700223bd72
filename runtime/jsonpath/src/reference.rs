//! Paths of names and single indexes: each names exactly one place, so it can be written to.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use stepwell_value::{Object, Str, Value};

use crate::step::{Step, Steps};
use crate::{ParseError, Path, Problem, ReadError, Root, WriteError};

/// A path that names one place, to read or to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferencePath(Path);

impl ReferencePath {
    /// Refuses what may lead to more than one place: `*`, `..`, slices, lists, unions, filters,
    /// functions, and the characters `@ , : ?` in names without quotes.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::parse_shared(&text.into())
    }

    /// As [`ReferencePath::parse`]; the path keeps the text and copies nothing of it.
    pub fn parse_shared(text: &Str) -> Result<Self, ParseError> {
        if let Some(offset) = forbidden(text) {
            return Err(ParseError { offset, problem: Problem::NotAReference });
        }
        let path = Path::parse_shared(text)?;
        let simple = |step: &Step| matches!(step, Step::Name(_) | Step::Index(_));
        if !path.steps().iter().all(simple) {
            return Err(ParseError { offset: 0, problem: Problem::NotAReference });
        }
        Ok(Self(path))
    }

    pub fn root(&self) -> &Root {
        self.0.root()
    }

    /// The value at that place.
    pub fn read<'d>(&self, document: &'d Value) -> Result<&'d Value, ReadError> {
        match self.0.find(document)? {
            Cow::Borrowed(value) => Ok(value),
            Cow::Owned(_) => unreachable!("names and indexes lead to values of the document"),
        }
    }

    /// A document like the given one, with the value at that place.
    ///
    /// Objects that are missing on the way are made. Elements of arrays can be replaced, not added.
    /// The new document shares with the old one all that lies beside the way.
    pub fn write(&self, document: &Value, value: Value) -> Result<Value, WriteError> {
        self.write_below(0, document, value)
    }

    /// Recurses by the steps of the path, of which there are few.
    fn write_below(&self, depth: usize, place: &Value, value: Value) -> Result<Value, WriteError> {
        let Some(step) = self.0.steps().get(depth) else { return Ok(value) };
        match (step, place) {
            (Step::Name(name), Value::Object(object)) => {
                let member = match object.get(name) {
                    Some(member) => self.write_below(depth + 1, member, value)?,
                    None => self.write_new(depth + 1, value)?,
                };
                let mut changed = object.clone();
                changed.insert(Str::clone(name), member);
                Ok(changed.into())
            }
            (Step::Index(index), Value::Array(items)) => {
                let nth = usize::try_from(*index).ok();
                let Some((nth, item)) = nth.and_then(|nth| Some((nth, items.get(nth)?))) else {
                    let (path, length) = (self.place(depth + 1), items.len());
                    return Err(WriteError::NoSuchElement { path, length });
                };
                let item = self.write_below(depth + 1, item, value)?;
                let mut changed = Vec::clone(items);
                changed.splice(nth..=nth, [item]);
                Ok(changed.into())
            }
            (Step::Index(_), _) => {
                Err(WriteError::NotAnArray { path: self.place(depth), found: place.kind() })
            }
            _ => Err(WriteError::NotAnObject { path: self.place(depth), found: place.kind() }),
        }
    }

    /// What goes where nothing is: the value inside the objects that the rest of the path names.
    fn write_new(&self, depth: usize, value: Value) -> Result<Value, WriteError> {
        let rest = self.0.steps().iter().enumerate().skip(depth);
        rest.rev().try_fold(value, |value, (at, step)| match step {
            Step::Name(name) => Ok(Object::from_iter([(Str::clone(name), value)]).into()),
            _ => Err(WriteError::NotAnArray { path: self.place(at), found: "missing" }),
        })
    }

    /// The first steps as text.
    fn place(&self, depth: usize) -> String {
        let steps = self.0.steps();
        format!("${}", Steps(steps.get(..depth).unwrap_or(steps)))
    }
}

/// The place of the first character that no reference path has outside of quotes.
fn forbidden(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '\'';
        let function = c == '(' && text.get(at..).is_some_and(|rest| rest.starts_with("()"));
        (!quoted && (matches!(c, '@' | ',' | ':' | '?') || function)).then_some(at)
    })
}

impl FromStr for ReferencePath {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

/// Prints the text that was parsed.
impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests;
