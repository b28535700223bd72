//! Waiting for the end of an execution on a server, by asking again and again.
//!
//! Ctrl-C ends the command; the execution goes on.

use std::thread::sleep;
use std::time::Duration;

use stepwell::Value;

use super::show::moments;
use super::{events, exit, named, print_output};
use crate::Ended;
use crate::arguments::Format;
use crate::client::{CallError, Client, text};
use crate::complaint::Complaint;
use crate::printer::{self, Printer, Verbosity};
use crate::tree::{self, Extent, Look};
use crate::visible::Visible;

const PAUSE_MIN: Duration = Duration::from_millis(20);
/// A state that is entered is told within this time.
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// What is told before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    End,
    /// Each state as it is entered.
    States,
}

pub(crate) fn follow(
    printer: Printer,
    client: &Client,
    execution: &str,
    telling: Telling,
    output: Format,
) -> Ended {
    let mut told = 0;
    let mut pause = PAUSE_MIN;
    let described = loop {
        // Asked for first: whatever happened before the end is in the history by then.
        let described = client.call("DescribeExecution", named(execution))?;
        if telling == Telling::States {
            let news = news(client, execution, told)?;
            for event in &news {
                told = told.max(id(event));
                tell(printer, event);
            }
            pause = if news.is_empty() { pause } else { PAUSE_MIN };
        }
        if text(&described, "status") != "RUNNING" {
            break described;
        }
        sleep(pause);
        pause = (pause * 3 / 2).min(PAUSE_MAX);
    };
    report(printer, client, execution, &described)?;
    match output {
        Format::Json => printer::data(&described)?,
        Format::Text => print_output(&described)?,
    }
    Ok(exit(text(&described, "status")))
}

/// The events after the one that was told last, the oldest first.
fn news(client: &Client, execution: &str, told: i64) -> Result<Vec<Value>, CallError> {
    let mut news = Vec::new();
    let mut request = named(execution);
    request.insert("reverseOrder", true);
    request.insert("includeExecutionData", false);
    loop {
        let answer = client.call("GetExecutionHistory", request.clone())?;
        let page = answer.get("events").and_then(Value::as_array).unwrap_or_default();
        news.extend(page.iter().take_while(|event| id(event) > told).cloned());
        let is_all = page.last().is_none_or(|event| id(event) <= told);
        match answer.get("nextToken").and_then(Value::as_str).filter(|_| !is_all) {
            Some(token) => request.insert("nextToken", token),
            None => break,
        }
    }
    news.reverse();
    Ok(news)
}

fn id(event: &Value) -> i64 {
    event.get("id").and_then(Value::as_int).unwrap_or(0)
}

fn tell(printer: Printer, event: &Value) {
    let entered = event.get("stateEnteredEventDetails");
    if let Some(name) = entered.and_then(|details| details.get("name")).and_then(Value::as_str) {
        printer.say(format_args!("-> {}", Visible(name)));
    }
}

/// The tree, as `stepwell run` shows it.
fn report(
    printer: Printer,
    client: &Client,
    execution: &str,
    described: &Value,
) -> Result<(), Complaint> {
    let extent = match printer.verbosity {
        Verbosity::Quiet => {
            if text(described, "status") != "SUCCEEDED" {
                let (error, cause) = (text(described, "error"), text(described, "cause"));
                let error = format!("{}: {error}: {cause}", text(described, "status"));
                printer.error(Visible(error.trim_end_matches([':', ' '])));
            }
            return Ok(());
        }
        Verbosity::Normal => Extent::Folded,
        Verbosity::Verbose => Extent::Whole,
    };
    let moments = moments(&events(client, execution, false)?);
    let look = Look { style: printer.style, extent };
    printer.say(tree::render(&moments, look).trim_end());
    Ok(())
}
