//! Single states, tested by `TestState`.

use std::path::Path;

use anyhow::Result;
use stepwell_value::{Object, Value};

use super::client::Client;
use super::server::{Running, Site};
use super::text::python_json;
use super::{Options, crowd};
use crate::answer::Answer;
use crate::states::{self, Case, Cases};
use crate::tasks::Behaviour;
use crate::{Report, field};

const ROLE: &str = "arn:aws:iam::000000000000:role/sfn-role";

pub(super) fn play(folder: &Path, site: &Site, options: &Options) -> Result<Report> {
    let Cases { cases, notes } = Cases::read(folder, &options.only)?;
    let played = crowd::at_once(options.at_once, &cases, |case| test(site, case))?;
    Ok(states::report(notes, cases.iter().zip(played)))
}

fn test(site: &Site, case: &Case) -> Result<Answer> {
    let request = request(&case.document)?;
    let functions = field::members(&case.document, "functions");
    let functions =
        functions.map(|(name, function)| Ok((name.to_string(), Behaviour::parse(function)?)));
    let server = Running::start(site, functions.collect::<Result<_>>()?)?;
    let reply = Client::new(server.address).call("TestState", &request);
    server.stop(site)?;
    Ok(reply?.answer)
}

fn request(document: &Value) -> Result<Value> {
    let given = field::member(document, "request")?.as_object().cloned();
    let mut request: Object = given.unwrap_or_default();
    let definition = field::member(document, "definition")?;
    let text = definition.as_str().map_or_else(|| python_json(definition), str::to_owned);
    request.insert("definition", text);
    if let Some(input) = document.get("input") {
        request.insert("input", python_json(input));
    }
    if field::member(document, "role_given")?.as_bool() == Some(true) {
        request.insert("roleArn", ROLE);
    }
    Ok(Value::from(request))
}
