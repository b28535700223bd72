//! What can be typed.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::complaint::Complaint;
use crate::config::{Config, Flags, keys};
use crate::printer::Verbosity;

pub(crate) use remote::{
    Activity, ActivityCommand, AliasCommand, Api, Asked, Deploy, Exec, ExecCommand, Listed,
    MachineArgs, MachineCommand, MachineType, MapRun, MapRunCommand, Remote, Start, ValidateArgs,
};
pub(crate) use server::{
    Completions, ConfigArgs, ConfigCommand, Dev, Doctor, Env, EnvShell, Man, Serve,
};

mod remote;
mod server;

const EXIT_CODES: &str = "\
Exit codes:
  0    succeeded
  1    the execution failed
  2    bad usage or bad input: nothing was run
  3    the execution timed out
  4    the execution was stopped
  130  Ctrl-C was typed twice";

const TEST_EXIT_CODES: &str = "\
Exit codes:
  0    every case has passed
  1    a case has failed
  2    bad usage, a file that cannot be used, or no case at all";

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
    /// The configuration; `stepwell.toml`, if that is there, by default [env: `STEPWELL_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
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
    /// Play the test cases of workflows, with mocked tasks and in virtual time
    Test(Test),
    /// Make a task crate that is ready to build
    New(New),
    /// Compile task crates and put them into the registry
    Build(Build),
    /// Answer the AWS Step Functions API
    Serve(Serve),
    /// Serve a folder: deploy its workflows and build its tasks whenever they change
    Dev(Dev),
    /// Create state machines on a server, or update them
    Deploy(Deploy),
    /// Start an execution on a server
    Start(Start),
    /// Look at executions on a server, stop and redrive them
    #[command(visible_alias = "execution")]
    Exec(Exec),
    /// Look at state machines on a server, their versions and aliases
    Machine(MachineArgs),
    /// Look at the registry's tasks, and answer task tokens
    Task(Task),
    /// Activities on a server, and work for them
    Activity(Activity),
    /// Look at the runs of Distributed Maps on a server
    MapRun(MapRun),
    /// Call any operation of the API
    Api(Api),
    /// Print the variables with which AWS SDKs and tools find the server
    Env(Env),
    /// Check that everything is in place
    Doctor(Doctor),
    /// Show the configuration
    Config(ConfigArgs),
    /// Copy a store into a file, whether it is in use or not
    Backup(Backup),
    /// Make a store of a backup
    Restore(Restore),
    /// Look for damage in a store
    Verify(Verify),
    /// Print a script that lets a shell complete this command
    Completions(Completions),
    /// Print the manual page, or write the pages of all commands
    Man(Man),
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
    /// The directory in which tasks are found by name; `registry` by default
    /// [env: `STEPWELL_REGISTRY`]
    #[arg(long, value_name = "DIR")]
    pub registry: Option<PathBuf>,
}

impl Registry {
    /// The configuration, with what was typed.
    pub(crate) fn config(&self, file: Option<&Path>) -> Result<Config, Complaint> {
        Config::load(file, &Flags::default().path(&keys::REGISTRY, self.registry.as_ref()))
    }
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
    /// [env: `STEPWELL_BUCKETS`]
    #[arg(long, value_name = "DIR")]
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
#[command(after_help = TEST_EXIT_CODES)]
pub(crate) struct Test {
    /// A folder, in which every `NAME.test.json` is run however deep it lies, or one test file
    #[arg(value_name = "DIR", default_value = ".")]
    pub path: PathBuf,
    /// Run the cases alone whose name, as FILE/CASE, contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub filter: String,
    /// Write a report in the form of `JUnit` into this file
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Tell what of each workflow no case has reached
    #[arg(long)]
    pub coverage: bool,
    /// Write the coverage as JSON into this file
    #[arg(long, value_name = "FILE")]
    pub coverage_json: Option<PathBuf>,
    #[command(flatten)]
    pub registry: Registry,
    /// Run no task: what is not mocked fails its case
    #[arg(long, conflicts_with = "registry")]
    pub only_mocks: bool,
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
    /// Report that the task of a token has succeeded
    Success {
        /// The task token
        token: String,
        /// The task's output: JSON, @FILE, or - for standard input
        #[arg(value_name = "JSON|@FILE|-", default_value = "{}", allow_hyphen_values = true)]
        output: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Report that the task of a token has failed
    Failure {
        /// The task token
        token: String,
        /// The error's name, for Retry and Catch
        #[arg(long)]
        error: Option<String>,
        /// What happened
        #[arg(long)]
        cause: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Report that the task of a token is still under way
    Heartbeat {
        /// The task token
        token: String,
        #[command(flatten)]
        remote: Remote,
    },
}
