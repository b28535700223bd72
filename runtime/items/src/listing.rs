//! Items out of a bucket's listing, in the shape of `listObjectsV2`.

use stepwell_value::{Object, Str, Value};

use crate::{MaxItems, ReadFailure};

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
    skip: u64,
    read: u64,
    is_over: bool,
}

impl<I: Iterator<Item = Result<Entry, ReadFailure>>> Listed<I> {
    /// Leaves out the first `skip` entries, which count towards `max_items`.
    pub fn new(entries: impl IntoIterator<IntoIter = I>, max_items: MaxItems, skip: u64) -> Self {
        Self { entries: entries.into_iter(), max_items, skip, read: 0, is_over: false }
    }

    /// How many entries are behind, those that were skipped included.
    pub fn read(&self) -> u64 {
        self.read
    }

    fn try_next(&mut self) -> Result<Option<Value>, ReadFailure> {
        while !self.max_items.reached_by(self.read) {
            let Some(entry) = self.entries.next().transpose()? else { break };
            self.read += 1;
            if self.read > self.skip {
                return Ok(Some(entry.to_item()));
            }
        }
        Ok(None)
    }
}

impl<I: Iterator<Item = Result<Entry, ReadFailure>>> Iterator for Listed<I> {
    type Item = Result<Value, ReadFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.try_next().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

#[cfg(test)]
mod tests;
