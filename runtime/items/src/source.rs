//! Bytes in a row, looked at one ahead.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use crate::ReadFailure;

const BUFFER_BYTES: usize = 64 * 1024;

/// What a file of UTF-8 may start with, and what is no part of its text.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A file from its beginning, past its byte order mark.
#[derive(Debug)]
pub(crate) struct Source<R> {
    reader: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    offset: u64,
}

impl<R: Read> Source<R> {
    pub(crate) fn open(mut reader: R) -> Result<Self, ReadFailure> {
        let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
        let mark_bytes = BYTE_ORDER_MARK.len() as u64;
        reader
            .by_ref()
            .take(mark_bytes)
            .read_to_end(&mut start)
            .map_err(|error| ReadFailure::io(&error))?;
        let is_marked = start == BYTE_ORDER_MARK;
        if is_marked {
            start.clear();
        }
        let reader = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(start).chain(reader));
        Ok(Self { reader, offset: if is_marked { mark_bytes } else { 0 } })
    }

    /// Where the next byte is.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next byte, or none at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, ReadFailure> {
        Ok(self.chunk()?.first().copied())
    }

    /// Takes the next byte.
    pub(crate) fn next(&mut self) -> Result<Option<u8>, ReadFailure> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.advance(1);
        }
        Ok(byte)
    }

    /// Some of the bytes that come next; none only at the end.
    pub(crate) fn chunk(&mut self) -> Result<&[u8], ReadFailure> {
        while self.reader.buffer().is_empty() {
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadFailure::io(&error)),
            }
        }
        Ok(self.reader.buffer())
    }

    /// Goes past so many bytes of the chunk.
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.offset += bytes as u64;
    }

    /// That the file is not what it should be, at the next byte.
    pub(crate) fn malformed(&self, format: &'static str, reason: impl Into<String>) -> ReadFailure {
        ReadFailure::Malformed { format, offset: self.offset, reason: reason.into() }
    }
}
