//! Buckets as directories.

use std::io::{self, Read, Write};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File};
use stepwell_items::Location;

use crate::store::{Entries, NewObject, Store, StoreFailure};
use crate::walk::Walk;

/// A directory of buckets: the bucket `b` is the directory `b` in it, and a key is a path in that.
///
/// Everything is opened relative to the bucket, so a link is followed as far as it stays inside.
#[derive(Debug)]
pub struct Directory {
    root: Dir,
}

impl Directory {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { root: Dir::open_ambient_dir(path, ambient_authority())? })
    }

    fn bucket(&self, bucket: &str) -> Result<Dir, StoreFailure> {
        let missing = || StoreFailure::NoSuchBucket { bucket: bucket.to_owned() };
        if bucket.contains('/') || !is_path(bucket) {
            return Err(missing());
        }
        self.root.open_dir(bucket).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => missing(),
            _ => StoreFailure::unavailable(bucket, "", &error),
        })
    }
}

impl Store for Directory {
    fn open(&self, at: &Location) -> Result<Box<dyn Read + Send>, StoreFailure> {
        let bucket = self.bucket(&at.bucket)?;
        check_key(at)?;
        let refused = |error: &io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => missing(at),
            _ => StoreFailure::unavailable(&at.bucket, &at.key, error),
        };
        // A pipe would be waited for without end.
        let is_file = bucket.metadata(&*at.key).map_err(|error| refused(&error))?.is_file();
        if !is_file {
            return Err(missing(at));
        }
        let file = bucket.open(&*at.key).map_err(|error| refused(&error))?;
        Ok(Box::new(file))
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Entries, StoreFailure> {
        let walk = Walk::new(bucket, self.bucket(bucket)?, prefix);
        Ok(Box::new(walk))
    }

    fn create(&self, at: &Location) -> Result<Box<dyn NewObject>, StoreFailure> {
        let bucket = self.bucket(&at.bucket)?;
        check_key(at)?;
        let created = NewFile::create(&bucket, &at.key);
        let file =
            created.map_err(|error| StoreFailure::unavailable(&at.bucket, &at.key, &error))?;
        Ok(Box::new(file))
    }
}

fn missing(at: &Location) -> StoreFailure {
    StoreFailure::NoSuchKey { bucket: at.bucket.to_string(), key: at.key.to_string() }
}

fn check_key(at: &Location) -> Result<(), StoreFailure> {
    let (bucket, key) = (at.bucket.to_string(), at.key.to_string());
    if is_path(&key) { Ok(()) } else { Err(StoreFailure::InvalidKey { bucket, key }) }
}

/// Whether a text names something inside of a directory, in one way only.
fn is_path(text: &str) -> bool {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    let has_other_separators = cfg!(windows) && text.contains(['\\', ':']);
    text.split('/').all(is_name) && !has_other_separators
}

/// The name that a file has until it is complete.
fn unfinished_name(name: &str) -> String {
    format!(".{name}.part")
}

/// Whether a file with that name is not complete. Listings pass over it.
pub(crate) fn is_unfinished(name: &str) -> bool {
    name.strip_prefix('.').and_then(|name| name.strip_suffix(".part")).is_some()
}

/// A file under the name that it has until it is complete.
struct NewFile {
    folder: Dir,
    name: String,
    /// None once there is nothing to clear away.
    file: Option<File>,
}

impl NewFile {
    fn create(bucket: &Dir, key: &str) -> io::Result<Self> {
        let (folder, name) = match key.rsplit_once('/') {
            None => (bucket.try_clone()?, key),
            Some((folder, name)) => {
                bucket.create_dir_all(folder)?;
                (bucket.open_dir(folder)?, name)
            }
        };
        let file = folder.create(unfinished_name(name))?;
        Ok(Self { folder, name: name.to_owned(), file: Some(file) })
    }

    fn file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is complete"))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl NewObject for NewFile {
    fn complete(mut self: Box<Self>) -> io::Result<()> {
        self.file()?.sync_all()?;
        self.folder.rename(unfinished_name(&self.name), &self.folder, &self.name)?;
        self.file = None;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What cannot be cleared away is passed over by listings.
            let _left_behind = self.folder.remove_file(unfinished_name(&self.name));
        }
    }
}
