//! `cargo xtask bench`: what a state costs, beside what it is built on.

use anyhow::{Context as _, Result, bail};

use crate::repository::cargo;
use crate::wasm_target;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("unknown argument `{argument}`; there is none");
    }
    wasm_target::ensure()?;
    let run = ["run", "--release", "--package", "stepwell-bench"];
    let status = cargo().args(run).status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}
