//! Items out of delimited text: an object of strings for every row.

use std::collections::BTreeSet;
use std::io::Read;

use stepwell_value::{Object, Str, Value};

use record::Record;

use crate::source::Source;
use crate::{CsvConfig, Headers, ReadFailure};

mod record;

/// The service takes headers of up to 10 KiB.
const HEADERS_BYTES_MAX: usize = 10 * 1024;

const FORMAT: &str = "CSV";

/// The rows behind the header row, or all of them when the headers are given. Empty lines are no
/// rows. A row with too few fields is filled up with empty strings, and what a row has too much is
/// dropped.
#[derive(Debug)]
pub(crate) struct CsvItems<R> {
    source: Source<R>,
    row: Record,
    row_bytes_max: usize,
    headers: Columns,
}

#[derive(Debug)]
enum Columns {
    /// Nothing has been read.
    Unread(Headers),
    Known(Vec<Str>),
}

impl<R: Read> CsvItems<R> {
    pub(crate) fn new(config: &CsvConfig, row_bytes_max: usize, source: Source<R>) -> Self {
        let row = Record::new(config.delimiter.byte());
        Self { source, row, row_bytes_max, headers: Columns::Unread(config.headers.clone()) }
    }

    /// Goes past a row without building its item; tells whether there was one.
    pub(crate) fn skip(&mut self) -> Result<bool, ReadFailure> {
        self.read_headers()?;
        self.row.read(&mut self.source, 0, self.row_bytes_max)
    }

    pub(crate) fn next(&mut self) -> Result<Option<Value>, ReadFailure> {
        let headers = self.read_headers()?;
        if !self.row.read(&mut self.source, headers, self.row_bytes_max)? {
            return Ok(None);
        }
        let Columns::Known(headers) = &self.headers else { return Ok(None) };
        let mut fields = self.row.fields();
        let mut item = Object::new();
        for header in headers {
            let field = match fields.next() {
                Some(bytes) => text(&self.source, bytes)?,
                None => "",
            };
            item.insert(Str::clone(header), field);
        }
        Ok(Some(Value::from(item)))
    }

    /// Reads the headers if that has not been done; tells how many there are.
    fn read_headers(&mut self) -> Result<usize, ReadFailure> {
        let headers = match &self.headers {
            Columns::Known(headers) => return Ok(headers.len()),
            Columns::Unread(Headers::Given(headers)) => headers.clone(),
            Columns::Unread(Headers::FirstRow) => self.first_row()?,
        };
        let max = HEADERS_BYTES_MAX;
        if headers.iter().map(|header| header.len()).sum::<usize>() > max {
            return Err(ReadFailure::HeadersTooLong { max });
        }
        if headers.iter().collect::<BTreeSet<_>>().len() < headers.len() {
            return Err(ReadFailure::DuplicateHeaders);
        }
        let columns = headers.len();
        self.headers = Columns::Known(headers);
        Ok(columns)
    }

    /// An empty file has no headers and no rows.
    fn first_row(&mut self) -> Result<Vec<Str>, ReadFailure> {
        let max = HEADERS_BYTES_MAX;
        let is_there = self.row.read(&mut self.source, usize::MAX, max);
        is_there.map_err(|failure| match failure {
            ReadFailure::ItemTooLong { .. } => ReadFailure::HeadersTooLong { max },
            other => other,
        })?;
        self.row.fields().map(|bytes| text(&self.source, bytes).map(Str::from)).collect()
    }
}

fn text<'a, R: Read>(source: &Source<R>, bytes: &'a [u8]) -> Result<&'a str, ReadFailure> {
    std::str::from_utf8(bytes).ok().ok_or_else(|| source.malformed(FORMAT, "it is not UTF-8"))
}

#[cfg(test)]
mod tests;
