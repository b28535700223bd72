//! What can be typed for the server, and around it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::{Registry, Remote};
use crate::config::{Flags, keys};

/// What a server is started with. Everything may stand in the configuration too.
#[derive(Args, Debug)]
pub(crate) struct ServerFlags {
    /// Where to listen; 127.0.0.1:8083 by default [env: `STEPWELL_ADDRESS`]
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// What the server is called besides localhost, for its own pages
    #[arg(long = "server-name", value_name = "NAME")]
    pub names: Vec<String>,
    /// The server's certificate in PEM, with those that vouch for it
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The file in which executions are kept, or `:memory:` for none [env: `STEPWELL_STORE`]
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// How long executions are kept after their end, such as 90d; for ever by default
    #[arg(long, value_name = "DURATION")]
    pub retention: Option<String>,
    /// How long Express executions are kept after their end; 5m by default
    #[arg(long, value_name = "DURATION")]
    pub express_retention: Option<String>,
    /// About how many megabytes of them are kept at most; 64 by default
    #[arg(long, value_name = "NUMBER")]
    pub express_megabytes: Option<String>,
    #[command(flatten)]
    pub registry: Registry,
    /// The directory of buckets for Distributed Maps [env: `STEPWELL_BUCKETS`]
    #[arg(long, value_name = "DIR")]
    pub buckets: Option<PathBuf>,
    /// How many executions may be open before others are refused
    #[arg(long, value_name = "N")]
    pub max_open_executions: Option<String>,
    /// How many tasks may run, or wait for room to run, before executions are refused
    #[arg(long, value_name = "N")]
    pub max_tasks: Option<String>,
    /// Where machines log that are configured to: a file, or - for standard output
    #[arg(long, value_name = "FILE|-")]
    pub log_file: Option<String>,
    /// The collector to which spans of machines go that trace: its address, for OTLP over HTTP
    #[arg(long, value_name = "URL")]
    pub trace_endpoint: Option<String>,
    /// Test cases with which executions may be started, as `stateMachineArn#CASE`: a mock
    /// configuration of Step Functions Local
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
}

impl ServerFlags {
    pub(crate) fn flags(&self) -> Flags {
        Flags::default()
            .text(&keys::ADDRESS, self.address.as_ref())
            .names(&keys::NAMES, &self.names)
            .path(&keys::TLS_CERTIFICATE, self.tls_certificate.as_ref())
            .path(&keys::TLS_KEY, self.tls_key.as_ref())
            .path(&keys::STORE, self.store.as_ref())
            .text(&keys::LOG, self.log_file.as_ref())
            .text(&keys::TRACE, self.trace_endpoint.as_ref())
            .path(&keys::MOCKS, self.mocks.as_ref())
            .text(&keys::RETENTION, self.retention.as_ref())
            .text(&keys::EXPRESS_RETENTION, self.express_retention.as_ref())
            .text(&keys::EXPRESS_MEGABYTES, self.express_megabytes.as_ref())
            .path(&keys::REGISTRY, self.registry.registry.as_ref())
            .path(&keys::BUCKETS, self.buckets.as_ref())
            .text(&keys::OPEN_MAX, self.max_open_executions.as_ref())
            .text(&keys::TASKS_MAX, self.max_tasks.as_ref())
    }
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub server: ServerFlags,
}

#[derive(Args, Debug)]
pub(crate) struct Dev {
    /// The folder: its `*.asl.json` are deployed, its task crates are built
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub server: ServerFlags,
    /// Do not use the network to build tasks
    #[arg(long)]
    pub offline: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Env {
    /// The shell whose words are printed
    #[arg(long, value_enum, default_value_t)]
    pub shell: EnvShell,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvShell {
    /// `sh`, `bash` and `zsh`
    #[default]
    Sh,
    Fish,
    Powershell,
    /// An object with the variables
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print what is set, and where it is set
    Show {
        #[command(flatten)]
        server: ServerFlags,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write one page a command into this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
