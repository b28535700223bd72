//! What is wrong with a definition, where, and what to do about it.

use std::fmt;

/// One finding of [`crate::Definition::read`].
///
/// Code, message and location follow what the service's `ValidateStateMachineDefinition` answers;
/// the hint is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub message: String,
    /// Where: `/States/NAME/Field`, with `Field[0]` for an element. Empty where the service names
    /// no place.
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

/// The service's classes of findings, and two of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The text is not JSON.
    InvalidJsonDescription,
    /// A field is missing, unknown, of the wrong type, or out of its range.
    SchemaValidationFailed,
    /// No state ends the machine.
    MissingEndState,
    /// A transition leads nowhere, or no transition leads to a state.
    MissingTransitionTarget,
    /// Two states have one name.
    DuplicateStateName,
    /// A state's name is empty or too long.
    InvalidStateName,
    /// Machines nest too deep.
    TooDeeplyNested,
    /// A JSONata expression cannot be parsed.
    InvalidJsonataExpression,
    /// A JSONata expression refers to what does not exist where it stands.
    UnsupportedJsonataExpression,
    /// A part of a template looks like a path, but its name does not end in `.$`.
    NoDollar,
    /// A field's value looks like a path, but its name does not end in `Path`.
    NoPath,
    /// A part of a Pass's `Result` looks like a path; it is not computed.
    PassResultIsStatic,
    /// An object has two fields of one name. The code is ours.
    DuplicateFieldName,
    /// An error's name begins with `States.` and is none of the language's. The code is ours.
    UnknownErrorName,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Self::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Self::MissingEndState => "MISSING_END_STATE",
            Self::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Self::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Self::InvalidStateName => "INVALID_STATE_NAME",
            Self::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Self::InvalidJsonataExpression => "INVALID_JSONATA_EXPRESSION",
            Self::UnsupportedJsonataExpression => "UNSUPPORTED_JSONATA_EXPRESSION",
            Self::NoDollar => "NO_DOLLAR",
            Self::NoPath => "NO_PATH",
            Self::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
            Self::DuplicateFieldName => "DUPLICATE_FIELD_NAME",
            Self::UnknownErrorName => "UNKNOWN_ERROR_NAME",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Diagnostic {
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding as the service's `InvalidDefinition` quotes it: there a place that is not named
    /// reads `null`.
    pub fn quoted(&self) -> String {
        let location = if self.location.is_empty() { "null" } else { &self.location };
        format!("{}: {} at {location}", self.code, self.message)
    }
}

/// For people to read: `CODE: message at /location`. Where the text is no JSON, the service's
/// message and place repeat the text, which is left out here.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code == Code::InvalidJsonDescription {
            let message = self.message.lines().next().unwrap_or_default();
            return write!(f, "{}: {message}", self.code);
        }
        write!(f, "{}: {}", self.code, self.message)?;
        if self.location.is_empty() { Ok(()) } else { write!(f, " at {}", self.location) }
    }
}
