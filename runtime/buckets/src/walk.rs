//! The files below a directory, by the bytes of their keys.

use std::io;
use std::time::{Duration, SystemTime};
use std::vec::IntoIter;

use cap_std::fs::{Dir, Metadata};
use stepwell_items::Entry;
use stepwell_value::Str;

use crate::directory::is_unfinished;
use crate::store::StoreFailure;

/// Goes through a bucket. It holds the names of the directories that lead to where it is, not those
/// of the whole bucket.
///
/// A directory is walked as itself alone: links to directories are passed over, for they could lead
/// in a circle. Links to files are files, as long as they stay inside of the bucket.
pub(crate) struct Walk {
    name: String,
    bucket: Dir,
    prefix: String,
    /// The outermost directory first. None before the first step.
    levels: Option<Vec<IntoIter<Node>>>,
}

/// The key of a file, or what the keys of a directory's files start with, its `/` included.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Node(String);

impl Node {
    fn is_directory(&self) -> bool {
        self.0.ends_with('/')
    }
}

impl Walk {
    pub(crate) fn new(name: &str, bucket: Dir, prefix: &str) -> Self {
        Self { name: name.to_owned(), bucket, prefix: prefix.to_owned(), levels: None }
    }

    fn try_next(&mut self) -> Result<Option<Entry>, StoreFailure> {
        if self.levels.is_none() {
            self.levels = Some(vec![self.nodes("")?]);
        }
        loop {
            let levels = self.levels.get_or_insert_default();
            let Some(level) = levels.last_mut() else { return Ok(None) };
            let Some(node) = level.next() else {
                levels.pop();
                continue;
            };
            if node.is_directory() {
                let inner = self.nodes(&node.0)?;
                self.levels.get_or_insert_default().push(inner);
            } else if let Some(entry) = self.entry(&node.0) {
                return Ok(Some(entry));
            }
        }
    }

    /// What is in a directory and may have keys with the prefix, in their order: that of a
    /// directory among files is that of its name with the `/`.
    fn nodes(&self, directory: &str) -> Result<IntoIter<Node>, StoreFailure> {
        let read = || -> io::Result<Vec<Node>> {
            let items = match directory.strip_suffix('/') {
                None => self.bucket.entries()?,
                Some(path) => self.bucket.read_dir(path)?,
            };
            let mut nodes = Vec::new();
            for item in items {
                let item = item?;
                // A name that is no text is no key either.
                let Ok(name) = item.file_name().into_string() else { continue };
                nodes.extend(self.node(directory, &name, item.file_type()?.is_dir()));
            }
            nodes.sort_unstable();
            Ok(nodes)
        };
        let nodes = read().map_err(|error| {
            StoreFailure::unavailable(&self.name, directory.trim_end_matches('/'), &error)
        })?;
        Ok(nodes.into_iter())
    }

    /// None for what has no keys with the prefix.
    fn node(&self, directory: &str, name: &str, is_directory: bool) -> Option<Node> {
        let key = if is_directory {
            format!("{directory}{name}/")
        } else if is_unfinished(name) {
            return None;
        } else {
            format!("{directory}{name}")
        };
        let leads_to_it = is_directory && self.prefix.starts_with(&key);
        (leads_to_it || key.starts_with(&self.prefix)).then_some(Node(key))
    }

    /// None for what is no file, for links that lead out, and for what is gone meanwhile.
    fn entry(&self, key: &str) -> Option<Entry> {
        let metadata = self.bucket.metadata(key).ok().filter(Metadata::is_file)?;
        let changed = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        let since_epoch = changed.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let since_epoch = since_epoch.unwrap_or(Duration::ZERO);
        Some(Entry {
            key: Str::from(key),
            etag: etag(since_epoch, metadata.len()).into(),
            last_modified: i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX),
            size: metadata.len(),
            storage_class: Str::from("STANDARD"),
        })
    }
}

/// Another one for every content, as far as that can be told without reading the file.
fn etag(changed: Duration, size: u64) -> String {
    format!("{:016x}{size:016x}", changed.as_nanos())
}

impl Iterator for Walk {
    type Item = Result<Entry, StoreFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.try_next().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.levels = Some(Vec::new());
        }
        next
    }
}
