//! The events of one commit of one execution, as a row.

use stepwell_journal::{Birth, Ending, ExecutionId, Opening, Record, Redrives, Standing, codec};

use crate::format::{self, Format, Unreadable};

/// How many bits of a chunk's id say where in its execution it begins.
const EVENT_BITS: u32 = 26;

/// How many events an execution may have.
const EVENT_END: u64 = 1 << EVENT_BITS;

/// Where execution numbers end, so that a chunk's id fits.
const EXECUTION_END: u64 = 1 << (63 - EVENT_BITS);

/// A record as it is written, made ready by whoever appends.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub execution: ExecutionId,
    pub first_event: u64,
    pub events: u64,
    pub birth: Option<Birth>,
    pub opening: Option<Opening>,
    pub ending: Option<Ending>,
    /// If an execution that has ended goes on with it.
    pub redrives: Option<Redrives>,
    pub standing: Standing,
    pub row: Row,
}

/// Events as the columns have them.
#[derive(Debug)]
pub(crate) struct Row {
    pub id: i64,
    pub kinds: String,
    pub format: u8,
    pub crc32: u32,
    pub data: Vec<u8>,
}

impl Chunk {
    pub(crate) fn of(record: &Record) -> Self {
        let events = record.batch.events();
        let codec::Encoded { bytes, entries } = codec::encode(events);
        Self {
            execution: record.execution,
            first_event: record.first_event,
            events: events.len() as u64,
            birth: record.birth.clone(),
            opening: if record.first_event == 0 { Opening::of(events) } else { None },
            ending: Ending::of(events),
            redrives: Redrives::of(events),
            standing: record.standing,
            row: Row::new(id(record.execution, record.first_event), &entries, bytes),
        }
    }

    /// Whether there are numbers for it.
    pub(crate) fn is_in_range(&self) -> bool {
        self.execution.0 < EXECUTION_END && self.next_event() <= EVENT_END
    }

    pub(crate) fn next_event(&self) -> u64 {
        self.first_event.saturating_add(self.events)
    }
}

impl Row {
    fn new(id: i64, entries: &[codec::Entry], data: Vec<u8>) -> Self {
        let (format, data) = format::write(data);
        let format = format as u8;
        Self { id, kinds: kinds(entries), format, crc32: checksum(id, format, &data), data }
    }
}

impl Row {
    pub(crate) fn is_as_written(&self) -> bool {
        checksum(self.id, self.format, &self.data) == self.crc32
    }

    /// How many events it has.
    pub(crate) fn events(&self) -> i64 {
        i64::try_from(self.kinds.split(',').count()).unwrap_or(i64::MAX)
    }

    /// A row for several, of which it has the records; they follow each other.
    pub(crate) fn join(rows: &[Self], records: &[Vec<u8>]) -> Result<Self, Unreadable> {
        let id = rows.first().map_or(0, |row| row.id);
        let lists = rows.iter().map(|row| row.kinds.trim_matches(['[', ']']));
        let kinds = format!("[{}]", lists.collect::<Vec<_>>().join(","));
        let (format, data) =
            (Format::Joined as u8, format::join(records.iter().map(Vec::as_slice))?);
        Ok(Self { id, kinds, format, crc32: checksum(id, format, &data), data })
    }
}

fn kinds(entries: &[codec::Entry]) -> String {
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.to_string()).collect();
    format!("[{}]", kinds.join(","))
}

/// The id of a chunk that begins with that event.
pub(crate) fn id(execution: ExecutionId, event: u64) -> i64 {
    let event = i64::try_from(event.min(EVENT_END)).unwrap_or(i64::MAX);
    (number(execution) << EVENT_BITS).saturating_add(event)
}

/// The ids of an execution's chunks lie from the first to before the second.
pub(crate) fn ids(execution: ExecutionId) -> (i64, i64) {
    (id(execution, 0), id(execution, EVENT_END))
}

/// An execution's number as a column has it. One that is too large for a chunk's id is kept by no
/// row: it comes out as the number after the last.
pub(crate) fn number(execution: ExecutionId) -> i64 {
    i64::try_from(execution.0.min(EXECUTION_END)).unwrap_or(i64::MAX)
}

/// What a chunk's bytes are, and where they belong.
pub(crate) fn checksum(id: i64, format: u8, data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&id.to_le_bytes());
    hasher.update(&[format]);
    hasher.update(data);
    hasher.finalize()
}
