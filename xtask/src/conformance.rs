//! `cargo xtask conformance`: plays what was recorded on the service.

use std::fmt;

use anyhow::{Context as _, Result};

use crate::repository::cargo;

/// The program has said itself what is wrong, and ended with this code.
#[derive(Debug)]
pub(crate) struct HasFailed {
    pub code: u8,
}

impl std::error::Error for HasFailed {}

impl fmt::Display for HasFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the program ended with code {}", self.code)
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let run = ["run", "--release", "--quiet", "--package", "stepwell-conformance", "--"];
    let status = cargo().args(run).args(arguments).status().context("cannot run cargo")?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(HasFailed { code }.into())
}
