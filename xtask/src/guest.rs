//! A guest of the tests, for whatever needs a task that does nothing of its own.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::repository::{cargo, root, target_folder};
use crate::wasm_target;

/// The component that gives its input back, built where it is not.
pub(crate) fn echo() -> Result<PathBuf> {
    wasm_target::ensure()?;
    let target = target_folder()?;
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--quiet", "--target", "wasm32-wasip2"]);
    build.args(["--package", "echo", "--manifest-path"]);
    build.arg(root().join("tests/guests/Cargo.toml"));
    build.arg("--target-dir").arg(target.join("guests"));
    if !build.status().context("cannot run cargo")?.success() {
        bail!("the guest `echo` cannot be built");
    }
    Ok(target.join("guests/wasm32-wasip2/release/echo.wasm"))
}
