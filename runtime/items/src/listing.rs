//! Items out of a bucket's listing, in the shape of `listObjectsV2`.

use stepwell_value::{Object, Str, Value};

use crate::MaxItems;

/// An object in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Str,
    /// Without the quotes that the service puts around it.
    pub etag: Str,
    /// In seconds since 1970.
    pub last_modified: i64,
    pub size: u64,
    /// Such as `STANDARD`.
    pub storage_class: Str,
}

impl Entry {
    pub fn to_item(&self) -> Value {
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let members = [
            ("Etag", Value::from(format!("\"{}\"", self.etag))),
            ("Key", Value::from(Str::clone(&self.key))),
            ("LastModified", Value::from(self.last_modified)),
            ("Size", Value::from(size)),
            ("StorageClass", Value::from(Str::clone(&self.storage_class))),
        ];
        Value::from(members.into_iter().collect::<Object>())
    }
}

/// The items of a listing, read like those of a file.
#[derive(Debug)]
pub struct Listed<I> {
    entries: I,
    max_items: MaxItems,
    read: u64,
}

impl<I: Iterator<Item = Entry>> Listed<I> {
    /// Leaves out the first `skip` entries, which count towards `max_items`.
    pub fn new(entries: impl IntoIterator<IntoIter = I>, max_items: MaxItems, skip: u64) -> Self {
        let mut listed = Self { entries: entries.into_iter(), max_items, read: 0 };
        while listed.read < skip && listed.next().is_some() {}
        listed
    }

    /// How many entries are behind, those that were skipped included.
    pub fn read(&self) -> u64 {
        self.read
    }
}

impl<I: Iterator<Item = Entry>> Iterator for Listed<I> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        if self.max_items.reached_by(self.read) {
            return None;
        }
        let item = self.entries.next()?.to_item();
        self.read += 1;
        Some(item)
    }
}

#[cfg(test)]
mod tests;
