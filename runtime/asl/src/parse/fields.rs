//! An object of the definition, read field by field.
//!
//! Each getter takes the field off the list, reports what is wrong with it, and gives its value
//! only if nothing is. What is still on the list at the end is unknown, and reported as such.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use stepwell_jsonpath::{Path, ReferencePath, Root};
use stepwell_value::{Object, Str, Value};

use crate::{Code, Expression, Number, QueryLanguage, Text};

use super::known::Known;
use super::place::{At, Place};
use super::template::{self, Computed, Marked, Stage};
use super::{Draft, suspicion};

pub(super) struct Fields<'a> {
    pub object: &'a Object,
    /// The object's own place.
    pub location: Place<'a>,
    /// The place of the state around the object.
    state: Place<'a>,
    known: Known,
    rest_is_known: bool,
}

/// What a field holds in which an expression may stand.
pub(super) enum Held {
    Expression(Expression),
    /// An expression that is wrong, which has been reported.
    Faulty,
    /// Nothing, or a value as in JSONPath.
    Other,
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Object, location: Place<'a>) -> Self {
        let state = location.clone();
        Self { object, location, state, known: Known::new(), rest_is_known: false }
    }

    /// An object inside of this one.
    fn inside(&self, object: &'a Object, location: Place<'a>) -> Self {
        Self { state: self.state.clone(), ..Fields::new(object, location) }
    }

    pub(super) fn at<'p>(&'p self, name: &'p str) -> At<'p> {
        self.location.at(name)
    }

    /// The way to a field from its state, as messages about expressions quote it.
    pub(super) fn way<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.location.is(&self.state) {
            return Cow::Borrowed(name);
        }
        Cow::Owned(format!("{}/{name}", self.location.since(&self.state)))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// Takes a field off the list without looking at it.
    pub(super) fn ignore(&mut self, name: &'static str) {
        self.known.push(name);
    }

    /// Takes every field off the list: the object is not looked at any further.
    pub(super) fn ignore_rest(&mut self) {
        self.rest_is_known = true;
    }

    pub(super) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name)
    }

    pub(super) fn required(&mut self, draft: &mut Draft, name: &'static str) -> Option<&'a Value> {
        let value = self.value(name);
        if value.is_none() {
            draft.schema(self.location.clone(), format!("These fields are required: [{name}]"));
        }
        value
    }

    pub(super) fn text(&mut self, draft: &mut Draft, name: &'static str) -> Option<Str> {
        match self.value(name)? {
            Value::String(text) => Some(Str::clone(text)),
            other => self.wrong_type(draft, name, "a string", other),
        }
    }

    pub(super) fn object(&mut self, draft: &mut Draft, name: &'static str) -> Option<Self> {
        match self.value(name)? {
            Value::Object(object) => Some(self.inside(object, self.location.field(name))),
            other => self.wrong_type(draft, name, "an object", other),
        }
    }

    /// The elements of an array that must not be empty, each an object.
    pub(super) fn objects(&mut self, draft: &mut Draft, name: &'static str) -> Vec<Self> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Value::Array(items) = value else {
            self.wrong_type::<()>(draft, name, "an array", value);
            return Vec::new();
        };
        if items.is_empty() {
            draft.schema(self.at(name), "Value cannot be empty");
        }
        let mut elements = Vec::new();
        for (nth, item) in items.iter().enumerate() {
            let location = self.location.element(name, nth);
            match item {
                Value::Object(object) => elements.push(self.inside(object, location)),
                other => {
                    draft.schema(location, format!("Expected an object, got {}", other.kind()));
                }
            }
        }
        elements
    }

    pub(super) fn whole_number(
        &mut self,
        draft: &mut Draft,
        name: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let value = self.value(name)?;
        let number = match value {
            Value::Int(number) => u64::try_from(*number).ok(),
            Value::Float(_) => None,
            other => return self.wrong_type(draft, name, "an integer", other),
        };
        let in_range = number.filter(|number| range.contains(number));
        if in_range.is_none() {
            let (least, most) = range.into_inner();
            draft.schema(
                self.at(name),
                format!("Expected an integer from {least} to {most}, got {value}"),
            );
        }
        in_range
    }

    /// In JSONPath `NAME` or `NAMEPath`, but not both; in JSONata `NAME`.
    pub(super) fn number(
        &mut self,
        draft: &mut Draft,
        (name, path_name): (&'static str, &'static str),
        range: RangeInclusive<u64>,
    ) -> Option<Number> {
        if draft.language == QueryLanguage::Jsonata {
            return match self.expression(draft, name) {
                Held::Expression(expression) => Some(Number::Jsonata(expression)),
                Held::Faulty => None,
                Held::Other => self.whole_number(draft, name, range).map(Number::Literal),
            };
        }
        self.refuse_both(draft, name, path_name);
        let literal = self.whole_number(draft, name, range);
        let path = self.path(draft, path_name);
        literal.map(Number::Literal).or_else(|| path.map(Number::Path))
    }

    /// As [`Fields::number`], for texts.
    pub(super) fn text_or_path(
        &mut self,
        draft: &mut Draft,
        (name, path_name): (&'static str, &'static str),
    ) -> Option<Text> {
        if draft.language == QueryLanguage::Jsonata {
            return match self.expression(draft, name) {
                Held::Expression(expression) => Some(Text::Jsonata(expression)),
                Held::Faulty => None,
                Held::Other => self.text(draft, name).map(Text::Literal),
            };
        }
        self.refuse_both(draft, name, path_name);
        suspicion::no_path(draft, self, name);
        let literal = self.text(draft, name);
        let computed = self.computed(draft, path_name);
        literal.map(Text::Literal).or(computed)
    }

    /// A path or an intrinsic function.
    fn computed(&mut self, draft: &mut Draft, name: &'static str) -> Option<Text> {
        let text = self.text(draft, name)?;
        match Computed::parse(&text) {
            Ok(Computed::Path(path)) => Some(Text::Path(path)),
            Ok(Computed::Intrinsic(call)) => Some(Text::Intrinsic(call)),
            Err(hint) => {
                let message = "Value is not a valid JSONPath or intrinsic function call";
                draft.report(Code::SchemaValidationFailed, self.at(name), message, hint);
                None
            }
        }
    }

    /// Looks for an expression in a field of a state in JSONata; if there is none, the field stays
    /// on the list.
    pub(super) fn expression(&mut self, draft: &mut Draft, name: &'static str) -> Held {
        let Some(Value::String(text)) = self.object.get(name) else { return Held::Other };
        match template::expression(draft, &self.at(name), text, Stage::Before) {
            Some(Marked::Plain) => Held::Other,
            Some(Marked::Expression(expression)) => {
                self.ignore(name);
                Held::Expression(expression)
            }
            None => {
                self.ignore(name);
                Held::Faulty
            }
        }
    }

    pub(super) fn path(&mut self, draft: &mut Draft, name: &'static str) -> Option<Path> {
        let text = self.text(draft, name)?;
        compile_path(draft, self.at(name), &text)
    }

    pub(super) fn reference_path(
        &mut self,
        draft: &mut Draft,
        name: &'static str,
        text: &Str,
    ) -> Option<ReferencePath> {
        let problem = match ReferencePath::parse_shared(text) {
            Ok(path) if *path.root() == Root::Input => return Some(path),
            Ok(_) => "a result goes into the state's input, and this path begins elsewhere".into(),
            Err(error) => error.to_string(),
        };
        draft.schema_with_hint(
            self.at(name),
            format!("Value is not a Reference Path: {problem}"),
            "a Reference Path names one place, such as $.order.items[0]",
        );
        None
    }

    /// Whatever is there and is not JSONPath, the service takes for JSONata after it has said what
    /// is wrong with it.
    pub(super) fn query_language(&mut self, draft: &mut Draft) -> Option<QueryLanguage> {
        const NAME: &str = "QueryLanguage";
        if !self.has(NAME) {
            self.ignore(NAME);
            return None;
        }
        let name = self.text(draft, NAME);
        match name.as_deref() {
            Some("JSONPath") => return Some(QueryLanguage::JsonPath),
            Some("JSONata") | None => {}
            Some(_) => draft.schema(
                self.at(NAME),
                "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]",
            ),
        }
        Some(QueryLanguage::Jsonata)
    }

    /// Reports every field that nobody asked for.
    pub(super) fn finish(self, draft: &mut Draft) {
        for name in self.unknown() {
            self.refuse_unknown(draft, name);
        }
    }

    /// As [`Fields::finish`], for an object in which the query language decides which fields there
    /// are.
    pub(super) fn finish_in_language(self, draft: &mut Draft) {
        for name in self.unknown() {
            match language_of(name) {
                Some(language) if language != draft.language => {
                    let message = format!(
                        "The QueryLanguage is set to '{}', but field '{name}' is only supported \
                         for the '{}' QueryLanguage",
                        draft.language.as_str(),
                        language.as_str()
                    );
                    draft.schema(self.location.clone(), message);
                }
                _ => self.refuse_unknown(draft, name),
            }
        }
    }

    fn unknown(&self) -> impl Iterator<Item = &'a Str> + use<'a, '_> {
        let is_known = |name: &Str| self.rest_is_known || self.known.contains(name);
        self.object.keys().filter(move |name| !is_known(name))
    }

    fn refuse_unknown(&self, draft: &mut Draft, name: &str) {
        let hint = draft.did_you_mean(name, self.known.iter());
        let message = format!("Field '{name}' is not supported");
        draft.report(Code::SchemaValidationFailed, self.location.clone(), message, hint);
    }

    pub(super) fn wrong_type<T>(
        &self,
        draft: &mut Draft,
        name: &str,
        expected: &str,
        found: &Value,
    ) -> Option<T> {
        draft.schema(self.at(name), format!("Expected {expected}, got {}", found.kind()));
        None
    }

    pub(super) fn refuse_both(&self, draft: &mut Draft, name: &str, other: &str) {
        if self.has(name) && self.has(other) {
            let message = format!("Only one of these fields is allowed: [{name}, {other}]");
            draft.schema(self.location.clone(), message);
        }
    }
}

/// The only language in which a field of that name exists, if there is one such language.
fn language_of(name: &str) -> Option<QueryLanguage> {
    match name {
        "Arguments" | "Output" | "Items" | "Condition" => Some(QueryLanguage::Jsonata),
        "InputPath"
        | "Parameters"
        | "ResultSelector"
        | "ResultPath"
        | "OutputPath"
        | "Result"
        | "ItemsPath"
        | "Variable"
        | "SecondsPath"
        | "TimestampPath"
        | "TimeoutSecondsPath"
        | "HeartbeatSecondsPath"
        | "MaxConcurrencyPath"
        | "ErrorPath"
        | "CausePath" => Some(QueryLanguage::JsonPath),
        _ => None,
    }
}

pub(super) fn compile_path(
    draft: &mut Draft,
    location: impl Into<String>,
    text: &Str,
) -> Option<Path> {
    match Path::parse_shared(text) {
        Ok(path) => Some(path),
        Err(error) => {
            draft.schema(location, format!("Value is not a valid JSONPath: {error}"));
            None
        }
    }
}
