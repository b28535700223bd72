//! What is on this computer: the registry, the cache, the store, the disk, the compiler.

use std::fs;
use std::path::Path;

use stepwell::store::{self, OpenError};

use super::{Check, Finding};
use crate::commands::{build, task};
use crate::complaint::{Complaint, chain};
use crate::config::{Config, Source, keys};

const FREE_MIB_MIN: u64 = 1024;

pub(super) fn registry(config: &Config) -> Check {
    let path = config.registry();
    let listed = task::open(path).and_then(|registry| task::entries(&registry));
    let is_default = config.source(&keys::REGISTRY) == Some(Source::Default);
    let finding = match listed {
        Err(_missing) if is_default && !path.exists() => {
            let complaint = Complaint::new(format_args!("{} is not there yet", path.display()));
            Finding::Odd(complaint.hint("`stepwell build` and `stepwell serve` make it"))
        }
        Err(complaint) => Finding::Bad(complaint),
        Ok(entries) => {
            let mut complaint = Complaint::default();
            for entry in &entries {
                for problem in &entry.problems {
                    complaint.push(format_args!("task `{}`: {}", entry.name, chain(problem)), None);
                }
            }
            let count = entries.len();
            let plural = if count == 1 { "" } else { "s" };
            match complaint.into_result() {
                Ok(()) => Finding::Good(format!("{}: {count} task{plural}", path.display())),
                Err(complaint) => Finding::Odd(complaint),
            }
        }
    };
    ("registry", finding)
}

/// Without a cache everything is compiled anew at each start.
pub(super) fn cache(config: &Config) -> Check {
    let Some(path) = config.path(&keys::CACHE) else {
        let complaint = Complaint::new("there is none: tasks are compiled anew at each start")
            .hint("STEPWELL_CACHE names a directory");
        return ("cache", Finding::Odd(complaint));
    };
    let finding = match probe_folder(path) {
        Ok(()) => Finding::Good(path.display().to_string()),
        Err(error) => Finding::Odd(
            Complaint::new(format_args!("{} cannot be written: {error}", path.display()))
                .hint("STEPWELL_CACHE names another directory"),
        ),
    };
    ("cache", finding)
}

fn probe_folder(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)?;
    let probe = path.join(format!(".probe-{}", std::process::id()));
    fs::write(&probe, b"")?;
    fs::remove_file(&probe)
}

/// A store that a server has open is in use, as it should be.
pub(super) fn store(config: &Config) -> Check {
    let Some(path) = config.store() else {
        let said = "none: executions are kept in memory, and lost at the end".to_owned();
        return ("store", Finding::Good(said));
    };
    let shown = path.display();
    let finding = if path.exists() {
        match store::probe(path) {
            Ok(()) => Finding::Good(format!("{shown}: nobody has it open")),
            Err(OpenError::InUse { by, .. }) => Finding::Good(match by {
                Some(process) => format!("{shown}: process {process} has it open"),
                None => format!("{shown}: another process has it open"),
            }),
            Err(error) => Finding::Bad(Complaint::of(&error)),
        }
    } else {
        match probe_folder(folder_of(path)) {
            Ok(()) => Finding::Good(format!("{shown}: it will be created")),
            Err(error) => {
                Finding::Bad(Complaint::new(format_args!("{shown} cannot be created: {error}")))
            }
        }
    };
    ("store", finding)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

#[cfg(unix)]
pub(super) fn space(config: &Config) -> Check {
    let path = config.store().map_or_else(|| Path::new("."), folder_of);
    let finding = match rustix::fs::statvfs(path) {
        Err(error) => Finding::Odd(Complaint::new(format_args!("it cannot be told: {error}"))),
        Ok(disk) => match disk.f_bavail.saturating_mul(disk.f_frsize) >> 20 {
            free if free < FREE_MIB_MIN => Finding::Odd(
                Complaint::new(format_args!("{free} MiB are free at {}", path.display()))
                    .hint("`store.retention` bounds how long executions are kept"),
            ),
            free => Finding::Good(format!("{} GiB are free", free >> 10)),
        },
    };
    ("disk", finding)
}

#[cfg(not(unix))]
pub(super) fn space(_config: &Config) -> Check {
    ("disk", Finding::Good("not looked at on this system".to_owned()))
}

/// Whoever builds no tasks needs no compiler.
pub(super) fn wasm_target() -> Check {
    let finding = match build::check_target() {
        Ok(()) => Finding::Good("the Rust compiler can build tasks".to_owned()),
        Err(complaint) => Finding::Odd(complaint),
    };
    ("build", finding)
}
