//! `cargo xtask bench durable`: what keeping executions costs, each beside what bounds it, in the
//! same run, with every commit synced.
//!
//! `cargo xtask bench durable [NAME...]`, with `--scale N` for N times as many executions where a
//! store is filled. Names are those of the rows.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::time::Duration;

use anyhow::{Result, bail};

use crate::fixture::Fixture;

mod fixture;
mod memory;
mod plain;
mod stores;
mod throughput;

/// A measurement: its name, and what it prints.
type Row = (&'static str, fn(&Fixture) -> Result<()>);

const ROWS: &[Row] = &[
    ("pure", throughput::pure),
    ("effects", throughput::effects),
    ("step", throughput::step),
    ("pass", throughput::pass),
    ("express", throughput::express),
    ("map", throughput::map),
    ("waiting", stores::waiting),
    ("closed", stores::closed),
];

fn main() -> Result<()> {
    let mut names = Vec::new();
    let mut scale = 1.0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--scale" {
            scale = arguments.next().unwrap_or_default().parse()?;
        } else if ROWS.iter().any(|(name, _)| *name == argument) {
            names.push(argument);
        } else {
            let known: Vec<_> = ROWS.iter().map(|(name, _)| *name).collect();
            bail!("there is no row `{argument}`; there are {}", known.join(", "));
        }
    }
    let fixture = Fixture::new(scale)?;
    for (name, measure) in ROWS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            measure(&fixture)?;
        }
    }
    Ok(())
}

/// So many a second.
fn rate(count: u64, elapsed: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of things that were done here")]
    let count = count as f64;
    count / elapsed.as_secs_f64()
}
