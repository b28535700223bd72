//! One execution: how it stands, and its events.

use stepwell::{Object, Value};

use super::{events, named};
use crate::arguments::Format;
use crate::client::{Client, arn, text};
use crate::commands::answer;
use crate::complaint::Complaint;
use crate::printer::{self, Printer, Style};
use crate::tree::{self, Extent, Look, Moment};
use crate::{Ended, Exit, instant, table};

pub(super) fn show(client: &Client, execution: &str, output: Format) -> Ended {
    let described = client.call("DescribeExecution", named(execution))?;
    if output == Format::Json {
        printer::data(&described)?;
        return Ok(Exit::Success);
    }
    let moments = moments(&events(client, execution, false)?);
    let look = Look { style: Style::of_data(), extent: Extent::Folded };
    printer::data(facts(&described))?;
    printer::data(format_args!("\n{}", tree::render(&moments, look).trim_end()))?;
    Ok(Exit::Success)
}

/// The events as the tree takes them.
pub(super) fn moments(events: &[Value]) -> Vec<Moment> {
    events.iter().map(Moment::of_json).collect()
}

fn facts(described: &Value) -> String {
    let machine = match text(described, "stateMachineAliasArn") {
        "" => match text(described, "stateMachineVersionArn") {
            "" => text(described, "stateMachineArn"),
            version => version,
        },
        alias => alias,
    };
    let date = |name: &str| described.get(name).map(|at| instant::shown(Some(at)));
    let given = |name: &str| described.get(name).and_then(Value::as_str).map(str::to_owned);
    let redrives = described.get("redriveCount").and_then(Value::as_int).filter(|count| *count > 0);
    let rows = [
        ("name", given("name")),
        ("machine", Some(arn::short(machine).to_owned())),
        ("status", given("status")),
        ("started", date("startDate")),
        ("stopped", date("stopDate")),
        ("redriven", redrives.map(|count| format!("{count} times"))),
        ("input", given("input")),
        ("output", given("output")),
        ("error", given("error")),
        ("cause", given("cause")),
    ];
    let rows: Vec<_> =
        rows.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?])).collect();
    table::rows(&rows)
}

pub(super) fn history(
    printer: Printer,
    client: &Client,
    execution: &str,
    output: Format,
) -> Result<Exit, Complaint> {
    let events = events(client, execution, output == Format::Json)?;
    answer::print_list(printer, output, ("events", &events), "no events", row)?;
    Ok(Exit::Success)
}

fn row(event: &Value) -> [String; 5] {
    let number = |name: &str| event.get(name).map(ToString::to_string).unwrap_or_default();
    let previous = match number("previousEventId") {
        none if none.is_empty() || none == "0" => String::new(),
        previous => format!("after {previous}"),
    };
    [
        number("id"),
        instant::shown(event.get("timestamp")),
        text(event, "type").to_owned(),
        note(event),
        previous,
    ]
}

/// The state, the resource or the error of an event, whichever it has.
fn note(event: &Value) -> String {
    let members = event.as_object().into_iter().flat_map(Object::iter);
    let details = members.filter(|(name, _)| name.ends_with("EventDetails"));
    let note = details.filter_map(|(_, details)| {
        let names = ["name", "state", "error", "resource"];
        names.iter().find_map(|name| details.get(name)?.as_str())
    });
    note.map(str::to_owned).next().unwrap_or_default()
}
