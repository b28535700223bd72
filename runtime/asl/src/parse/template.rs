//! Payload templates and the expressions inside them, in either language.

use std::fmt;

use stepwell_intrinsics::Call;
use stepwell_jsonpath::Path;
use stepwell_value::{Str, Value};

use crate::{Code, Expression, QueryLanguage, Template};

use super::fields::Fields;
use super::place::{At, Way, Within};
use super::{Draft, suspicion};

/// Which members `$states` has where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Before the state's work, or in a state without any.
    Before,
    /// After the state's work.
    After,
    /// In a catcher.
    Caught,
}

impl Stage {
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Before => &["input", "context"],
            Self::After => &["input", "context", "result"],
            Self::Caught => &["input", "context", "errorOutput"],
        }
    }
}

/// A template in the language of the state that is being read. Parts that hold nothing to compute
/// become literals, so that they cost nothing.
pub(super) fn template(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    name: &'static str,
    stage: Stage,
) -> Option<Template> {
    let value = fields.value(name)?;
    let (location, field) = (fields.at(name), fields.way(name));
    Some(Builder { draft, location, stage }.build(&Way::Field(&field), value))
}

/// The expression between `{%` and `%}`, or the text itself where there are no such marks.
pub(super) fn expression(
    draft: &mut Draft,
    location: &dyn fmt::Display,
    text: &str,
    stage: Stage,
) -> Option<Marked> {
    match (text.strip_prefix("{%"), text.ends_with("%}")) {
        (None, false) => Some(Marked::Plain),
        (Some(rest), true) if rest.len() >= 2 => {
            let inner = rest.strip_suffix("%}").unwrap_or(rest).trim();
            compile(draft, location, inner, stage).map(Marked::Expression)
        }
        _ => {
            let message = "A JSONata expression must start with '{%' and end with '%}'";
            draft.schema(location.to_string(), message);
            None
        }
    }
}

pub(super) enum Marked {
    Plain,
    Expression(Expression),
}

fn compile(
    draft: &mut Draft,
    location: &dyn fmt::Display,
    text: &str,
    stage: Stage,
) -> Option<Expression> {
    let program = match stepwell_jsonata::Expression::parse(text) {
        Ok(program) => program,
        Err(error) => {
            let location = location.to_string();
            draft.report(Code::InvalidJsonataExpression, location, error.to_string(), None);
            return None;
        }
    };
    let mut refusals: Vec<String> =
        program.references().iter().filter_map(|one| one.refusal(stage.members())).collect();
    refusals.dedup();
    for refusal in &refusals {
        let location = location.to_string();
        draft.report(Code::UnsupportedJsonataExpression, location, refusal.as_str(), None);
    }
    refusals.is_empty().then(|| Expression::new(text, program))
}

/// What stands where JSONPath allows a path or an intrinsic function.
pub(super) enum Computed {
    Path(Path),
    Intrinsic(Call),
}

impl Computed {
    /// A text that is neither gives a hint, when it looks like one of them.
    pub(super) fn parse(text: &Str) -> Result<Self, Option<String>> {
        if text.starts_with('$') {
            let path = Path::parse_shared(text);
            return path.map(Self::Path).map_err(|error| Some(error.to_string()));
        }
        let looks_like_a_call = text.starts_with("States.");
        Call::parse(text)
            .map(Self::Intrinsic)
            .map_err(|error| looks_like_a_call.then(|| error.to_string()))
    }
}

/// Reads one template.
struct Builder<'d, 'l> {
    draft: &'d mut Draft,
    location: At<'l>,
    stage: Stage,
}

impl Builder<'_, '_> {
    fn build(&mut self, way: &Way<'_>, value: &Value) -> Template {
        match value {
            Value::Object(object) => {
                let members: Vec<_> =
                    object.iter().map(|(name, value)| self.member(way, name, value)).collect();
                if members.iter().all(|(_, part)| matches!(part, Template::Literal(_))) {
                    Template::Literal(value.clone())
                } else {
                    Template::Object(members)
                }
            }
            Value::Array(items) => {
                let items: Vec<_> = (items.iter().enumerate())
                    .map(|(nth, item)| self.build(&Way::Element(way, nth), item))
                    .collect();
                if items.iter().all(|part| matches!(part, Template::Literal(_))) {
                    Template::Literal(value.clone())
                } else {
                    Template::Array(items)
                }
            }
            Value::String(text) if self.draft.language == QueryLanguage::Jsonata => {
                self.jsonata(way, text)
            }
            Value::String(text) if suspicion::looks_computed(text) => {
                suspicion::no_dollar(self.draft, self.location, way, text);
                Template::Literal(value.clone())
            }
            scalar => Template::Literal(scalar.clone()),
        }
    }

    fn member(&mut self, way: &Way<'_>, name: &Str, value: &Value) -> (Str, Template) {
        match (self.draft.language, name.strip_suffix(".$")) {
            (QueryLanguage::JsonPath, Some(plain)) => (plain.into(), self.path(name, value)),
            _ => (Str::clone(name), self.build(&Way::Member(way, name), value)),
        }
    }

    fn jsonata(&mut self, way: &Way<'_>, text: &Str) -> Template {
        let location = Within { template: self.location, way };
        match expression(self.draft, &location, text, self.stage) {
            Some(Marked::Expression(expression)) => {
                Template::Jsonata { expression, field: way.to_string().into() }
            }
            Some(Marked::Plain) | None => Template::Literal(Value::String(Str::clone(text))),
        }
    }

    /// The value of a field whose name ends in `.$`.
    fn path(&mut self, name: &Str, value: &Value) -> Template {
        let hint = match value {
            Value::String(text) => match Computed::parse(text) {
                Ok(Computed::Path(path)) => {
                    return Template::Path { path, field: Str::clone(name) };
                }
                Ok(Computed::Intrinsic(call)) => {
                    return Template::Intrinsic { call, field: Str::clone(name) };
                }
                Err(hint) => hint,
            },
            _ => None,
        };
        let message = format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic \
             function call"
        );
        self.draft.report(Code::SchemaValidationFailed, self.location, message, hint);
        Template::Literal(Value::Null)
    }
}
