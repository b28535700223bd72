//! JSON text in the making, out of texts that are JSON already.
//!
//! A payload's text is copied as it is where that fits on a line.

use std::fmt::{Display, Write as _};

use stepwell::{Payload, Value};

/// An object to which members are added in their order.
#[derive(Debug)]
pub(crate) struct ObjectText(String);

impl ObjectText {
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a member whose value is JSON text.
    #[must_use]
    pub(crate) fn json(mut self, name: &str, value: impl Display) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write!(self.0, "{}:{value}", Value::from(name)).expect("a string takes every text");
        self
    }

    /// Adds a document, on one line.
    #[must_use]
    pub(crate) fn document(self, name: &str, document: &Payload) -> Self {
        if document.text().contains('\n') {
            return self.json(name, document.value());
        }
        self.json(name, document)
    }

    #[must_use]
    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        self.json(name, Value::from(value))
    }

    /// Adds a text if there is one; a member that is not there is not `null`.
    #[must_use]
    pub(crate) fn some_text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An array of JSON texts.
pub(crate) fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// An array of texts.
pub(crate) fn texts(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    array(texts.into_iter().map(|text| Value::from(text.as_ref()).to_string()))
}

/// An array of JSON texts, one a line.
pub(crate) fn lines(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[\n{}\n]", items.join(",\n"))
}
