//! A JSON document as it travels: text, tree, or both.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::{DEPTH_MAX, Error, Value, parse, print, scan};

/// An immutable JSON document that remembers the text it came with.
///
/// One made from text has been checked by a scan that builds nothing; its tree is built when
/// [`Payload::value`] is first called. One made from a [`Value`] is printed when [`Payload::text`]
/// is first called. Either happens at most once, however many clones there are: cloning shares.
#[derive(Clone)]
pub struct Payload(Arc<Repr>);

/// At least one of text and value is set from the beginning.
struct Repr {
    text: OnceLock<Box<str>>,
    value: OnceLock<Value>,
    /// How deep the document nests at most, when a scan has told.
    depth: Option<usize>,
}

/// The document would nest deeper than [`DEPTH_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

impl Payload {
    /// Accepts JSON text after one validating scan.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, Error> {
        let text = text.into();
        let depth = Some(scan(&text)?);
        Ok(Self(Arc::new(Repr { text: OnceLock::from(text), value: OnceLock::new(), depth })))
    }

    /// Accepts JSON text, unless it is too long. Bounding the text bounds the tree too.
    pub fn parse_within(text: impl Into<Box<str>>, bytes_max: usize) -> Result<Self, Error> {
        let text = text.into();
        parse::check_length(&text, bytes_max)?;
        Self::parse(text)
    }

    /// Accepts a tree that may nest too deep, such as one that was just put together.
    pub fn new(value: Value) -> Result<Self, TooDeep> {
        if value.nests_within(DEPTH_MAX) { Ok(Self::from(value)) } else { Err(TooDeep) }
    }

    /// The array of some documents, made by joining their texts.
    pub fn array<'a>(items: impl IntoIterator<Item = &'a Self>) -> Result<Self, TooDeep> {
        let mut joined = Joined::new('[');
        for item in items {
            joined.next_member();
            joined.push(item)?;
        }
        Ok(joined.finish(']'))
    }

    /// The object of some documents, made by joining their texts.
    pub fn object<'a>(
        members: impl IntoIterator<Item = (&'a str, &'a Self)>,
    ) -> Result<Self, TooDeep> {
        let mut joined = Joined::new('{');
        for (name, member) in members {
            joined.next_member();
            print::push_string(&mut joined.text, name);
            joined.text.push(':');
            joined.push(member)?;
        }
        Ok(joined.finish('}'))
    }

    /// The document as text: the very text it was made from, if it was made from text.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| {
            let value = self.0.value.get().expect("a payload has its text or its value");
            print::compact(value).into_boxed_str()
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

    /// Whether the text has at most so many bytes. A tree that has no text yet is not printed for
    /// the answer.
    pub fn fits(&self, bytes: usize) -> bool {
        match self.0.text.get() {
            Some(text) => text.len() <= bytes,
            None => self.value().prints_within(bytes),
        }
    }

    /// Whether the two are one document, shared.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Where the document lies. As long as two payloads live, they have one address if and only if
    /// they are the same.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Whether the tree has been built, for those who measure.
    pub fn is_parsed(&self) -> bool {
        self.0.value.get().is_some()
    }
}

/// For a tree that is known to nest within [`DEPTH_MAX`]: one that was parsed, part of one, or one
/// that code wrote down.
impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self(Arc::new(Repr { text: OnceLock::new(), value: OnceLock::from(value), depth: None }))
    }
}

/// A container's text in the making.
struct Joined {
    text: String,
    depth: usize,
}

impl Joined {
    fn new(open: char) -> Self {
        Self { text: String::from(open), depth: 1 }
    }

    fn next_member(&mut self) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
    }

    fn push(&mut self, payload: &Payload) -> Result<(), TooDeep> {
        let depth = payload.0.depth.unwrap_or_else(|| payload.value().depth());
        if depth >= DEPTH_MAX {
            return Err(TooDeep);
        }
        self.depth = self.depth.max(depth + 1);
        self.text.push_str(payload.text());
        Ok(())
    }

    fn finish(mut self, close: char) -> Payload {
        self.text.push(close);
        let text = OnceLock::from(self.text.into_boxed_str());
        Payload(Arc::new(Repr { text, value: OnceLock::new(), depth: Some(self.depth) }))
    }
}

/// Two payloads are equal when their documents are, whatever the layout of their texts.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.value() == other.value()
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
