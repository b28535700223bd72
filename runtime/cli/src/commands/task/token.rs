//! `stepwell task success`, `failure` and `heartbeat`: what is said about the task of a token.

use std::path::Path;

use crate::arguments::Remote;
use crate::client::{Client, texts};
use crate::printer::Printer;
use crate::{Ended, Exit, inputs};

pub(super) fn success(
    printer: Printer,
    file: Option<&Path>,
    remote: &Remote,
    (token, output): (&str, &str),
) -> Ended {
    let output = inputs::read_document("the output", output)?;
    let request = [("taskToken", Some(token)), ("output", Some(output.text()))];
    send(printer, file, remote, ("SendTaskSuccess", &request))
}

pub(super) fn failure(
    printer: Printer,
    file: Option<&Path>,
    remote: &Remote,
    (token, error, cause): (&str, Option<&str>, Option<&str>),
) -> Ended {
    let request = [("taskToken", Some(token)), ("error", error), ("cause", cause)];
    send(printer, file, remote, ("SendTaskFailure", &request))
}

pub(super) fn heartbeat(
    printer: Printer,
    file: Option<&Path>,
    remote: &Remote,
    token: &str,
) -> Ended {
    send(printer, file, remote, ("SendTaskHeartbeat", &[("taskToken", Some(token))]))
}

fn send(
    printer: Printer,
    file: Option<&Path>,
    remote: &Remote,
    (operation, request): (&str, &[(&'static str, Option<&str>)]),
) -> Ended {
    let client = Client::new(&remote.config(file)?)?;
    client.call(operation, texts(request.iter().copied()))?;
    printer.detail("the server has taken the report");
    Ok(Exit::Success)
}
