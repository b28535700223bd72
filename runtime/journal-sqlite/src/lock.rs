//! The file belongs to one process: a lock that the system gives back however the process ends.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::OpenError;

/// As long as it lives, no other process opens the store.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    pub(crate) fn take(store: &Path) -> Result<Self, OpenError> {
        let path = store.to_path_buf();
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(beside(store))
            .map_err(|error| refusal(store, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path, by: owner(&beside(store)) });
            }
            Err(TryLockError::Error(source)) => {
                return Err(OpenError::Inaccessible { path, source });
            }
        }
        sign(&mut file).map_err(|source| OpenError::Inaccessible { path, source })?;
        Ok(Self { _file: file })
    }
}

fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn refusal(store: &Path, source: io::Error) -> OpenError {
    let path = store.to_path_buf();
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            OpenError::ReadOnly { path }
        }
        _ => OpenError::Inaccessible { path, source },
    }
}

/// The process that holds the lock, as far as it has said so.
fn owner(lock: &Path) -> Option<u32> {
    fs::read_to_string(lock).ok()?.trim().parse().ok()
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
