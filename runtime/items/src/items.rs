//! The items of one file or of several, from the first that is asked for to the last.

use std::io::Read;
use std::iter;

use stepwell_value::Value;

use crate::csv::CsvItems;
use crate::json::JsonItems;
use crate::jsonl::LineItems;
use crate::source::Source;
use crate::{Format, ReadFailure, ReaderConfig};

/// The items of a data set, in order, until its end, [`ReaderConfig::max_items`] or a failure.
///
/// After a restart, read the same files with [`ReaderConfig::skip`] set to the [`Items::read`] of
/// the last item that was dealt with.
#[derive(Debug)]
pub struct Items<R, F> {
    config: ReaderConfig,
    files: F,
    file: Option<File<R>>,
    opened: usize,
    read: u64,
    is_over: bool,
}

#[derive(Debug)]
struct File<R> {
    format: FileItems<R>,
    read: u64,
}

#[derive(Debug)]
enum FileItems<R> {
    Json(JsonItems<R>),
    JsonLines(LineItems<R>),
    Csv(CsvItems<R>),
}

impl<R: Read> Items<R, iter::Once<Result<R, ReadFailure>>> {
    /// The items of one file.
    pub fn new(config: ReaderConfig, file: R) -> Self {
        Self::of_files(config, iter::once(Ok(file)))
    }
}

impl<R: Read, F: Iterator<Item = Result<R, ReadFailure>>> Items<R, F> {
    /// The items of several files, such as a manifest names, one file after the other. A file is
    /// asked for when the one before has been read to its end.
    pub fn of_files(config: ReaderConfig, files: impl IntoIterator<IntoIter = F>) -> Self {
        let files = files.into_iter();
        Self { config, files, file: None, opened: 0, read: 0, is_over: false }
    }

    /// How many items are behind, those that were skipped included.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Which file the last item is from, counted from 0.
    pub fn file_index(&self) -> usize {
        self.opened.saturating_sub(1)
    }

    fn try_next(&mut self) -> Result<Option<Value>, ReadFailure> {
        while self.read < self.config.skip && !self.config.max_items.reached_by(self.read) {
            let skipped =
                self.in_files(|format| format.skip().map(|is_item| is_item.then_some(())));
            if skipped?.is_none() {
                return Ok(None);
            }
        }
        if self.config.max_items.reached_by(self.read) {
            return Ok(None);
        }
        self.in_files(FileItems::next)
    }

    /// Does something with the next item, in this file or in one of those that follow.
    fn in_files<T>(
        &mut self,
        mut work: impl FnMut(&mut FileItems<R>) -> Result<Option<T>, ReadFailure>,
    ) -> Result<Option<T>, ReadFailure> {
        loop {
            let Some(file) = &mut self.file else {
                let Some(reader) = self.files.next().transpose()? else { return Ok(None) };
                self.opened += 1;
                self.file = Some(File { format: FileItems::open(&self.config, reader)?, read: 0 });
                continue;
            };
            let done = work(&mut file.format).map_err(|failure| failure.at(file.read))?;
            if done.is_some() {
                file.read += 1;
                self.read += 1;
                return Ok(done);
            }
            self.file = None;
        }
    }
}

impl<R: Read, F: Iterator<Item = Result<R, ReadFailure>>> Iterator for Items<R, F> {
    type Item = Result<Value, ReadFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.try_next().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: Read> FileItems<R> {
    fn open(config: &ReaderConfig, reader: R) -> Result<Self, ReadFailure> {
        let source = Source::open(reader)?;
        let max = config.item_bytes_max;
        Ok(match &config.format {
            Format::Json(json) => Self::Json(JsonItems::new(json, max, source)),
            Format::JsonLines => Self::JsonLines(LineItems::new(max, source)),
            Format::Csv(csv) => Self::Csv(CsvItems::new(csv, max, source)),
        })
    }

    fn skip(&mut self) -> Result<bool, ReadFailure> {
        match self {
            Self::Json(items) => items.skip(),
            Self::JsonLines(items) => items.skip(),
            Self::Csv(items) => items.skip(),
        }
    }

    fn next(&mut self) -> Result<Option<Value>, ReadFailure> {
        match self {
            Self::Json(items) => items.next(),
            Self::JsonLines(items) => items.next(),
            Self::Csv(items) => items.next(),
        }
    }
}

#[cfg(test)]
mod tests;
