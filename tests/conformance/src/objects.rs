//! The buckets of a case, in memory.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use stepwell_buckets::{Entries, Entry, Location, NewObject, Store, StoreFailure};
use stepwell_value::{Str, Value};

use crate::field;

/// When every object was last changed: the second of January 2026.
const CHANGED: i64 = 1_767_355_200;

/// The objects of each bucket by key. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    // Shared with the objects that are being written.
    buckets: Arc<Mutex<Buckets>>,
}

type Buckets = BTreeMap<Str, BTreeMap<Str, Vec<u8>>>;

impl Objects {
    /// What the setup of a case creates and puts.
    pub(crate) fn parse(document: &Value) -> Result<Self> {
        let mut buckets = Buckets::new();
        let steps = document.get("setup").and_then(Value::as_array).unwrap_or_default();
        for step in steps.iter().filter(|step| step.get("service") == Some(&Value::from("s3"))) {
            let parameters = field::member(step, "params")?;
            let objects = buckets.entry(field::text(parameters, "Bucket")?.into()).or_default();
            if field::text(step, "op")? == "PutObject" {
                let body = body(field::member(parameters, "Body")?).as_bytes().to_vec();
                objects.insert(field::text(parameters, "Key")?.into(), body);
            }
        }
        Ok(Self { buckets: Arc::new(Mutex::new(buckets)) })
    }

    fn in_bucket<T>(
        &self,
        bucket: &str,
        look: impl FnOnce(&BTreeMap<Str, Vec<u8>>) -> T,
    ) -> Result<T, StoreFailure> {
        let buckets = self.lock();
        let found = buckets.get(bucket);
        let missing = || StoreFailure::NoSuchBucket { bucket: bucket.to_owned() };
        found.map(look).ok_or_else(missing)
    }

    /// A panic while the lock is held can only come from the allocator; the objects are whole.
    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Objects {
    fn open(&self, at: &Location) -> Result<Box<dyn Read + Send>, StoreFailure> {
        let body = self.in_bucket(&at.bucket, |objects| objects.get(&at.key).cloned())?;
        match body {
            Some(body) => Ok(Box::new(Cursor::new(body))),
            None => {
                let (bucket, key) = (at.bucket.to_string(), at.key.to_string());
                Err(StoreFailure::NoSuchKey { bucket, key })
            }
        }
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Entries, StoreFailure> {
        let entry = |(key, body): (&Str, &Vec<u8>)| Entry {
            key: Str::clone(key),
            // The recorder has put a name with the key in the place of each tag.
            etag: format!("<Etag-{key}>").into(),
            last_modified: CHANGED,
            size: body.len() as u64,
            storage_class: "STANDARD".into(),
        };
        let entries = self.in_bucket(bucket, |objects| {
            let listed = objects.iter().filter(|(key, _)| key.starts_with(prefix));
            listed.map(|object| Ok(entry(object))).collect::<Vec<_>>()
        })?;
        Ok(Box::new(entries.into_iter()))
    }

    fn create(&self, at: &Location) -> Result<Box<dyn NewObject>, StoreFailure> {
        self.in_bucket(&at.bucket, |_| ())?;
        Ok(Box::new(NewBody { objects: self.clone(), at: at.clone(), body: Vec::new() }))
    }
}

/// A text, or bytes that happen to be one.
pub(crate) fn body(body: &Value) -> &str {
    body.as_str().or_else(|| body.get("$text")?.as_str()).unwrap_or_default()
}

struct NewBody {
    objects: Objects,
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
        let Self { objects, at, body } = *self;
        objects.lock().entry(at.bucket).or_default().insert(at.key, body);
        Ok(())
    }
}
