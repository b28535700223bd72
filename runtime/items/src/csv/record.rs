//! One row of delimited text, by the rules that the service documents.
//!
//! They differ from RFC 4180 in what stands outside quotes: a doubled quote is one quote there as
//! well, and a backslash makes a backslash, a quote or the delimiter plain, inside quotes and
//! outside, and vanishes before anything else. The csv crate reads neither so, and bounds no row.

use std::io::Read;

use super::FORMAT;
use crate::ReadFailure;
use crate::source::Source;

/// A row, used again for the next.
#[derive(Debug)]
pub(super) struct Record {
    delimiter: u8,
    /// The fields that are kept, one after the other.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    fields_max: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing of the row has been seen.
    RowStart,
    FieldStart,
    InField,
    InQuotes,
    RowEnd,
}

impl Record {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, text: Vec::new(), ends: Vec::new(), fields_max: 0 }
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }

    /// Reads the next line that is not empty, and keeps its first fields; tells whether there was
    /// one.
    pub(super) fn read<R: Read>(
        &mut self,
        source: &mut Source<R>,
        fields_max: usize,
        bytes_max: usize,
    ) -> Result<bool, ReadFailure> {
        self.fields_max = fields_max;
        self.text.clear();
        self.ends.clear();
        let mut start = source.offset();
        let mut place = Place::RowStart;
        while place != Place::RowEnd {
            let before = place;
            place = self.step(source, place)?;
            match (before, place) {
                // An empty line, or the end of the file.
                (Place::RowStart, Place::RowEnd) if source.offset() == start => return Ok(false),
                (Place::RowStart, Place::RowEnd) => {
                    start = source.offset();
                    place = Place::RowStart;
                }
                _ if source.offset() - start > bytes_max as u64 => {
                    // Whoever counts the items puts in which one it is.
                    return Err(ReadFailure::ItemTooLong { index: 0, max: bytes_max });
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// Goes past some bytes of one kind.
    fn step<R: Read>(
        &mut self,
        source: &mut Source<R>,
        place: Place,
    ) -> Result<Place, ReadFailure> {
        let is_quoted = place == Place::InQuotes;
        let chunk = source.chunk()?;
        let delimiter = self.delimiter;
        let is_special =
            |byte: &u8| matches!(byte, b'"' | b'\\' | b'\r' | b'\n') || *byte == delimiter;
        let plain = chunk.iter().position(is_special).unwrap_or(chunk.len());
        if plain > 0 {
            self.push(chunk.get(..plain).unwrap_or(chunk));
            source.advance(plain);
            return Ok(if is_quoted { Place::InQuotes } else { Place::InField });
        }
        match source.next()? {
            None if is_quoted => {
                Err(source.malformed(FORMAT, "it ends inside double quotation marks"))
            }
            None if place == Place::RowStart => Ok(Place::RowEnd),
            None => Ok(self.end_row()),
            Some(byte) if is_quoted => self.special_in_quotes(source, byte),
            Some(byte) => self.special(source, place, byte),
        }
    }

    fn special_in_quotes<R: Read>(
        &mut self,
        source: &mut Source<R>,
        byte: u8,
    ) -> Result<Place, ReadFailure> {
        match byte {
            b'"' if source.peek()? == Some(b'"') => self.push_next(source)?,
            b'"' => return Ok(Place::InField),
            b'\\' => self.escape(source)?,
            plain => self.push(&[plain]),
        }
        Ok(Place::InQuotes)
    }

    fn special<R: Read>(
        &mut self,
        source: &mut Source<R>,
        place: Place,
        byte: u8,
    ) -> Result<Place, ReadFailure> {
        let is_start = matches!(place, Place::RowStart | Place::FieldStart);
        match byte {
            byte if byte == self.delimiter => {
                self.end_field();
                return Ok(Place::FieldStart);
            }
            b'\n' if place == Place::RowStart => return Ok(Place::RowEnd),
            b'\n' => return Ok(self.end_row()),
            b'\r' if source.peek()? == Some(b'\n') => {
                source.advance(1);
                let is_empty = place == Place::RowStart;
                return Ok(if is_empty { Place::RowEnd } else { self.end_row() });
            }
            b'"' if is_start => return Ok(Place::InQuotes),
            b'"' if source.peek()? == Some(b'"') => self.push_next(source)?,
            b'\\' => self.escape(source)?,
            // A quote in the middle of a field, or a carriage return that ends no line.
            plain => self.push(&[plain]),
        }
        Ok(Place::InField)
    }

    /// What follows a backslash: plain where it can be escaped, and left to itself otherwise.
    fn escape<R: Read>(&mut self, source: &mut Source<R>) -> Result<(), ReadFailure> {
        match source.peek()? {
            Some(byte) if matches!(byte, b'\\' | b'"') || byte == self.delimiter => {
                self.push_next(source)
            }
            _ => Ok(()),
        }
    }

    fn push_next<R: Read>(&mut self, source: &mut Source<R>) -> Result<(), ReadFailure> {
        if let Some(byte) = source.next()? {
            self.push(&[byte]);
        }
        Ok(())
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.ends.len() < self.fields_max {
            self.text.extend_from_slice(bytes);
        }
    }

    fn end_field(&mut self) {
        if self.ends.len() < self.fields_max {
            self.ends.push(self.text.len());
        }
    }

    fn end_row(&mut self) -> Place {
        self.end_field();
        Place::RowEnd
    }
}

#[cfg(test)]
mod tests;
