//! Two values side by side, and what differs.

use std::sync::LazyLock;

use regex::Regex;
use stepwell_value::{Object, Value};

use super::placeholder::{Bound, Placeholders};

/// What differs between what was recorded and what came out.
#[derive(Clone, Debug)]
pub(super) struct Differences<'p> {
    placeholders: &'p Placeholders,
    /// What placeholders have turned out to stand for.
    pub bound: Bound,
    pub hard: Vec<String>,
    /// What is written differently and means the same.
    pub of_form: Vec<String>,
}

/// Where in the response a value lies.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    /// Differences here are of form: the plumbing of an integration.
    is_plumbing: bool,
}

const PLUMBING: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];
const MOMENTS: [&str; 3] = ["datetime", "timestamp", "date"];

/// Members whose texts the recorder may have parsed even if they are no objects.
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    let fields = r"(?:input|output|cause|parameters|assignedVariables\.[^.]+)";
    Regex::new(&format!(r"EventDetails\.{fields}$|^\$\.(?:input|output|cause)$"))
        .expect("the pattern is written down here")
});

impl<'p> Differences<'p> {
    pub(super) fn new(placeholders: &'p Placeholders) -> Self {
        let (hard, of_form) = (Vec::new(), Vec::new());
        Self { placeholders, bound: Bound::new(), hard, of_form }
    }

    /// The same knowledge of placeholders, and no differences yet.
    pub(super) fn fork(&self) -> Self {
        Self { bound: self.bound.clone(), ..Self::new(self.placeholders) }
    }

    /// Takes over what a fork has found.
    pub(super) fn join(&mut self, fork: Self) {
        self.bound = fork.bound;
        self.hard.extend(fork.hard);
        self.of_form.extend(fork.of_form);
    }

    /// Notes how an actual value differs from the recorded one.
    pub(super) fn compare(&mut self, expected: &Value, actual: &Value, path: &str) {
        self.value(expected, actual, Place { path, is_plumbing: false });
    }

    fn value(&mut self, expected: &Value, actual: &Value, place: Place<'_>) {
        if self.is_anything(expected, actual, place) {
            return;
        }
        match (expected, actual) {
            (Value::String(expected), Value::String(actual)) => self.text(expected, actual, place),
            (Value::String(text), _) => {
                if !self.stands_for(text, actual) {
                    self.differs(expected, actual, place);
                }
            }
            (Value::Object(expected), Value::Object(actual)) => {
                self.object(expected, actual, place);
            }
            (Value::Array(items), Value::Array(others)) => {
                if items.len() != others.len() {
                    self.differs(expected, actual, place);
                }
                for (nth, (expected, actual)) in items.iter().zip(others.iter()).enumerate() {
                    let path = format!("{}[{nth}]", place.path);
                    self.value(expected, actual, Place { path: &path, ..place });
                }
            }
            (Value::Int(_), Value::Float(_)) | (Value::Float(_), Value::Int(_))
                if expected.as_f64() == actual.as_f64() =>
            {
                self.note_form(place, &format!("the number {expected} is written {actual}"));
            }
            (_, Value::String(text)) if expected.kind() != actual.kind() => {
                match Value::parse(text).ok().filter(|_| self.may_be_parsed(place)) {
                    Some(document) => self.value(expected, &document, place),
                    None => self.differs(expected, actual, place),
                }
            }
            _ if expected == actual => {}
            _ => self.differs(expected, actual, place),
        }
    }

    /// Whether what was recorded says nothing: a placeholder for anything, a moment, or a duration.
    fn is_anything(&self, expected: &Value, actual: &Value, place: Place<'_>) -> bool {
        let (text, other) = (expected.as_str(), actual.as_str());
        if text.is_some_and(|text| self.placeholders.is_wild(text)) {
            return true;
        }
        let is_stamp = place.path.ends_with(".timestamp");
        if is_stamp && [text, other].contains(&Some("timestamp")) {
            return true;
        }
        // How long it took, and so how much of it is paid for.
        let is_time = place.path.ends_with(".billedDurationInMilliseconds");
        if is_time && expected.as_int().is_some() && actual.as_int().is_some() {
            return true;
        }
        let is_number = matches!(actual, Value::Int(_) | Value::Float(_));
        let is_moment = |text: Option<&str>| text.is_some_and(|text| MOMENTS.contains(&text));
        is_moment(text) && (is_number || is_moment(other))
            || text == Some("<datetime>") && is_number
    }

    /// Whether a recorded text stands for a value that is none: a placeholder, or the value's text.
    fn stands_for(&self, text: &str, actual: &Value) -> bool {
        if self.placeholders.is_unknown(text) && !actual.is_null() {
            return true;
        }
        let is_container = matches!(actual, Value::Array(_) | Value::Object(_));
        let document = Value::parse(text).ok().filter(|_| is_container);
        document.is_some_and(|document| is_equal(&document, actual))
    }

    fn may_be_parsed(&self, place: Place<'_>) -> bool {
        self.placeholders.is_deep || DOCUMENT.is_match(place.path)
    }

    fn object(&mut self, expected: &Object, actual: &Object, place: Place<'_>) {
        let inner = |name: &str| {
            let path = format!("{}.{name}", place.path);
            (path, place.is_plumbing || PLUMBING.contains(&name))
        };
        for (name, member) in expected.iter() {
            let (path, is_plumbing) = inner(name);
            let place = Place { path: &path, is_plumbing };
            match actual.get(name) {
                Some(other) => self.value(member, other, place),
                None => self.note(place, &format!("missing, expected {}", short(member))),
            }
        }
        for (name, member) in actual.iter().filter(|(name, _)| !expected.contains_key(name)) {
            let (path, is_plumbing) = inner(name);
            let place = Place { path: &path, is_plumbing };
            if self.placeholders.era.is_before(name) {
                self.note_form(place, "the service did not send it yet");
            } else {
                self.note(place, &format!("not expected, got {}", short(member)));
            }
        }
        let is_same_set =
            expected.len() == actual.len() && expected.keys().all(|name| actual.contains_key(name));
        if is_same_set && place.path.contains(".output") && !expected.keys().eq(actual.keys()) {
            let (expected, actual) = (names(expected), names(actual));
            self.note_form(place, &format!("the order {expected:?} became {actual:?}"));
        }
    }

    fn text(&mut self, expected: &str, actual: &str, place: Place<'_>) {
        if expected == actual || self.placeholders.fits(expected, actual, &mut self.bound) {
            return;
        }
        let (left, right) = (Value::from(expected), Value::from(actual));
        let documents = Value::parse(expected).ok().zip(Value::parse(actual).ok());
        let documents = documents.filter(|documents| {
            matches!(documents, (Value::Array(_), Value::Array(_)))
                || matches!(documents, (Value::Object(_), Value::Object(_)))
        });
        if let Some((document, other)) = documents {
            let mut fork = self.fork();
            fork.value(&document, &other, place);
            if fork.hard.is_empty() {
                self.join(fork);
                let message = format!("{} is written {}", short(&left), short(&right));
                return self.note_form(place, &message);
            }
        }
        self.differs(&left, &right, place);
    }

    fn differs(&mut self, expected: &Value, actual: &Value, place: Place<'_>) {
        self.note(place, &format!("expected {}, got {}", short(expected), short(actual)));
    }

    fn note(&mut self, place: Place<'_>, message: &str) {
        if place.is_plumbing {
            self.note_form(place, message);
        } else {
            self.hard.push(format!("{}: {message}", place.path));
        }
    }

    fn note_form(&mut self, place: Place<'_>, message: &str) {
        self.of_form.push(format!("{}: {message}", place.path));
    }
}

fn names(object: &Object) -> Vec<&str> {
    object.keys().map(|name| &**name).collect()
}

/// Equality of documents; `1` is `1.0`.
fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(l, r)| is_equal(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let is_member = |name: &str, l| right.get(name).is_some_and(|r| is_equal(l, r));
            left.len() == right.len() && left.iter().all(|(name, l)| is_member(name, l))
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

/// A value's text, or its beginning.
pub(super) fn short(value: &Value) -> String {
    const CHARS_MAX: usize = 240;
    let text = value.to_string();
    match text.char_indices().nth(CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
