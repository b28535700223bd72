//! Files that name the files with the items: inventories of S3 and manifests of Athena.

use std::io::Read;

use stepwell_value::{Str, Value};

use crate::source::Source;
use crate::{CsvConfig, Delimiter, Headers, ReadFailure};

/// An object in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub bucket: Str,
    pub key: Str,
}

/// An inventory report's `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The files to read, in order. The service writes them compressed with gzip.
    pub files: Vec<Location>,
    /// The names of their columns.
    pub headers: Vec<Str>,
}

impl Inventory {
    /// Reads a manifest of up to so many bytes.
    pub fn read(manifest: impl Read, bytes_max: usize) -> Result<Self, ReadFailure> {
        let manifest = Value::parse(&text(manifest, bytes_max)?);
        Self::of(&manifest.map_err(|error| invalid(error.to_string()))?)
    }

    /// How to read the files.
    pub fn csv(&self) -> CsvConfig {
        let headers = Headers::Given(self.headers.clone());
        CsvConfig { headers, delimiter: Delimiter::Comma }
    }

    fn of(manifest: &Value) -> Result<Self, ReadFailure> {
        let format = member(manifest, "fileFormat")?;
        if format != "CSV" {
            return Err(invalid(format!("its fileFormat is {format}, and only CSV can be read")));
        }
        let schema = member(manifest, "fileSchema")?;
        let headers = schema.split(',').map(|header| Str::from(header.trim())).collect();
        // An ARN such as arn:aws:s3:::NAME.
        let bucket = member(manifest, "destinationBucket")?.rsplit(':').next().unwrap_or_default();
        let files = manifest.get("files").and_then(Value::as_array);
        let files = files.ok_or_else(|| invalid("it has no array `files`"))?.iter();
        let location = |file: &Value| {
            let key = member(file, "key")?;
            Ok(Location { bucket: Str::from(bucket), key: Str::from(key) })
        };
        Ok(Self { files: files.map(location).collect::<Result<_, _>>()?, headers })
    }
}

/// An `UNLOAD` query's manifest: a line `s3://BUCKET/KEY` for every file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AthenaManifest {
    /// The files to read, in order.
    pub files: Vec<Location>,
}

impl AthenaManifest {
    /// Reads a manifest of up to so many bytes.
    pub fn read(manifest: impl Read, bytes_max: usize) -> Result<Self, ReadFailure> {
        let text = text(manifest, bytes_max)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let location = |line: &str| {
            let uri = line.trim_matches('"');
            let path = uri.strip_prefix("s3://").and_then(|path| path.split_once('/'));
            match path {
                Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                    Ok(Location { bucket: Str::from(bucket), key: Str::from(key) })
                }
                _ => Err(invalid(format!("the line {line:?} is not s3://BUCKET/KEY"))),
            }
        };
        Ok(Self { files: lines.map(location).collect::<Result<_, _>>()? })
    }
}

/// All of a manifest.
fn text(manifest: impl Read, bytes_max: usize) -> Result<String, ReadFailure> {
    let mut source = Source::open(manifest)?;
    let mut bytes = Vec::new();
    loop {
        let chunk = source.chunk()?;
        if chunk.is_empty() {
            return String::from_utf8(bytes).map_err(|error| invalid(error.to_string()));
        }
        if chunk.len() > bytes_max - bytes.len() {
            return Err(invalid(format!("it is longer than {bytes_max} bytes")));
        }
        bytes.extend_from_slice(chunk);
        let passed = chunk.len();
        source.advance(passed);
    }
}

fn member<'a>(object: &'a Value, name: &str) -> Result<&'a str, ReadFailure> {
    let member = object.get(name).and_then(Value::as_str);
    member.ok_or_else(|| invalid(format!("a member `{name}` that is a string is missing")))
}

fn invalid(reason: impl Into<String>) -> ReadFailure {
    ReadFailure::InvalidManifest { reason: reason.into() }
}

#[cfg(test)]
mod tests;
