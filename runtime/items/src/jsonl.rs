//! Items out of JSON Lines: a document to a line.

use std::io::Read;

use stepwell_value::Value;

use crate::ReadFailure;
use crate::source::Source;

const FORMAT: &str = "JSON Lines";

/// The documents of the lines that are not blank.
#[derive(Debug)]
pub(crate) struct LineItems<R> {
    source: Source<R>,
    line: Vec<u8>,
    line_bytes_max: usize,
}

impl<R: Read> LineItems<R> {
    pub(crate) fn new(line_bytes_max: usize, source: Source<R>) -> Self {
        Self { source, line: Vec::new(), line_bytes_max }
    }

    /// Goes past an item without building it; tells whether there was one.
    pub(crate) fn skip(&mut self) -> Result<bool, ReadFailure> {
        let mut is_blank = true;
        loop {
            let chunk = self.source.chunk()?;
            if chunk.is_empty() {
                return Ok(!is_blank);
            }
            let newline = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..newline.unwrap_or(chunk.len())).unwrap_or(chunk);
            is_blank &= part.trim_ascii().is_empty();
            let passed = part.len() + usize::from(newline.is_some());
            self.source.advance(passed);
            if newline.is_some() && !is_blank {
                return Ok(true);
            }
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Value>, ReadFailure> {
        while self.read_line()? {
            let line = self.line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let fault = |reason: &str| self.source.malformed(FORMAT, reason);
            let text = std::str::from_utf8(line).ok().ok_or_else(|| fault("it is not UTF-8"))?;
            let value = Value::parse(text)
                .map_err(|error| fault(&format!("in the line that ends here, {error}")))?;
            return Ok(Some(value));
        }
        Ok(None)
    }

    /// Reads up to the end of a line; tells whether there was anything.
    fn read_line(&mut self) -> Result<bool, ReadFailure> {
        self.line.clear();
        let start = self.source.offset();
        loop {
            let chunk = self.source.chunk()?;
            if chunk.is_empty() {
                return Ok(self.source.offset() > start);
            }
            let newline = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..newline.unwrap_or(chunk.len())).unwrap_or(chunk);
            if part.len() > self.line_bytes_max - self.line.len() {
                // Whoever counts the items puts in which one it is.
                return Err(ReadFailure::ItemTooLong { index: 0, max: self.line_bytes_max });
            }
            self.line.extend_from_slice(part);
            let passed = part.len() + usize::from(newline.is_some());
            self.source.advance(passed);
            if newline.is_some() {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests;
