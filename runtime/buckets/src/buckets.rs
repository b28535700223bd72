//! The engine's port over a store.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_engine::{Items, ReadRequest, WriteRequest};
use stepwell_kernel::{Failure, ItemsRead, error_name};
use stepwell_value::{Payload, Str};

use crate::kept::Kept;
use crate::reader::Reader;
use crate::store::Store;
use crate::writer;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// Reads items from a store and writes results to it. Cloning shares it.
#[derive(Clone)]
pub struct Buckets {
    store: Arc<dyn Store>,
    // Shared by the threads that read for different map runs; held only to take and to put back.
    kept: Arc<Mutex<Kept>>,
}

impl Buckets {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, kept: Arc::default() }
    }

    fn piece(&self, request: &ReadRequest) -> Result<ItemsRead, Failure> {
        let ReadRequest { run, from, .. } = request;
        let kept = self.kept().take(&run.map_run_arn, *from);
        let mut reader = match kept {
            Some(reader) => reader,
            None => Reader::open(Arc::clone(&self.store), request.mode(), run, *from)?,
        };
        let piece = reader.piece()?;
        if !piece.is_last {
            self.kept().put(Str::clone(&run.map_run_arn), reader);
        }
        Ok(piece)
    }

    /// A panic while the lock is held can only come from the allocator; the readers are whole.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Items for Buckets {
    fn read(&self, request: ReadRequest) -> Answer<ItemsRead> {
        let buckets = self.clone();
        aside(error_name::ITEM_READER_FAILED, move || buckets.piece(&request))
    }

    fn write(&self, request: WriteRequest) -> Answer<Payload> {
        let store = Arc::clone(&self.store);
        aside(error_name::RESULT_WRITER_FAILED, move || {
            writer::write(&store, request.mode(), &request.run, &request.results)
        })
    }
}

/// Works on a thread that may wait for the disk.
fn aside<T: Send + 'static>(
    error: &'static str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Answer<T> {
    Box::pin(async move {
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|gone| Err(Failure::new(error, format!("it broke off: {gone}"))))
    })
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buckets")
    }
}
