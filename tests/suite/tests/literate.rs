//! Runs the suite: every case under every driver is a test of its own.
//!
//! `UPDATE_SUITE=1` rewrites the expectations instead; read the difference before you keep it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use stepwell_suite::{Case, Driver};

#[expect(clippy::print_stderr, reason = "tells what could not be rewritten")]
fn main() -> Result<()> {
    let files = files()?;
    if std::env::var_os("UPDATE_SUITE").is_some() {
        for file in &files {
            for problem in Case::update_file(file)? {
                eprintln!("{problem:#}");
            }
        }
        return Ok(());
    }
    let mut trials = Vec::new();
    let mut names = BTreeSet::new();
    for file in &files {
        for case in Case::read_file(file)? {
            ensure!(names.insert(case.name.clone()), "two cases are called `{}`", case.name);
            trials.extend(Driver::ALL.map(|driver| trial(case.clone(), driver)));
            trials.push(print_trial(case));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn trial(case: Case, driver: Driver) -> Trial {
    let name = format!("{}/{}", case.name, driver.as_str());
    Trial::test(name, move || {
        case.check(driver).map_err(|error| Failed::from(format!("{error:?}")))
    })
}

/// A definition of the suite reads back from its print.
fn print_trial(case: Case) -> Trial {
    let name = format!("{}/print", case.name);
    Trial::test(name, move || {
        case.check_print().map_err(|error| Failed::from(format!("{error:?}")))
    })
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for entry in folder.read_dir().context("the suite lies beside its package")? {
        let path = entry?.path();
        let is_case = path.extension().is_some_and(|ending| ending == "md")
            && path.file_stem().is_some_and(|name| name != "README");
        if is_case {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
