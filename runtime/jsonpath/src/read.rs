//! A path followed through a document.
//!
//! Two ways lead there. [`follow`] goes down a definite path and knows only success; it is the fast
//! one. [`Reader`] does everything else. It goes depth first and keeps the trail from the root to
//! where it is, because error messages show it. It recurses by the steps of the path, which are
//! few, and never by the depth of the document.

use std::borrow::Cow;
use std::fmt::Write;

use stepwell_value::{Object, Str, Value};

use crate::JavaText;
use crate::ReadError;
use crate::filter::Filter;
use crate::step::{Step, Steps};

/// How many steps of work one read may take: a value visited, a result added, a filter applied.
pub const VISITS_MAX: usize = 1_000_000;

/// The value at the end of names and indexes. None is anything else, including any error.
#[inline]
pub(crate) fn follow<'d>(steps: &[Step], document: &'d Value) -> Option<&'d Value> {
    steps.iter().try_fold(document, |value, step| match (step, value) {
        (Step::Name(name), Value::Object(object)) => object.get(name),
        (Step::Index(index), Value::Array(items)) => items.get(usize::try_from(*index).ok()?),
        (Step::FromEnd(offset), Value::Array(items)) => {
            items.get(items.len().checked_add_signed(isize::try_from(*offset).ok()?)?)
        }
        _ => None,
    })
}

/// One step of the way from the root to the current value.
#[derive(Clone, Copy)]
enum Crumb<'d> {
    Name(&'d str),
    Index(i64),
}

/// `'p` is the path's life, `'d` the document's: only the trail refers to both.
pub(crate) struct Reader<'p, 'd> {
    document: &'d Value,
    definite: bool,
    trail: Vec<Crumb<'p>>,
    results: Vec<Cow<'d, Value>>,
    visits_left: usize,
}

impl<'p, 'd: 'p> Reader<'p, 'd> {
    /// `definite` tells whether a name that is missing on the way is an error.
    pub(crate) fn new(document: &'d Value, definite: bool) -> Self {
        let (trail, results) = (Vec::new(), Vec::new());
        Self { document, definite, trail, results, visits_left: VISITS_MAX }
    }

    pub(crate) fn run(mut self, steps: &'p [Step]) -> Result<Vec<Cow<'d, Value>>, ReadError> {
        self.go(steps, self.document)?;
        Ok(self.results)
    }

    fn visit(&mut self) -> Result<(), ReadError> {
        self.visits_left = self.visits_left.checked_sub(1).ok_or(ReadError::TooMuchWork)?;
        Ok(())
    }

    fn go(&mut self, steps: &'p [Step], value: &'d Value) -> Result<(), ReadError> {
        self.visit()?;
        let Some((step, rest)) = steps.split_first() else {
            self.results.push(Cow::Borrowed(value));
            return Ok(());
        };
        match step {
            Step::Name(name) => self.go_name(name, rest, self.object(step, value)?),
            Step::Names(names) => {
                let object = self.object(step, value)?;
                self.go_names(names, step, rest, object)
            }
            Step::Wildcard => self.go_members(rest, value),
            Step::Scan => self.scan(rest, value),
            Step::Filter(filter) => self.go_filter(filter, steps, value),
            Step::Index(_)
            | Step::FromEnd(_)
            | Step::Indexes(_)
            | Step::SliceFrom(_)
            | Step::SliceTo(_)
            | Step::Slice(..) => self.go_elements(step, steps, value),
        }
    }

    fn object(&self, step: &Step, value: &'d Value) -> Result<&'d Object, ReadError> {
        value.as_object().ok_or_else(|| ReadError::NotAnObject {
            property: step.to_string(),
            path: self.place(""),
        })
    }

    fn go_name(
        &mut self,
        name: &'p Str,
        rest: &'p [Step],
        object: &'d Object,
    ) -> Result<(), ReadError> {
        self.enter(Crumb::Name(name), |reader| match object.get(name) {
            Some(member) => reader.go(rest, member),
            None if rest.is_empty() => Err(ReadError::NoResults { path: reader.place("") }),
            None if reader.definite => Err(ReadError::MissingProperty { path: reader.place("") }),
            None => Ok(()),
        })
    }

    fn go_names(
        &mut self,
        names: &[Str],
        step: &Step,
        rest: &[Step],
        object: &Object,
    ) -> Result<(), ReadError> {
        if !rest.is_empty() {
            return Err(ReadError::UnionNotLast { path: self.place(&step.to_string()) });
        }
        let mut merged = Object::new();
        for name in names {
            self.visit()?;
            if let Some(member) = object.get(name) {
                merged.insert(Str::clone(name), member.clone());
            }
        }
        self.results.push(Cow::Owned(merged.into()));
        Ok(())
    }

    /// Every member. What an element of an array lacks is passed over; what a member of an object
    /// lacks is an error.
    fn go_members(&mut self, rest: &'p [Step], value: &'d Value) -> Result<(), ReadError> {
        let in_array = value.as_array().is_some();
        for (crumb, member) in members(value) {
            match self.enter(crumb, |reader| reader.go(rest, member)) {
                Err(error) if in_array && error.is_not_found() => {}
                gone => gone?,
            }
        }
        Ok(())
    }

    /// An object is filtered itself, an array by its elements.
    fn go_filter(
        &mut self,
        filter: &'p Filter,
        steps: &'p [Step],
        value: &'d Value,
    ) -> Result<(), ReadError> {
        let rest = steps.get(1..).unwrap_or_default();
        match value {
            Value::Object(_) if self.accepts(filter, value)? => self.go(rest, value),
            Value::Object(_) => Ok(()),
            Value::Array(_) => members(value).try_for_each(|(crumb, item)| {
                if !self.accepts(filter, item)? {
                    return Ok(());
                }
                self.enter(crumb, |reader| reader.go(rest, item))
            }),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
                let (rest, found) = (Steps(steps).to_string(), JavaText(value).to_string());
                Err(ReadError::FilteredPrimitive { rest, found })
            }
        }
    }

    fn accepts(&mut self, filter: &Filter, item: &Value) -> Result<bool, ReadError> {
        self.visits_left =
            self.visits_left.checked_sub(filter.cost()).ok_or(ReadError::TooMuchWork)?;
        filter.accepts(item, self.document)
    }

    fn go_elements(
        &mut self,
        step: &Step,
        steps: &'p [Step],
        value: &'d Value,
    ) -> Result<(), ReadError> {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            Value::Null => return Err(ReadError::IsNull { path: self.place("") }),
            Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Object(_) => {
                let (rest, found) = (Steps(steps).to_string(), JavaText(value).to_string());
                return Err(ReadError::NotAnArray { rest, found });
            }
        };
        let rest = steps.get(1..).unwrap_or_default();
        if let Step::Indexes(indexes) = step {
            return indexes
                .iter()
                .try_for_each(|index| self.go_element((*index).into(), rest, items));
        }
        span(step, items.len()).into_iter().try_for_each(|at| self.go_element(at, rest, items))
    }

    fn go_element(
        &mut self,
        index: i64,
        rest: &'p [Step],
        items: &'d [Value],
    ) -> Result<(), ReadError> {
        self.enter(Crumb::Index(index), |reader| {
            match usize::try_from(index).ok().and_then(|index| items.get(index)) {
                Some(item) => reader.go(rest, item),
                None => Err(ReadError::IndexOutOfBounds { path: reader.place("") }),
            }
        })
    }

    /// Tries the steps on this value and on everything below it, parents before children. The way
    /// down is a stack of iterators, so a deep document costs memory, not stack.
    fn scan(&mut self, steps: &'p [Step], value: &'d Value) -> Result<(), ReadError> {
        let start = self.trail.len();
        let mut way = vec![members(value)];
        self.try_here(steps, value)?;
        while let Some(level) = way.last_mut() {
            let next = level.next();
            self.trail.truncate(start + way.len() - 1);
            let Some((crumb, member)) = next else {
                way.pop();
                continue;
            };
            self.visit()?;
            if matches!(member, Value::Array(_) | Value::Object(_)) {
                self.trail.push(crumb);
                self.try_here(steps, member)?;
                way.push(members(member));
            }
        }
        self.trail.truncate(start);
        Ok(())
    }

    /// Applies the step behind a scan where it can apply: a name to the objects that have it, an
    /// index to arrays, a filter to what it accepts.
    fn try_here(&mut self, steps: &'p [Step], value: &'d Value) -> Result<(), ReadError> {
        let applies = match steps.first() {
            Some(Step::Name(name)) => value.get(name).is_some(),
            Some(Step::Names(names)) => names.iter().all(|name| value.get(name).is_some()),
            Some(Step::Wildcard) => matches!(value, Value::Array(_) | Value::Object(_)),
            Some(Step::Filter(filter)) => {
                matches!(value, Value::Array(_) | Value::Object(_))
                    && self.accepts(filter, value)?
            }
            Some(
                Step::Index(_)
                | Step::FromEnd(_)
                | Step::Indexes(_)
                | Step::SliceFrom(_)
                | Step::SliceTo(_)
                | Step::Slice(..),
            ) => value.as_array().is_some(),
            Some(Step::Scan) | None => false,
        };
        if applies { self.go(steps, value) } else { Ok(()) }
    }

    /// Runs with one more crumb on the trail, and leaves the trail as it was, also after an error.
    fn enter(
        &mut self,
        crumb: Crumb<'p>,
        inside: impl FnOnce(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let depth = self.trail.len();
        self.trail.push(crumb);
        let result = inside(self);
        self.trail.truncate(depth);
        result
    }

    /// The trail as text, with something behind it.
    fn place(&self, suffix: &str) -> String {
        let mut text = String::from("$");
        for crumb in &self.trail {
            let written = match crumb {
                Crumb::Name(name) => write!(text, "['{name}']"),
                Crumb::Index(index) => write!(text, "[{index}]"),
            };
            written.expect("a string takes any text");
        }
        text.push_str(suffix);
        text
    }
}

/// The indexes that one index or a slice means, which may lie outside of the array.
///
/// Only an open slice counts from the end: `[-2:]` and `[:-2]` do, `[-2:-1]` does not.
fn span(step: &Step, length: usize) -> std::ops::Range<i64> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |index: i64| if index < 0 { length.saturating_add(index) } else { index };
    match *step {
        Step::Index(index) => i64::from(index)..i64::from(index) + 1,
        Step::FromEnd(offset) => {
            let index = length.saturating_add(offset.into());
            index..index.saturating_add(1)
        }
        Step::SliceFrom(from) => from_end(from.into()).max(0)..length,
        Step::SliceTo(to) => 0..from_end(to.into()).min(length),
        Step::Slice(from, to) if length > 0 => from.into()..i64::from(to).min(length),
        Step::Slice(..)
        | Step::Name(_)
        | Step::Names(_)
        | Step::Indexes(_)
        | Step::Wildcard
        | Step::Scan
        | Step::Filter(_) => 0..0,
    }
}

type Members<'d> = Box<dyn Iterator<Item = (Crumb<'d>, &'d Value)> + 'd>;

/// The members of an array or an object with their places; nothing for the other values.
fn members(value: &Value) -> Members<'_> {
    match value {
        Value::Array(items) => {
            Box::new((0..).zip(items.iter()).map(|(nth, item)| (Crumb::Index(nth), item)))
        }
        Value::Object(object) => {
            Box::new(object.iter().map(|(name, member)| (Crumb::Name(name), member)))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            Box::new(std::iter::empty())
        }
    }
}

#[cfg(test)]
mod tests;
