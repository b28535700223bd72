//! One run of Cargo for the tasks of one workspace.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use serde::Deserialize;

use super::crates::{TaskCrate, Workspace, cargo};
use super::target::TARGET;
use crate::complaint::Complaint;

/// A compiled task.
#[derive(Debug)]
pub(super) struct Component {
    pub task: TaskCrate,
    pub file: PathBuf,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub is_offline: bool,
    pub is_quiet: bool,
}

/// What Cargo says of a finished piece of work.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    crate_types: Vec<String>,
}

/// Cargo's own progress goes to standard error as it comes.
pub(super) fn compile(
    workspace: &Workspace,
    settings: Settings,
) -> Result<Vec<Component>, Complaint> {
    let packages = workspace.tasks.iter().flat_map(|task| ["--package", task.name.as_str()]);
    let mut cargo = cargo()
        .args(["build", "--release", "--target", TARGET])
        .arg("--message-format=json-render-diagnostics")
        .args(settings.is_offline.then_some("--offline"))
        .args(settings.is_quiet.then_some("--quiet"))
        .args(packages)
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Complaint::new(format_args!("cannot run cargo: {error}")))?;
    let stdout = cargo.stdout.take().expect("the output was piped");
    let messages: Vec<Message> = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str(&line).ok())
        .collect();
    let status = cargo.wait().map_err(|error| Complaint::of(&error))?;
    if !status.success() {
        let root = workspace.root.display();
        let complaint = Complaint::new(format_args!("the tasks in {root} do not build"));
        return Err(if settings.is_offline {
            complaint.hint("--offline needs every dependency to be here already")
        } else {
            complaint
        });
    }
    workspace.tasks.iter().map(|task| component(task, &messages)).collect()
}

fn component(task: &TaskCrate, messages: &[Message]) -> Result<Component, Complaint> {
    let file = messages.iter().find_map(|message| artefact(task, message));
    let file = file.ok_or_else(|| {
        Complaint::new(format_args!("cargo built `{}`, and no component came of it", task.name))
            .hint("the crate's [lib] needs `crate-type = [\"cdylib\"]`")
    })?;
    Ok(Component { task: task.clone(), file: file.clone() })
}

fn artefact<'m>(task: &TaskCrate, message: &'m Message) -> Option<&'m PathBuf> {
    let is_library = message
        .target
        .as_ref()
        .is_some_and(|target| target.crate_types.iter().any(|kind| kind == "cdylib"));
    let is_its = message.package_id.as_deref() == Some(task.id.as_str());
    let is_wasm = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "wasm");
    let is_artefact = message.reason == "compiler-artifact" && is_its && is_library;
    message.filenames.iter().find(is_wasm).filter(|_| is_artefact)
}

#[cfg(test)]
mod tests;
