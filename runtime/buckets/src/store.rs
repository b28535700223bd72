//! What holds buckets.

use std::io::{self, Read, Write};

use stepwell_items::{Entry, Location, ReadFailure};

/// Objects by bucket and key.
pub trait Store: Send + Sync + 'static {
    fn open(&self, at: &Location) -> Result<Box<dyn Read + Send>, StoreFailure>;

    /// The objects whose keys start with a prefix, by the bytes of their keys.
    fn list(&self, bucket: &str, prefix: &str) -> Result<Entries, StoreFailure>;

    /// Begins an object that takes the place of whatever has the key, once it is complete.
    fn create(&self, at: &Location) -> Result<Box<dyn NewObject>, StoreFailure>;
}

pub type Entries = Box<dyn Iterator<Item = Result<Entry, StoreFailure>> + Send>;

/// An object that nobody sees yet. Dropped before it is complete, it leaves nothing behind.
pub trait NewObject: Write + Send {
    fn complete(self: Box<Self>) -> io::Result<()>;
}

/// Why a store does not do what it is asked for. The first two begin with the service's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFailure {
    #[error("The specified bucket does not exist (Bucket: {bucket})")]
    NoSuchBucket { bucket: String },
    #[error("The specified key does not exist. (Bucket: {bucket}, Key: {key})")]
    NoSuchKey { bucket: String, key: String },
    #[error("{key:?} is no key here: it is no path inside of the bucket {bucket}")]
    InvalidKey { bucket: String, key: String },
    #[error("{} is out of reach: {reason}", place(bucket, key))]
    Unavailable { bucket: String, key: String, reason: String },
}

impl StoreFailure {
    pub(crate) fn unavailable(bucket: &str, key: &str, error: &io::Error) -> Self {
        let reason = error.to_string();
        Self::Unavailable { bucket: bucket.to_owned(), key: key.to_owned(), reason }
    }
}

fn place(bucket: &str, key: &str) -> String {
    match key {
        "" => format!("The bucket {bucket}"),
        key => format!("The key {key} of the bucket {bucket}"),
    }
}

impl From<StoreFailure> for ReadFailure {
    fn from(failure: StoreFailure) -> Self {
        Self::Unavailable { reason: failure.to_string() }
    }
}
