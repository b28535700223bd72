//! `cargo xtask bench api`: the server under load, each row beside a handler that reads and answers
//! the same bytes and does nothing, in the same run.
//!
//! The server is `stepwell serve` as it is built for release, a process of its own; the client is
//! this one, on the same cores.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::server::Program;

mod bare;
mod client;
mod idle;
mod load;
mod server;

/// A measurement: its name, and what it prints.
type Row = (&'static str, fn(&Program) -> Result<()>);

const ROWS: &[Row] =
    &[("sync", load::sync), ("start", load::start), ("polls", idle::polls), ("first", idle::first)];

/// `--stepwell PROGRAM --task COMPONENT [ROW]...`
fn main() -> Result<()> {
    let (mut stepwell, mut task, mut names) = (None, None, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--stepwell" => stepwell = arguments.next().map(PathBuf::from),
            "--task" => task = arguments.next().map(PathBuf::from),
            // This program once more, as what the server is compared with.
            "--bare" => return bare::serve(&arguments.next().unwrap_or_default()),
            row if ROWS.iter().any(|(name, _)| *name == row) => names.push(argument),
            other => {
                let known: Vec<_> = ROWS.iter().map(|(name, _)| *name).collect();
                bail!("there is no row `{other}`; there are {}", known.join(", "));
            }
        }
    }
    let program = Program {
        stepwell: stepwell.context("--stepwell names the program")?,
        task: task.context("--task names the component")?,
    };
    server::allow_many_files()?;
    for (name, measure) in ROWS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            measure(&program)?;
        }
    }
    Ok(())
}
