//! `cargo xtask soak`: kills the durable engine again and again, and checks what is left. The program
//! is `tests/soak`; its arguments are passed on.

use anyhow::{Context as _, Result, bail};

use crate::repository::cargo;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let run = ["run", "--quiet", "--release", "--package", "stepwell-soak", "--"];
    let status = cargo().args(run).args(arguments).status().context("cannot run cargo")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => bail!("something is wrong; the report above says where, and with which seed"),
        _ => bail!("the soak test ended with {status}"),
    }
}
