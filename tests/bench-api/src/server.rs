//! Servers as processes of their own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

/// What is measured: the program, and a task that gives its input back.
#[derive(Debug)]
pub(crate) struct Program {
    pub stepwell: PathBuf,
    pub task: PathBuf,
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    process: Child,
    pub address: SocketAddr,
    folder: Option<TempDir>,
}

impl Program {
    /// `stepwell serve` on a store and a registry of its own.
    pub(crate) fn start(&self) -> Result<Running> {
        let folder = tempfile::tempdir().context("cannot make a folder")?;
        let registry = folder.path().join("registry");
        fs::create_dir_all(&registry).context("cannot make a registry")?;
        fs::copy(&self.task, registry.join("echo.wasm")).context("cannot install the task")?;
        self.start_in(folder)
    }

    /// The same, on what another server has left.
    pub(crate) fn start_in(&self, folder: TempDir) -> Result<Running> {
        let registry = folder.path().join("registry");
        let mut command = Command::new(&self.stepwell);
        command.args(["serve", "--address", "127.0.0.1:0", "--store"]);
        command.arg(folder.path().join("store.db")).arg("--registry").arg(&registry);
        command.current_dir(folder.path()).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().context("cannot start the server")?;
        let said = process.stderr.take().context("the server has no standard error")?;
        let mut said = BufReader::new(said);
        let mut greeting = String::new();
        said.read_line(&mut greeting).context("the server says nothing")?;
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let address = greeting.split([' ', ';']).find_map(|word| word.strip_prefix("http://"));
        let address = address.with_context(|| format!("the server does not start: {greeting}"))?;
        let address = address.parse().context("the server names no address")?;
        Ok(Running { process, address, folder: Some(folder) })
    }
}

/// A server that reads requests, answers that text, and does nothing.
pub(crate) fn bare(answer: &str) -> Result<Running> {
    let program = std::env::current_exe().context("this program has no path")?;
    let mut command = Command::new(program);
    command.args(["--bare", answer]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = command.spawn().context("cannot start the bare server")?;
    let said = process.stdout.take().context("the bare server has no output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line).context("the bare server says nothing")?;
    let address = line.trim().parse().context("the bare server names no address")?;
    Ok(Running { process, address, folder: None })
}

impl Running {
    /// Ends it as the power does, and gives what it has left.
    pub(crate) fn cut_off(mut self) -> Result<TempDir> {
        self.folder.take().context("that server has no store")
    }

    /// What the process holds in memory, in megabytes.
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.context("the server's memory cannot be looked at")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        let kilobytes: f64 = kilobytes.context("there is no VmRSS")?.parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// Ten thousand connections are as many open files, here and in the servers, which inherit that.
pub(crate) fn allow_many_files() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let allowed = Rlimit { current: maximum, maximum };
    setrlimit(Resource::Nofile, allowed).context("no more files may be opened")
}
