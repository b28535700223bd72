//! The members of a request, read by what the service's interface says they are.
//!
//! Reading gathers everything that is wrong and goes on with an empty value in its place, so that
//! a request is refused once, with all of it: [`Request::finish`] tells.

use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_catalog::{Invalid, PageRequest, Refusal, Rule, Violation};
use stepwell_value::{Object, Str, Value};

use crate::exception::Exception;

/// What the service's interface says of `traceHeader`.
const TRACE_HEADER_LENGTH_MAX: usize = 256;

/// The body of a request, and what its envelope says.
#[derive(Debug)]
pub(crate) struct Request {
    body: Object,
    /// The trace that the call belongs to, as its HTTP header has it.
    trace_header: Option<Str>,
    // Nobody else has it; a lock lets whoever reads the request wait for something meanwhile.
    faults: Mutex<Faults>,
}

#[derive(Debug, Default)]
struct Faults {
    /// The first member that is of another type than the interface has it.
    mistyped: Option<String>,
    violations: Vec<Violation>,
}

/// A structure of a request: the body itself, or one inside of it.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    object: &'a Object,
    /// The way to it, such as `tags.1.member.`.
    path: String,
    faults: &'a Mutex<Faults>,
}

impl Request {
    /// Reads a body. No body at all is an empty one.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Exception> {
        let text = std::str::from_utf8(body).map_err(|_invalid| Exception::unreadable())?;
        if text.trim_ascii().is_empty() {
            return Ok(Self::of(Object::new()));
        }
        match Value::parse(text) {
            Ok(Value::Object(body)) => Ok(Self::of(body)),
            Ok(_) => Err(Exception::serialization("Start of structure or map expected".into())),
            Err(_malformed) => Err(Exception::unreadable()),
        }
    }

    fn of(body: Object) -> Self {
        Self { body, trace_header: None, faults: Mutex::default() }
    }

    /// The same request in a trace that something else than its body tells of.
    pub(crate) fn in_trace(self, trace_header: Option<&str>) -> Self {
        let of_length = trace_header.filter(|header| header.len() <= TRACE_HEADER_LENGTH_MAX);
        Self { trace_header: of_length.map(Str::from), ..self }
    }

    /// The trace that the call belongs to: the body has the last word.
    pub(crate) fn trace_header(&self) -> Option<Str> {
        let member = self.members().text_within("traceHeader", 0..=TRACE_HEADER_LENGTH_MAX);
        member.or_else(|| self.trace_header.clone())
    }

    pub(crate) fn members(&self) -> Members<'_> {
        Members { object: &self.body, path: String::new(), faults: &self.faults }
    }

    /// A text of the body whatever else is wrong with it, for whoever has to know what a request is
    /// about before it is read.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    /// The version that the first route of an alias leads to, as it is written.
    pub(crate) fn first_route(&self) -> Option<&str> {
        let routes = self.body.get("routingConfiguration")?.as_array()?;
        routes.first()?.get("stateMachineVersionArn")?.as_str()
    }

    /// What is wrong with what has been read.
    pub(crate) fn finish(&self) -> Result<(), Exception> {
        let Faults { mistyped, violations } = std::mem::take(&mut *lock(&self.faults));
        if let Some(message) = mistyped {
            return Err(Exception::serialization(message));
        }
        if violations.is_empty() {
            return Ok(());
        }
        Err(Refusal::Validation(Invalid::Constraints(violations)).into())
    }
}

impl<'a> Members<'a> {
    /// A text that has to be there.
    pub(crate) fn required(&self, name: &str) -> Str {
        self.text(name).unwrap_or_else(|| self.missing(name, Str::from("")))
    }

    /// A text that has to be there, with so many units of UTF-16.
    pub(crate) fn required_within(&self, name: &str, length: RangeInclusive<usize>) -> Str {
        self.text_within(name, length).unwrap_or_else(|| self.missing(name, Str::from("")))
    }

    pub(crate) fn text(&self, name: &str) -> Option<Str> {
        match self.given(name)? {
            Value::String(text) => Some(Str::clone(text)),
            other => self.mistyped(other, "a String"),
        }
    }

    pub(crate) fn text_within(&self, name: &str, length: RangeInclusive<usize>) -> Option<Str> {
        let text = self.text(name)?;
        if let Some(rule) = broken_length(&text, &length) {
            self.violate(name, Some(&text), rule);
        }
        Some(text)
    }

    /// A text that the service does not repeat in what it answers: its interface calls it
    /// sensitive.
    pub(crate) fn secret(&self, name: &str, length: RangeInclusive<usize>) -> Option<Str> {
        let text = self.text(name)?;
        if let Some(rule) = broken_length(&text, &length) {
            self.violate(name, None, rule);
        }
        Some(text)
    }

    pub(crate) fn required_secret(&self, name: &str, length: RangeInclusive<usize>) -> Str {
        self.secret(name, length).unwrap_or_else(|| self.missing(name, Str::from("")))
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        let value = self.given(name)?;
        match (value.as_int(), value.as_f64()) {
            (Some(number), _) => Some(number),
            // What is written as a fraction loses its fraction, as the service has it.
            #[expect(clippy::cast_possible_truncation, reason = "numbers saturate")]
            (None, Some(number)) => Some(number as i64),
            (None, None) => self.mistyped(value, "an Integer"),
        }
    }

    pub(crate) fn int_within(&self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let number = self.int(name)?;
        if number < *range.start() {
            self.violate(name, Some(&number.to_string()), Rule::ValueMin(*range.start()));
        } else if number > *range.end() {
            self.violate(name, Some(&number.to_string()), Rule::ValueMax(*range.end()));
        }
        Some(number)
    }

    pub(crate) fn number_within(&self, name: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let value = self.given(name)?;
        let number = value.as_f64().or_else(|| self.mistyped(value, "a Float"))?;
        let whole = |bound: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "the interface's bounds are whole")]
            let whole = bound as i64;
            whole
        };
        if number < *range.start() {
            self.violate(name, Some(&value.to_string()), Rule::ValueMin(whole(*range.start())));
        } else if number > *range.end() {
            self.violate(name, Some(&value.to_string()), Rule::ValueMax(whole(*range.end())));
        }
        Some(number)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let value = self.given(name)?;
        value.as_bool().or_else(|| self.mistyped(value, "a Boolean"))
    }

    /// One of the words that the interface lists, and what it stands for.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &'static Words<T>) -> Option<T> {
        let text = self.text(name)?;
        let at = words.names.iter().position(|word| *word == &*text);
        if at.is_none() {
            self.violate(name, Some(&text), Rule::Enum(words.names));
        }
        at.map(|at| words.values[at])
    }

    /// A structure inside of this one.
    pub(crate) fn structure(&self, name: &str) -> Option<Self> {
        match self.given(name)? {
            Value::Object(object) => Some(self.inside(object, &format!("{name}."))),
            other => self.mistyped(other, "a structure"),
        }
    }

    pub(crate) fn structures(&self, name: &str) -> Option<Vec<Self>> {
        let items = self.list(name)?.iter().enumerate();
        let inside = |(at, item): (usize, &'a Value)| match item {
            Value::Object(object) => {
                Some(self.inside(object, &format!("{name}.{}.member.", at + 1)))
            }
            other => self.mistyped(other, "a structure"),
        };
        Some(items.filter_map(inside).collect())
    }

    pub(crate) fn texts(&self, name: &str) -> Option<Vec<Str>> {
        let text = |item: &Value| match item {
            Value::String(text) => Some(Str::clone(text)),
            other => self.mistyped(other, "a String"),
        };
        Some(self.list(name)?.iter().filter_map(text).collect())
    }

    /// `maxResults` and `nextToken`.
    pub(crate) fn page(&self) -> PageRequest {
        PageRequest { max_results: self.int("maxResults"), next_token: self.text("nextToken") }
    }

    /// Notes that something has to be there, and gives what stands for it until the end.
    pub(crate) fn missing<T>(&self, name: &str, instead: T) -> T {
        self.violate(name, None, Rule::NotNull);
        instead
    }

    pub(crate) fn violate(&self, name: &str, value: Option<&str>, rule: Rule) {
        let member = format!("{}{name}", self.path).into();
        let value = value.map(Str::from);
        lock(self.faults).violations.push(Violation { value, member, rule });
    }

    fn list(&self, name: &str) -> Option<&'a [Value]> {
        let value = self.given(name)?;
        value.as_array().or_else(|| self.mistyped(value, "a list"))
    }

    /// A member that is `null` is not there.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn inside(&self, object: &'a Object, step: &str) -> Self {
        Self { object, path: format!("{}{step}", self.path), faults: self.faults }
    }

    fn mistyped<T>(&self, found: &Value, expected: &str) -> Option<T> {
        let found = match found {
            Value::String(_) => "STRING_VALUE",
            Value::Bool(true) => "TRUE_VALUE",
            Value::Bool(false) => "FALSE_VALUE",
            Value::Array(_) => "START_ARRAY",
            Value::Object(_) => "START_OBJECT",
            _ => "NUMBER_VALUE",
        };
        let message = || format!("{found} can not be converted to {expected}");
        lock(self.faults).mistyped.get_or_insert_with(message);
        None
    }
}

fn lock(faults: &Mutex<Faults>) -> MutexGuard<'_, Faults> {
    faults.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lengths are counted as the service counts them, in units of UTF-16.
fn broken_length(text: &str, length: &RangeInclusive<usize>) -> Option<Rule> {
    // No text has more units than bytes.
    if text.is_ascii() && length.contains(&text.len()) {
        return None;
    }
    let units = text.encode_utf16().count();
    if units < *length.start() {
        Some(Rule::LengthMin(*length.start()))
    } else {
        (units > *length.end()).then_some(Rule::LengthMax(*length.end()))
    }
}

/// The words of an enumeration, in the order in which the service lists them, and their meanings.
#[derive(Debug)]
pub(crate) struct Words<T: 'static> {
    pub names: &'static [&'static str],
    pub values: &'static [T],
}
