//! The guests in `tests/guests`, built when a test first asks for one.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const TARGET: &str = "wasm32-wasip2";

/// Variables that this build was started with, and which mean something else for another target.
const NOT_FOR_GUESTS: [&str; 9] = [
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "TARGET",
    "HOST",
    "MAKEFLAGS",
    "LLVM_PROFILE_FILE",
];

/// Returns its input.
pub fn echo() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| component("echo"))
}

/// Does what its input says.
pub fn hostile() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| component("hostile"))
}

/// Is a component, but not a task.
pub fn other_world() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| component("other_world"))
}

/// Is a task with an import that no host offers.
pub fn ungranted() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| component("ungranted"))
}

/// Answers what its environment says.
pub fn scripted() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| component("scripted"))
}

/// Where hosts keep the compiled guests, so that not every test compiles them.
pub fn compile_cache() -> PathBuf {
    target_directory().join("guests").join("compiled")
}

fn component(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let directory = BUILT.get_or_init(build_all);
    directory.join(name).with_extension("wasm")
}

/// Builds the workspace of guests, which cargo does only where something has changed. Cargo's lock
/// makes test processes that run at the same time wait for each other.
fn build_all() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/Cargo.toml");
    let target_directory = target_directory().join("guests");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--locked", "--quiet", "--target", TARGET]);
    cargo.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&target_directory);
    for (name, _) in env::vars_os() {
        let is_cargos = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_") && !matches!(name, "CARGO_HOME" | "CARGO_NET_OFFLINE")
        });
        if is_cargos || NOT_FOR_GUESTS.iter().any(|other| name == *other) {
            cargo.env_remove(name);
        }
    }
    let built = cargo.output().expect("cargo can be started");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(
        !said.contains("target may not be installed"),
        "the guests are built for {TARGET}, which is not installed; run `rustup target add {TARGET}`"
    );
    assert!(built.status.success(), "the guests cannot be built:\n{said}");
    target_directory.join(TARGET).join("release")
}

/// The directory that cargo builds this workspace in: the one that it has marked as a cache.
fn target_directory() -> PathBuf {
    let program = env::current_exe().expect("the test program has a path");
    let marked = program.ancestors().find(|directory| directory.join("CACHEDIR.TAG").is_file());
    marked.expect("the test program lies in cargo's target directory").to_owned()
}
