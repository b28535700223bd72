//! `stepwell build`: task crates, compiled into the registry.
//!
//! Every crate is checked before anything is compiled, and everything is compiled before anything
//! is put into the registry.

use std::path::{Path, PathBuf};

use crate::arguments::Build;
use crate::complaint::Complaint;
use crate::duration::Took;
use crate::printer::{Printer, Verbosity};
use crate::{Ended, Exit};

use crates::{TaskCrate, Workspace};

mod compile;
mod crates;
mod discover;
mod install;
mod target;

pub(super) use discover::{SKIPPED, find};
pub(super) use target::check as check_target;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Build) -> Ended {
    let config = options.registry.config(file)?;
    build(printer, &options.dirs, config.registry(), options.offline)?;
    Ok(Exit::Success)
}

/// Puts every task crate of the folders into the registry.
pub(super) fn build(
    printer: Printer,
    dirs: &[PathBuf],
    registry: &Path,
    is_offline: bool,
) -> Result<(), Complaint> {
    let started = std::time::Instant::now();
    let folders = discover::task_folders(dirs, registry)?;
    target::check()?;
    let workspaces = crates::read(&folders, is_offline)?;
    check_names(&workspaces, registry)?;
    let mut components = Vec::new();
    for workspace in &workspaces {
        let names: Vec<&str> = workspace.tasks.iter().map(|task| task.name.as_str()).collect();
        printer.say(format_args!("building {}", names.join(", ")));
        let settings =
            compile::Settings { is_offline, is_quiet: printer.verbosity == Verbosity::Quiet };
        components.extend(compile::compile(workspace, settings)?);
    }
    for component in &components {
        let installed = install::install(component, registry)?;
        printer.say(format_args!(
            "{} {} {} ({} KiB)",
            if installed.is_unchanged { "unchanged" } else { "installed" },
            component.task.name,
            component.task.version,
            installed.bytes.div_ceil(1024),
        ));
    }
    let count = components.len();
    printer.say(format_args!(
        "{count} task{} in {}, {}",
        if count == 1 { "" } else { "s" },
        registry.display(),
        Took(started.elapsed())
    ));
    Ok(())
}

/// Two crates of one name would take each other's place, and so would a file of that name.
fn check_names(workspaces: &[Workspace], registry: &Path) -> Result<(), Complaint> {
    let mut complaint = Complaint::default();
    let tasks: Vec<&TaskCrate> = workspaces.iter().flat_map(|found| &found.tasks).collect();
    for (position, task) in tasks.iter().enumerate() {
        if let Some(other) = tasks[..position].iter().find(|other| other.name == task.name) {
            let (here, there) = (task.folder.display(), other.folder.display());
            let error = format!("{here} and {there} are both called `{}`", task.name);
            complaint.push(error, Some("a task is known by its package's name; change one"));
        }
        let file = registry.join(format!("{}.wasm", task.name));
        if file.exists() {
            let error = format!("{} stands for the task `{}`", file.display(), task.name);
            complaint.push(error, Some("remove the file; versions take its place"));
        }
    }
    complaint.into_result()
}
