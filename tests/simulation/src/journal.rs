//! A journal that takes its time, refuses, and loses what it had not kept when its process ends.
//!
//! What is appended waits in a line. Somebody else says when the first in line is written or
//! refused, and when its owner learns of it; in between it can be read already.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use stepwell_asl::Timestamp;
use stepwell_journal::{
    AppendError, Appending, Digest, Document, ExecutionId, Journal, Kept, Memory, Open, Parent,
    Promise, Query, ReadError, Record, Refused, Revision, Summary,
};
use stepwell_kernel::{Committed, Event};

type Answer = Result<Vec<(ExecutionId, Committed)>, Refused>;

#[derive(Debug, Default)]
pub(crate) struct SlowJournal {
    disk: Memory,
    // Never contended: everything happens on one thread.
    line: Mutex<Line>,
    /// Whether executions cannot be loaded at the moment.
    is_unreadable: AtomicBool,
}

#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<(Vec<Record>, Slot)>,
    answers: VecDeque<(Answer, Slot)>,
}

#[derive(Clone, Debug, Default)]
struct Slot(Arc<Mutex<Option<Answer>>>);

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Option<Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SlowJournal {
    /// How many appends are to be written, and how many answers to be given.
    pub(crate) fn pending(&self) -> (usize, usize) {
        let line = self.lock();
        (line.waiting.len(), line.answers.len())
    }

    pub(crate) fn set_unreadable(&self, is_unreadable: bool) {
        self.is_unreadable.store(is_unreadable, Ordering::Relaxed);
    }

    /// Writes the first in line.
    pub(crate) fn write_next(&self) {
        let Some((records, slot)) = self.lock().waiting.pop_front() else { return };
        let answer = self.keep(records);
        self.lock().answers.push_back((answer, slot));
    }

    /// Writes nothing of the first in line.
    pub(crate) fn refuse_next(&self) {
        let mut line = self.lock();
        let Some((records, slot)) = line.waiting.pop_front() else { return };
        let error = AppendError::Unavailable("no room".into());
        line.answers.push_back((Err(Refused { error, records }), slot));
    }

    /// Tells an owner what became of the append that was first in line.
    pub(crate) fn answer_next(&self) {
        let next = self.lock().answers.pop_front();
        if let Some((answer, slot)) = next {
            *slot.lock() = Some(answer);
        }
    }

    /// The process ends. So many of the appends in line were written all the same.
    pub(crate) fn crash(&self, written: usize) {
        let line = std::mem::take(&mut *self.lock());
        for (records, _) in line.waiting.into_iter().take(written) {
            // One that does not follow is refused, whoever learns of it.
            let _answer = self.keep(records);
        }
    }

    fn keep(&self, records: Vec<Record>) -> Answer {
        let mut appending = self.disk.append(records);
        match appending.kept.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => unreachable!("memory answers at once"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for SlowJournal {
    fn append(&self, records: Vec<Record>) -> Appending {
        let slot = Slot::default();
        self.lock().waiting.push_back((records, slot.clone()));
        let kept = std::future::poll_fn(move |_| match slot.lock().take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        });
        Appending { bytes: 0, kept: Box::pin(kept) }
    }

    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>> {
        self.disk.delete(executions)
    }

    fn write(&self, documents: Vec<Document>) -> Promise<Result<(), AppendError>> {
        self.disk.write(documents)
    }

    fn documents(&self, prefix: &str) -> Result<Vec<Document>, ReadError> {
        self.disk.documents(prefix)
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        self.disk.next_id()
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        self.disk.read(execution)
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError> {
        if self.is_unreadable.load(Ordering::Relaxed) {
            return Err(ReadError::Unavailable("no luck".into()));
        }
        self.disk.load(execution)
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        self.disk.list(query)
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        self.disk.revision(digest)
    }

    fn open_executions(&self) -> Box<dyn Iterator<Item = Result<Open, ReadError>> + Send + '_> {
        self.disk.open_executions()
    }

    fn open_children(
        &self,
        after: Option<ExecutionId>,
        count_max: usize,
    ) -> Result<Vec<(ExecutionId, Parent)>, ReadError> {
        self.disk.open_children(after, count_max)
    }

    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError> {
        self.disk.ended_before(time, count_max)
    }
}
