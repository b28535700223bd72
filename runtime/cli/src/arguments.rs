//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::printer::Verbosity;

const EXIT_CODES: &str = "\
Exit codes:
  0    succeeded
  1    the execution failed
  2    bad usage or bad input: nothing was run
  3    the execution timed out
  4    the execution was stopped
  130  Ctrl-C was typed twice";

/// Run Amazon States Language workflows whose tasks are WebAssembly components.
#[derive(Debug, Parser)]
#[command(name = "stepwell", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: each state as it is entered, and the whole tree
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    pub(crate) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run one execution of a workflow to its end
    Run(Run),
    /// Tell everything that is wrong with definitions
    Check(Check),
    /// Make a task crate that is ready to build
    New(New),
    /// Compile task crates and put them into the registry
    Build(Build),
    /// Look at the registry's tasks
    Task(Task),
    /// Copy a store into a file, whether it is in use or not
    Backup(Backup),
    /// Make a store of a backup
    Restore(Restore),
    /// Look for damage in a store
    Verify(Verify),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For machines
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Registry {
    /// The directory in which tasks are found by name
    #[arg(long, value_name = "DIR", env = "STEPWELL_REGISTRY", default_value = "registry")]
    pub registry: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Run {
    /// The workflow's definition
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The execution's input: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "{}", allow_hyphen_values = true)]
    pub input: String,
    #[command(flatten)]
    pub registry: Registry,
    /// The directory of buckets for Distributed Maps: bucket NAME is DIR/NAME
    ///
    /// Without it, `buckets` beside the workflow's definition, if that is there.
    #[arg(long, value_name = "DIR", env = "STEPWELL_BUCKETS")]
    pub buckets: Option<PathBuf>,
    /// The file in which executions are kept; without it they live in memory
    ///
    /// It is created if it is not there. After a crash the same command with the same --name goes
    /// on with the execution.
    #[arg(long, value_name = "FILE", env = "STEPWELL_STORE")]
    pub store: Option<PathBuf>,
    /// The execution's name; drawn if none is given
    #[arg(long)]
    pub name: Option<String>,
    /// Answer a state that waits for its task token: STATE=JSON or 'STATE=fail NAME CAUSE'
    ///
    /// Several answers for one state are given in their order, the last one from then on.
    #[arg(long = "answer", value_name = "STATE=JSON")]
    pub answers: Vec<String>,
    /// How the result is printed
    #[arg(short, long, value_enum, default_value_t)]
    pub output: Format,
}

#[derive(Args, Debug)]
pub(crate) struct Store {
    /// The file in which executions are kept
    #[arg(long, value_name = "FILE", env = "STEPWELL_STORE")]
    pub store: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// The copy; a path where there is no file yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub store: Store,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The definitions
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How the findings are printed
    #[arg(short, long, value_enum, default_value_t)]
    pub output: Format,
}

#[derive(Args, Debug)]
pub(crate) struct New {
    /// The task's name: lower-case letters, digits and hyphens
    pub name: String,
    /// Where to make it: a folder that is empty or not there; NAME by default
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The folder of the task SDK, instead of the one this command was built with
    #[arg(long, value_name = "DIR")]
    pub sdk: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Build {
    /// Where to look for task crates: every Cargo.toml with a task.toml beside it
    #[arg(value_name = "DIR", default_value = ".")]
    pub dirs: Vec<PathBuf>,
    #[command(flatten)]
    pub registry: Registry,
    /// Do not use the network
    #[arg(long)]
    pub offline: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Task {
    #[command(subcommand)]
    pub command: TaskCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// List the tasks of the registry
    List {
        #[command(flatten)]
        registry: Registry,
        /// How the list is printed
        #[arg(short, long, value_enum, default_value_t)]
        output: Format,
    },
    /// Show what a task is and what it may touch
    Inspect {
        /// NAME, NAME@VERSION or NAME:ALIAS
        name: String,
        #[command(flatten)]
        registry: Registry,
        /// How the task is printed
        #[arg(short, long, value_enum, default_value_t)]
        output: Format,
    },
}
