//! `cargo xtask test`: all that CI runs, the quickest failures first.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::repository::{cargo, root};
use crate::{tidy, wasm_target};

mod clients;

/// A step's name, what it does, and the function that does it.
type Step = (&'static str, &'static str, fn(Output) -> Result<Outcome>);

/// In the order in which they run.
const STEPS: &[Step] = &[
    ("fmt", "every file is formatted", fmt),
    ("tidy", "the rules that no other tool knows", tidy),
    ("clippy", "no warning in any target of the workspace", clippy),
    ("test", "every test of the workspace", test),
    ("clients", "SDKs that others wrote, against a server", clients::run),
    ("tasks", "the example tasks: formatted, without warnings, tested natively", tasks),
    ("doc", "the documentation builds without warnings", doc),
    ("deny", "bans, licences and sources of dependencies", deny),
];

enum Outcome {
    Passed,
    Skipped(String),
}

/// What becomes of the output of the programs that a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    /// Shown if the program fails.
    OnFailure,
    /// Shown as it comes.
    Live,
}

#[derive(Debug, PartialEq, Eq)]
enum Request {
    List,
    Run { only: Option<String>, output: Output },
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match parse(arguments)? {
        Request::List => {
            for (name, about, _) in STEPS {
                println!("{name:8} {about}");
            }
            Ok(())
        }
        Request::Run { only, output } => run_steps(only.as_deref(), output),
    }
}

fn parse(arguments: &[String]) -> Result<Request> {
    let (mut only, mut output) = (None, Output::OnFailure);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--list" => return Ok(Request::List),
            "--verbose" => output = Output::Live,
            "--only" => {
                let name = rest.next().context("--only needs the name of a step")?;
                if !STEPS.iter().any(|(known, _, _)| known == name) {
                    bail!("there is no step `{name}`; `cargo xtask test --list` lists them");
                }
                only = Some(name.clone());
            }
            other => bail!("unknown argument `{other}`; there are --list, --only STEP, --verbose"),
        }
    }
    Ok(Request::Run { only, output })
}

fn run_steps(only: Option<&str>, output: Output) -> Result<()> {
    let start = Instant::now();
    for (name, _, step) in STEPS.iter().filter(|(name, _, _)| only.is_none_or(|only| only == *name))
    {
        println!("{name} ...");
        let start = Instant::now();
        let outcome = step(output).with_context(|| {
            format!("step `{name}` fails; only it: cargo xtask test --only {name}")
        })?;
        let time = shown(start.elapsed());
        match outcome {
            Outcome::Passed => println!("{name:8} passed   {time}"),
            Outcome::Skipped(reason) => println!("{name:8} skipped: {reason}"),
        }
    }
    println!("{:8} passed   {}", "all", shown(start.elapsed()));
    Ok(())
}

fn shown(time: Duration) -> String {
    format!("{:5.1} s", time.as_secs_f64())
}

fn fmt(output: Output) -> Result<Outcome> {
    check(cargo().args(["fmt", "--all", "--check"]), output)
}

fn tidy(_: Output) -> Result<Outcome> {
    tidy::run(&[])?;
    Ok(Outcome::Passed)
}

fn clippy(output: Output) -> Result<Outcome> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    check(cargo().args(arguments), output)
}

/// The tests build guests, so the target has to be there.
fn test(output: Output) -> Result<Outcome> {
    wasm_target::ensure()?;
    check(cargo().args(["test", "--workspace"]), output)
}

/// The example tasks are a workspace of their own, because they are built for another target.
fn tasks(output: Output) -> Result<Outcome> {
    let folder = root().join("example-tasks");
    if !folder.join("Cargo.toml").is_file() {
        return Ok(Outcome::Skipped("there is no example-tasks/Cargo.toml".into()));
    }
    let commands: [&[&str]; 3] = [
        &["fmt", "--all", "--check"],
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &["test", "--workspace"],
    ];
    for arguments in commands {
        check(cargo().current_dir(&folder).args(arguments), output)?;
    }
    Ok(Outcome::Passed)
}

fn doc(output: Output) -> Result<Outcome> {
    let arguments = ["doc", "--workspace", "--no-deps", "--document-private-items"];
    check(cargo().args(arguments).env("RUSTDOCFLAGS", "-D warnings"), output)
}

fn deny(output: Output) -> Result<Outcome> {
    let version = cargo().args(["deny", "--version"]).output().context("cannot run cargo")?;
    if !version.status.success() {
        let reason = "install it with `cargo install --locked cargo-deny`; tidy checks the \
                      licences without it";
        return Ok(Outcome::Skipped(reason.into()));
    }
    check(cargo().args(["deny", "check", "bans", "licenses", "sources"]), output)
}

/// Runs a program to its end and fails, with what it said, if it fails.
fn check(command: &mut Command, output: Output) -> Result<Outcome> {
    command.stdin(Stdio::null());
    let status = match output {
        Output::Live => command.status().with_context(|| format!("cannot run {command:?}"))?,
        Output::OnFailure => {
            let done = command.output().with_context(|| format!("cannot run {command:?}"))?;
            if !done.status.success() {
                print!("{}", String::from_utf8_lossy(&done.stdout));
                eprint!("{}", String::from_utf8_lossy(&done.stderr));
            }
            done.status
        }
    };
    if !status.success() {
        bail!("{command:?} ends with {status}");
    }
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests;
