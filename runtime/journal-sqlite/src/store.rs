//! The store as its users see it.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc as channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use stepwell_journal::{
    AppendError, Digest, ExecutionId, Journal, Kept, Query, ReadError, Record, Revision, Summary,
};
use stepwell_kernel::{Committed, Event};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::chunk::Chunk;
use crate::lock::Lock;
use crate::writer::{Request, Work};
use crate::{OpenError, Options, checkpoint, open, reader, writer};

/// A journal in a file. Dropping it writes what was asked for and gives the file free.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// None only while it is dropped.
    requests: Option<mpsc::UnboundedSender<Request>>,
    /// A permit is a byte that may wait to be written.
    room: Arc<Semaphore>,
    room_bytes: u32,
    // Connections that nobody reads with at the moment, shared by all who read.
    readers: Mutex<Vec<Connection>>,
    stop_checkpoints: Option<channel::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    _lock: Lock,
}

/// Why a backup was not made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the backup `{path}` is there already; give a path where there is no file yet")]
    Exists { path: PathBuf },
    #[error("the backup `{path}` could not be written")]
    Unwritable { path: PathBuf, source: std::io::Error },
    #[error("the store could not be copied to `{path}`")]
    Failed { path: PathBuf, source: rusqlite::Error },
}

impl Sqlite {
    /// Opens the store, which is created if there is no file.
    pub fn open(path: impl Into<PathBuf>, options: &Options) -> Result<Self, OpenError> {
        let path = path.into();
        let lock = Lock::take(&path)?;
        let connection = open::writer(&path, options)?;
        let checkpointer =
            open::checkpointer(&path).map_err(|error| OpenError::of(&path, error))?;
        let (requests, waiting) = mpsc::unbounded_channel();
        let (stop_checkpoints, stopped) = channel::channel();
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = thread::Builder::new().name(name.into()).spawn(run);
            thread.map_err(|source| OpenError::Inaccessible { path: path.clone(), source })
        };
        let threads = vec![
            spawn("journal", Box::new(move || writer::run(&connection, waiting)))?,
            spawn("journal-log", Box::new(move || checkpoint::run(&checkpointer, &stopped)))?,
        ];
        Ok(Self {
            path,
            requests: Some(requests),
            room: Arc::new(Semaphore::new(options.queue_bytes_max.max(1) as usize)),
            room_bytes: options.queue_bytes_max.max(1),
            readers: Mutex::default(),
            stop_checkpoints: Some(stop_checkpoints),
            threads,
            _lock: lock,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Copies the store, as it is at this moment, into a file of its own. Appends go on meanwhile.
    pub fn backup(&self, path: &Path) -> Result<(), BackupError> {
        let to = || path.to_path_buf();
        if path.exists() {
            return Err(BackupError::Exists { path: to() });
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        self.copy(Path::new(&partial))
            .map_err(|source| BackupError::Failed { path: to(), source })?;
        fs::rename(&partial, path).map_err(|source| BackupError::Unwritable { path: to(), source })
    }

    fn copy(&self, path: &Path) -> rusqlite::Result<()> {
        let source = open::reader(&self.path)?;
        let mut target = Connection::open(path)?;
        // All pages in one step are one moment's.
        loop {
            let step = Backup::new(&source, &mut target)?.step(-1)?;
            match step {
                StepResult::Done => return Ok(()),
                _ => thread::yield_now(),
            }
        }
    }

    async fn submit(&self, work: Work) -> Result<(), AppendError> {
        let closed = || AppendError::Unavailable("the journal is closed".into());
        let bytes = u32::try_from(work.bytes()).unwrap_or(u32::MAX).clamp(1, self.room_bytes);
        let room = Arc::clone(&self.room).acquire_many_owned(bytes).await;
        let room = room.ok().ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or_else(closed)?;
        let sent = requests.send(Request { work, reply, room });
        sent.ok().ok_or_else(closed)?;
        answer.await.ok().ok_or_else(closed)?
    }

    fn read_with<T>(
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
    async fn append(
        &self,
        records: Vec<Record>,
    ) -> Result<Vec<(ExecutionId, Committed)>, AppendError> {
        let written = self.submit(Work::Append(records.iter().map(Chunk::of).collect())).await;
        let commit = |Record { execution, batch, .. }| {
            let committed = batch.commit(|_| written.clone())?;
            Ok((execution, committed))
        };
        records.into_iter().map(commit).collect()
    }

    async fn delete(&self, executions: Vec<ExecutionId>) -> Result<(), AppendError> {
        self.submit(Work::Delete(executions)).await
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        self.read_with(|connection| reader::next_id(connection).map_err(reader::unavailable))
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        self.read_with(|connection| reader::events(connection, execution))
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        self.read_with(|connection| reader::list(connection, query))
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        self.read_with(|connection| {
            reader::revision(connection, digest).map_err(reader::unavailable)
        })
    }

    fn open_executions(&self) -> impl Iterator<Item = Result<Kept, ReadError>> + Send {
        OpenExecutions { store: self, page: VecDeque::new(), last: None, known: None }
    }
}

/// How many executions are looked up at once.
const PAGE: u32 = 256;

struct OpenExecutions<'a> {
    store: &'a Sqlite,
    page: VecDeque<ExecutionId>,
    last: Option<ExecutionId>,
    known: Option<(i64, Revision)>,
}

impl OpenExecutions<'_> {
    fn turn_page(&mut self) -> Result<(), ReadError> {
        let after = self.last;
        let ids = self.store.read_with(|connection| {
            reader::open_ids(connection, after, PAGE).map_err(reader::unavailable)
        })?;
        self.last = ids.last().copied().or(after);
        self.page = ids.into();
        Ok(())
    }
}

impl Iterator for OpenExecutions<'_> {
    type Item = Result<Kept, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty()
            && let Err(error) = self.turn_page()
        {
            // There is no end of pages that cannot be read.
            self.last = Some(ExecutionId(u64::MAX));
            return Some(Err(error));
        }
        let execution = self.page.pop_front()?;
        let known = &mut self.known;
        Some(self.store.read_with(|connection| reader::kept(connection, execution, known)))
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.requests = None;
        self.stop_checkpoints = None;
        for thread in self.threads.drain(..) {
            // A thread that has panicked has told so itself.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests;
