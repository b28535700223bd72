//! `stepwell-conformance`: plays recorded cases and prints the scores.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[cfg(feature = "http")]
use anyhow::bail;
use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::executions::{self, Options, Source};
#[cfg(feature = "http")]
use stepwell_conformance::http;
use stepwell_conformance::{Only, Report, expressions, states};

/// Plays recorded cases of the service and says where this runtime answers differently.
///
/// Without a command, executions are played and their whole histories compared, and single states
/// are tested.
///
/// The cases are not part of the repository. Without --cases they are looked for in the folder that
/// the setting `STEPWELL_CONFORMANCE` names, or `STEPWELL_EXPRESSIONS` for expressions, and else in
/// `shared` beside the repository. Where there are none, nothing is played. The exit code is 1 if a
/// case fails, and 2 if the folder that --cases names is missing.
#[derive(Parser)]
#[command(bin_name = "cargo xtask conformance", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    executions: Executions,
}

#[derive(Args)]
struct Executions {
    #[command(flatten)]
    selection: Selection,
    /// Through which door the executions are run
    #[arg(long, value_enum, default_value_t = Via::Kernel)]
    via: Via,
    #[cfg(feature = "http")]
    #[command(flatten)]
    http: Http,
    /// Write each history into this folder, as the API would answer it
    #[arg(long, value_name = "DIR")]
    actual: Option<PathBuf>,
    /// Play nothing, and compare the histories of this folder, as --actual writes them
    #[arg(long, value_name = "DIR", conflicts_with = "actual")]
    histories: Option<PathBuf>,
    /// Tell also what is written differently and means the same
    #[arg(long)]
    verbose: bool,
}

#[cfg(feature = "http")]
#[derive(Args)]
#[group(skip)]
struct Http {
    /// With --via http: keep executions in a file
    #[arg(long)]
    store: bool,
    /// With --via http: as what the functions of the cases run
    #[arg(long, value_enum, default_value_t = Tasks::Native)]
    tasks: Tasks,
    /// With --via http: play also executions that take a minute or more
    #[arg(long)]
    slow: bool,
    /// With --via http: how many cases are played at once
    #[arg(long, value_name = "COUNT", default_value_t = 64)]
    at_once: usize,
}

#[cfg(feature = "http")]
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tasks {
    /// As code of the player
    Native,
    /// As WebAssembly components of a registry
    Wasm,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Via {
    /// The kernel alone, in virtual time
    Kernel,
    /// A server that speaks the service's API, in real time
    #[cfg(feature = "http")]
    Http,
}

#[derive(Subcommand)]
enum Command {
    /// Play the expressions: JSONata, JSONPath and intrinsic functions
    Expressions(Selection),
}

#[derive(Args)]
struct Selection {
    /// The folder of the cases
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Play only cases whose name contains this text
    #[arg(long, value_name = "SUBSTRING")]
    only: Option<String>,
}

/// A deep evaluation in an unoptimised build needs a deep stack.
const STACK_BYTES: usize = 256 << 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || run(arguments));
    let end = thread
        .context("cannot start a thread")
        .and_then(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    end.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let Some(Command::Expressions(selection)) = arguments.command else {
        return run_executions(arguments.executions);
    };
    let only = Only(selection.only);
    let cases = selection.cases.as_deref();
    play(Collection::Expressions, cases, |folder| expressions::play(folder, &only))
}

fn run_executions(arguments: Executions) -> Result<ExitCode> {
    match arguments.via {
        Via::Kernel => run_in_the_kernel(arguments),
        #[cfg(feature = "http")]
        Via::Http => run_over_http(arguments),
    }
}

#[cfg(feature = "http")]
fn run_over_http(arguments: Executions) -> Result<ExitCode> {
    let Executions { selection, http: asked, actual, histories, verbose, .. } = arguments;
    if actual.or(histories).is_some() {
        bail!("--actual and --histories go with --via kernel alone");
    }
    let options = http::Options {
        only: Only(selection.only),
        has_store: asked.store,
        tasks: match asked.tasks {
            Tasks::Native => http::Tasks::Native,
            Tasks::Wasm => http::Tasks::Components,
        },
        is_patient: asked.slow,
        at_once: asked.at_once,
        is_thorough: verbose,
    };
    let cases = selection.cases.as_deref();
    play(Collection::Executions, cases, |folder| http::play(folder, &options))
}

fn run_in_the_kernel(arguments: Executions) -> Result<ExitCode> {
    let Executions { selection, actual, histories, verbose, .. } = arguments;
    let source = match (actual, histories) {
        (_, Some(folder)) => Source::Histories(folder),
        (Some(folder), None) => Source::KernelInto(folder),
        (None, None) => Source::Kernel,
    };
    let has_states = matches!(source, Source::Kernel);
    let options = Options { only: Only(selection.only), source, is_thorough: verbose };
    let cases = selection.cases.as_deref();
    play(Collection::Executions, cases, |folder| {
        let mut report = executions::play(folder, &options)?;
        if has_states {
            report.extend(states::play(folder, &options.only)?);
        }
        Ok(report)
    })
}

/// Plays a collection where it is found, and prints the report.
fn play(
    collection: Collection,
    named: Option<&Path>,
    play: impl FnOnce(&Path) -> Result<Report>,
) -> Result<ExitCode> {
    match collection.find(named) {
        Folder::Found(folder) => {
            let report = play(&folder)?;
            print!("{report}");
            Ok(ExitCode::from(u8::from(report.failed() > 0)))
        }
        Folder::Missing(folder) if named.is_some() => {
            eprintln!("error: there is no folder {}", folder.display());
            Ok(ExitCode::from(2))
        }
        Folder::Missing(folder) => {
            let (folder, setting) = (folder.display(), collection.setting());
            println!(
                "nothing was played: there is no folder {folder}; --cases or {setting} names it"
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}
