//! The numbers of traces and spans.

use std::fmt;

use sha2::{Digest as _, Sha256};
use stepwell_asl::Timestamp;
use stepwell_kernel::FrameId;

/// A trace's number, as W3C and OpenTelemetry have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(pub [u8; 16]);

/// A span's number within its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(pub [u8; 8]);

/// In which trace an execution is, and under whose span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    pub id: TraceId,
    pub parent: Option<SpanId>,
    pub is_sampled: bool,
}

impl Trace {
    /// Reads a header `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
    /// None if it names no trace.
    pub(super) fn of_header(header: &str) -> Option<Self> {
        let (mut id, mut parent, mut is_sampled) = (None, None, true);
        for part in header.split(';') {
            match part.trim().split_once('=') {
                Some(("Root", root)) => id = trace_id(root),
                Some(("Parent", span)) => parent = numbers(span).map(SpanId),
                Some(("Sampled", sampled)) => is_sampled = sampled != "0",
                // There may be a lineage and whatever else.
                Some(_) | None => {}
            }
        }
        id.map(|id| Self { id, parent, is_sampled })
    }

    /// The trace of an execution that nobody has put into one.
    pub(super) fn of_execution(arn: &str, started_at: Timestamp) -> Self {
        let mut hash = Sha256::new();
        hash.update(arn.as_bytes());
        hash.update(started_at.unix_seconds().to_be_bytes());
        hash.update(started_at.subsec_nanos().to_be_bytes());
        Self { id: TraceId(beginning(hash)), parent: None, is_sampled: true }
    }
}

impl SpanId {
    /// Of the span that an event began. One event may begin several, of different frames and kinds.
    /// Executions may share a trace.
    pub(super) fn of(trace: TraceId, execution: &str, event: u64, begins: (FrameId, u8)) -> Self {
        let (FrameId(frame), kind) = begins;
        let mut hash = Sha256::new();
        hash.update(trace.0);
        hash.update(execution.as_bytes());
        hash.update(event.to_be_bytes());
        hash.update(frame.to_be_bytes());
        hash.update([kind]);
        Self(beginning(hash))
    }
}

/// `1-` with eight and twenty-four hexadecimal digits.
fn trace_id(root: &str) -> Option<TraceId> {
    let (seconds, unique) = root.strip_prefix("1-")?.split_once('-')?;
    let (seconds, unique): ([u8; 4], [u8; 12]) = (numbers(seconds)?, numbers(unique)?);
    let mut id = [0; 16];
    let (first, last) = id.split_at_mut(4);
    first.copy_from_slice(&seconds);
    last.copy_from_slice(&unique);
    (id != [0; 16]).then_some(TraceId(id))
}

/// Two hexadecimal digits for each.
fn numbers<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut numbers = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (number, pair) in numbers.iter_mut().zip(digits.chunks_exact(2)) {
        *number = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(numbers)
}

/// A number of zeros alone means none, and no hash comes to that.
fn beginning<const N: usize>(hash: Sha256) -> [u8; N] {
    let hash = hash.finalize();
    *hash.first_chunk().expect("a hash is longer than any number here")
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
