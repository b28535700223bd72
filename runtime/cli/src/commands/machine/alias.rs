//! Aliases: names for versions, two of them by weight.

use stepwell::{Object, Value};

use super::named;
use crate::arguments::{Format, Listed};
use crate::client::{Client, arn, text, texts};
use crate::commands::answer;
use crate::complaint::Complaint;
use crate::instant;
use crate::printer::Printer;

pub(super) fn list(
    printer: Printer,
    client: &Client,
    machine: &str,
    Listed { limit, asked }: &Listed,
) -> Result<(), Complaint> {
    let (operation, member) = ("ListStateMachineAliases", "stateMachineAliases");
    let request = named(&client.site.machine(machine));
    let mut aliases = client.list(operation, request, member, *limit)?;
    if asked.output == Format::Text {
        // Where they lead, the list does not say.
        for alias in &mut aliases {
            let request =
                texts([("stateMachineAliasArn", Some(text(alias, "stateMachineAliasArn")))]);
            *alias = client.call("DescribeStateMachineAlias", request)?;
        }
    }
    answer::print_list(printer, asked.output, (member, &aliases), "no aliases", |alias| {
        [
            arn::short(text(alias, "stateMachineAliasArn")).to_owned(),
            shown_routes(alias),
            instant::shown(alias.get("updateDate")),
        ]
    })
}

fn shown_routes(alias: &Value) -> String {
    let routes = alias.get("routingConfiguration").and_then(Value::as_array).unwrap_or_default();
    let shown = routes.iter().map(|route| {
        let version = text(route, "stateMachineVersionArn");
        let version = version.rsplit(':').next().unwrap_or_default();
        format!("{version}={}", route.get("weight").unwrap_or(&Value::Null))
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// Routes the alias anew, or creates it.
pub(super) fn set(
    client: &Client,
    called: &str,
    routes: &[String],
    output: Format,
) -> Result<(), Complaint> {
    let arn = client.site.machine(called);
    let Some((machine, name)) = arn.rsplit_once(':').filter(|(machine, _)| {
        // A machine's own ARN has no seventh colon.
        machine.split(':').count() == 7
    }) else {
        return Err(Complaint::new(format_args!("{called:?} is not MACHINE:ALIAS")));
    };
    let routes: Vec<Value> = routes
        .iter()
        .map(|route| route_of(machine, route, routes.len()))
        .collect::<Result<_, _>>()?;
    let routing = |mut request: Object| {
        request.insert("routingConfiguration", routes.clone());
        request
    };
    let update = routing(texts([("stateMachineAliasArn", Some(arn.as_str()))]));
    let answer = match client.call("UpdateStateMachineAlias", update) {
        Err(error) if error.is_refused_as("ResourceNotFound") => {
            client.call("CreateStateMachineAlias", routing(texts([("name", Some(name))])))?
        }
        other => other?,
    };
    answer::print(output, &answer, |_| arn::short(&arn).to_owned())
}

/// `VERSION=WEIGHT`, or `VERSION` where it is the only one.
fn route_of(machine: &str, argument: &str, count: usize) -> Result<Value, Complaint> {
    let (version, weight) = match argument.split_once('=') {
        Some((version, weight)) => (version, weight.parse::<u32>().ok()),
        None => (argument, (count == 1).then_some(100)),
    };
    let weight = weight.filter(|weight| *weight <= 100).ok_or_else(|| {
        Complaint::new(format_args!("the route {argument:?} is not VERSION=WEIGHT"))
            .hint("weights are numbers from 0 to 100 that sum up to 100")
    })?;
    let mut route = Object::new();
    route.insert("stateMachineVersionArn", format!("{machine}:{version}"));
    route.insert("weight", weight);
    Ok(Value::from(route))
}
