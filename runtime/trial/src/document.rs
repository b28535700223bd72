//! JSON that people write, read member by member: each is known, and each has its place.
//!
//! Everything that is wrong is gathered, so that one look at the problems is enough.

use std::fmt;

use similar::get_close_matches;
use stepwell_value::{Object, Step, Str, Value};

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `/cases[0]/mocks/Charge`; empty for the document as a whole.
    pub place: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

/// Where a value stands in its document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place(String);

impl Place {
    pub(crate) fn member(&self, name: &str) -> Self {
        Self(format!("{}/{name}", self.0))
    }

    pub(crate) fn item(&self, nth: usize) -> Self {
        Self(format!("{}[{nth}]", self.0))
    }

    pub(crate) fn problem(&self, message: impl fmt::Display) -> Problem {
        Problem { place: self.0.clone(), message: message.to_string() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, place: &Place, message: impl fmt::Display) {
        self.0.push(place.problem(message));
    }

    /// What was read, if nothing was wrong with it.
    pub(crate) fn give<T>(self, read: Option<T>) -> Result<T, Vec<Problem>> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            _ => Err(self.0),
        }
    }

    fn of_kind<T>(
        &mut self,
        place: &Place,
        found: &Value,
        wanted: &str,
        read: Option<T>,
    ) -> Option<T> {
        if read.is_none() {
            self.add(place, format_args!("this has to be {wanted}, but it is {}", kind(found)));
        }
        read
    }

    pub(crate) fn object<'v>(&mut self, place: &Place, value: &'v Value) -> Option<&'v Object> {
        self.of_kind(place, value, "an object", value.as_object())
    }

    pub(crate) fn array<'v>(&mut self, place: &Place, value: &'v Value) -> Option<&'v [Value]> {
        self.of_kind(place, value, "an array", value.as_array())
    }

    pub(crate) fn text(&mut self, place: &Place, value: &Value) -> Option<Str> {
        self.of_kind(place, value, "a text", value.as_str().map(Str::from))
    }
}

/// With an article, for a sentence.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) | Value::Object(_) => format!("an {}", value.kind()),
        other => format!("a {}", other.kind()),
    }
}

/// An object whose members are known by their names.
#[derive(Clone)]
pub(crate) struct Fields<'v> {
    object: &'v Object,
    pub place: Place,
}

impl<'v> Fields<'v> {
    /// Refuses members of other names.
    pub(crate) fn read(
        value: &'v Value,
        place: &Place,
        known: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let object = problems.object(place, value)?;
        for name in object.keys().filter(|name| !known.contains(&&***name)) {
            let remedy = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known are {}", list(known)),
            };
            problems.add(&place.member(name), format_args!("`{name}` is not known here; {remedy}"));
        }
        Some(Self { object, place: place.clone() })
    }

    pub(crate) fn get(&self, name: &str) -> Option<(&'v Value, Place)> {
        self.object.get(name).map(|value| (value, self.place.member(name)))
    }

    pub(crate) fn need(&self, name: &str, problems: &mut Problems) -> Option<(&'v Value, Place)> {
        let found = self.get(name);
        if found.is_none() {
            problems.add(&self.place, format_args!("`{name}` is missing"));
        }
        found
    }

    pub(crate) fn text(&self, name: &str, problems: &mut Problems) -> Option<Str> {
        let (value, place) = self.get(name)?;
        problems.text(&place, value)
    }

    pub(crate) fn need_text(&self, name: &str, problems: &mut Problems) -> Option<Str> {
        let (value, place) = self.need(name, problems)?;
        problems.text(&place, value)
    }
}

/// Reads a document and says which names stand twice in one object.
pub(crate) fn parse(text: &str, problems: &mut Problems) -> Option<Value> {
    let (value, duplicates) = match Value::parse_written(text) {
        Ok(read) => read,
        Err(error) => {
            problems.add(&Place::default(), format_args!("this is not JSON: {error}"));
            return None;
        }
    };
    for duplicate in duplicates {
        let way = duplicate.way.iter().fold(Place::default(), |place, step| match step {
            Step::Name(name) => place.member(name),
            Step::Index(nth) => place.item(*nth),
        });
        let message = format!("`{}` stands here more than once; keep one", duplicate.name);
        problems.add(&way.member(&duplicate.name), message);
    }
    Some(value)
}

/// The name that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    get_close_matches(name, known, 1, 0.6).first().copied()
}

/// Names for a sentence: `a`, `b` and `c`.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
