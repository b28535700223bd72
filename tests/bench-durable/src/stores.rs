//! What a store costs that holds many executions.

use std::time::Instant;

use anyhow::Result;
use stepwell_engine::Engine;
use stepwell_value::Payload;

use crate::fixture::{Fixture, chain, finish, program, start};
use crate::{memory, rate};

/// Many executions that wait for a year.
pub(crate) fn waiting(fixture: &Fixture) -> Result<()> {
    let year = program(
        r#"{"StartAt":"Year","States":{"Year":{"Type":"Wait","Seconds":31000000,"End":true}}}"#,
    )?;
    let (path, count) = (fixture.file(), fixture.scaled(100_000));
    let before = memory::resident_mb();
    let engine = fixture.engine(&path)?;
    for part in 1..=4 {
        let started = Instant::now();
        fixture.runtime.block_on(start_and_leave(&engine, &year, count / 4))?;
        println!(
            "waiting  {} executions: the last quarter at {:.0}/s, {} MB more than before",
            count / 4 * part,
            rate(count / 4, started.elapsed()),
            memory::resident_mb().saturating_sub(before),
        );
    }
    drop(engine);
    reopen(fixture, "waiting", &path)
}

async fn start_and_leave(
    engine: &Engine,
    program: &stepwell_engine::Program,
    count: u64,
) -> Result<()> {
    let input = Payload::parse("{}")?;
    let mut left = count;
    while left > 0 {
        let portion = left.min(1000);
        let handles = (0..portion).map(|_| start(engine, program, &input));
        for handle in handles.collect::<Result<Vec<_>>>()? {
            let mut handle = handle;
            handle.started().await?;
        }
        left -= portion;
    }
    Ok(())
}

/// One execution on a store with many that have ended.
pub(crate) fn closed(fixture: &Fixture) -> Result<()> {
    let pass = chain(r#""Type":"Pass""#, 1)?;
    let path = fixture.file();
    let engine = fixture.engine(&path)?;
    let input = Payload::parse("{}")?;
    let mut first = None;
    let mut closed = 0;
    for target in [0, fixture.scaled(100_000), fixture.scaled(300_000)] {
        fixture.runtime.block_on(async {
            while closed < target {
                let handles = (0..1000).map(|_| start(&engine, &pass, &input));
                for handle in handles.collect::<Result<Vec<_>>>()? {
                    finish(handle).await?;
                }
                closed += 1000;
            }
            anyhow::Ok(())
        })?;
        let mut times = Vec::new();
        for _ in 0..500 {
            let started = Instant::now();
            fixture.runtime.block_on(async { finish(start(&engine, &pass, &input)?).await })?;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        let median = times[times.len() / 2];
        let first = *first.get_or_insert(median);
        println!(
            "closed   {closed} executions have ended: one more takes {median:.0?}, {:.2} times as \
             long as at first",
            median.as_secs_f64() / first.as_secs_f64()
        );
    }
    drop(engine);
    reopen(fixture, "closed", &path)
}

/// How long the next engine takes until it can be asked.
fn reopen(fixture: &Fixture, name: &str, path: &std::path::Path) -> Result<()> {
    let before = memory::resident_mb();
    let engine = loop {
        let started = Instant::now();
        // The former engine gives the store free when its loops have ended.
        if let Ok(engine) = fixture.engine(path) {
            println!("{name:<8} opened again: {:.0?} until it is ready", started.elapsed());
            break engine;
        }
        std::thread::yield_now();
    };
    let pass = chain(r#""Type":"Pass""#, 1)?;
    let input = Payload::parse("{}")?;
    fixture.runtime.block_on(async { finish(start(&engine, &pass, &input)?).await })?;
    println!("{name:<8} {} MB more than before", memory::resident_mb().saturating_sub(before));
    Ok(())
}
