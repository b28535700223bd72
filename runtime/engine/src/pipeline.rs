//! Records on their way into the journal.
//!
//! Appends overlap: while one is synced, the next ones are written. When the journal cannot keep
//! anything for a while, the records stay here in their order and are given again; nothing is lost
//! and nothing goes on until they are kept.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use stepwell_journal::{AppendError, Appending, ExecutionId, Journal, Record, Refused};
use stepwell_kernel::Committed;

/// What one loop may have on its way.
const BYTES_MAX: usize = 32 << 20;
const APPENDS_MAX: usize = 256;

const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// The records of one loop between a decision and the journal.
pub struct Pipeline {
    journal: Arc<dyn Journal>,
    on_the_way: VecDeque<Appending>,
    bytes: usize,
    /// Records that were refused, in their order.
    refused: Vec<Record>,
    /// How long to wait before they are given again.
    pause: Duration,
}

/// What became of an append, in the order of the appends.
#[derive(Debug)]
pub enum Settled {
    Kept(Vec<(ExecutionId, Committed)>),
    /// The journal refuses this execution's records, and it alone.
    Lost(ExecutionId),
    /// Nothing can be kept now; what was refused is here.
    Stalled(String),
    /// Nothing will be kept any more.
    Broken(String),
}

impl Pipeline {
    pub fn new(journal: Arc<dyn Journal>) -> Self {
        let (on_the_way, refused) = (VecDeque::new(), Vec::new());
        Self { journal, on_the_way, bytes: 0, refused, pause: PAUSE_MIN }
    }

    /// Sends records on their way. Those that follow refused ones are refused in their turn, behind
    /// whatever is on its way before them.
    pub fn append(&mut self, records: Vec<Record>) {
        if !records.is_empty() {
            self.send(records);
        }
    }

    fn send(&mut self, records: Vec<Record>) {
        let appending = self.journal.append(records);
        self.bytes += appending.bytes;
        self.on_the_way.push_back(appending);
    }

    /// Whether nothing more should be decided before something is kept.
    pub fn is_full(&self) -> bool {
        self.is_stalled() || self.bytes > BYTES_MAX || self.on_the_way.len() >= APPENDS_MAX
    }

    pub fn is_stalled(&self) -> bool {
        !self.refused.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.on_the_way.is_empty() && !self.is_stalled()
    }

    /// How long to wait before [`Pipeline::retry`], if it has to be called.
    pub fn retry_after(&self) -> Option<Duration> {
        (self.is_stalled() && self.on_the_way.is_empty()).then_some(self.pause)
    }

    /// Gives the refused records again.
    pub fn retry(&mut self) {
        self.pause = (self.pause * 2).min(PAUSE_MAX);
        let records = std::mem::take(&mut self.refused);
        self.send(records);
    }

    /// What became of the oldest append; pending while there is none.
    pub fn poll_settled(&mut self, context: &mut Context<'_>) -> Poll<Settled> {
        loop {
            let Some(oldest) = self.on_the_way.front_mut() else { return Poll::Pending };
            let kept = ready!(oldest.kept.as_mut().poll(context));
            self.bytes -= oldest.bytes;
            self.on_the_way.pop_front();
            match kept {
                Ok(committed) => {
                    self.pause = PAUSE_MIN;
                    return Poll::Ready(Settled::Kept(committed));
                }
                Err(refused) => {
                    if let Some(settled) = self.refuse(refused) {
                        return Poll::Ready(settled);
                    }
                }
            }
        }
    }

    /// Takes back what was refused. None for what was refused only because something before it was.
    fn refuse(&mut self, refused: Refused) -> Option<Settled> {
        let Refused { error, records } = refused;
        let is_consequence = self.is_stalled();
        self.refused.extend(records);
        match error {
            AppendError::Broken(reason) => Some(Settled::Broken(reason)),
            _ if is_consequence => None,
            AppendError::Unavailable(reason) => {
                self.pause = self.pause.max(PAUSE_MIN);
                Some(Settled::Stalled(reason))
            }
            AppendError::Misplaced(execution) => {
                self.refused.retain(|record| record.execution != execution);
                self.pause = Duration::ZERO;
                Some(Settled::Lost(execution))
            }
        }
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (on_the_way, refused) = (self.on_the_way.len(), self.refused.len());
        let mut fields = f.debug_struct("Pipeline");
        fields.field("on_the_way", &on_the_way).field("refused", &refused).finish_non_exhaustive()
    }
}
