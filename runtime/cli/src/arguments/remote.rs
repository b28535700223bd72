//! What can be typed for the commands that talk to a server.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{EXIT_CODES, Format};
use crate::complaint::Complaint;
use crate::config::{Config, Flags, keys};

/// The server that is meant.
#[derive(Args, Debug)]
pub(crate) struct Remote {
    /// The server; the address of `stepwell serve` by default
    /// [env: `STEPWELL_ENDPOINT`, `AWS_ENDPOINT_URL_SFN`, `AWS_ENDPOINT_URL`]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
}

impl Remote {
    pub(crate) fn config(&self, file: Option<&Path>) -> Result<Config, Complaint> {
        Config::load(file, &self.flags())
    }

    pub(crate) fn flags(&self) -> Flags {
        Flags::default().text(&keys::ENDPOINT, self.endpoint.as_ref())
    }
}

/// A server, and how its answer is printed.
#[derive(Args, Debug)]
pub(crate) struct Asked {
    #[command(flatten)]
    pub remote: Remote,
    /// How the answer is printed
    #[arg(short, long, value_enum, default_value_t)]
    pub output: Format,
}

/// A server, and how many of what it has are printed.
#[derive(Args, Debug)]
pub(crate) struct Listed {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MachineType {
    Standard,
    Express,
}

impl MachineType {
    /// As the service spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Express => "EXPRESS",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Deploy {
    /// The definitions
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The machine's name, for one file; the file's by default
    #[arg(long)]
    pub name: Option<String>,
    /// The machine's type, which an update cannot change
    #[arg(long = "type", value_enum)]
    pub machine_type: Option<MachineType>,
    /// The role's ARN; nothing here takes it on
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,
    /// Publish a version
    #[arg(long)]
    pub publish: bool,
    /// A tag for machines that are created
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub tags: Vec<String>,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Start {
    /// A machine's name or ARN, NAME:ALIAS or NAME:VERSION
    pub machine: String,
    /// The execution's input: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "{}", allow_hyphen_values = true)]
    pub input: String,
    /// The execution's name; drawn by the server if none is given
    #[arg(long)]
    pub name: Option<String>,
    #[command(flatten)]
    pub patience: Patience,
    #[command(flatten)]
    pub asked: Asked,
}

/// How long a start is waited for; at most one is set.
#[derive(Args, Debug)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "flags, of which one at most is typed")]
pub(crate) struct Patience {
    /// Wait for the end
    #[arg(long)]
    pub wait: bool,
    /// Wait for the end, and tell each state as it is entered
    #[arg(long)]
    pub follow: bool,
    /// Run an Express execution and wait for its result in one call
    #[arg(long)]
    pub sync: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Exec {
    #[command(subcommand)]
    pub command: ExecCommand,
}

/// An execution: MACHINE:NAME, its name alone if no other machine has one of that name, or its ARN.
#[derive(Debug, Subcommand)]
pub(crate) enum ExecCommand {
    /// List executions, the newest first
    List {
        /// Of this machine; of all machines by default
        machine: Option<String>,
        /// With this status: `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or
        /// `PENDING_REDRIVE`
        #[arg(long)]
        status: Option<String>,
        #[command(flatten)]
        listed: Listed,
    },
    /// Show how an execution stands: its tree of states, its input and its output
    Show {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Print an execution's events
    History {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Tell each state as it is entered, up to the end
    #[command(after_help = EXIT_CODES)]
    Follow {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Print what an execution has logged, out of the file that the server logs to
    Logs {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        /// The file that the server logs to [env: `STEPWELL_LOG_FILE`]
        #[arg(long, value_name = "FILE")]
        log_file: Option<String>,
        /// Go on until the execution is over
        #[arg(long)]
        follow: bool,
        #[command(flatten)]
        asked: Asked,
    },
    /// Stop an execution
    Stop {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        /// The error that it ends with
        #[arg(long)]
        error: Option<String>,
        /// Why it is stopped
        #[arg(long)]
        cause: Option<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Let an execution that ended without success go on where it stood
    Redrive {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        #[command(flatten)]
        asked: Asked,
    },
}

#[derive(Args, Debug)]
pub(crate) struct MachineArgs {
    #[command(subcommand)]
    pub command: MachineCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MachineCommand {
    /// List state machines
    List {
        #[command(flatten)]
        listed: Listed,
    },
    /// Show a state machine with its definition
    Show {
        /// A machine's name or ARN, or NAME:VERSION
        machine: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// List a machine's versions
    Versions {
        machine: String,
        #[command(flatten)]
        listed: Listed,
    },
    /// Publish the machine as it is now as a version
    Publish {
        machine: String,
        #[arg(long)]
        description: Option<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// List a machine's aliases
    Aliases {
        machine: String,
        #[command(flatten)]
        listed: Listed,
    },
    /// Change aliases
    #[command(subcommand)]
    Alias(AliasCommand),
    /// Delete a machine, a version (NAME:VERSION) or an alias (NAME:ALIAS)
    Delete {
        machine: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Ask the server what is wrong with a definition
    Validate(ValidateArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AliasCommand {
    /// Create an alias, or route it anew: VERSION, or VERSION=WEIGHT twice
    Set {
        /// NAME:ALIAS
        alias: String,
        /// Where it leads: a version, or two with weights that sum up to 100
        #[arg(value_name = "VERSION[=WEIGHT]", required = true, num_args = 1..=2)]
        routes: Vec<String>,
        #[command(flatten)]
        asked: Asked,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    /// The definition
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The machine's type
    #[arg(long = "type", value_enum, default_value = "standard")]
    pub machine_type: MachineType,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Activity {
    #[command(subcommand)]
    pub command: ActivityCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ActivityCommand {
    /// List activities
    List {
        #[command(flatten)]
        listed: Listed,
    },
    /// Create an activity
    Create {
        name: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Delete an activity
    Delete {
        /// Its name or ARN
        activity: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Wait for work, and print it or do it with a command
    Poll {
        /// Its name or ARN
        activity: String,
        /// Run this by the shell for each piece of work, until Ctrl-C: its standard input is the
        /// input, its standard output the result; any exit code but 0 fails the task
        #[arg(long, value_name = "COMMAND")]
        exec: Option<String>,
        /// What the worker is called in histories
        #[arg(long, value_name = "NAME")]
        worker: Option<String>,
        #[command(flatten)]
        asked: Asked,
    },
}

#[derive(Args, Debug)]
pub(crate) struct MapRun {
    #[command(subcommand)]
    pub command: MapRunCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MapRunCommand {
    /// List the map runs of an execution
    List {
        #[arg(value_name = "EXECUTION")]
        execution: String,
        #[command(flatten)]
        listed: Listed,
    },
    /// Show how far a map run has come
    Show {
        #[arg(value_name = "ARN")]
        map_run: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Change how a map run goes on
    Update {
        #[arg(value_name = "ARN")]
        map_run: String,
        /// How many of its executions run at once
        #[arg(long, value_name = "N")]
        max_concurrency: Option<u32>,
        /// How many of them may fail
        #[arg(long, value_name = "N")]
        tolerated_failures: Option<u32>,
        /// How many of a hundred may fail
        #[arg(long, value_name = "PERCENT")]
        tolerated_failure_percentage: Option<f64>,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Api {
    /// The operation, such as `DescribeExecution` or `describe-execution`
    pub operation: String,
    /// The request: JSON, @FILE, or - for standard input
    #[arg(value_name = "JSON|@FILE|-", default_value = "{}")]
    pub request: String,
    #[command(flatten)]
    pub remote: Remote,
}
