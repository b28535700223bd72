//! The file: TOML, in which every key is known.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key};
use super::nearest::nearest;
use super::value::Value;
use crate::complaint::Complaint;

pub(crate) use access::{AccessKey, PolicyFrom, SecretFrom};

mod access;

/// What a file sets.
#[derive(Debug, Default)]
pub(super) struct FileContents {
    values: Vec<(&'static Key, Value, usize)>,
    pub access_keys: Vec<AccessKey>,
}

impl FileContents {
    /// The value and its line.
    pub(super) fn value(&self, key: &Key) -> Option<(&Value, usize)> {
        let found = self.values.iter().find(|(set, _, _)| set.is(key));
        found.map(|(_, value, line)| (value, *line))
    }
}

/// A file under way of being read.
struct Reading<'f> {
    file: &'f Path,
    text: &'f str,
    folder: PathBuf,
    contents: FileContents,
    complaint: Complaint,
}

pub(super) fn read(file: &Path) -> Result<FileContents, Complaint> {
    let text = fs::read_to_string(file).map_err(|error| {
        let file = file.display();
        Complaint::new(format_args!("cannot read the configuration {file}: {error}"))
    })?;
    parse(file, &text)
}

pub(super) fn parse(file: &Path, text: &str) -> Result<FileContents, Complaint> {
    let folder = file.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
    let (contents, complaint) = (FileContents::default(), Complaint::default());
    let mut reading = Reading { file, text, folder, contents, complaint };
    match DeTable::parse(text) {
        Ok(table) => reading.table(table.get_ref(), ""),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            reading.complain(at, error.message(), None);
        }
    }
    reading.complaint.into_result().map(|()| reading.contents)
}

impl Reading<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        for (name, value) in table {
            let at = name.span().start;
            let path = [path, name.get_ref()].into_iter().filter(|part| !part.is_empty());
            let path = path.collect::<Vec<_>>().join(".");
            if let Some(key) = KEYS.iter().copied().find(|key| key.path() == path) {
                self.value(key, value, at);
            } else if path == access::PATH {
                self.access_keys(value);
            } else if is_table(&path) {
                match value.get_ref().as_table() {
                    Some(table) => self.table(table, &path),
                    None => self.complain(at, format_args!("`{path}` is a table: [{path}]"), None),
                }
            } else {
                self.unknown(at, &path, &known_under(&path));
            }
        }
    }

    fn value(&mut self, key: &'static Key, value: &Spanned<DeValue<'_>>, at: usize) {
        match Value::of_toml(key.kind, value.get_ref(), &self.folder) {
            Ok(value) => self.contents.values.push((key, value, self.line(at))),
            Err(error) => self.complain(at, format_args!("`{}`: {error}", key.path()), None),
        }
    }

    fn unknown(&mut self, at: usize, path: &str, known: &[String]) {
        let meant = nearest(path, known.iter().map(String::as_str));
        let meant = meant.map(|meant| format!("; is `{meant}` meant?")).unwrap_or_default();
        let hint = (meant.is_empty() && !known.is_empty()).then(|| match path.rsplit_once('.') {
            Some((table, _)) => format!("[{table}] may have {}", known.join(", ")),
            None => format!("there are {}", known.join(", ")),
        });
        self.complain(at, format_args!("there is no key `{path}`{meant}"), hint.as_deref());
    }

    fn complain(&mut self, at: usize, error: impl std::fmt::Display, hint: Option<&str>) {
        let line = self.line(at);
        self.complaint.push(format_args!("{}:{line}: {error}", self.file.display()), hint);
    }

    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// Whether there are keys below.
fn is_table(path: &str) -> bool {
    let is_above = |inner: &str| {
        inner == path || inner.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
    };
    path == access::TABLE || KEYS.iter().any(|key| is_above(key.table))
}

/// The names that could stand in an unknown one's place.
fn known_under(path: &str) -> Vec<String> {
    let table = path.rsplit_once('.').map(|(table, _)| table);
    let paths = KEYS.iter().map(|key| key.path()).chain([access::PATH.to_owned()]);
    let known = paths.filter_map(|known| match table {
        None => known.split('.').next().map(str::to_owned),
        Some(table) => {
            let rest = known.strip_prefix(table)?.strip_prefix('.')?;
            rest.split('.').next().map(|name| format!("{table}.{name}"))
        }
    });
    let mut known: Vec<String> = known.collect();
    known.dedup();
    known
}
