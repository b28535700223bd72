//! What a call came to: a response, or an exception.

use anyhow::{Context as _, Result};
use stepwell_value::Value;

use crate::field;

/// An answer of the API.
pub(crate) type Answer = Result<Value, Exception>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    pub name: String,
    pub message: String,
}

impl Exception {
    pub(crate) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }

    /// Three forms were recorded: what the service sent, and what its SDK made of it, with the
    /// name apart or not.
    pub(crate) fn recorded(error: &Value) -> Result<Self> {
        if let Some(sent) = error.get("Error") {
            return Ok(Self::new(field::text(sent, "Code")?, field::text(sent, "Message")?));
        }
        let text = match error.as_str() {
            Some(text) => text,
            None => field::text(error, "exception_value")?,
        };
        let (front, message) = text.split_once(" operation: ").unwrap_or(("", text));
        let name = match field::optional_text(error, "exception_typename") {
            Some(name) => name,
            None => front.split(['(', ')']).nth(1).context("the exception has no name")?,
        };
        Ok(Self::new(name, message))
    }

    /// Some answers were recorded from an emulator in Python, which tells its own exceptions.
    #[cfg(feature = "http")]
    pub(crate) fn is_of_an_emulator(&self) -> bool {
        self.message.starts_with("Error=ValueError Args=[")
    }
}

#[cfg(test)]
mod tests;

pub(crate) fn shown(answer: &Answer) -> String {
    match answer {
        Ok(response) => response.to_string(),
        Err(Exception { name, message }) => format!("{name}: {message}"),
    }
}
