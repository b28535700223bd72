//! The compilation target of tasks, which a fresh toolchain lacks.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::complaint::Complaint;

pub(super) const TARGET: &str = "wasm32-wasip2";

/// Complains, with a remedy, when the compiler in use has no standard library for the target.
pub(in crate::commands) fn check() -> Result<(), Complaint> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(compiler).args(["--print", "target-libdir", "--target", TARGET]).output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Complaint::new("there is no Rust compiler")
            .hint("tasks are compiled with Rust; rustup installs it"),
        _ => Complaint::new(format_args!("cannot run rustc: {error}")),
    })?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    Err(Complaint::new(format_args!("the Rust compiler cannot build for {TARGET}"))
        .hint(format_args!("type `rustup target add {TARGET}`")))
}
