//! `cargo xtask bench`: what a state costs, with `expressions` what those cost, and with `kernel` what
//! deciding and reading cost without tasks, with `durable` what keeping costs, with `api` what the
//! server bears; each beside what it is to be compared with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::guest;
use crate::repository::{cargo, target_folder};
use crate::wasm_target;

/// The reference implementation of JSONata, as npm names it.
const REFERENCE: &str = "jsonata@2.0.6";

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {
            wasm_target::ensure()?;
            run_package("stepwell-bench", "stepwell-bench", &[])
        }
        ["expressions"] => expressions(),
        ["kernel"] => run_package("stepwell-bench-kernel", "stepwell-bench-kernel", &[]),
        ["durable", arguments @ ..] => {
            run_package("stepwell-bench-durable", "stepwell-bench-durable", arguments)
        }
        ["api", arguments @ ..] => api(arguments),
        other => bail!(
            "unknown arguments {other:?}; there are `expressions`, `kernel`, `durable` and `api`, \
             or none"
        ),
    }
}

/// The server as it is built for release, with a task that gives its input back.
fn api(arguments: &[&str]) -> Result<()> {
    const PACKAGE: &str = "stepwell-bench-api";
    let build = ["build", "--release", "--quiet", "--package", "stepwell-cli"];
    let status = cargo().args(build).status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the server cannot be built");
    }
    let stepwell = target_folder()?.join("release/stepwell");
    let task = guest::echo()?;
    let (stepwell, task) = (stepwell.to_string_lossy(), task.to_string_lossy());
    let mut all = vec!["--stepwell", &*stepwell, "--task", &*task];
    all.extend(arguments);
    run_package(PACKAGE, PACKAGE, &all)
}

fn expressions() -> Result<()> {
    const PACKAGE: &str = "stepwell-bench-expressions";
    let reference = install_reference()?;
    let folder = reference.as_deref().map(Path::to_string_lossy);
    let arguments: Vec<&str> =
        folder.iter().flat_map(|folder| ["--reference", &**folder]).collect();
    run_package(PACKAGE, PACKAGE, &arguments)?;
    println!();
    run_package(PACKAGE, "allocations", &[])
}

/// Has npm put the reference implementation into a folder of the target folder. None where there
/// is no Node to run it.
fn install_reference() -> Result<Option<PathBuf>> {
    for program in ["node", "npm"] {
        if Command::new(program).arg("--version").output().is_err() {
            println!("there is no {program} here: the column of {REFERENCE} is left out\n");
            return Ok(None);
        }
    }
    let folder = target_folder()?.join("bench-expressions");
    std::fs::create_dir_all(&folder)?;
    let install = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
    let status = Command::new("npm").args(install).arg(&folder).arg(REFERENCE).status();
    if status.context("cannot run npm")?.success() {
        return Ok(Some(folder));
    }
    println!("npm cannot install {REFERENCE}: its column is left out\n");
    Ok(None)
}

fn run_package(package: &str, program: &str, arguments: &[&str]) -> Result<()> {
    let run = ["run", "--release", "--quiet", "--package", package, "--bin", program, "--"];
    let status = cargo().args(run).args(arguments).status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}
