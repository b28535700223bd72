//! A JSON document of any size, walked with no more memory than one level takes a byte.
//!
//! The scanner finds where values begin and end and refuses brackets, separators and strings that
//! do not add up. What it keeps is parsed afterwards, which is where numbers, escapes and UTF-8 are
//! checked; in what it only passes they are not.

use std::io::Read;

use stepwell_value::{DEPTH_MAX, Value};

use super::pointer::{self, POINTER_CHARS_MAX};
use crate::ReadFailure;
use crate::source::Source;

const FORMAT: &str = "JSON";

/// A name that is longer in its file, with every character two escapes, is longer than a pointer.
const NAME_BYTES_MAX: usize = 12 * POINTER_CHARS_MAX;

/// The text of a value as it is walked over, without the blanks between tokens.
#[derive(Debug)]
pub(super) struct Kept {
    text: Vec<u8>,
    limit: Limit,
    is_cut: bool,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    /// More is a failure.
    Refuse(usize),
    /// More is not kept.
    Cut(usize),
}

impl Kept {
    pub(super) fn nothing() -> Self {
        Self::start(0)
    }

    /// Keeps all of it, and refuses what is longer.
    pub(super) fn within(bytes_max: usize) -> Self {
        Self { text: Vec::new(), limit: Limit::Refuse(bytes_max), is_cut: false }
    }

    /// Keeps the beginning.
    pub(super) fn start(bytes_max: usize) -> Self {
        Self { text: Vec::new(), limit: Limit::Cut(bytes_max), is_cut: false }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), ReadFailure> {
        let fits = |max: usize| bytes.len() <= max - self.text.len();
        match self.limit {
            // Whoever counts the items puts in which one it is.
            Limit::Refuse(max) if !fits(max) => Err(ReadFailure::ItemTooLong { index: 0, max }),
            Limit::Cut(max) if self.is_cut || !fits(max) => {
                self.is_cut = true;
                Ok(())
            }
            Limit::Refuse(_) | Limit::Cut(_) => {
                self.text.extend_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// A place in a document. Its methods go past what they name, blanks before it included.
#[derive(Debug)]
pub(super) struct Scanner<R> {
    source: Source<R>,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source }
    }

    /// The first byte of the value that comes next.
    pub(super) fn peek_value(&mut self) -> Result<u8, ReadFailure> {
        match self.peek()? {
            Some(byte @ (b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9')) => Ok(byte),
            found => Err(self.unexpected(found, "a value")),
        }
    }

    /// Enters a container, and leaves it again if it is empty; tells whether it was.
    pub(super) fn open(&mut self, close: u8) -> Result<bool, ReadFailure> {
        self.source.advance(1);
        let is_empty = self.peek()? == Some(close);
        if is_empty {
            self.source.advance(1);
        }
        Ok(is_empty)
    }

    /// Passes what stands behind a member: true for a comma, false for the closing bracket.
    pub(super) fn separator(&mut self, close: u8) -> Result<bool, ReadFailure> {
        match self.peek()? {
            Some(byte) if byte == b',' || byte == close => {
                self.source.advance(1);
                Ok(byte == b',')
            }
            found if close == b']' => Err(self.unexpected(found, "`,` or `]`")),
            found => Err(self.unexpected(found, "`,` or `}`")),
        }
    }

    /// Passes a member's name and its colon; keeps the name as JSON.
    pub(super) fn name(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        match self.peek()? {
            Some(b'"') => self.string(kept)?,
            found => return Err(self.unexpected(found, "a member's name in double quotes")),
        }
        match self.peek()? {
            Some(b':') => self.source.advance(1),
            found => return Err(self.unexpected(found, "`:`")),
        }
        Ok(())
    }

    /// Passes one value, however deep.
    pub(super) fn value(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        let mut levels: Vec<u8> = Vec::new();
        loop {
            if self.enter_value(&mut levels, kept)? {
                continue;
            }
            loop {
                let Some(&close) = levels.last() else { return Ok(()) };
                if !self.separator(close)? {
                    kept.push(&[close])?;
                    levels.pop();
                    continue;
                }
                kept.push(b",")?;
                if close == b'}' {
                    self.name_within(kept)?;
                }
                break;
            }
        }
    }

    /// Passes a scalar or an empty container, or enters a container; tells whether it did, and
    /// then a value comes next.
    fn enter_value(&mut self, levels: &mut Vec<u8>, kept: &mut Kept) -> Result<bool, ReadFailure> {
        let (open, close) = match self.peek_value()? {
            b'[' => (b'[', b']'),
            b'{' => (b'{', b'}'),
            b'"' => return self.string(kept).map(|()| false),
            _ => return self.word(kept).map(|()| false),
        };
        if levels.len() == DEPTH_MAX {
            let reason = format!("arrays and objects nest deeper than {DEPTH_MAX}");
            return Err(self.source.malformed(FORMAT, reason));
        }
        kept.push(&[open])?;
        if self.open(close)? {
            kept.push(&[close])?;
            return Ok(false);
        }
        levels.push(close);
        if close == b'}' {
            self.name_within(kept)?;
        }
        Ok(true)
    }

    fn name_within(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        self.name(kept)?;
        kept.push(b":")
    }

    fn string(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        self.source.advance(1);
        kept.push(b"\"")?;
        loop {
            let chunk = self.source.chunk()?;
            let plain = chunk.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            let passed = plain.unwrap_or(chunk.len());
            kept.push(chunk.get(..passed).unwrap_or(chunk))?;
            self.source.advance(passed);
            if plain.is_none() && passed > 0 {
                continue;
            }
            match self.source.peek()? {
                Some(b'"') => {
                    self.source.advance(1);
                    return kept.push(b"\"");
                }
                Some(b'\\') => self.escape(kept)?,
                Some(_) => {
                    let reason = "a control character inside a string has to be escaped";
                    return Err(self.source.malformed(FORMAT, reason));
                }
                None => return Err(self.unexpected(None, "the end of a string")),
            }
        }
    }

    /// Passes a backslash and the byte that it escapes.
    fn escape(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        self.source.advance(1);
        match self.source.next()? {
            Some(escaped) => kept.push(&[b'\\', escaped]),
            None => Err(self.unexpected(None, "the end of an escape")),
        }
    }

    /// Passes a number, or `true`, `false` or `null`.
    fn word(&mut self, kept: &mut Kept) -> Result<(), ReadFailure> {
        while let Some(byte) = self.source.peek()? {
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
                break;
            }
            kept.push(&[byte])?;
            self.source.advance(1);
        }
        Ok(())
    }

    /// Goes into the value that comes next, to the member or element of that name; tells whether
    /// there is one.
    pub(super) fn enter(&mut self, token: &str) -> Result<bool, ReadFailure> {
        match self.peek_value()? {
            b'{' => self.enter_object(token),
            b'[' => match pointer::index(token) {
                Some(index) => self.enter_array(index),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    fn enter_object(&mut self, name: &str) -> Result<bool, ReadFailure> {
        if self.open(b'}')? {
            return Ok(false);
        }
        loop {
            if self.name_is(name)? {
                return Ok(true);
            }
            self.value(&mut Kept::nothing())?;
            if !self.separator(b'}')? {
                return Ok(false);
            }
        }
    }

    fn enter_array(&mut self, index: u64) -> Result<bool, ReadFailure> {
        if self.open(b']')? {
            return Ok(false);
        }
        for _ in 0..index {
            self.value(&mut Kept::nothing())?;
            if !self.separator(b']')? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Passes a member's name; tells whether it is this one.
    fn name_is(&mut self, name: &str) -> Result<bool, ReadFailure> {
        let mut kept = Kept::start(NAME_BYTES_MAX);
        self.name(&mut kept)?;
        Ok(!kept.is_cut && self.parse(&kept)?.as_str() == Some(name))
    }

    /// The value whose text was kept last.
    pub(super) fn parse(&self, kept: &Kept) -> Result<Value, ReadFailure> {
        let fault = |reason: &str| self.source.malformed(FORMAT, reason);
        let text = std::str::from_utf8(&kept.text).ok().ok_or_else(|| fault("it is not UTF-8"))?;
        Value::parse(text).map_err(|error| fault(&format!("in the value that ends here, {error}")))
    }

    /// Checks that only blanks follow.
    pub(super) fn end(&mut self) -> Result<(), ReadFailure> {
        match self.peek()? {
            None => Ok(()),
            found => Err(self.unexpected(found, "the end of the document")),
        }
    }

    /// The next byte that is not a blank.
    fn peek(&mut self) -> Result<Option<u8>, ReadFailure> {
        loop {
            match self.source.peek()? {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.source.advance(1),
                byte => return Ok(byte),
            }
        }
    }

    fn unexpected(&self, found: Option<u8>, expected: &str) -> ReadFailure {
        let reason = match found {
            None => format!("it ends where {expected} was expected"),
            Some(byte) if byte.is_ascii_graphic() => {
                format!("found {:?} where {expected} was expected", char::from(byte))
            }
            Some(byte) => format!("found the byte {byte:#04x} where {expected} was expected"),
        };
        self.source.malformed(FORMAT, reason)
    }
}
