//! `stepwell start`: an execution on a server, waited for or not.

use std::path::Path;

use stepwell::Value;

use super::{answer, exec};
use crate::arguments::{Format, Start};
use crate::client::{Client, text, texts};
use crate::printer::{self, Printer};
use crate::visible::Visible;
use crate::{Ended, Exit, inputs};

/// What the ARN of an Express execution has.
const EXPRESS: &str = ":express:";

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Start) -> Ended {
    let input = inputs::read_input(&options.input)?;
    let client = Client::new(&options.asked.remote.config(file)?)?;
    let machine = client.site.machine(&options.machine);
    let request = texts([
        ("stateMachineArn", Some(machine.as_str())),
        ("input", Some(input.text())),
        ("name", options.name.as_deref()),
    ]);
    let output = options.asked.output;
    if options.patience.sync {
        let ended = client.call("StartSyncExecution", request)?;
        return report_sync(printer, output, &ended);
    }
    let started = client.call("StartExecution", request)?;
    let arn = text(&started, "executionArn");
    let is_waited_for = options.patience.follow || options.patience.wait;
    if is_waited_for && arn.contains(EXPRESS) {
        printer.warning("an Express execution cannot be waited for once it is started");
        printer.hint("--sync runs one in one call");
    } else if is_waited_for {
        printer.detail(format_args!("execution {arn}"));
        let pace = if options.patience.follow { exec::Telling::States } else { exec::Telling::End };
        return exec::follow(printer, &client, arn, pace, output);
    }
    answer::print(output, &started, |started| text(started, "executionArn").to_owned())?;
    Ok(Exit::Success)
}

fn report_sync(printer: Printer, output: Format, ended: &Value) -> Ended {
    let status = text(ended, "status");
    if output == Format::Json {
        printer::data(ended)?;
    } else if status == "SUCCEEDED" {
        printer::data(text(ended, "output"))?;
    }
    if status != "SUCCEEDED" {
        let parts = [status, text(ended, "error"), text(ended, "cause")];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let said: Vec<String> = parts.map(|part| Visible(part).to_string()).collect();
        printer.error(said.join(": "));
    }
    Ok(exec::exit(status))
}
