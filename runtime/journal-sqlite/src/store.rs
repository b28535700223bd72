//! The store as its users see it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use stepwell_asl::Timestamp;
use stepwell_journal::{
    AppendError, Appending, Digest, Document, ExecutionId, Journal, Kept, Open, Parent, Promise,
    Query, ReadError, Record, Refused, Revision, Summary,
};
use stepwell_kernel::{Committed, Event};
use tokio::sync::oneshot;

use crate::chunk::Chunk;
use crate::lock::Lock;
use crate::reader::list::list;
use crate::writer::{Request, Work};
use crate::{OpenError, Options, checkpoint, open, pack, reader, writer};

/// A journal in a file. Dropping it writes what was asked for and gives the file free.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// None only while it is dropped.
    requests: Option<mpsc::Sender<Request>>,
    // Connections that nobody reads with at the moment, shared by all who read.
    readers: Mutex<Vec<Connection>>,
    /// As long as they are there, the threads beside the writer go on.
    going: Vec<mpsc::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    _lock: Lock,
}

impl Sqlite {
    /// Opens the store, which is created if there is no file.
    pub fn open(path: impl Into<PathBuf>, options: &Options) -> Result<Self, OpenError> {
        let path = path.into();
        let lock = Lock::take(&path)?;
        let connection = open::writer(&path, options)?;
        let checkpointer =
            open::checkpointer(&path).map_err(|error| OpenError::of(&path, error))?;
        let (requests, waiting) = mpsc::channel();
        let (checkpoints, no_checkpoints) = mpsc::channel();
        let (packing, no_packing) = mpsc::channel();
        let packer = open::reader(&path).map_err(|error| OpenError::of(&path, error))?;
        let to_writer = requests.clone();
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = thread::Builder::new().name(name.into()).spawn(run);
            thread.map_err(|source| OpenError::Inaccessible { path: path.clone(), source })
        };
        let threads = vec![
            spawn("journal", Box::new(move || writer::run(&connection, waiting)))?,
            spawn(
                "journal-log",
                Box::new(move || checkpoint::run(&checkpointer, &no_checkpoints)),
            )?,
            spawn("journal-pack", Box::new(move || pack::run(&packer, &to_writer, &no_packing)))?,
        ];
        Ok(Self {
            path,
            requests: Some(requests),
            readers: Mutex::default(),
            going: vec![checkpoints, packing],
            threads,
            _lock: lock,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts work into the queue, where it has its place when this returns.
    fn submit(&self, work: Work) -> impl Future<Output = Result<(), AppendError>> + Send + use<> {
        let closed = || AppendError::Broken("the journal is closed".into());
        let (reply, answer) = oneshot::channel();
        let sent = match &self.requests {
            Some(requests) => requests.send(Request { work, reply }).ok(),
            None => None,
        };
        async move {
            sent.ok_or_else(closed)?;
            answer.await.ok().ok_or_else(closed)?
        }
    }

    fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ReadError> {
        self.read_with(|connection| question(connection).map_err(reader::unavailable))
    }

    pub(crate) fn read_with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(&self.path).map_err(reader::unavailable)?,
        };
        let answer = read(&connection);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }
}

impl Journal for Sqlite {
    fn append(&self, records: Vec<Record>) -> Appending {
        let chunks: Vec<Chunk> = records.iter().map(Chunk::of).collect();
        let bytes = chunks.iter().map(|chunk| chunk.row.data.len()).sum();
        let written = self.submit(Work::Append(chunks));
        let kept = async move {
            match written.await {
                Ok(()) => Ok(records.into_iter().map(commit).collect()),
                Err(error) => Err(Refused { error, records }),
            }
        };
        Appending { bytes, kept: Box::pin(kept) }
    }

    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>> {
        Box::pin(self.submit(Work::Delete(executions)))
    }

    fn write(&self, documents: Vec<Document>) -> Promise<Result<(), AppendError>> {
        Box::pin(self.submit(Work::Write(documents)))
    }

    fn documents(&self, prefix: &str) -> Result<Vec<Document>, ReadError> {
        self.ask(|connection| reader::documents(connection, prefix))
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        self.ask(reader::next_id)
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        self.read_with(|connection| reader::events(connection, execution))
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError> {
        self.read_with(|connection| reader::load(connection, execution))
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        self.read_with(|connection| list(connection, query))
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        self.ask(|connection| reader::revision(connection, digest))
    }

    fn open_executions(&self) -> Box<dyn Iterator<Item = Result<Open, ReadError>> + Send + '_> {
        Box::new(OpenExecutions { store: self, page: VecDeque::new(), last: None })
    }

    fn open_children(
        &self,
        after: Option<ExecutionId>,
        count_max: usize,
    ) -> Result<Vec<(ExecutionId, Parent)>, ReadError> {
        self.ask(|connection| reader::open_children(connection, after, count_max))
    }

    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError> {
        self.ask(|connection| reader::ended_before(connection, time, count_max))
    }
}

/// The record has been written.
fn commit(record: Record) -> (ExecutionId, Committed) {
    let Ok(committed) = record.batch.commit(|_| Ok::<_, Infallible>(()));
    (record.execution, committed)
}

/// How many executions are looked up at once: no snapshot is held for longer.
const PAGE: u32 = 4096;

struct OpenExecutions<'a> {
    store: &'a Sqlite,
    page: VecDeque<Open>,
    last: Option<ExecutionId>,
}

impl OpenExecutions<'_> {
    fn turn_page(&mut self) -> Result<(), ReadError> {
        let after = self.last;
        let page = self.store.ask(|connection| reader::open(connection, after, PAGE))?;
        self.last = page.last().map(|open| open.execution).or(after);
        self.page = page.into();
        Ok(())
    }
}

impl Iterator for OpenExecutions<'_> {
    type Item = Result<Open, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty()
            && let Err(error) = self.turn_page()
        {
            // There is no end of pages that cannot be read.
            self.last = Some(ExecutionId(u64::MAX));
            return Some(Err(error));
        }
        self.page.pop_front().map(Ok)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // Whoever closes the file last moves the log into it, and these may not write.
        self.readers.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        self.requests = None;
        self.going.clear();
        for thread in self.threads.drain(..) {
            // A thread that has panicked has told so itself.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests;
