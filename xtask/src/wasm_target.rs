//! The compilation target of tasks, which a fresh toolchain lacks.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

const TARGET: &str = "wasm32-wasip2";

/// Installs the target if it is missing.
pub(crate) fn ensure() -> Result<()> {
    if std_is_there()? {
        return Ok(());
    }
    let installed = match Command::new("rustup").args(["target", "list", "--installed"]).output() {
        Ok(output) if output.status.success() => output.stdout,
        _ => bail!(
            "the toolchain cannot build for {TARGET} and rustup is not there to change that; \
             install rustup and type `rustup target add {TARGET}`, or install your \
             distribution's package of Rust's {TARGET} standard library"
        ),
    };
    if has_target(&String::from_utf8_lossy(&installed)) {
        return Ok(());
    }
    println!("installing the target of tasks: rustup target add {TARGET}");
    let status = Command::new("rustup").args(["target", "add", TARGET]).status();
    if !status.context("cannot run rustup")?.success() {
        bail!("`rustup target add {TARGET}` fails; type it yourself when the network is there");
    }
    Ok(())
}

/// Whether the compiler in use has the target's standard library, wherever it came from.
fn std_is_there() -> Result<bool> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("cannot run rustc")?;
    let folder = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && std::path::Path::new(folder.trim()).is_dir())
}

fn has_target(installed: &str) -> bool {
    installed.lines().any(|line| line.trim() == TARGET)
}

#[cfg(test)]
mod tests;
