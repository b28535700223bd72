//! The files of a `ResultWriter`: one row of files for every status, and a manifest of them.

use std::io::{self, BufWriter, Write};

use stepwell_value::{Object, Str, Value};

use super::{ChildResult, OutputType, Status, Transformation};

/// The service writes files of up to 5 GB.
pub const FILE_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// Where the results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub bucket: Str,
    /// May be empty.
    pub prefix: Str,
    /// `arn:aws:states:REGION:ACCOUNT:mapRun:MACHINE/LABEL:ID`; the ID names the folder.
    pub map_run_arn: Str,
}

impl Place {
    /// The key of a file of this map run, such as `PREFIX/ID/manifest.json`.
    pub fn key(&self, name: &str) -> String {
        let id = self.map_run_arn.rsplit(':').next().unwrap_or_default();
        match self.prefix.trim_end_matches('/') {
            "" => format!("{id}/{name}"),
            prefix => format!("{prefix}/{id}/{name}"),
        }
    }

    /// What the Map state gives in place of its children's outputs.
    pub fn state_output(&self) -> Value {
        let mut details = Object::new();
        details.insert("Bucket", Str::clone(&self.bucket));
        details.insert("Key", self.key(MANIFEST));
        let mut output = Object::new();
        output.insert("MapRunArn", Str::clone(&self.map_run_arn));
        output.insert("ResultWriterDetails", details);
        Value::from(output)
    }
}

const MANIFEST: &str = "manifest.json";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterConfig {
    pub transformation: Transformation,
    pub output_type: OutputType,
    /// A file ends before a record that would make it longer; a record alone may be longer.
    pub file_bytes_max: u64,
}

impl Default for WriterConfig {
    fn default() -> Self {
        let (transformation, output_type) = (Transformation::default(), OutputType::default());
        Self { transformation, output_type, file_bytes_max: FILE_BYTES_MAX }
    }
}

/// Where files are made.
pub trait Target {
    type File: Write;

    /// Makes a file, or makes it anew if there is one.
    fn open(&mut self, key: &str) -> io::Result<Self::File>;

    /// Takes a file that has all that belongs into it. Nobody should see it before.
    fn close(&mut self, key: &str, file: Self::File) -> io::Result<()>;
}

/// Writes results, in the order in which they come, into files of up to
/// [`WriterConfig::file_bytes_max`] bytes.
///
/// Nothing is kept but one open file for each status, and the same results in the same order give
/// the same files byte by byte. So a map run that was interrupted writes its results again from the
/// first, over whatever is there. The manifest is written last: where it is, the files are whole.
#[derive(Debug)]
pub struct Export<T: Target> {
    place: Place,
    config: WriterConfig,
    target: T,
    rows: [Row<T::File>; Status::ALL.len()],
}

/// The files of one status.
#[derive(Debug)]
struct Row<W: Write> {
    open: Option<Open<W>>,
    closed: Vec<Value>,
}

#[derive(Debug)]
struct Open<W: Write> {
    key: String,
    file: BufWriter<W>,
    bytes: u64,
}

impl<T: Target> Export<T> {
    pub fn new(place: Place, config: WriterConfig, target: T) -> Self {
        let rows = Status::ALL.map(|_| Row { open: None, closed: Vec::new() });
        Self { place, config, target, rows }
    }

    /// After an error the export is to be started over.
    pub fn write(&mut self, result: &ChildResult) -> io::Result<()> {
        for record in result.records(self.config.transformation) {
            self.write_record(result.status(), &record.to_string())?;
        }
        Ok(())
    }

    /// Closes the files and writes the manifest. Gives back where the files are made.
    pub fn finish(mut self) -> io::Result<T> {
        for status in Status::ALL {
            self.close(status)?;
        }
        let key = self.place.key(MANIFEST);
        let mut file = self.target.open(&key)?;
        file.write_all(self.manifest().to_string().as_bytes())?;
        self.target.close(&key, file)?;
        Ok(self.target)
    }

    fn write_record(&mut self, status: Status, record: &str) -> io::Result<()> {
        // The brackets, or a comma and the bracket that closes; or the end of the line.
        let framing = if self.config.output_type == OutputType::Json { 2 } else { 1 };
        let added = record.len() as u64 + framing;
        let is_full = |open: &Open<_>| open.bytes + added > self.config.file_bytes_max;
        if self.rows[status as usize].open.as_ref().is_some_and(is_full) {
            self.close(status)?;
        }
        let (before, after) = match self.config.output_type {
            OutputType::Json => ("[", ""),
            OutputType::JsonLines => ("", "\n"),
        };
        let row = &mut self.rows[status as usize];
        let open = match &mut row.open {
            Some(open) => {
                if self.config.output_type == OutputType::Json {
                    open.write(",")?;
                }
                open
            }
            none => {
                let name = format!("{}_{}.json", status.name(), row.closed.len());
                let key = self.place.key(&name);
                let file = BufWriter::new(self.target.open(&key)?);
                let open = none.insert(Open { key, file, bytes: 0 });
                open.write(before)?;
                open
            }
        };
        open.write(record)?;
        open.write(after)
    }

    fn close(&mut self, status: Status) -> io::Result<()> {
        let row = &mut self.rows[status as usize];
        let Some(mut open) = row.open.take() else { return Ok(()) };
        if self.config.output_type == OutputType::Json {
            open.write("]")?;
        }
        let mut entry = Object::new();
        entry.insert("Key", open.key.as_str());
        entry.insert("Size", i64::try_from(open.bytes).unwrap_or(i64::MAX));
        row.closed.push(Value::from(entry));
        let file = open.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.target.close(&open.key, file)
    }

    fn manifest(&self) -> Value {
        let files = |status: Status| {
            (status.name(), Value::from(self.rows[status as usize].closed.clone()))
        };
        let mut manifest = Object::new();
        manifest.insert("DestinationBucket", Str::clone(&self.place.bucket));
        manifest.insert("MapRunArn", Str::clone(&self.place.map_run_arn));
        manifest.insert("ResultFiles", Status::ALL.map(files).into_iter().collect::<Object>());
        Value::from(manifest)
    }
}

impl<W: Write> Open<W> {
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.bytes += text.len() as u64;
        self.file.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
