//! The events of one commit of one execution, as a row.

use std::fmt::Write as _;

use stepwell_journal::{Birth, Ending, ExecutionId, Opening, Record, codec};

/// How many bits of a chunk's id say its position in its execution.
pub(crate) const POSITION_BITS: u32 = 24;

/// How many chunks an execution may have.
pub(crate) const POSITION_END: i64 = 1 << POSITION_BITS;

/// Where execution numbers end, so that a chunk's id fits.
pub(crate) const EXECUTION_END: u64 = 1 << (63 - POSITION_BITS);

/// A record as it is written, made ready by whoever appends.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub execution: ExecutionId,
    pub birth: Option<Birth>,
    pub opening: Option<Opening>,
    pub ending: Option<Ending>,
    pub events: i64,
    /// As the column has them.
    pub kinds: String,
    pub data: Vec<u8>,
}

impl Chunk {
    pub(crate) fn of(record: &Record) -> Self {
        let events = record.batch.events();
        let codec::Encoded { bytes, entries } = codec::encode(events);
        Self {
            execution: record.execution,
            birth: record.birth.clone(),
            opening: Opening::of(events),
            ending: Ending::of(events),
            events: i64::try_from(events.len()).unwrap_or(i64::MAX),
            kinds: kinds(&entries),
            data: bytes,
        }
    }
}

fn kinds(entries: &[codec::Entry]) -> String {
    let mut text = String::from("[");
    for (nth, codec::Entry { kind, size }) in entries.iter().enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        write!(text, "{comma}[{kind},{size}]").expect("a text takes what is written to it");
    }
    text.push(']');
    text
}

/// The ids of an execution's chunks lie from the first to before the second.
pub(crate) fn ids(execution: ExecutionId) -> (i64, i64) {
    let first = number(execution) << POSITION_BITS;
    (first, first.saturating_add(POSITION_END))
}

/// An execution's number as a column has it. One that is too large for a chunk's id is kept by no
/// row: it comes out as the number after the last.
pub(crate) fn number(execution: ExecutionId) -> i64 {
    i64::try_from(execution.0.min(EXECUTION_END)).unwrap_or(i64::MAX)
}

/// What a chunk's bytes are, and where they belong.
pub(crate) fn checksum(id: i64, first_event: i64, data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&id.to_le_bytes());
    hasher.update(&first_event.to_le_bytes());
    hasher.update(data);
    hasher.finalize()
}
