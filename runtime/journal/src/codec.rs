//! Events as bytes: the format of every journal that outlives its process.
//!
//! A *record* is what one commit adds to one execution:
//!
//! ```text
//! record  = version (one byte, 1), number of events, event...
//! event   = when, fact
//! ```
//!
//! `records.rs` has a line for each fact and each type inside it: its tag, if it has one, and its
//! fields in the order in which they are written. `wire.rs` says how numbers, texts and times are
//! written. A payload that several events of a record share is written once; later ones point back.
//!
//! **A line never changes its meaning.** A tag is never used again, and the fields behind it stay
//! as they are. A fact that gains a field gains a tag; its former tag goes on being read by a
//! function that a line under `formerly` names. Golden journals hold the format to that.
//!
//! What is read is not trusted: anything that is not a record gives a [`Corrupt`] that says where
//! and why. Reading takes room in proportion to the bytes that are there, never to what they claim.

use stepwell_asl::Timestamp;
use stepwell_kernel::Event;

pub use corrupt::{Corrupt, Flaw};
use wire::{Field, Reader, Writer};

mod corrupt;
mod records;
mod wire;

/// The version of records that are written.
const VERSION: u8 = 1;

/// A record and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub entries: Vec<Entry>,
}

/// What can be told of an event without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As [`kinds`] has it.
    pub kind: u16,
    /// In bytes of the record.
    pub size: usize,
}

/// Every kind of event: its number, which never changes, and its name.
pub fn kinds() -> impl Iterator<Item = (u16, String)> {
    records::kinds()
}

pub fn encode(events: &[Event]) -> Encoded {
    let mut to = Writer::new(VERSION);
    to.number(events.len() as u64);
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        let start = to.len();
        to.now(event.at);
        event.fact.write(&mut to);
        entries.push(Entry { kind: records::kind(&event.fact), size: to.len() - start });
    }
    Encoded { bytes: to.into_bytes(), entries }
}

pub fn decode(record: &[u8]) -> Result<Vec<Event>, Corrupt> {
    let mut from = Reader::new(record);
    let version = from.byte()?;
    if version != VERSION {
        return Err(from.flaw(Flaw::UnknownVersion(version)));
    }
    let count = from.number()?;
    let mut events = Vec::new();
    for _ in 0..count {
        let at: Timestamp = from.now()?;
        events.push(Event { at, fact: Field::read(&mut from)? });
    }
    from.end()?;
    Ok(events)
}

#[cfg(test)]
mod tests;
