//! The `stepwell` command.
//!
//! Standard output is data, standard error is talk. Every command is a file under `commands`; how
//! one ends is an [`Exit`], whose numbers `--help` and docs/guide/cli.md list.

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use complaint::Complaint;
use exit::Exit;
use printer::Printer;

mod arguments;
mod commands;
mod complaint;
mod duration;
mod exit;
mod inputs;
mod json_text;
mod printer;
mod tree;
mod visible;

/// What every command gives. Whoever complains has run nothing.
type Ended = Result<Exit, Complaint>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new(arguments.verbosity());
    let ended = match &arguments.command {
        Command::Run(options) => commands::run::run(printer, options),
        Command::Check(options) => commands::check::run(printer, options),
        Command::New(options) => commands::new::run(printer, options),
        Command::Build(options) => commands::build::run(printer, options),
        Command::Task(options) => commands::task::run(printer, options),
        Command::Backup(options) => commands::store::backup(printer, options),
        Command::Restore(options) => commands::store::restore(printer, options),
        Command::Verify(options) => commands::store::verify(printer, options),
    };
    let exit = ended.unwrap_or_else(|complaint| {
        complaint.print(printer);
        Exit::BadInput
    });
    exit.into()
}
