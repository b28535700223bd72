//! Throws generated and damaged inputs at everything that reads what strangers wrote.
//!
//! Inputs are made from a seed and the number of the iteration, so a finding has one command that
//! runs it again. They run in a process of their own, which may panic, hang, overflow its stack or
//! ask for too much memory: each is a finding with its input. `cargo xtask fuzz` starts this
//! program; `docs/TESTING.md` tells how to use it.
#![deny(unsafe_code)]

use std::process::ExitCode;

use anyhow::Result;

use arguments::{Request, USAGE};
use chance::Chance;
use corpus::Corpus;
use target::TARGETS;
use worker::{What, Work};

mod arguments;
mod chance;
mod corpus;
mod damage;
mod documents;
mod memory;
mod supervisor;
mod target;
mod targets;
mod worker;

#[expect(clippy::print_stderr, reason = "a command line talks to people")]
fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a command line talks to people")]
fn run() -> Result<u8> {
    let findings = match arguments::parse(std::env::args().skip(1))? {
        Request::Help => {
            println!("{USAGE}");
            0
        }
        Request::List => {
            for target in TARGETS {
                println!("{:16} {}", target.name, target.about);
            }
            0
        }
        Request::Fuzz { targets, seed, until } => supervisor::fuzz(&targets, seed, until)?,
        Request::Replay { target, input } => supervisor::replay(target, &input)?,
        Request::Show { target, seed, iteration } => {
            let mut chance = Chance::new(seed, iteration);
            println!("{}", (target.generate)(&mut chance, &Corpus::read(target)?));
            0
        }
        Request::Work { target, running, files, from } => {
            let what = match from {
                None => What::Files(files),
                Some(arguments::From { seed, first, until }) => {
                    What::Generated { seed, first, until }
                }
            };
            return Ok(worker::work(Work { target, what, running })? as u8);
        }
    };
    Ok(u8::from(findings > 0))
}
