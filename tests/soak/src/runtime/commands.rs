//! What the director asks for, one line each: a number, a word, and whom it is about.

use anyhow::Result;
use stepwell_engine::{CommandError, Engine, RedriveError, Start, StartError, TokenError};
use stepwell_journal::{Query, Status, Subject};
use stepwell_kernel::{Failure, NotRedrivable};
use stepwell_value::{Payload, Value};

use super::{find, now, say};
use crate::names;
use crate::workloads::{self, Workload};

/// How many open executions are named.
const NAMES_MAX: usize = 40;

pub(super) async fn obey(engine: Engine, line: String) {
    let mut parts = line.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let (number, word, whom) = (part(), part(), part());
    let answered = match word {
        "token" => Ok(token(&engine, whom).await.to_owned()),
        "stop" => stop(&engine, whom).await,
        "redrive" => redrive(&engine, whom).await,
        "again" => again(&engine, whom).await,
        "open" => open(&engine),
        _ => Ok("what".to_owned()),
    };
    let answer = answered.unwrap_or_else(|error| format!("error {error:#}"));
    say(&format!("answer {number} {answer}"));
}

async fn token(engine: &Engine, token: &str) -> &'static str {
    match engine.report_token(token, Ok(Payload::from(Value::from("yes")))).await {
        Ok(()) => "done",
        Err(TokenError::Ended) => "ended",
        Err(TokenError::Unknown) => "unknown",
        Err(TokenError::Stopped) => "stopped",
        Err(TokenError::Foreign) => "foreign",
        Err(TokenError::Malformed) => "malformed",
    }
}

async fn stop(engine: &Engine, name: &str) -> Result<String> {
    let Some(execution) = find(engine, name)? else { return Ok("unknown".to_owned()) };
    Ok(match engine.stop(execution, Failure::named("Enough")).await {
        Ok(()) => "done",
        Err(CommandError::Stale) => "ended",
        Err(CommandError::Unknown) => "unknown",
        Err(CommandError::Stopped) => "stopped",
    }
    .to_owned())
}

async fn redrive(engine: &Engine, name: &str) -> Result<String> {
    let Some(execution) = find(engine, name)? else { return Ok("unknown".to_owned()) };
    Ok(match engine.redrive(execution).await {
        Ok(()) => "later redriven".to_owned(),
        Err(RedriveError::Not(NotRedrivable::Succeeded)) => "ended".to_owned(),
        Err(RedriveError::Not(NotRedrivable::Running)) => "later running".to_owned(),
        Err(RedriveError::Stopped) => "stopped".to_owned(),
        Err(other) => format!("error {other}"),
    })
}

/// Asks for an execution of a name that is taken.
async fn again(engine: &Engine, name: &str) -> Result<String> {
    let Some(execution) = find(engine, name)? else { return Ok("unknown".to_owned()) };
    let Some(workload) = Workload::find(names::workload(name)) else {
        return Ok("what".to_owned());
    };
    let input = workloads::input(name, now());
    let start = Start { program: workload.program(), identity: names::identity(name), input };
    Ok(match engine.start_named(start).await {
        Err(StartError::AlreadyExists(known)) if known.execution == execution => "done".to_owned(),
        Ok(handle) if handle.execution == execution => "done".to_owned(),
        Err(StartError::Busy | StartError::Unavailable) => "later busy".to_owned(),
        Err(other) => format!("error {other}"),
        Ok(handle) => format!("error it was started again, as {}", handle.execution),
    })
}

/// How many executions are open, and the names of some; with those that wait to be redriven.
fn open(engine: &Engine) -> Result<String> {
    let machine = Subject::Machine(names::machine_arn("redriven").into());
    let failed = Query { status: Some(Status::Failed), ..Query::newest(machine, usize::MAX) };
    let mut found = engine.list(&failed)?;
    let mut count = 0;
    for open in engine.journal().open_executions() {
        count += 1;
        let query = Query::newest(Subject::One(open?.execution), 1);
        if count <= NAMES_MAX {
            found.extend(engine.list(&query)?);
        }
    }
    let names: Vec<&str> = found.iter().map(|known| &*known.opening.name).collect();
    Ok(format!("{count} {}", names.join(" ")))
}
