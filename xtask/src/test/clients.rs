//! Programs with clients that others wrote: boto3, the AWS CLI and the AWS SDK for JavaScript walk
//! through the API of `stepwell serve`, unchanged but for the endpoint.
//!
//! What they need is put into the target folder. Where a client cannot be installed, that is said.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::{Outcome, Output, check};
use crate::guest;
use crate::repository::{cargo, root, target_folder};

/// A client and what it takes to run it.
struct Client {
    name: &'static str,
    install: fn(&Path) -> Result<Option<PathBuf>>,
    /// What is run, with the endpoint as its last argument.
    walk: fn(&Path) -> Command,
}

const CLIENTS: [Client; 3] = [
    Client {
        name: "boto3",
        install: |folder| python(folder, "python"),
        walk: |installed| {
            let mut command = Command::new(installed.join("bin/python"));
            command.arg(root().join("tests/clients/python/life.py"));
            command
        },
    },
    Client {
        name: "the AWS CLI",
        install: |folder| python(folder, "cli"),
        walk: |installed| {
            let mut command = Command::new(installed.join("bin/python"));
            command.arg(root().join("tests/clients/cli/life.py")).arg(installed.join("bin/aws"));
            command
        },
    },
    Client {
        name: "@aws-sdk/client-sfn",
        install: node,
        walk: |installed| {
            let mut command = Command::new("node");
            command.arg(installed.join("life.js"));
            command
        },
    },
];

pub(super) fn run(output: Output) -> Result<Outcome> {
    let folder = target_folder()?.join("clients");
    fs::create_dir_all(&folder).context("cannot make the folder of clients")?;
    let server = Server::start(&folder)?;
    let mut missing = Vec::new();
    for Client { name, install, walk } in CLIENTS {
        match install(&folder)? {
            Some(installed) => {
                let mut command = walk(&installed);
                check(command.arg(&server.endpoint), output)
                    .with_context(|| format!("{name} does not find what it expects"))?;
            }
            None => missing.push(name),
        }
    }
    if missing.is_empty() {
        return Ok(Outcome::Passed);
    }
    Ok(Outcome::Skipped(format!("not installed, and so not tried: {}", missing.join(", "))))
}

/// A virtual environment with what `requirements.txt` says, from which its path can be taken. None
/// where there is no Python, or where nothing can be fetched.
fn python(folder: &Path, client: &str) -> Result<Option<PathBuf>> {
    let wanted = root().join("tests/clients").join(client).join("requirements.txt");
    let text = fs::read_to_string(&wanted).context("cannot read requirements.txt")?;
    let installed = folder.join(client);
    if is_installed(&installed, &text) {
        return Ok(Some(installed));
    }
    let made = quietly(Command::new("python3").args(["-m", "venv"]).arg(&installed));
    let mut pip = Command::new(installed.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&wanted);
    if !(made && quietly(&mut pip)) {
        return Ok(None);
    }
    note_installed(&installed, &text)?;
    Ok(Some(installed))
}

fn node(folder: &Path) -> Result<Option<PathBuf>> {
    let source = root().join("tests/clients/node");
    let text =
        fs::read_to_string(source.join("package.json")).context("cannot read package.json")?;
    let installed = folder.join("node");
    fs::create_dir_all(&installed).context("cannot make the folder of the JavaScript client")?;
    for file in ["package.json", "life.js"] {
        fs::copy(source.join(file), installed.join(file)).context("cannot copy the client")?;
    }
    if is_installed(&installed, &text) {
        return Ok(Some(installed));
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(&installed);
    if !quietly(&mut npm) {
        return Ok(None);
    }
    note_installed(&installed, &text)?;
    Ok(Some(installed))
}

/// Says of a folder what was put into it.
const INSTALLED: &str = "installed.txt";

fn is_installed(folder: &Path, wanted: &str) -> bool {
    fs::read_to_string(folder.join(INSTALLED)).is_ok_and(|installed| installed == wanted)
}

fn note_installed(folder: &Path, wanted: &str) -> Result<()> {
    fs::write(folder.join(INSTALLED), wanted).context("cannot note what is installed")
}

/// Whether a program could be run and did its work.
fn quietly(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// `stepwell serve` with one task, on a port and a store of its own. It ends when it is dropped.
struct Server {
    process: Child,
    endpoint: String,
    _store: TemporaryFolder,
}

/// Is removed when it is dropped.
struct TemporaryFolder(PathBuf);

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let target = target_folder()?;
        let store = TemporaryFolder(folder.join(format!("store-{}", std::process::id())));
        let registry = store.0.join("registry");
        fs::create_dir_all(&registry).context("cannot make a registry")?;
        fs::copy(guest::echo()?, registry.join("echo.wasm")).context("cannot install the task")?;
        // With the command's own tests, for which the step before has built it: alone it would have
        // fewer features of its dependencies, and most of them would be built once more.
        let build = ["test", "--workspace", "--test", "cli", "--no-run"];
        check(cargo().args(build), Output::OnFailure)?;
        let mut process = Command::new(target.join("debug/stepwell"))
            .args(["serve", "--address", "127.0.0.1:0", "--registry"])
            .arg(&registry)
            .arg("--store")
            .arg(store.0.join("store.db"))
            .current_dir(&store.0)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let said = process.stderr.take().context("the server has no standard error")?;
        let mut said = BufReader::new(said);
        let mut greeting = String::new();
        said.read_line(&mut greeting).context("the server says nothing")?;
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let mut server = Self { process, endpoint: String::new(), _store: store };
        let words = greeting.split([' ', ';']).find(|word| word.starts_with("http://"));
        let Some(endpoint) = words else { bail!("the server does not start: {greeting}") };
        server.endpoint.push_str(endpoint);
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed lies in the target folder.
        let _left = fs::remove_dir_all(&self.0);
    }
}
