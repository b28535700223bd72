//! A JSON document as it travels: text, tree, or both.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::{Error, Value, scan};

/// An immutable JSON document that remembers the text it came with.
///
/// One made from text has been checked by a scan that builds nothing; its tree is built when
/// [`Payload::value`] is first called. One made from a [`Value`] is printed when [`Payload::text`]
/// is first called. Either happens at most once, however many clones there are: cloning shares.
#[derive(Clone)]
pub struct Payload(Arc<Repr>);

/// At least one of the two is set from the beginning.
#[derive(Default)]
struct Repr {
    text: OnceLock<Box<str>>,
    value: OnceLock<Value>,
}

impl Payload {
    /// Accepts JSON text after one validating scan.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, Error> {
        let text = text.into();
        scan(&text)?;
        Ok(Self(Arc::new(Repr { text: OnceLock::from(text), value: OnceLock::new() })))
    }

    /// The document as text: the very text it was made from, if it was made from text.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| {
            let value = self.0.value.get().expect("a payload has its text or its value");
            value.to_string().into_boxed_str()
        })
    }

    /// The document as a tree.
    pub fn value(&self) -> &Value {
        self.0.value.get_or_init(|| {
            let text = self.0.text.get().expect("a payload has its text or its value");
            Value::parse(text).expect("the text was scanned when the payload was made")
        })
    }

    /// The document's size in bytes of UTF-8, which is what the service's quotas count.
    pub fn size_bytes(&self) -> usize {
        self.text().len()
    }

    /// Whether the tree has been built, for those who measure.
    pub fn is_parsed(&self) -> bool {
        self.0.value.get().is_some()
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self(Arc::new(Repr { text: OnceLock::new(), value: OnceLock::from(value) }))
    }
}

/// Two payloads are equal when their documents are, whatever the layout of their texts.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.value() == other.value()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests;
