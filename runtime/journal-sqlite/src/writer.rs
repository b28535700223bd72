//! The thread that writes.
//!
//! It takes all that is waiting into one transaction and answers once that is synced. Nothing
//! waits on purpose: the longer a sync takes, the more the next one carries. What can be done in
//! parts, such as to delete many executions, goes along with the others a part at a time.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use stepwell_journal::{AppendError, Document, ExecutionId};
use tokio::sync::oneshot;

use crate::chunk::Chunk;
use crate::pack::Packed;
use crate::transaction::{Refusal, Tables};

/// How much goes into one transaction, so that those who came first are not kept waiting by those
/// who came later.
const REQUESTS_MAX: usize = 4096;
const BYTES_MAX: usize = 8 << 20;

/// How many executions one transaction deletes.
const DELETIONS_MAX: usize = 100;

/// For so long nothing must have been asked for before the file is tidied.
const QUIET: Duration = Duration::from_millis(10);

/// How many pages are given back at once, and how many free ones are left.
const VACUUM_PAGES: i64 = 128;
const SLACK_PAGES: i64 = 512;

pub(crate) type Reply = oneshot::Sender<Result<(), AppendError>>;

pub(crate) struct Request {
    pub work: Work,
    pub reply: Reply,
}

pub(crate) enum Work {
    Append(Vec<Chunk>),
    Write(Vec<Document>),
    Delete(Vec<ExecutionId>),
    Pack(Vec<Packed>),
}

/// What is done in parts.
struct Deletion {
    /// Those that are left.
    executions: Vec<ExecutionId>,
    reply: Reply,
}

impl Work {
    fn bytes(&self) -> usize {
        match self {
            Self::Append(chunks) => chunks.iter().map(|chunk| chunk.row.data.len()).sum(),
            Self::Write(documents) => {
                let bytes = |document: &Document| document.text.as_ref().map_or(0, |t| t.len());
                documents.iter().map(bytes).sum()
            }
            Self::Delete(_) | Self::Pack(_) => 0,
        }
    }
}

struct Writer<'c> {
    connection: &'c Connection,
    tables: Tables<'c>,
    requests: Receiver<Request>,
    deletions: VecDeque<Deletion>,
    /// Goes into a transaction of its own: if there is no room for it, there may be for the others.
    packing: Option<Request>,
    /// Whether the file may have room that nothing needs.
    is_loose: bool,
    /// After a sync that failed, nobody knows what the disk holds; the file has to be opened anew.
    broken: Option<AppendError>,
}

/// Why a transaction has to be rolled back.
enum Interruption {
    /// A request met something wrong after it had changed something.
    Refused {
        nth: usize,
        execution: ExecutionId,
    },
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Interruption {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

/// Writes until nobody can ask any more.
pub(crate) fn run(connection: &Connection, requests: Receiver<Request>) {
    let (tables, deletions) = (Tables::new(connection), VecDeque::new());
    let mut writer = Writer {
        connection,
        tables,
        requests,
        deletions,
        packing: None,
        is_loose: true,
        broken: None,
    };
    while let Some(batch) = writer.gather() {
        writer.work(batch);
        if let Some(packing) = writer.packing.take() {
            writer.work(vec![packing]);
            writer.is_loose = true;
        }
    }
}

impl Writer<'_> {
    /// What is waiting, and no more than a transaction takes; none at the end.
    fn gather(&mut self) -> Option<Vec<Request>> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        if self.deletions.is_empty() {
            let first = self.wait()?;
            bytes += self.sort(first, &mut batch);
        }
        while batch.len() < REQUESTS_MAX && bytes < BYTES_MAX {
            let Ok(request) = self.requests.try_recv() else { break };
            bytes += self.sort(request, &mut batch);
        }
        Some(batch)
    }

    /// The next request. As long as none comes, the file is tidied.
    fn wait(&mut self) -> Option<Request> {
        while self.is_loose && self.broken.is_none() {
            match self.requests.recv_timeout(QUIET) {
                Ok(request) => return Some(request),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.tidy(),
            }
        }
        self.requests.recv().ok()
    }

    /// Gives some of the room back that nothing needs.
    fn tidy(&mut self) {
        match vacuum(self.connection) {
            Ok(is_loose) => self.is_loose = is_loose,
            Err(error) if is_passing(&error) => self.is_loose = false,
            Err(error) => self.broken = Some(AppendError::Broken(error.to_string())),
        }
    }

    /// Gives how large the request is.
    fn sort(&mut self, request: Request, batch: &mut Vec<Request>) -> usize {
        let bytes = request.work.bytes();
        match request {
            Request { work: Work::Delete(executions), reply } => {
                self.deletions.push_back(Deletion { executions, reply });
            }
            request @ Request { work: Work::Pack(_), .. } => self.packing = Some(request),
            request => batch.push(request),
        }
        bytes
    }

    fn work(&mut self, batch: Vec<Request>) {
        match self.broken.clone() {
            Some(error) => self.fail(batch, &error),
            None => self.write(batch),
        }
    }

    /// Writes a batch and answers it.
    fn write(&mut self, batch: Vec<Request>) {
        let mut refused = vec![None; batch.len()];
        loop {
            match self.commit(&batch, &mut refused) {
                Ok(()) => {
                    self.finish_deletions();
                    return answer(batch, &refused);
                }
                // What has been done goes with what is refused, and the others begin again.
                Err(Interruption::Refused { nth, execution }) => {
                    refused[nth] = Some(execution);
                    if let Err(error) = self.roll_back() {
                        return self.fail(batch, &AppendError::Broken(error.to_string()));
                    }
                }
                Err(Interruption::Failed(error)) => {
                    let is_passing = self.roll_back().is_ok() && is_passing(&error);
                    let error = error.to_string();
                    let error = if is_passing {
                        AppendError::Unavailable(error)
                    } else {
                        AppendError::Broken(error)
                    };
                    return self.fail(batch, &error);
                }
            }
        }
    }

    /// Puts into one transaction what has not been refused. Requests that are found misplaced
    /// before they have changed anything are noted as refused.
    fn commit(
        &mut self,
        batch: &[Request],
        refused: &mut [Option<ExecutionId>],
    ) -> Result<(), Interruption> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for (nth, (request, refused)) in batch.iter().zip(refused).enumerate() {
            if refused.is_some() {
                continue;
            }
            match self.apply(&request.work) {
                Ok(()) => {}
                Err((_, Refusal::Failed(error))) => return Err(error.into()),
                Err((0, Refusal::Misplaced(execution))) => *refused = Some(execution),
                Err((_, Refusal::Misplaced(execution))) => {
                    return Err(Interruption::Refused { nth, execution });
                }
            }
        }
        if let Some(deletion) = self.deletions.front() {
            for execution in deletion.part() {
                self.tables.delete(*execution)?;
            }
        }
        self.tables.settle()?;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// A refusal comes with how much was applied before.
    fn apply(&mut self, work: &Work) -> Result<(), (usize, Refusal)> {
        match work {
            Work::Append(chunks) => (0..).zip(chunks).try_for_each(|(nth, chunk)| {
                self.tables.append(chunk).map_err(|refusal| (nth, refusal))
            }),
            Work::Write(documents) => (0..).zip(documents).try_for_each(|(nth, document)| {
                self.tables.write(document).map_err(|error| (nth, error.into()))
            }),
            Work::Pack(packed) => (0..).zip(packed).try_for_each(|(nth, packed)| {
                self.tables.pack(packed).map_err(|error| (nth, error.into()))
            }),
            Work::Delete(_) => unreachable!("deletions wait elsewhere"),
        }
    }

    fn roll_back(&mut self) -> rusqlite::Result<()> {
        self.tables.forget();
        // Some failures have rolled back already.
        if self.connection.is_autocommit() {
            Ok(())
        } else {
            self.connection.execute_batch("ROLLBACK")
        }
    }

    fn finish_deletions(&mut self) {
        let Some(mut deletion) = self.deletions.pop_front() else { return };
        self.is_loose = true;
        deletion.executions.drain(..deletion.part().len());
        if deletion.executions.is_empty() {
            tell(deletion.reply, Ok(()));
        } else {
            self.deletions.push_front(deletion);
        }
    }

    /// Answers all that waits; after an error that does not pass, all that is still to come.
    fn fail(&mut self, batch: Vec<Request>, error: &AppendError) {
        if matches!(error, AppendError::Broken(_)) {
            self.broken = Some(error.clone());
        }
        let replies = batch.into_iter().map(|request| request.reply);
        let deletions = self.deletions.drain(..).map(|deletion| deletion.reply);
        replies.chain(deletions).for_each(|reply| tell(reply, Err(error.clone())));
    }
}

impl Deletion {
    /// What one transaction deletes.
    fn part(&self) -> &[ExecutionId] {
        &self.executions[..self.executions.len().min(DELETIONS_MAX)]
    }
}

fn answer(batch: Vec<Request>, refused: &[Option<ExecutionId>]) {
    for (Request { reply, .. }, refused) in batch.into_iter().zip(refused) {
        tell(reply, refused.map_or(Ok(()), |execution| Err(AppendError::Misplaced(execution))));
    }
}

fn tell(reply: Reply, result: Result<(), AppendError>) {
    // Whoever has stopped waiting reads the journal to learn what is kept.
    drop(reply.send(result));
}

/// Takes free pages off the end of the file, as many as do not keep an append waiting. Tells whether
/// there are more.
fn vacuum(connection: &Connection) -> rusqlite::Result<bool> {
    let count = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (free, all) = (count("freelist_count")?, count("page_count")?);
    // Some room is soon needed again.
    if free <= SLACK_PAGES.max(all / 8) {
        return Ok(false);
    }
    let sql = format!("PRAGMA incremental_vacuum({VACUUM_PAGES})");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut pages = statement.query([])?;
    // Each step gives one page back.
    while pages.next()?.is_some() {}
    Ok(true)
}

/// Whether the store may be written again later: it was full, another program held it, or this was
/// too much at once.
fn is_passing(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DiskFull
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::OutOfMemory
                | ErrorCode::TooBig
        )
    )
}
