//! Calls as fast as 64 connections make them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use stepwell_value::{Object, Value};

use crate::client::{self, Load, ask, load, request};
use crate::server::{Program, Running, bare};

const CONNECTIONS: usize = 64;
const TIME: Duration = Duration::from_secs(4);
/// Rounds alternate, so that both see the machine in the same state.
const ROUNDS: usize = 3;

pub(crate) const PASS: &str = r#"{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}}"#;
const ROLE: &str = "arn:aws:iam::000000000000:role/bench";

/// An Express machine of one task that is a component, started and awaited.
pub(crate) fn sync(program: &Program) -> Result<()> {
    let definition =
        r#"{"StartAt":"Echo","States":{"Echo":{"Type":"Task","Resource":"echo","End":true}}}"#;
    compare(program, "sync", "StartSyncExecution", definition, "EXPRESS")
}

/// A Standard machine of one Pass state: answered when the start is kept.
pub(crate) fn start(program: &Program) -> Result<()> {
    compare(program, "start", "StartExecution", PASS, "STANDARD")
}

fn compare(
    program: &Program,
    row: &str,
    operation: &str,
    definition: &str,
    kind: &str,
) -> Result<()> {
    let runtime = client::runtime()?;
    let server = program.start()?;
    let machine = runtime.block_on(machine(&server, definition, kind))?;
    let body = Object::from_iter([("stateMachineArn", machine.as_str()), ("input", "{\"n\":1}")]);
    let body = Value::from(body).to_string();
    let answer = runtime.block_on(ask(server.address, operation, &body))?.to_string();
    let bare = bare(&answer)?;
    let call = request(operation, &body);
    let run = |address: SocketAddr| runtime.block_on(load(address, CONNECTIONS, TIME, &call));
    println!("{operation}, {CONNECTIONS} connections ({row})");
    for _ in 0..ROUNDS {
        let (theirs, ours) = (run(bare.address)?, run(server.address)?);
        print("a bare handler", &theirs);
        print("stepwell serve", &ours);
        println!("  {:.2} times as long as the bare handler", theirs.rate / ours.rate);
    }
    println!("  memory of the server: {:.0} MB\n", server.resident_mb()?);
    Ok(())
}

/// A machine that there was not, by its ARN.
pub(crate) async fn machine(server: &Running, definition: &str, kind: &str) -> Result<String> {
    let new = Object::from_iter([
        ("name", "bench"),
        ("definition", definition),
        ("roleArn", ROLE),
        ("type", kind),
    ]);
    let made = ask(server.address, "CreateStateMachine", &Value::from(new).to_string()).await?;
    let arn = made.get("stateMachineArn").and_then(Value::as_str);
    Ok(arn.context("the machine has no ARN")?.to_owned())
}

fn print(name: &str, load: &Load) {
    let Load { rate, median, p99 } = load;
    let ms = |time: &Duration| time.as_secs_f64() * 1000.0;
    println!("  {name:16} {rate:8.0}/s   median {:6.2} ms   p99 {:6.2} ms", ms(median), ms(p99));
}
