//! The thread that writes.
//!
//! It takes all that is waiting into one transaction and answers once that is synced. Nothing
//! waits on purpose: the longer a sync takes, the more the next one carries.

use rusqlite::{Connection, ErrorCode};
use stepwell_journal::{AppendError, ExecutionId};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::chunk::Chunk;
use crate::transaction::{self, Refusal};

/// How much goes into one transaction, so that those who came first are not kept waiting by those
/// who came later.
const REQUESTS_MAX: usize = 4096;
const BYTES_MAX: usize = 8 << 20;

pub(crate) struct Request {
    pub work: Work,
    pub reply: oneshot::Sender<Result<(), AppendError>>,
    /// The request's room in the queue, free again when it is answered.
    pub room: OwnedSemaphorePermit,
}

pub(crate) enum Work {
    Append(Vec<Chunk>),
    Delete(Vec<ExecutionId>),
}

impl Work {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Append(chunks) => chunks.iter().map(|chunk| chunk.data.len()).sum(),
            Self::Delete(executions) => size_of_val(executions.as_slice()),
        }
    }

    fn apply(&self, connection: &Connection) -> Result<(), Refusal> {
        match self {
            Self::Append(chunks) => {
                chunks.iter().try_for_each(|chunk| transaction::append(connection, chunk))
            }
            Self::Delete(executions) => executions.iter().try_for_each(|execution| {
                transaction::delete(connection, *execution).map_err(Refusal::from)
            }),
        }
    }
}

/// Writes until nobody can ask any more.
pub(crate) fn run(connection: &Connection, mut requests: mpsc::UnboundedReceiver<Request>) {
    // After a sync that failed, nobody knows what the disk holds; the file has to be opened anew.
    let mut broken = None;
    while let Some(first) = requests.blocking_recv() {
        let batch = gather(first, &mut requests);
        if let Some(error) = &broken {
            answer(batch, &Err(AppendError::clone(error)));
            continue;
        }
        if let Err(error) = write(connection, batch) {
            broken = Some(unavailable(&error));
        }
    }
}

fn gather(first: Request, requests: &mut mpsc::UnboundedReceiver<Request>) -> Vec<Request> {
    let mut bytes = first.work.bytes();
    let mut batch = vec![first];
    while batch.len() < REQUESTS_MAX && bytes < BYTES_MAX {
        let Ok(request) = requests.try_recv() else { break };
        bytes += request.work.bytes();
        batch.push(request);
    }
    batch
}

/// Writes a batch and answers it. The error is one after which nothing may be written.
fn write(connection: &Connection, mut batch: Vec<Request>) -> rusqlite::Result<()> {
    // A request that is refused takes the transaction with it, and the others begin again.
    while !batch.is_empty() {
        match commit(connection, &batch) {
            Ok(()) => {
                answer(batch, &Ok(()));
                return Ok(());
            }
            Err((nth, Refusal::Misplaced(execution))) => {
                roll_back(connection)?;
                let refused = batch.remove(nth);
                answer(vec![refused], &Err(AppendError::Misplaced(execution)));
            }
            Err((_, Refusal::Failed(error))) => {
                let rolled_back = roll_back(connection);
                answer(batch, &Err(unavailable(&error)));
                rolled_back?;
                return if is_passing(&error) { Ok(()) } else { Err(error) };
            }
        }
    }
    Ok(())
}

/// The error comes with the position of the request that met it.
fn commit(connection: &Connection, batch: &[Request]) -> Result<(), (usize, Refusal)> {
    let failed = |error| (0, Refusal::Failed(error));
    connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut s| s.execute([])).map_err(failed)?;
    for (nth, request) in batch.iter().enumerate() {
        request.work.apply(connection).map_err(|refusal| (nth, refusal))?;
    }
    connection.prepare_cached("COMMIT").and_then(|mut s| s.execute([])).map_err(failed)?;
    Ok(())
}

fn roll_back(connection: &Connection) -> rusqlite::Result<()> {
    // Some failures have rolled back already.
    if connection.is_autocommit() { Ok(()) } else { connection.execute_batch("ROLLBACK") }
}

fn answer(batch: Vec<Request>, result: &Result<(), AppendError>) {
    for Request { reply, room, .. } in batch {
        drop(room);
        // Whoever has stopped waiting reads the journal to learn what is kept.
        drop(reply.send(result.clone()));
    }
}

/// Whether the store may be written again later: it was full, or another program held it.
fn is_passing(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn unavailable(error: &rusqlite::Error) -> AppendError {
    AppendError::Unavailable(error.to_string())
}
