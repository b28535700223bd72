//! The project's automation: `cargo xtask COMMAND`, one file per command.
//!
//! What CI runs is here and nowhere else, so that it runs the same on a laptop.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod conformance;
mod demo;
mod fuzz;
mod guest;
mod repository;
mod soak;
mod test;
mod tidy;
mod wasm_target;

/// A command's name, what it does, and the function that does it with its arguments.
type Command = (&'static str, &'static str, fn(&[String]) -> Result<()>);

const COMMANDS: &[Command] = &[
    ("demo", "build everything, run the example workflows, show what they did [--once]", demo::run),
    ("test", "run all that CI runs [--list] [--only STEP] [--verbose]", test::run),
    ("tidy", "check the rules of the project that no other tool knows", tidy::run),
    ("fuzz", "throw generated inputs at what reads strangers' texts [TARGET…] [--help]", fuzz::run),
    (
        "bench",
        "measure what a state costs, or expressions, beside others [expressions]",
        bench::run,
    ),
    ("soak", "kill the durable engine again and again, and check what is left [--help]", soak::run),
    ("conformance", "play what was recorded on the service [--help]", conformance::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref() {
            Some(conformance::HasFailed { code }) => ExitCode::from(*code),
            None => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        print_commands();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print_commands();
        return Ok(());
    }
    match COMMANDS.iter().find(|(known, _, _)| known == name) {
        Some((_, _, run)) => run(rest),
        None => bail!("there is no command `{name}`; `cargo xtask` lists those there are"),
    }
}

fn print_commands() {
    println!("cargo xtask COMMAND\n");
    for (name, about, _) in COMMANDS {
        println!("  {name:11} {about}");
    }
}
