//! One call of a task: JSON text in, JSON text out.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::TaskError;
use crate::location::path_at;

/// Reads the input, calls the task and writes its result.
pub(crate) fn run<I: DeserializeOwned, O: Serialize>(
    input: &str,
    task: impl FnOnce(I) -> Result<O, TaskError>,
) -> Result<String, TaskError> {
    let input = serde_json::from_str(input).map_err(|error| invalid_input(input, &error))?;
    let output = task(input)?;
    serde_json::to_string(&output)
        .map_err(|error| TaskError::caused_by(TaskError::INVALID_OUTPUT, &error))
}

// Not generic: one copy serves every input type.
fn invalid_input(input: &str, error: &serde_json::Error) -> TaskError {
    let path = path_at(input, error.line(), error.column());
    TaskError::new(TaskError::INVALID_INPUT, format!("{path}: {error}"))
}

#[cfg(test)]
mod tests;
