//! What a state costs, beside what it is built on, in one run.
//!
//! Every figure is the median of many rounds, and the rounds of all figures alternate, so that
//! whatever else the machine does strikes them alike. Read the ratios; the microseconds belong to
//! the machine. `cargo xtask bench` builds and runs this.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use stepwell::{Machine, Outcome, Payload, Program, Stepwell};
use stepwell_tests::guests;
use tempfile::TempDir;

use bare::Bare;

mod bare;

/// States in a row in one execution, so that its start and end weigh little.
const CHAIN: u32 = 200;
/// Rounds of every measurement.
const ROUNDS: usize = 60;

struct Bench {
    /// Gone when the benchmark is.
    _registry: TempDir,
    stepwell: Stepwell,
    bare: Bare,
    small: Payload,
    large: Payload,
}

/// One line of the report.
struct Measurement {
    name: &'static str,
    /// The time of one state or call, by round.
    rounds: Vec<Duration>,
}

#[tokio::main]
async fn main() -> Result<()> {
    // As a server's requests are: on the threads of the runtime, not on one beside them.
    tokio::spawn(measure()).await?
}

async fn measure() -> Result<()> {
    let bench = Bench::new()?;
    let mut measurements = [
        "bare call, {} through",
        "Task state, {} through",
        "bare call, 100 KB through",
        "Task state, 100 KB through",
        "Pass state",
        "Express execution of one Task",
    ]
    .map(|name| Measurement { name, rounds: Vec::new() });
    let echo = machine(r#""Type":"Task","Resource":"echo""#, CHAIN)?;
    let pass = machine(r#""Type":"Pass""#, CHAIN)?;
    let express = machine(r#""Type":"Task","Resource":"echo""#, 1)?.express();
    for round in 0..=ROUNDS {
        let times = [
            bench.bare_calls(&bench.small).await?,
            bench.execution(&echo, &bench.small).await?,
            bench.bare_calls(&bench.large).await?,
            bench.execution(&echo, &bench.large).await?,
            bench.execution(&pass, &bench.small).await?,
            bench.executions(&express, &bench.small).await?,
        ];
        // The first round warms caches and pools.
        if round > 0 {
            for (measurement, time) in measurements.iter_mut().zip(times) {
                measurement.rounds.push(time);
            }
        }
    }
    report(&mut measurements);
    Ok(())
}

impl Bench {
    fn new() -> Result<Self> {
        let component = std::fs::read(guests::echo())?;
        let registry = tempfile::tempdir()?;
        std::fs::write(registry.path().join("echo.wasm"), &component)?;
        let stepwell = Stepwell::builder().registry(registry.path()).build()?;
        let host = stepwell.host().context("a registry brings a host")?;
        let bare = Bare::new(host.engine(), &component).map_err(plain)?;
        let small = Payload::parse("{}")?;
        let large = Payload::parse(large_document())?;
        Ok(Self { _registry: registry, stepwell, bare, small, large })
    }

    async fn bare_calls(&self, input: &Payload) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..CHAIN {
            self.bare.call(input.text()).await.map_err(plain)?;
        }
        Ok(started.elapsed() / CHAIN)
    }

    async fn execution(&self, machine: &Machine, input: &Payload) -> Result<Duration> {
        let started = Instant::now();
        let mut execution = self.stepwell.start(machine, input.clone())?;
        let outcome = execution.outcome().await?;
        let elapsed = started.elapsed();
        match outcome {
            Outcome::Succeeded { output } if output.text() == input.text() => {
                anyhow::ensure!(
                    !output.is_parsed(),
                    "the runtime built a tree of what it passed on"
                );
            }
            other => anyhow::bail!("the execution ended with {other:?}"),
        }
        execution.forget().await;
        Ok(elapsed / CHAIN)
    }
}

impl Bench {
    /// The time of one of many executions, one after the other.
    async fn executions(&self, machine: &Machine, input: &Payload) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..CHAIN {
            let mut execution = self.stepwell.start(machine, input.clone())?;
            let outcome = execution.outcome().await?;
            anyhow::ensure!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
        }
        Ok(started.elapsed() / CHAIN)
    }
}

/// wasmtime has an error type of its own.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn plain(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

/// A hundred kilobytes of what orders look like.
fn large_document() -> String {
    let mut orders = Vec::new();
    while orders.iter().map(String::len).sum::<usize>() < 100_000 {
        let id = orders.len();
        orders.push(format!(
            r#"{{"id":{id},"customer":"customer {id}","total":{id}.25,"items":["pen","paper"]}}"#
        ));
    }
    format!("[{}]", orders.join(","))
}

/// The same state many times in a row.
fn machine(state: &str, length: u32) -> Result<Machine> {
    let states: Vec<String> = (1..=length)
        .map(|nth| match nth {
            last if last == length => format!(r#""S{nth}":{{{state},"End":true}}"#),
            nth => format!(r#""S{nth}":{{{state},"Next":"S{}"}}"#, nth + 1),
        })
        .collect();
    let text = format!(r#"{{"StartAt":"S1","States":{{{}}}}}"#, states.join(","));
    let program = Program::parse(text).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    Ok(Machine::new("chain", program)?)
}

fn report(measurements: &mut [Measurement]) {
    let medians: Vec<f64> = measurements
        .iter_mut()
        .map(|measurement| {
            measurement.rounds.sort();
            measurement.rounds[measurement.rounds.len() / 2].as_secs_f64() * 1e6
        })
        .collect();
    println!("{:<28} {:>10} {:>10} {:>10}", "", "median", "fastest", "slowest");
    for (measurement, median) in measurements.iter().zip(&medians) {
        let micros = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e6);
        println!(
            "{:<28} {median:>7.2} us {:>7.2} us {:>7.2} us",
            measurement.name,
            micros(measurement.rounds.first()),
            micros(measurement.rounds.last()),
        );
    }
    println!();
    println!("a Task state takes {:.2} times a bare call", medians[1] / medians[0]);
    println!("with 100 KB through it {:.2} times", medians[3] / medians[2]);
}
