//! What is wrong with a definition, where, and what to do about it.

use std::fmt;

/// One finding of [`crate::Definition::parse`].
///
/// Code, message and location follow what the service's `ValidateStateMachineDefinition` answers;
/// the hint is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub message: String,
    /// Where: `/States/NAME/Field`, with `Field[0]` for an element, or empty for the whole text.
    pub location: String,
    /// What to do, when that is known and not obvious.
    pub hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The definition cannot be used.
    Error,
    /// The definition works, but probably not as meant.
    Warning,
}

/// The service's classes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The text is not JSON.
    InvalidJsonDescription,
    /// A field is missing, unknown, of the wrong type, or out of its range.
    SchemaValidationFailed,
    /// A transition leads nowhere, or no transition leads to a state.
    MissingTransitionTarget,
    /// Two states have one name.
    DuplicateStateName,
    /// A JSONata expression cannot be parsed.
    InvalidJsonataExpression,
    /// A JSONata expression refers to what does not exist where it stands.
    UnsupportedJsonataExpression,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Self::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Self::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Self::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Self::InvalidJsonataExpression => "INVALID_JSONATA_EXPRESSION",
            Self::UnsupportedJsonataExpression => "UNSUPPORTED_JSONATA_EXPRESSION",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The service's own form: `CODE: message at /location`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if self.location.is_empty() { Ok(()) } else { write!(f, " at {}", self.location) }
    }
}
