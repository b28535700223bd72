//! `stepwell-conformance`: plays recorded cases and prints the scores.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::{Only, Report, expressions};

/// Plays recorded cases of the service and says where this runtime answers differently.
///
/// The cases are not part of the repository. Without --cases they are looked for where the setting
/// `STEPWELL_EXPRESSIONS` names a folder, and else in `shared` beside the repository. Where there are
/// none, nothing is played. The exit code is 1 if a case fails, and 2 if the folder that --cases
/// names is missing.
#[derive(Parser)]
#[command(bin_name = "cargo xtask conformance")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
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
    match arguments.command {
        Command::Expressions(selection) => {
            let only = Only(selection.only);
            play(Collection::Expressions, selection.cases.as_deref(), |folder| {
                expressions::play(folder, &only)
            })
        }
    }
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
