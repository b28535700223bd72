//! `stepwell map-run`: the runs of Distributed Maps on a server.

use std::path::Path;

use stepwell::{Object, Value};

use super::answer;
use crate::arguments::{MapRun, MapRunCommand};
use crate::client::{Client, arn, text, texts};
use crate::printer::Printer;
use crate::{Ended, Exit, instant, table};

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &MapRun) -> Ended {
    match &options.command {
        MapRunCommand::List { execution, listed } => {
            let client = Client::new(&listed.asked.remote.config(file)?)?;
            let execution = client.execution(execution)?;
            let request = texts([("executionArn", Some(execution.as_str()))]);
            let runs = client.list("ListMapRuns", request, "mapRuns", listed.limit)?;
            let (output, empty) = (listed.asked.output, "no map runs");
            answer::print_list(printer, output, ("mapRuns", &runs), empty, |run| {
                let started = instant::shown(run.get("startDate"));
                [text(run, "mapRunArn").to_owned(), started, instant::shown(run.get("stopDate"))]
            })?;
        }
        MapRunCommand::Show { map_run, asked } => {
            let client = Client::new(&asked.remote.config(file)?)?;
            let request = texts([("mapRunArn", Some(map_run.as_str()))]);
            let described = client.call("DescribeMapRun", request)?;
            answer::print(asked.output, &described, shown)?;
        }
        MapRunCommand::Update {
            map_run,
            max_concurrency,
            tolerated_failures,
            tolerated_failure_percentage,
            remote,
        } => {
            let client = Client::new(&remote.config(file)?)?;
            let mut request = texts([("mapRunArn", Some(map_run.as_str()))]);
            let percentage = tolerated_failure_percentage.map(Value::float);
            for (name, value) in [
                ("maxConcurrency", max_concurrency.map(Value::from)),
                ("toleratedFailureCount", tolerated_failures.map(Value::from)),
                ("toleratedFailurePercentage", percentage),
            ] {
                if let Some(value) = value {
                    request.insert(name, value);
                }
            }
            client.call("UpdateMapRun", request)?;
            printer.say(format_args!("updated {}", arn::short(map_run)));
        }
    }
    Ok(Exit::Success)
}

fn shown(described: &Value) -> String {
    let mut rows = vec![
        ["map run".to_owned(), text(described, "mapRunArn").to_owned()],
        ["execution".to_owned(), arn::short(text(described, "executionArn")).to_owned()],
        ["status".to_owned(), text(described, "status").to_owned()],
        ["started".to_owned(), instant::shown(described.get("startDate"))],
        ["stopped".to_owned(), instant::shown(described.get("stopDate"))],
    ];
    for (title, member) in [("items", "itemCounts"), ("executions", "executionCounts")] {
        let counts = described.get(member).and_then(Value::as_object);
        let counts = counts.into_iter().flat_map(Object::iter);
        let counts = counts.filter(|(_, count)| count.as_int().is_some_and(|count| count > 0));
        let counts: Vec<_> = counts.map(|(name, count)| format!("{count} {name}")).collect();
        rows.push([title.to_owned(), counts.join(", ")]);
    }
    table::rows(&rows)
}
