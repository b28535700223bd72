//! Why a task did not succeed.

use std::error::Error;
use std::fmt;

/// Why a task did not succeed: the name that `Retry` and `Catch` look for, and what happened.
///
/// Make one with [`TaskError::new`] when the workflow should tell this failure from others.
/// Everything else can go through `?`: any standard error becomes a [`TaskError::FAILED`] whose
/// cause is the error's message and those of its sources.
///
/// ```
/// use stepwell_task::TaskError;
///
/// fn parse_amount(text: &str) -> Result<u32, TaskError> {
///     if text.starts_with('-') {
///         return Err(TaskError::new("Amount.Negative", format!("`{text}` is below zero")));
///     }
///     Ok(text.parse()?)
/// }
///
/// assert_eq!(parse_amount("-3").unwrap_err().error(), "Amount.Negative");
/// assert_eq!(parse_amount("three").unwrap_err().error(), TaskError::FAILED);
/// assert_eq!(parse_amount("three").unwrap_err().cause(), "invalid digit found in string");
/// ```
///
/// Like other types that every error converts into, it is not itself a
/// [`std::error::Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskError {
    error: String,
    cause: String,
}

impl TaskError {
    /// The name of a failure that came through `?`.
    pub const FAILED: &str = "Task.Failed";
    /// The name of the failure when the input does not fit the task's argument. The task was not
    /// called; its cause says where in the input, and what was expected there.
    pub const INVALID_INPUT: &str = "Task.InvalidInput";
    /// The name of the failure when the task's result cannot be written as JSON, such as a map
    /// whose keys are not strings.
    pub const INVALID_OUTPUT: &str = "Task.InvalidOutput";

    /// A failure with a name of its own.
    ///
    /// `error` is what a state's `ErrorEquals` compares, so keep it stable: `Card.Declined`, not a
    /// sentence. Names that begin with `States.` belong to the language; do not invent one. At
    /// most 256 characters of the name and 32,768 of the cause are kept.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }

    /// A failure with a name of its own whose cause is another error, with all its sources.
    ///
    /// ```
    /// use stepwell_task::TaskError;
    ///
    /// fn read(path: &str) -> Result<String, TaskError> {
    ///     std::fs::read_to_string(path)
    ///         .map_err(|error| TaskError::caused_by("Report.Unreadable", &error))
    /// }
    ///
    /// assert_eq!(read("/no/such/report").unwrap_err().error(), "Report.Unreadable");
    /// ```
    pub fn caused_by(error: impl Into<String>, cause: &dyn Error) -> Self {
        Self::new(error, with_sources(cause))
    }

    /// The failure's name.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// What happened.
    pub fn cause(&self) -> &str {
        &self.cause
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn into_parts(self) -> (String, String) {
        (self.error, self.cause)
    }
}

impl<E: Error> From<E> for TaskError {
    fn from(error: E) -> Self {
        Self::caused_by(Self::FAILED, &error)
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}

fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
