//! `stepwell exec`: executions on a server.

use std::path::Path;

use stepwell::{Object, Value};

use super::answer;
use crate::arguments::{Asked, Exec, ExecCommand, Listed};
use crate::client::{CallError, Client, arn, text, texts};
use crate::complaint::Complaint;
use crate::config::{Config, keys};
use crate::printer::Printer;
use crate::{Ended, Exit, instant, printer};

pub(super) use follow::{Telling, follow};
use logs::Patience;

mod follow;
mod logs;
mod show;

/// More machines than a server has.
const MACHINES_MAX: usize = 100_000;
/// More events than an execution has.
const EVENTS_MAX: usize = usize::MAX;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Exec) -> Ended {
    let client = |asked: &Asked| Client::new(&asked.remote.config(file)?);
    match &options.command {
        ExecCommand::List { machine, status, listed } => {
            let client = client(&listed.asked)?;
            list(printer, &client, machine.as_deref(), status.as_deref(), listed)
        }
        ExecCommand::Show { execution, asked } => {
            let client = client(asked)?;
            show::show(&client, &client.execution(execution)?, asked.output)
        }
        ExecCommand::History { execution, asked } => {
            let client = client(asked)?;
            show::history(printer, &client, &client.execution(execution)?, asked.output)
        }
        ExecCommand::Follow { execution, asked } => {
            let client = client(asked)?;
            let execution = client.execution(execution)?;
            follow(printer, &client, &execution, Telling::States, asked.output)
        }
        ExecCommand::Logs { execution, log_file, follow, asked } => {
            let flags = asked.remote.flags().text(&keys::LOG, log_file.as_ref());
            let config = Config::load(file, &flags)?;
            let patience = if *follow { Patience::UntilTheEnd } else { Patience::None };
            logs::logs(printer, &config, execution, (patience, asked.output))
        }
        ExecCommand::Stop { execution, error, cause, asked } => {
            let client = client(asked)?;
            let execution = client.execution(execution)?;
            let request = texts([
                ("executionArn", Some(execution.as_str())),
                ("error", error.as_deref()),
                ("cause", cause.as_deref()),
            ]);
            let stopped = client.call("StopExecution", request)?;
            let shown =
                |stopped: &Value| format!("stopped {}", instant::shown(stopped.get("stopDate")));
            answer::print(asked.output, &stopped, shown)?;
            Ok(Exit::Success)
        }
        ExecCommand::Redrive { execution, asked } => {
            let client = client(asked)?;
            let redriven = client.call("RedriveExecution", named(&client.execution(execution)?))?;
            let shown = |redriven: &Value| {
                format!("redriven {}", instant::shown(redriven.get("redriveDate")))
            };
            answer::print(asked.output, &redriven, shown)?;
            Ok(Exit::Success)
        }
    }
}

/// How a command ends that has waited for an execution.
pub(super) fn exit(status: &str) -> Exit {
    match status {
        "SUCCEEDED" => Exit::Success,
        "TIMED_OUT" => Exit::TimedOut,
        "ABORTED" => Exit::Stopped,
        _ => Exit::Failed,
    }
}

fn named(execution: &str) -> Object {
    texts([("executionArn", Some(execution))])
}

/// All events; inputs and outputs only where somebody looks at them.
fn events(client: &Client, execution: &str, has_data: bool) -> Result<Vec<Value>, CallError> {
    let mut request = named(execution);
    request.insert("includeExecutionData", has_data);
    client.list("GetExecutionHistory", request, "events", EVENTS_MAX)
}

fn list(
    printer: Printer,
    client: &Client,
    machine: Option<&str>,
    status: Option<&str>,
    Listed { limit, asked }: &Listed,
) -> Ended {
    let machines = match machine {
        Some(machine) => vec![client.site.machine(machine)],
        None => {
            let machines =
                client.list("ListStateMachines", Object::new(), "stateMachines", MACHINES_MAX)?;
            machines.iter().map(|machine| text(machine, "stateMachineArn").to_owned()).collect()
        }
    };
    let status = status.map(|status| status.replace('-', "_").to_ascii_uppercase());
    let mut found = Vec::new();
    for arn in &machines {
        let request =
            texts([("stateMachineArn", Some(arn.as_str())), ("statusFilter", status.as_deref())]);
        match client.list("ListExecutions", request, "executions", *limit) {
            Ok(executions) => found.extend(executions),
            // Asked about all machines, those whose executions cannot be listed have none to show.
            Err(error) if machine.is_none() && is_of_express(&error) => {}
            Err(error) => return Err(Complaint::from(error)),
        }
    }
    let started = |execution: &Value| execution.get("startDate").and_then(instant::of_json);
    found.sort_by_key(|execution| std::cmp::Reverse(started(execution)));
    found.truncate(*limit);
    answer::print_list(printer, asked.output, ("executions", &found), "no executions", row)?;
    Ok(Exit::Success)
}

fn is_of_express(error: &CallError) -> bool {
    error.is_refused_as("StateMachineTypeNotSupported")
}

fn row(execution: &Value) -> [String; 4] {
    [
        text(execution, "status").to_owned(),
        instant::shown(execution.get("startDate")),
        instant::shown(execution.get("stopDate")),
        arn::short(text(execution, "executionArn")).to_owned(),
    ]
}

/// What people read of an execution's documents.
fn print_output(described: &Value) -> Result<(), Complaint> {
    described.get("output").and_then(Value::as_str).map_or(Ok(()), printer::data)
}
