//! Whether a task has changed on disk, without reading it.

use cap_std::fs::{Metadata, MetadataExt};

use super::{COMPONENT_EXTENSION, MANIFEST_FILE, Registry};

/// What the file system says about everything that decides what a reference means: the single
/// file, the directory (whose time changes when a version comes or goes), the manifest, and the
/// component that was chosen. Two equal stamps mean that nothing has to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    name: String,
    layout: [Option<FileStamp>; 3],
    component: Option<(String, Option<FileStamp>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct FileStamp {
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn take(registry: &Registry, name: &str) -> Self {
        let layout = [
            stamp(registry, &format!("{name}{COMPONENT_EXTENSION}")),
            stamp(registry, name),
            stamp(registry, &format!("{name}/{MANIFEST_FILE}")),
        ];
        Self { name: name.to_owned(), layout, component: None }
    }

    pub(super) fn with_component(mut self, registry: &Registry, path: &str) -> Self {
        self.component = Some((path.to_owned(), stamp(registry, path)));
        self
    }

    /// Whether the same stamp would be taken now.
    pub(crate) fn is_current(&self, registry: &Registry) -> bool {
        let now = Self::take(registry, &self.name);
        let now = match &self.component {
            Some((path, _)) => now.with_component(registry, path),
            None => now,
        };
        *self == now
    }
}

fn stamp(registry: &Registry, path: &str) -> Option<FileStamp> {
    registry.root.metadata(path).ok().map(|metadata: Metadata| FileStamp {
        inode: metadata.ino(),
        bytes: metadata.len(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    })
}
