//! Where log records go: one JSON object a line, to a file or to standard output.
//!
//! A thread writes. Whoever logs puts a record into a bounded queue and goes on; what does not fit is
//! dropped. So is what cannot be written. Where records are missing the log says so itself, with
//! `{"type":"LogDropped","count":N}`.
//!
//! A file is appended to. When it has been moved or removed, as tools do that rotate logs, it is
//! created anew.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::queue::{Queue, Taken};

use file::LogFile;

mod file;

/// How many bytes of records may wait to be written, unless somebody says otherwise.
pub const QUEUE_BYTES: usize = 8 * 1024 * 1024;

pub struct LogSink {
    queue: Arc<Queue<String>>,
    dropped: Arc<AtomicU64>,
    writer: Option<JoinHandle<()>>,
}

impl LogSink {
    /// Appends to the file, which is created if it is not there.
    pub fn to_file(path: impl Into<PathBuf>, queue_bytes: usize) -> io::Result<Self> {
        let mut file = LogFile::open(path.into())?;
        Self::start(queue_bytes, move |write| file.append(write))
    }

    pub fn to_standard_output(queue_bytes: usize) -> io::Result<Self> {
        Self::start(queue_bytes, |write| write(&mut io::stdout().lock()))
    }

    /// Takes records, each a JSON object, and does not wait. The writer is woken once for all.
    pub fn send(&self, records: Vec<String>) {
        let weighed = |record: String| {
            let weight = record.len();
            (record, weight)
        };
        self.queue.push(records.into_iter().map(weighed));
    }

    /// How many records are known to be lost.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// `attempt` opens what is written to, for as long as one lot takes.
    fn start(
        queue_bytes: usize,
        attempt: impl FnMut(&mut Lot<'_>) -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, dropped) = (Arc::new(Queue::new(queue_bytes)), Arc::default());
        let taken_from = Arc::clone(&queue);
        let mut writer = Writer { attempt, dropped: Arc::clone(&dropped), untold: 0, torn: false };
        let writer = thread::Builder::new().name("stepwell-logs".into()).spawn(move || {
            while let Some(taken) = taken_from.take(Duration::ZERO) {
                writer.write(taken);
            }
        })?;
        Ok(Self { queue, dropped, writer: Some(writer) })
    }
}

/// Writes a number of records at once.
type Lot<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

/// Waits until everything is written that was sent.
impl Drop for LogSink {
    fn drop(&mut self) {
        self.queue.close();
        let ended = self.writer.take().map(JoinHandle::join);
        // A writer that has panicked has said so on standard error.
        drop(ended);
    }
}

impl fmt::Debug for LogSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogSink").field("dropped", &self.dropped()).finish_non_exhaustive()
    }
}

struct Writer<A> {
    attempt: A,
    dropped: Arc<AtomicU64>,
    /// Of the dropped ones, how many the log does not tell of yet.
    untold: u64,
    /// The last line may have no end.
    torn: bool,
}

impl<A: FnMut(&mut Lot<'_>) -> io::Result<()>> Writer<A> {
    fn write(&mut self, Taken { items, dropped }: Taken<String>) {
        self.dropped.fetch_add(dropped, Ordering::Relaxed);
        let (before, torn) = (self.untold, self.torn);
        let mut written = 0;
        let outcome = (self.attempt)(&mut |out| {
            let mut out = BufWriter::with_capacity(64 * 1024, out);
            if torn {
                out.write_all(b"\n")?;
            }
            tell_dropped(&mut out, before)?;
            for record in &items {
                out.write_all(record.as_bytes())?;
                out.write_all(b"\n")?;
            }
            tell_dropped(&mut out, dropped)?;
            out.flush()?;
            written = items.len();
            Ok(())
        });
        self.torn = outcome.is_err();
        // How much of a lot was written before it failed is not known; all of it counts as lost.
        let lost = (items.len() - written) as u64;
        self.untold = if outcome.is_ok() { 0 } else { before + lost + dropped };
        self.dropped.fetch_add(lost, Ordering::Relaxed);
    }
}

fn tell_dropped(out: &mut impl Write, count: u64) -> io::Result<()> {
    if count == 0 { Ok(()) } else { writeln!(out, r#"{{"type":"LogDropped","count":{count}}}"#) }
}

#[cfg(test)]
mod tests;
