//! A server that does nothing: when it begins to answer, and what it holds meanwhile.

use std::time::Instant;

use anyhow::{Context as _, Result};
use stepwell_value::{Object, Value};

use crate::client::{self, Connection, ask, request};
use crate::load::{PASS, machine};
use crate::server::Program;

/// Workers for each activity: as many as the service lets wait.
const WORKERS: usize = 1_000;
const ACTIVITIES: usize = 10;
const STARTS: usize = 20;
/// What the small store holds.
const EXECUTIONS: usize = 100;

/// Ten thousand workers that wait for work.
pub(crate) fn polls(program: &Program) -> Result<()> {
    let server = program.start()?;
    let before = server.resident_mb()?;
    let mut waiting = Vec::new();
    client::runtime()?.block_on(async {
        for nth in 0..ACTIVITIES {
            let made = format!(r#"{{"name":"activity-{nth}"}}"#);
            let made = ask(server.address, "CreateActivity", &made).await?;
            let arn = made.get("activityArn").and_then(Value::as_str);
            let arn = arn.context("the activity has no ARN")?;
            let body = Value::from(Object::from_iter([("activityArn", arn)])).to_string();
            let call = request("GetActivityTask", &body);
            for _ in 0..WORKERS {
                let mut connection = Connection::open(server.address).await?;
                connection.send(&call).await?;
                waiting.push(connection);
            }
        }
        // Answered behind all the others, so they are in line by then.
        ask(server.address, "ListActivities", "{}").await
    })?;
    let after = server.resident_mb()?;
    println!("{} workers that wait (polls)", waiting.len());
    println!("  memory of the server: {before:.0} MB before, {after:.0} MB with them\n");
    Ok(())
}

/// From nothing to the first answer, of the whole process, on a store that was not closed.
pub(crate) fn first(program: &Program) -> Result<()> {
    let runtime = client::runtime()?;
    let mut took = Vec::new();
    let mut resident = 0.0;
    let mut server = program.start()?;
    let machine = runtime.block_on(machine(&server, PASS, "STANDARD"))?;
    let body = Value::from(Object::from_iter([("stateMachineArn", &*machine)])).to_string();
    for _ in 0..EXECUTIONS {
        runtime.block_on(ask(server.address, "StartExecution", &body))?;
    }
    for _ in 0..STARTS {
        let left = server.cut_off()?;
        let started = Instant::now();
        server = program.start_in(left)?;
        runtime.block_on(ask(server.address, "ListStateMachines", "{}"))?;
        took.push(started.elapsed());
        resident = server.resident_mb()?;
    }
    took.sort_unstable();
    let ms = |nth: usize| took[nth].as_secs_f64() * 1000.0;
    println!("start to first answer, the whole process, with {EXECUTIONS} executions kept (first)");
    println!("  fastest {:.1} ms, median {:.1} ms", ms(0), ms(STARTS / 2));
    println!("  memory of the idle server: {resident:.1} MB\n");
    Ok(())
}
