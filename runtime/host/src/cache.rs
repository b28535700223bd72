//! Compiled components on disk, so that a restart does not compile them again.
//!
//! A file in the cache is machine code that runs in this process with all its rights. So the cache
//! is used only when nobody else can have written it: the directory and every file in it belong to
//! the user that runs the process, and are writable by no one else. The directory is checked and
//! used through one handle, so that what was checked is what is used. A checksum guards against
//! disks and power cuts, not against people.

use std::fs::DirBuilder;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::Digest;

/// Part of every file name, so that files of another layout are never read.
const LAYOUT: &str = "v1";
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Why compiled components are not kept, or not taken, from a cache.
#[derive(Debug, thiserror::Error)]
pub enum CacheProblem {
    #[error("cannot open the compile cache {}", .path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error(
        "the compile cache {} belongs to user {owner}, not to user {user} who runs this process; \
         it holds machine code and is not used",
        .path.display()
    )]
    Owner { path: PathBuf, owner: u32, user: u32 },
    #[error(
        "the compile cache {} can be written by others (mode {mode:o}); it holds machine code and \
         is not used; `chmod go-w` makes it usable",
        .path.display()
    )]
    Writable { path: PathBuf, mode: u32 },
    #[error("cannot write {file} to the compile cache")]
    Write { file: String, source: io::Error },
    #[error("the compiled component cannot be serialised: {reason}")]
    Serialise { reason: String },
}

/// A cache directory that passed the check.
#[derive(Debug)]
pub(crate) struct Cache {
    directory: Dir,
    user: u32,
    engine_hash: u64,
}

impl Cache {
    /// Opens the directory, or makes it.
    pub(crate) fn open(path: &Path, engine: &Engine) -> Result<Self, CacheProblem> {
        let open = || {
            DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(path)?;
            let directory = Dir::open_ambient_dir(path, ambient_authority())?;
            let metadata = directory.dir_metadata()?;
            Ok((directory, metadata))
        };
        let path = path.to_owned();
        let (directory, metadata) = match open() {
            Ok(opened) => opened,
            Err(source) => return Err(CacheProblem::Open { path, source }),
        };
        let user = rustix::process::geteuid().as_raw();
        if metadata.uid() != user {
            return Err(CacheProblem::Owner { path, owner: metadata.uid(), user });
        }
        if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
            return Err(CacheProblem::Writable { path, mode: metadata.mode() & 0o7777 });
        }
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { directory, user, engine_hash: hasher.finish() })
    }

    /// The compiled form of a component, if it is there and sound. Whatever is wrong with a file,
    /// compiling again replaces it.
    #[expect(unsafe_code, reason = "compiled components are trusted bytes by nature")]
    pub(crate) fn load(&self, engine: &Engine, digest: Digest) -> Option<Component> {
        let code = self.read(&self.file_name(digest)).ok()??;
        // SAFETY: `deserialize` requires bytes that `Component::serialize` has returned.
        // - `Cache::read` returns only bytes from a file that the process's own user owns and
        //   nobody else can write, in a directory of which the same holds (`Cache::open`).
        // - Into that directory this program writes nothing under this name but what `serialize`
        //   returned, behind its checksum (`Cache::store`); `read` has compared the checksum.
        // - The bytes are in our own memory, so they cannot change while they are used.
        unsafe { Component::deserialize(engine, code) }.ok()
    }

    /// Keeps a compiled component. The file appears under its name only when it is complete.
    pub(crate) fn store(&self, component: &Component, digest: Digest) -> Result<(), CacheProblem> {
        let code = component
            .serialize()
            .map_err(|error| CacheProblem::Serialise { reason: error.root_cause().to_string() })?;
        let file = self.file_name(digest);
        let temporary = temporary_name(&file);
        let written = self
            .write(&temporary, &code)
            .and_then(|()| self.directory.rename(&temporary, &self.directory, &file));
        written.map_err(|source| {
            // The first failure is the one to report; this one may well fail for the same reason.
            let _ = self.directory.remove_file(&temporary);
            CacheProblem::Write { file, source }
        })
    }

    /// `None` for a file that must not be used.
    fn read(&self, file_name: &str) -> io::Result<Option<Vec<u8>>> {
        let mut file = self.directory.open(file_name)?;
        if !self.is_trusted(&file.metadata()?) {
            return Ok(None);
        }
        let mut checksum = [0; Digest::BYTES];
        file.read_exact(&mut checksum)?;
        let mut code = Vec::new();
        file.read_to_end(&mut code)?;
        Ok((Digest::of(&code).as_bytes() == &checksum).then_some(code))
    }

    fn write(&self, file_name: &str, code: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(FILE_MODE);
        let mut file = self.directory.open_with(file_name, &options)?;
        file.write_all(Digest::of(code).as_bytes())?;
        file.write_all(code)?;
        file.sync_all()
    }

    fn is_trusted(&self, metadata: &Metadata) -> bool {
        metadata.is_file()
            && metadata.uid() == self.user
            && metadata.mode() & WRITABLE_BY_OTHERS == 0
    }

    /// The engine's hash covers wasmtime's version, its settings and the processor's features.
    fn file_name(&self, digest: Digest) -> String {
        format!("{LAYOUT}-{digest}-{:016x}.cwasm", self.engine_hash)
    }
}

/// A name that no other thread and no other process uses.
fn temporary_name(file_name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(".{file_name}.{}.{count}", std::process::id())
}
