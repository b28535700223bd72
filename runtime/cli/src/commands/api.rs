//! `stepwell api`: any operation, as it is.

use std::path::Path;

use stepwell::{Object, Value};
use stepwell_api::Operation;

use crate::arguments::Api;
use crate::client::Client;
use crate::complaint::Complaint;
use crate::printer;
use crate::{Ended, Exit, inputs};

pub(crate) fn run(file: Option<&Path>, options: &Api) -> Ended {
    let operation = operation(&options.operation)?;
    let request = request(&options.request)?;
    let client = Client::new(&options.remote.config(file)?)?;
    let answer = client.call(operation.name(), request)?;
    printer::data(answer)?;
    Ok(Exit::Success)
}

/// By its name, or as the AWS command line spells it: `describe-execution`.
fn operation(called: &str) -> Result<Operation, Complaint> {
    let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
    let wanted = plain(called);
    let found = Operation::ALL.iter().copied().find(|known| plain(known.name()) == wanted);
    found.ok_or_else(|| {
        let names: Vec<&str> = Operation::ALL.iter().map(|operation| operation.name()).collect();
        Complaint::new(format_args!("there is no operation `{called}`"))
            .hint(format_args!("there are {}", names.join(", ")))
    })
}

fn request(argument: &str) -> Result<Object, Complaint> {
    let request = inputs::read_document("the request", argument)?;
    match request.value() {
        Value::Object(object) => Ok(object.clone()),
        other => Err(Complaint::new(format_args!(
            "the request is a JSON object, and this is a {}",
            other.kind()
        ))),
    }
}

#[cfg(test)]
mod tests;
