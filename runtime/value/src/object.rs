//! A JSON object: members in the order in which they came, found by name.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::{Str, Value};

/// Up to so many members are compared one by one, which is faster than hashing the name.
const SCAN_MAX: usize = 8;

/// The members of a JSON object, in order.
///
/// Cloning shares them; the first change after a clone copies the member list (not the values).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Arc<IndexMap<Str, Value>>);

impl Object {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        if self.0.len() > SCAN_MAX {
            return self.0.get(name);
        }
        self.0.iter().find(|(known, _)| &***known == name).map(|(_, value)| value)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Str, &Value)> {
        self.0.iter()
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Str> {
        self.0.keys()
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.values()
    }

    /// Where the members live: equal for clones of one object, different for objects that were made
    /// apart, for as long as both exist.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Sets a member. One that was there keeps its place; another goes to the end.
    pub fn insert(&mut self, name: impl Into<Str>, value: impl Into<Value>) {
        Arc::make_mut(&mut self.0).insert(name.into(), value.into());
    }

    /// Takes a member out; those behind it move up.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        if self.0.contains_key(name) { Arc::make_mut(&mut self.0).shift_remove(name) } else { None }
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Object {
    /// Collects members in order. The last of several with one name wins and takes the first's
    /// place.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        Self(Arc::new(
            members.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        ))
    }
}

#[cfg(test)]
mod tests;
