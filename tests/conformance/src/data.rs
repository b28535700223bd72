//! Where the recordings are looked for, and how they are read.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use stepwell_value::Value;

/// A collection of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    Expressions,
    Executions,
}

/// The folder of a collection, or where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    Found(PathBuf),
    Missing(PathBuf),
}

impl Collection {
    /// The setting that names the folder.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Expressions => "STEPWELL_EXPRESSIONS",
            Self::Executions => "STEPWELL_CONFORMANCE",
        }
    }

    /// The folder that is named, or that the setting names, or the one beside the repository.
    pub fn find(self, named: Option<&Path>) -> Folder {
        let set = || std::env::var_os(self.setting()).map(PathBuf::from);
        let folder =
            named.map(Path::to_owned).or_else(set).unwrap_or_else(|| self.beside_the_repository());
        if folder.is_dir() { Folder::Found(folder) } else { Folder::Missing(folder) }
    }

    fn beside_the_repository(self) -> PathBuf {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let outside = package.ancestors().nth(3).unwrap_or(package);
        outside.join("shared").join(match self {
            Self::Expressions => "expressions",
            Self::Executions => "conformance",
        })
    }
}

/// Reads a file that holds one JSON document.
pub(crate) fn read(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Value::parse(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// The files below a folder whose names end in `.json`, in order.
pub(crate) fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries =
            folder.read_dir().with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
