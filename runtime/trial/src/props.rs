//! The buckets of a case: a folder that stays as it is, and what the case writes, in memory.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_buckets::{Directory, Entries, Entry, Location, NewObject, Store, StoreFailure};
use stepwell_value::Str;

/// Cloning shares what is written.
#[derive(Clone, Debug)]
pub(crate) struct Props {
    folder: Option<Arc<Directory>>,
    // Shared with the objects that are being written.
    written: Arc<Mutex<Objects>>,
}

/// By bucket and key.
type Objects = BTreeMap<(Str, Str), Vec<u8>>;

impl Props {
    pub(crate) fn open(folder: Option<&Path>) -> io::Result<Self> {
        let folder = folder.map(Directory::open).transpose()?.map(Arc::new);
        Ok(Self { folder, written: Arc::default() })
    }

    /// The same folder, with nothing written yet.
    pub(crate) fn fresh(&self) -> Self {
        Self { folder: self.folder.clone(), written: Arc::default() }
    }

    /// Whether there is anything to read from.
    pub(crate) fn has_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// A panic while the lock is held can only come from the allocator; the objects are whole.
    fn written(&self) -> MutexGuard<'_, Objects> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Props {
    fn open(&self, at: &Location) -> Result<Box<dyn Read + Send>, StoreFailure> {
        let key = (Str::clone(&at.bucket), Str::clone(&at.key));
        if let Some(body) = self.written().get(&key) {
            return Ok(Box::new(Cursor::new(body.clone())));
        }
        match &self.folder {
            Some(folder) => folder.open(at),
            None => Err(StoreFailure::NoSuchBucket { bucket: at.bucket.to_string() }),
        }
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Entries, StoreFailure> {
        let mut entries = BTreeMap::new();
        if let Some(folder) = &self.folder {
            for entry in folder.list(bucket, prefix)? {
                let entry = entry?;
                entries.insert(Str::clone(&entry.key), entry);
            }
        }
        for ((of, key), body) in &*self.written() {
            if &**of == bucket && key.starts_with(prefix) {
                entries.insert(Str::clone(key), entry(key, body));
            }
        }
        Ok(Box::new(entries.into_values().map(Ok)))
    }

    fn create(&self, at: &Location) -> Result<Box<dyn NewObject>, StoreFailure> {
        Ok(Box::new(NewBody { props: self.clone(), at: at.clone(), body: Vec::new() }))
    }
}

/// The time of a case is not the time of its files, so nothing is said of it.
fn entry(key: &Str, body: &[u8]) -> Entry {
    Entry {
        key: Str::clone(key),
        etag: Str::from(""),
        last_modified: 0,
        size: body.len() as u64,
        storage_class: "STANDARD".into(),
    }
}

struct NewBody {
    props: Props,
    at: Location,
    body: Vec<u8>,
}

impl Write for NewBody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.body.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewObject for NewBody {
    fn complete(self: Box<Self>) -> io::Result<()> {
        let Self { props, at: Location { bucket, key }, body } = *self;
        props.written().insert((bucket, key), body);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
