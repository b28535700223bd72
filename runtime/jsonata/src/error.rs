//! What goes wrong in an expression: a code, the values that belong to it, and the reference's text.

use std::fmt;

use stepwell_value::Value;

use crate::number;

pub use table::Code;

mod table;

/// An expression that cannot be parsed, or whose evaluation failed.
///
/// `Display` is the message, word for word as the reference implementation has it, without the
/// code. It is boxed, so that a result is no larger than its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Details>);

/// An error found while an expression was read.
pub type ParseError = Error;

/// An error found while an expression was evaluated.
pub type EvalError = Error;

#[derive(Clone, Debug, PartialEq)]
struct Details {
    code: Code,
    position: Option<usize>,
    token: Option<Value>,
    value: Option<Value>,
    second: Option<Value>,
    index: Option<usize>,
    message: Option<String>,
}

impl Error {
    pub(crate) fn new(code: Code) -> Self {
        Self(Box::new(Details {
            code,
            position: None,
            token: None,
            value: None,
            second: None,
            index: None,
            message: None,
        }))
    }

    pub(crate) fn at(mut self, position: usize) -> Self {
        self.0.position = Some(position);
        self
    }

    pub(crate) fn token(mut self, token: impl Into<Value>) -> Self {
        self.0.token = Some(token.into());
        self
    }

    pub(crate) fn value(mut self, value: impl Into<Value>) -> Self {
        self.0.value = Some(value.into());
        self
    }

    /// What was in the wrong place; a missing value prints as `undefined`.
    pub(crate) fn found(mut self, value: Option<Value>) -> Self {
        self.0.value = value;
        self
    }

    pub(crate) fn second(mut self, value: impl Into<Value>) -> Self {
        self.0.second = Some(value.into());
        self
    }

    /// Counted from 1.
    pub(crate) fn argument(mut self, index: usize) -> Self {
        self.0.index = Some(index);
        self
    }

    pub(crate) fn message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// Names the function, where no inner place has.
    pub(crate) fn or_token(mut self, token: Option<&Value>) -> Self {
        if self.0.token.is_none() {
            self.0.token = token.cloned();
        }
        self
    }

    /// The reference's code, such as `T2001`. Exceeded limits have `U1001`.
    pub fn code(&self) -> &'static str {
        self.0.code.name()
    }

    /// Where, in UTF-16 units from the expression's start: the end of the token concerned.
    pub fn position(&self) -> Option<usize> {
        self.0.position
    }

    /// The token or the function concerned.
    pub fn concerned(&self) -> Option<&Value> {
        self.0.token.as_ref()
    }

    /// Whether the evaluation was stopped by one of its limits. The service names no code then.
    pub fn is_limit(&self) -> bool {
        matches!(self.0.code, Code::StackOverflow | Code::OutOfTime | Code::OutOfMemory)
    }

    /// Whether the expression was evaluated but its result contains a function, which is no JSON.
    pub fn is_unsupported_result(&self) -> bool {
        self.0.code == Code::UnsupportedResult
    }

    /// What the service appends to `threw an error during evaluation`: `. T0410: text` where there
    /// is a code, `: text` where there is none.
    pub fn service_text(&self) -> String {
        if self.is_limit() { format!(": {self}") } else { format!(". {}: {self}", self.code()) }
    }

    fn write_field(&self, f: &mut fmt::Formatter<'_>, field: &str, raw: bool) -> fmt::Result {
        let quoted = |f: &mut fmt::Formatter<'_>, value: Option<&Value>| match value {
            None => f.write_str("undefined"),
            Some(Value::String(text)) if raw => f.write_str(text),
            Some(value) => f.write_str(&number::to_json(value)),
        };
        match field {
            "token" => quoted(f, self.0.token.as_ref()),
            "value" => quoted(f, self.0.value.as_ref()),
            "value2" | "exp" | "type" => quoted(f, self.0.second.as_ref()),
            "index" => write!(f, "{}", self.0.index.unwrap_or_default()),
            _ => f.write_str(self.0.message.as_deref().unwrap_or("undefined")),
        }
    }
}

impl std::error::Error for Error {}

/// Fills the template's fields: `{{name}}` as JSON, `{{{name}}}` as it is.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.code.template();
        while let Some((before, after)) = rest.split_once("{{") {
            f.write_str(before)?;
            let (raw, after) = match after.strip_prefix('{') {
                Some(after) => (true, after),
                None => (false, after),
            };
            let close = if raw { "}}}" } else { "}}" };
            let (field, tail) = after.split_once(close).unwrap_or((after, ""));
            self.write_field(f, field, raw)?;
            rest = tail;
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests;
