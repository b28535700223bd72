//! `stepwell machine`: state machines on a server, their versions and aliases.

use std::path::Path;

use stepwell::{Object, Value};

use super::answer;
use crate::arguments::{AliasCommand, Asked, MachineArgs, MachineCommand, Remote, ValidateArgs};
use crate::client::{Client, arn, text, texts};
use crate::complaint::Complaint;
use crate::printer::{self, Printer};
use crate::visible::Visible;
use crate::{Ended, Exit, inputs, instant, table};

mod alias;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &MachineArgs) -> Ended {
    let client = |asked: &Asked| Client::new(&asked.remote.config(file)?);
    match &options.command {
        MachineCommand::List { listed } => {
            let (operation, member) = ("ListStateMachines", "stateMachines");
            let client = client(&listed.asked)?;
            let machines = client.list(operation, Object::new(), member, listed.limit)?;
            let (output, empty) =
                (listed.asked.output, "no machines: `stepwell deploy FILE` makes one");
            answer::print_list(printer, output, (member, &machines), empty, |machine| {
                let created = instant::shown(machine.get("creationDate"));
                [text(machine, "name").to_owned(), text(machine, "type").to_owned(), created]
            })?;
        }
        MachineCommand::Show { machine, asked } => {
            let client = client(asked)?;
            let request = named(&client.site.machine(machine));
            let described = client.call("DescribeStateMachine", request)?;
            answer::print(asked.output, &described, shown)?;
        }
        MachineCommand::Versions { machine, listed } => {
            let (operation, member) = ("ListStateMachineVersions", "stateMachineVersions");
            let client = client(&listed.asked)?;
            let request = named(&client.site.machine(machine));
            let versions = client.list(operation, request, member, listed.limit)?;
            let (output, empty) = (listed.asked.output, "no versions");
            answer::print_list(printer, output, (member, &versions), empty, |version| {
                let arn = arn::short(text(version, "stateMachineVersionArn"));
                [arn.to_owned(), instant::shown(version.get("creationDate"))]
            })?;
        }
        MachineCommand::Publish { machine, description, asked } => {
            let client = client(asked)?;
            let arn = client.site.machine(machine);
            let description = description.as_deref();
            let request = texts([("stateMachineArn", Some(&*arn)), ("description", description)]);
            let published = client.call("PublishStateMachineVersion", request)?;
            answer::print(asked.output, &published, |published| {
                arn::short(text(published, "stateMachineVersionArn")).to_owned()
            })?;
        }
        MachineCommand::Aliases { machine, listed } => {
            alias::list(printer, &client(&listed.asked)?, machine, listed)?;
        }
        MachineCommand::Alias(AliasCommand::Set { alias, routes, asked }) => {
            alias::set(&client(asked)?, alias, routes, asked.output)?;
        }
        MachineCommand::Delete { machine, remote } => delete(printer, file, machine, remote)?,
        MachineCommand::Validate(options) => return validate(printer, file, options),
    }
    Ok(Exit::Success)
}

fn named(machine: &str) -> Object {
    texts([("stateMachineArn", Some(machine))])
}

fn shown(described: &Value) -> String {
    let arn = text(described, "stateMachineArn");
    let rows = [
        ("name", arn::short(arn).to_owned()),
        ("arn", arn.to_owned()),
        ("type", text(described, "type").to_owned()),
        ("status", text(described, "status").to_owned()),
        ("created", instant::shown(described.get("creationDate"))),
        ("revision", text(described, "revisionId").to_owned()),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let rows: Vec<_> = rows.map(|(name, value)| [name.to_owned(), value]).collect();
    let definition = text(described, "definition").trim_end();
    let definition: Vec<_> = definition.lines().map(|line| Visible(line).to_string()).collect();
    format!("{}\n\n{}", table::rows(&rows), definition.join("\n"))
}

/// A machine, or the version or alias that qualifies its name.
fn delete(
    printer: Printer,
    file: Option<&Path>,
    machine: &str,
    remote: &Remote,
) -> Result<(), Complaint> {
    let client = Client::new(&remote.config(file)?)?;
    let arn = client.site.machine(machine);
    let qualifier = arn::short(&arn).split_once(':').map(|(_, qualifier)| qualifier);
    let is_version = |qualifier: &str| qualifier.chars().all(|c| c.is_ascii_digit());
    let (operation, member) = match qualifier {
        None => ("DeleteStateMachine", "stateMachineArn"),
        Some(qualifier) if is_version(qualifier) => {
            ("DeleteStateMachineVersion", "stateMachineVersionArn")
        }
        Some(_) => ("DeleteStateMachineAlias", "stateMachineAliasArn"),
    };
    client.call(operation, texts([(member, Some(arn.as_str()))]))?;
    printer.say(format_args!("deleted {}", arn::short(&arn)));
    Ok(())
}

fn validate(printer: Printer, file: Option<&Path>, options: &ValidateArgs) -> Ended {
    let definition = inputs::read_text(&options.file)?;
    let client = Client::new(&options.asked.remote.config(file)?)?;
    let request = texts([
        ("definition", Some(definition.as_str())),
        ("type", Some(options.machine_type.as_str())),
    ]);
    let found = client.call("ValidateStateMachineDefinition", request)?;
    if options.asked.output == crate::arguments::Format::Json {
        printer::data(&found)?;
    } else {
        let diagnostics = found.get("diagnostics").and_then(Value::as_array).unwrap_or_default();
        for diagnostic in diagnostics {
            let part = |name| Visible(text(diagnostic, name)).to_string();
            let line = format!(
                "{}: {}: {}: {}",
                options.file.display(),
                part("code"),
                part("location"),
                part("message")
            );
            match text(diagnostic, "severity") {
                "WARNING" => printer.warning(line),
                _ => printer.error(line),
            }
        }
    }
    let is_good = text(&found, "result") == "OK";
    Ok(if is_good { Exit::Success } else { Exit::BadInput })
}
