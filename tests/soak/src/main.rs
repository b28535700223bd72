//! Kills the durable engine again and again, and checks what is left.
//!
//! One program in three roles. The *director* starts the *runtime*, which is this program again, and
//! kills it. The *witness* is a part of the director: tasks tell it what they do to the world, so it
//! knows that after every kill. At the end the director looks at every execution.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

use std::process::ExitCode;

use anyhow::Result;

mod check;
mod director;
mod errands;
mod names;
mod options;
mod process;
mod report;
mod runtime;
mod scenario;
mod witness;
mod workloads;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((role, rest)) if role == process::ROLE => runtime::run(rest).map(|()| true),
        _ => direct(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::from(2)
        }
    }
}

/// Plays the scenarios, and says whether nothing was wrong in any.
fn direct(arguments: &[String]) -> Result<bool> {
    let Some(options) = options::parse(arguments)? else {
        print!("{}", options::HELP);
        return Ok(true);
    };
    let mut is_right = true;
    for scenario in &options.scenarios {
        println!("{scenario} (seed {})", options.seed);
        let findings = scenario::play(*scenario, &options)?;
        print!("{findings}");
        is_right &= findings.wrong.is_empty();
    }
    Ok(is_right)
}
