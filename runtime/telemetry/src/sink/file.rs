//! A file that is appended to wherever its path leads.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::PathBuf;

use super::Lot;

pub(super) struct LogFile {
    path: PathBuf,
    file: File,
}

impl LogFile {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        Ok(Self { path, file })
    }

    pub(super) fn append(&mut self, write: &mut Lot<'_>) -> io::Result<()> {
        if !self.is_in_place()? {
            *self = Self::open(self.path.clone())?;
        }
        write(&mut self.file)
    }

    fn is_in_place(&self) -> io::Result<bool> {
        match self.path.metadata() {
            Ok(there) => Ok(is_same(&there, &self.file.metadata()?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// An open file cannot be moved away elsewhere.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
