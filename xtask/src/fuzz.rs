//! `cargo xtask fuzz`: generated and damaged inputs against everything that reads what strangers
//! wrote. The program is `tests/fuzz`; its arguments are passed on.

use anyhow::{Context as _, Result, bail};

use crate::repository::cargo;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let run = ["run", "--quiet", "--profile", "fuzz", "--package", "stepwell-fuzz", "--"];
    let status = cargo().args(run).args(arguments).status().context("cannot run cargo")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => bail!("there are findings; each says how to run it again"),
        _ => bail!("the fuzzer ended with {status}"),
    }
}
