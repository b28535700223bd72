//! A JSON object: members in the order in which they came, found by name.

use std::fmt;
use std::sync::Arc;

use crate::{Str, Value};

use index::Index;

mod index;

/// Up to so many members are compared one by one, which is as fast as an index and takes no room.
const SCAN_MAX: usize = 12;

/// The members of a JSON object, in order.
///
/// Cloning shares them; the first change after a clone copies the member list (not the values).
#[derive(Clone, Default)]
pub struct Object(Arc<Members>);

/// No two members have the same name.
#[derive(Clone, Default)]
struct Members {
    list: Vec<(Str, Value)>,
    /// Present when there are more than [`SCAN_MAX`] members.
    index: Option<Box<Index>>,
}

impl Object {
    pub fn new() -> Self {
        Self::default()
    }

    /// For names that are known to differ from each other.
    pub(crate) fn from_distinct(list: Vec<(Str, Value)>) -> Self {
        let mut members = Members { list, index: None };
        members.rebuild_index();
        Self(Arc::new(members))
    }

    pub fn len(&self) -> usize {
        self.0.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.list.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.0.find(name)?;
        self.0.list.get(at).map(|(_, value)| value)
    }

    /// Where a member stands among the others, counted from 0.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.find(name)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.0.find(name).is_some()
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Str, &Value)> {
        self.0.list.iter().map(|(name, value)| (name, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Str> {
        self.0.list.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.list.iter().map(|(_, value)| value)
    }

    /// Where the members live: equal for clones of one object, different for objects that were made
    /// apart, for as long as both exist.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Sets a member. One that was there keeps its place; another goes to the end.
    pub fn insert(&mut self, name: impl Into<Str>, value: impl Into<Value>) {
        Arc::make_mut(&mut self.0).put(name.into(), value.into());
    }

    /// Takes a member out; those behind it move up.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.find(name)?;
        let members = Arc::make_mut(&mut self.0);
        let (_, value) = members.list.remove(at);
        members.rebuild_index();
        Some(value)
    }
}

impl Members {
    #[inline]
    fn find(&self, name: &str) -> Option<usize> {
        match &self.index {
            None => self.list.iter().position(|(known, _)| **known == *name),
            Some(index) => index.find(&self.list, name),
        }
    }

    fn put(&mut self, name: Str, value: Value) {
        let found = self.find(&name).and_then(|at| self.list.get_mut(at));
        if let Some((_, old)) = found {
            *old = value;
            return;
        }
        self.list.push((name, value));
        match &mut self.index {
            Some(index) => index.add_last(&self.list),
            None if self.list.len() > SCAN_MAX => self.rebuild_index(),
            None => {}
        }
    }

    fn rebuild_index(&mut self) {
        self.index = (self.list.len() > SCAN_MAX).then(|| Box::new(Index::of(&self.list)));
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Object {
    /// Collects members in order. The last of several with one name wins and takes the first's
    /// place.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter();
        let list = Vec::with_capacity(members.size_hint().0);
        let mut collected = Members { list, index: None };
        for (name, value) in members {
            collected.put(name.into(), value.into());
        }
        Self(Arc::new(collected))
    }
}

/// Two objects are equal when they have equal members, in whatever order.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().all(|(name, value)| other.get(name).is_some_and(|found| found == value))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests;
