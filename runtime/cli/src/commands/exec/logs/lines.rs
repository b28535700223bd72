//! The lines of a file that others append to.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

pub(super) struct Lines<'p> {
    path: &'p Path,
    reader: BufReader<File>,
    /// How much of the file was read.
    position: u64,
    /// The beginning of a line whose end is not written yet.
    begun: Vec<u8>,
}

impl<'p> Lines<'p> {
    pub(super) fn open(path: &'p Path) -> io::Result<Self> {
        let reader = BufReader::new(File::open(path)?);
        Ok(Self { path, reader, position: 0, begun: Vec::new() })
    }

    pub(super) fn path(&self) -> &'p Path {
        self.path
    }

    /// The next line, without its end; none as long as there is no other one.
    pub(super) fn next(&mut self) -> io::Result<Option<String>> {
        let read = self.reader.read_until(b'\n', &mut self.begun)?;
        self.position += read as u64;
        if read == 0 && self.is_replaced() {
            *self = Self::open(self.path)?;
            return self.next();
        }
        if self.begun.pop_if(|byte| *byte == b'\n').is_none() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&self.begun).into_owned();
        self.begun.clear();
        Ok(Some(line))
    }

    /// Whether there is a shorter file now, as after a rotation. One that is gone for a moment is
    /// on its way.
    fn is_replaced(&self) -> bool {
        fs::metadata(self.path).is_ok_and(|found| found.len() < self.position)
    }
}

#[cfg(test)]
mod tests;
