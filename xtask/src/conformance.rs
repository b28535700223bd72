//! `cargo xtask conformance`: plays what was recorded on the service.

use std::fmt;

use anyhow::{Context as _, Result};

use crate::repository::cargo;

/// Without the server, and so without all that runs components: that takes minutes to compile.
const KERNEL: &[&str] = &["--release", "--no-default-features"];

/// As the tests are built. What is played over HTTP waits more than it computes.
const HTTP: &[&str] = &[];

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
    let run = ["run", "--quiet", "--package", "stepwell-conformance"];
    let build = if goes_over_http(arguments) { HTTP } else { KERNEL };
    let mut program = cargo();
    program.args(run).args(build).arg("--").args(arguments);
    let status = program.status().context("cannot run cargo")?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(HasFailed { code }.into())
}

/// Whether a server is needed, or is to be told of.
fn goes_over_http(arguments: &[String]) -> bool {
    arguments
        .iter()
        .any(|argument| matches!(argument.as_str(), "http" | "--via=http" | "--help" | "-h"))
}
