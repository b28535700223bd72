//! What a task writes: standard output, standard error and log messages, line by line.
//!
//! A call's lines go to the host's [`LogSink`] as they are completed, up to the call's limit. The
//! capture is made when a task first writes, so a silent task costs nothing.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::CallContext;

pub(crate) use stream::CaptureStream;

mod stream;

/// Receives the lines of all calls. It is called on the thread that runs the task, in the middle
/// of the call, so it must not block.
pub trait LogSink: Send + Sync {
    fn line(&self, context: &CallContext, line: LogLine<'_>);
}

/// One line, without the line break. A message that was logged may contain line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLine<'a> {
    pub source: LogSource,
    pub text: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogSource {
    Stdout,
    Stderr,
    Log(LogLevel),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Throws every line away.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl LogSink for Silent {
    fn line(&self, _context: &CallContext, _line: LogLine<'_>) {}
}

/// A longer line is cut into several.
const LINE_BYTES_MAX: usize = 16 << 10;
/// How much of the end of standard error is kept to explain a failure.
const TAIL_BYTES_MAX: usize = 4 << 10;

/// What one call has written so far. The call and its output streams share it.
pub(crate) struct Capture {
    sink: Arc<dyn LogSink>,
    context: Arc<CallContext>,
    limit_bytes: usize,
    /// The guest runs on one thread at a time, so nobody ever waits here; the lock is what lets
    /// WASI own its streams.
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    bytes: usize,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    stderr_tail: Vec<u8>,
}

impl Capture {
    pub(crate) fn new(
        sink: Arc<dyn LogSink>,
        context: Arc<CallContext>,
        limit_bytes: usize,
    ) -> Self {
        Self { sink, context, limit_bytes, written: Mutex::default() }
    }

    /// Files a message as one line, whatever it contains.
    pub(crate) fn message(&self, source: LogSource, text: &str) {
        if self.admit(&mut self.lock(), text.len()) == text.len() {
            self.emit(source, text.as_bytes());
        }
    }

    pub(crate) fn stdout(&self, bytes: &[u8]) {
        let mut written = self.lock();
        let admitted = self.admit(&mut written, bytes.len());
        self.buffer(LogSource::Stdout, &mut written.stdout, &bytes[..admitted]);
    }

    pub(crate) fn stderr(&self, bytes: &[u8]) {
        let mut written = self.lock();
        keep_tail(&mut written.stderr_tail, bytes);
        let admitted = self.admit(&mut written, bytes.len());
        self.buffer(LogSource::Stderr, &mut written.stderr, &bytes[..admitted]);
    }

    /// The end of what was written to standard error, dropped lines included.
    pub(crate) fn stderr_tail(&self) -> String {
        String::from_utf8_lossy(&self.lock().stderr_tail).into_owned()
    }

    /// How many of the bytes fit under the limit. Says so once when it is reached.
    fn admit(&self, written: &mut Written, bytes: usize) -> usize {
        let left = self.limit_bytes.saturating_sub(written.bytes);
        let is_first_excess = written.bytes <= self.limit_bytes && bytes > left;
        written.bytes = written.bytes.saturating_add(bytes);
        if is_first_excess {
            let text = format!(
                "the log limit of {} bytes is reached: what this call writes from here on is dropped",
                self.limit_bytes
            );
            self.emit(LogSource::Log(LogLevel::Warn), text.as_bytes());
        }
        bytes.min(left)
    }

    fn buffer(&self, source: LogSource, buffer: &mut Vec<u8>, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (line, is_ended) = match piece.strip_suffix(b"\n") {
                Some(line) => (line, true),
                None => (piece, false),
            };
            for part in line.chunks(LINE_BYTES_MAX) {
                if buffer.len() + part.len() > LINE_BYTES_MAX {
                    self.emit(source, &mem::take(buffer));
                }
                buffer.extend_from_slice(part);
            }
            if is_ended {
                self.emit(source, &mem::take(buffer));
            }
        }
    }

    fn emit(&self, source: LogSource, text: &[u8]) {
        let text = String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text));
        self.sink.line(&self.context, LogLine { source, text: &text });
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        // A sink that panicked has left nothing half done here.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every call ends here with what it has written, also one that is dropped in the middle.
impl Drop for Capture {
    fn drop(&mut self) {
        let written = mem::take(&mut *self.lock());
        for (source, unfinished) in
            [(LogSource::Stdout, written.stdout), (LogSource::Stderr, written.stderr)]
        {
            if !unfinished.is_empty() {
                self.emit(source, &unfinished);
            }
        }
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").field("written", &self.written).finish_non_exhaustive()
    }
}

fn keep_tail(tail: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[bytes.len().saturating_sub(TAIL_BYTES_MAX)..];
    let excess = (tail.len() + bytes.len()).saturating_sub(TAIL_BYTES_MAX);
    tail.drain(..excess);
    tail.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests;
