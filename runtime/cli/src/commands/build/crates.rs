//! What Cargo knows about the task crates: their names, versions and workspaces.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use stepwell::host::{Manifest, Qualifier, TaskRef, Version};

use crate::complaint::{Complaint, chain};

/// The task crates that one run of Cargo compiles.
#[derive(Debug)]
pub(super) struct Workspace {
    pub root: PathBuf,
    pub tasks: Vec<TaskCrate>,
}

#[derive(Clone, Debug)]
pub(super) struct TaskCrate {
    pub folder: PathBuf,
    /// Cargo's own name for the package.
    pub id: String,
    /// The package's name, which is the task's.
    pub name: String,
    pub version: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    crate_types: Vec<String>,
}

/// Asks Cargo about the crates in the folders, and complains about those that cannot be tasks.
pub(super) fn read(folders: &[PathBuf], is_offline: bool) -> Result<Vec<Workspace>, Complaint> {
    let mut workspaces: Vec<(Metadata, Workspace)> = Vec::new();
    let mut complaint = Complaint::default();
    for folder in folders {
        let known = workspaces.iter().position(|(metadata, _)| package(metadata, folder).is_some());
        let position = match known {
            Some(position) => position,
            None => {
                let metadata = metadata(folder, is_offline)?;
                let root = metadata.workspace_root.clone();
                workspaces.push((metadata, Workspace { root, tasks: Vec::new() }));
                workspaces.len() - 1
            }
        };
        let (metadata, workspace) = &mut workspaces[position];
        match package(metadata, folder) {
            Some(package) => match task(folder, package) {
                Ok(task) => workspace.tasks.push(task),
                Err(found) => complaint.append(found),
            },
            None => complaint.append(not_a_package(folder)),
        }
    }
    complaint.into_result()?;
    Ok(workspaces.into_iter().map(|(_, workspace)| workspace).collect())
}

fn package<'m>(metadata: &'m Metadata, folder: &Path) -> Option<&'m Package> {
    let manifest = folder.join("Cargo.toml");
    metadata.packages.iter().find(|package| package.manifest_path == manifest)
}

fn not_a_package(folder: &Path) -> Complaint {
    Complaint::new(format_args!("{} is not a Cargo package", folder.display()))
        .hint("task.toml belongs beside the Cargo.toml of the task's own crate")
}

fn task(folder: &Path, package: &Package) -> Result<TaskCrate, Complaint> {
    let mut complaint = Complaint::default();
    let here = folder.display();
    let Package { id, name, version, targets, .. } = package;
    if !TaskRef::parse(name).is_ok_and(|task| *task.qualifier() == Qualifier::Latest) {
        complaint.push(format!("{here}: `{name}` cannot be a task's name"), None);
    }
    if Version::parse(version).is_none() {
        complaint.push(format!("{here}: `{version}` cannot be a task's version"), None);
    }
    if !targets.iter().any(|target| target.crate_types.iter().any(|kind| kind == "cdylib")) {
        let hint = "add `[lib]` with `crate-type = [\"cdylib\"]` to its Cargo.toml";
        complaint.push(format!("{here}: the crate makes no component"), Some(hint));
    }
    if let Err(error) = check_manifest(&folder.join("task.toml")) {
        complaint.push(error, None);
    }
    complaint.into_result()?;
    let (id, name, version) = (id.clone(), name.clone(), version.clone());
    Ok(TaskCrate { folder: folder.to_path_buf(), id, name, version })
}

fn check_manifest(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let manifest = Manifest::parse(&text);
    manifest.map(drop).map_err(|error| format!("{}: {}", path.display(), chain(&error)))
}

fn metadata(folder: &Path, is_offline: bool) -> Result<Metadata, Complaint> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .args(is_offline.then_some("--offline"))
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Complaint::new(format_args!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        let folder = folder.display();
        return Err(Complaint::new(format_args!("cargo cannot read the crate in {folder}")));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| {
        Complaint::new(format_args!("cargo describes {} unreadably: {error}", folder.display()))
    })
}

/// The Cargo that runs this command, where one does.
pub(super) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
