//! The repository on disk: where it is, what is in it, and what it depends on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The folder that has the workspace's manifest.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// Cargo as the running Cargo names itself, or from the path.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// A file that is in git.
#[derive(Debug)]
pub(crate) struct TrackedFile {
    /// From the root, with slashes.
    pub path: String,
    pub bytes: u64,
    /// None if it is not text.
    pub text: Option<String>,
}

impl TrackedFile {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// Every file that is in git and still there.
pub(crate) fn tracked_files() -> Result<Vec<TrackedFile>> {
    let listing = output(Command::new("git").current_dir(root()).args(["ls-files", "-z"]))?;
    let listing = String::from_utf8(listing).context("git lists a path that is not UTF-8")?;
    let mut files = Vec::new();
    for path in listing.split('\0').filter(|path| !path.is_empty()) {
        let place: PathBuf = root().join(path);
        if !place.is_file() {
            continue;
        }
        let content = std::fs::read(&place).with_context(|| format!("cannot read {path}"))?;
        let bytes = content.len() as u64;
        files.push(TrackedFile { path: path.into(), bytes, text: String::from_utf8(content).ok() });
    }
    Ok(files)
}

/// What Cargo knows of the workspace in a folder, as JSON.
pub(crate) fn metadata(folder: &str) -> Result<serde_json::Value> {
    let manifest = root().join(folder).join("Cargo.toml");
    let text = output(
        cargo().args(["metadata", "--format-version", "1", "--manifest-path"]).arg(manifest),
    )?;
    serde_json::from_slice(&text).context("cargo metadata prints something that is not JSON")
}

/// Where Cargo puts what it builds.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let metadata = metadata("")?;
    let folder = metadata["target_directory"].as_str().context("cargo names no target folder")?;
    Ok(folder.into())
}

fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} fails:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(output.stdout)
}
