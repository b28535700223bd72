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
mod client;
mod commands;
mod complaint;
mod config;
mod duration;
mod exit;
mod inputs;
mod instant;
mod json_text;
mod printer;
mod table;
mod tree;
mod visible;

/// What every command gives. Whoever complains has run nothing.
type Ended = Result<Exit, Complaint>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new(arguments.verbosity());
    let ended = run(printer, &arguments);
    let exit = ended.unwrap_or_else(|complaint| {
        complaint.print(printer);
        Exit::BadInput
    });
    exit.into()
}

fn run(printer: Printer, arguments: &Arguments) -> Ended {
    let file = arguments.config.as_deref();
    match &arguments.command {
        Command::Run(options) => commands::run::run(printer, file, options),
        Command::Check(options) => commands::check::run(printer, options),
        Command::Test(options) => commands::test::run(printer, file, options),
        Command::New(options) => commands::new::run(printer, options),
        Command::Build(options) => commands::build::run(printer, file, options),
        Command::Serve(options) => commands::serve::run(printer, file, options),
        Command::Dev(options) => commands::dev::run(printer, file, options),
        Command::Deploy(options) => commands::deploy::run(printer, file, options),
        Command::Start(options) => commands::start::run(printer, file, options),
        Command::Exec(options) => commands::exec::run(printer, file, options),
        Command::Machine(options) => commands::machine::run(printer, file, options),
        Command::Task(options) => commands::task::run(printer, file, options),
        Command::Activity(options) => commands::activity::run(printer, file, options),
        Command::MapRun(options) => commands::map_run::run(printer, file, options),
        Command::Api(options) => commands::api::run(file, options),
        Command::Env(options) => commands::env::run(file, options),
        Command::Doctor(options) => commands::doctor::run(printer, file, options),
        Command::Config(options) => commands::config::run(file, options),
        Command::Backup(options) => commands::store::backup(printer, options),
        Command::Restore(options) => commands::store::restore(printer, options),
        Command::Verify(options) => commands::store::verify(printer, options),
        Command::Completions(options) => commands::pages::completions(options),
        Command::Man(options) => commands::pages::man(printer, options),
    }
}
