//! How many, how fast.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use stepwell_engine::{Engine, Program};
use stepwell_value::{Payload, Value};

use crate::fixture::{Fixture, chain, finish, program, start};
use crate::{memory, plain, rate};

/// About what an execution of a chain writes at its start and at its end.
const COMMIT_BYTES: usize = 600;

const STATES: usize = 10;

/// What the workflows are given.
fn input() -> Result<Payload> {
    Ok(Payload::parse(r#"{"order":17,"customer":"c-4711","total":99.5}"#)?)
}

/// Runs so many executions, so many of them at once.
async fn run(engine: &Engine, program: &Program, count: u64, at_once: usize) -> Result<Duration> {
    let left = Arc::new(AtomicU64::new(count));
    let input = input()?;
    let started = Instant::now();
    let client = |_| {
        let (engine, program, input) = (engine.clone(), program.clone(), input.clone());
        let left = Arc::clone(&left);
        tokio::spawn(async move {
            let take = || {
                let one_less = |left: u64| left.checked_sub(1);
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
            };
            while take() {
                finish(start(&engine, &program, &input)?).await?;
            }
            anyhow::Ok(())
        })
    };
    let clients: Vec<_> = (0..at_once).map(client).collect();
    for client in clients {
        client.await??;
    }
    Ok(started.elapsed())
}

/// Chains of tasks that can touch nothing: a commit at the start and one at the end.
pub(crate) fn pure(fixture: &Fixture) -> Result<()> {
    let program = chain(r#""Type":"Task","Resource":"pure""#, STATES)?;
    side_by_side(fixture, "pure", &program, 1000, 2)
}

/// Chains of tasks with effects: a commit before each, and one at the end.
pub(crate) fn effects(fixture: &Fixture) -> Result<()> {
    let program = chain(r#""Type":"Task","Resource":"once""#, STATES)?;
    side_by_side(fixture, "effects", &program, 256, STATES as u64 + 1)
}

fn side_by_side(
    fixture: &Fixture,
    name: &str,
    program: &Program,
    at_once: usize,
    commits: u64,
) -> Result<()> {
    let count = 20_000 / commits * 2;
    for _ in 0..3 {
        let appends = count * commits;
        let bytes = COMMIT_BYTES * 2 / usize::try_from(commits)?.max(2) + 200;
        let file = fixture.file();
        let bound = fixture.runtime.block_on(plain::appends(&file, at_once, appends, bytes))?;
        let engine = fixture.engine(&fixture.file())?;
        let took = fixture.runtime.block_on(run(&engine, program, count, at_once))?;
        println!(
            "{name:<8} {at_once} at once: {:.0} workflows/s, {:.0} steps/s, {:.0} commits/s; plain \
             appends {:.0}/s: {:.2} times as long",
            rate(count, took),
            rate(count * STATES as u64, took),
            rate(appends, took),
            rate(appends, bound),
            took.as_secs_f64() / bound.as_secs_f64(),
        );
    }
    Ok(())
}

/// One workflow at a time whose every task has an effect: the time of a step beside one sync.
pub(crate) fn step(fixture: &Fixture) -> Result<()> {
    let program = chain(r#""Type":"Task","Resource":"once""#, STATES)?;
    one_by_one(fixture, "step", &program, STATES as u64 + 1, 1)
}

/// One Pass state, one execution at a time, beside two syncs.
pub(crate) fn pass(fixture: &Fixture) -> Result<()> {
    one_by_one(fixture, "pass", &chain(r#""Type":"Pass""#, 1)?, 1, 2)
}

fn one_by_one(
    fixture: &Fixture,
    name: &str,
    program: &Program,
    parts: u64,
    syncs: u32,
) -> Result<()> {
    for _ in 0..3 {
        let sync = plain::sync(&fixture.file(), 1000, COMMIT_BYTES)? * syncs;
        let engine = fixture.engine(&fixture.file())?;
        let count = 2000 / parts;
        let took = fixture.runtime.block_on(run(&engine, program, count, 1))?;
        let each = took / u32::try_from(count * parts)?;
        println!(
            "{name:<8} one at a time: {each:.0?}; {syncs} sync(s) of a plain file {sync:.0?}: {:.2} \
             times as long",
            each.as_secs_f64() / sync.as_secs_f64(),
        );
    }
    Ok(())
}

/// One task in memory, beside the same task called by nobody.
pub(crate) fn express(fixture: &Fixture) -> Result<()> {
    let program = chain(r#""Type":"Task","Resource":"pure""#, 1)?;
    let engine = fixture.in_memory()?;
    for _ in 0..3 {
        let alone = fixture.runtime.block_on(run(&engine, &program, 20_000, 1))? / 20_000;
        let many = fixture.runtime.block_on(run(&engine, &program, 100_000, 64))?;
        println!(
            "express  one at a time: {alone:.1?}; 64 at once: {:.0} executions/s",
            rate(100_000, many)
        );
    }
    Ok(())
}

/// A Distributed Map over many items.
pub(crate) fn map(fixture: &Fixture) -> Result<()> {
    let map = program(
        r#"{"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":1000,"End":true,
            "ResultSelector":{},"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Do",
            "States":{"Do":{"Type":"Task","Resource":"pure","ResultSelector":{},"End":true}}}}}}"#,
    )?;
    for count in [10_000, fixture.scaled(30_000)] {
        let items: Vec<Value> = (0..i64::try_from(count)?).map(Value::Int).collect();
        let input = Payload::from(Value::from(items));
        let engine = fixture.engine(&fixture.file())?;
        let before = memory::resident_mb();
        let started = Instant::now();
        fixture.runtime.block_on(async { finish(start(&engine, &map, &input)?).await })?;
        println!(
            "map      {count} items: {:.0} items/s, {} MB more than before",
            rate(count, started.elapsed()),
            memory::resident_mb().saturating_sub(before),
        );
    }
    Ok(())
}
