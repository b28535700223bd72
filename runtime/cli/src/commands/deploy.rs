//! `stepwell deploy`: state machines as their files are, created or updated.

use std::path::Path;

use stepwell::{Object, Value};

use crate::arguments::{Deploy, Format, MachineType};
use crate::client::{Client, text, texts};
use crate::complaint::Complaint;
use crate::json_text::lines;
use crate::printer::{self, Printer};
use crate::{Ended, Exit, inputs};

/// Nothing takes it on; the service wants one.
const ROLE: &str = "arn:aws:iam::000000000000:role/stepwell";

/// What was done with a machine.
struct Deployed {
    done: &'static str,
    name: String,
    answer: Value,
}

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Deploy) -> Ended {
    if options.name.is_some() && options.files.len() > 1 {
        return Err(Complaint::new("--name is for one file, and there are several")
            .hint("without it a machine is called as its file"));
    }
    let tags = options.tags.iter().map(|tag| tag_of(tag)).collect::<Result<Vec<_>, _>>()?;
    // Everything is read before anything is deployed.
    let mut complaint = Complaint::default();
    let mut programs = Vec::new();
    for file in &options.files {
        match inputs::read_program(file) {
            Ok(program) => programs.push((file, program)),
            Err(found) => complaint.append(found),
        }
    }
    complaint.into_result()?;
    let client = Client::new(&options.asked.remote.config(file)?)?;
    let mut answers = Vec::new();
    for (file, program) in &programs {
        let name = options.name.clone().unwrap_or_else(|| inputs::machine_name(file));
        let deployed = deploy(&client, options, &name, program.revision().text(), &tags)?;
        match options.asked.output {
            Format::Text => printer::data(format_args!("{} {}", deployed.done, deployed.name))?,
            Format::Json => answers.push(deployed.answer),
        }
    }
    if options.asked.output == Format::Json {
        printer::data(lines(answers.iter().map(ToString::to_string)))?;
    }
    printer.detail(format_args!("deployed to {}", client.endpoint()));
    Ok(Exit::Success)
}

fn deploy(
    client: &Client,
    options: &Deploy,
    name: &str,
    definition: &str,
    tags: &[Value],
) -> Result<Deployed, Complaint> {
    let arn = client.site.machine(name);
    let described = client.call("DescribeStateMachine", texts([("stateMachineArn", Some(&*arn))]));
    let present = match described {
        Ok(present) => Some(present),
        Err(error) if error.is_refused_as("StateMachineDoesNotExist") => None,
        Err(error) => return Err(error.into()),
    };
    let name = name.to_owned();
    let Some(present) = present else {
        let mut request = texts([
            ("name", Some(name.as_str())),
            ("definition", Some(definition)),
            ("roleArn", Some(options.role.as_deref().unwrap_or(ROLE))),
            ("type", options.machine_type.map(MachineType::as_str)),
        ]);
        request.insert("publish", options.publish);
        if !tags.is_empty() {
            request.insert("tags", tags.to_vec());
        }
        let answer = client.call("CreateStateMachine", request)?;
        return Ok(Deployed { done: "created", name, answer });
    };
    check_type(options, &name, &present)?;
    let is_same_role = options.role.as_deref().is_none_or(|role| text(&present, "roleArn") == role);
    if text(&present, "definition") == definition && is_same_role && !options.publish {
        return Ok(Deployed { done: "unchanged", name, answer: present });
    }
    let answer = client.call("UpdateStateMachine", update(options, &arn, definition))?;
    Ok(Deployed { done: "updated", name, answer })
}

fn update(options: &Deploy, arn: &str, definition: &str) -> Object {
    let mut request = texts([
        ("stateMachineArn", Some(arn)),
        ("definition", Some(definition)),
        ("roleArn", options.role.as_deref()),
    ]);
    request.insert("publish", options.publish);
    request
}

fn check_type(options: &Deploy, name: &str, present: &Value) -> Result<(), Complaint> {
    let kind = text(present, "type");
    match options.machine_type {
        Some(wanted) if wanted.as_str() != kind => {
            Err(Complaint::new(format_args!("machine `{name}` is {kind}, which stays as it is"))
                .hint(format_args!("`stepwell machine delete {name}` makes room for another one")))
        }
        _ => Ok(()),
    }
}

fn tag_of(argument: &str) -> Result<Value, Complaint> {
    let Some((key, value)) = argument.split_once('=') else {
        return Err(Complaint::new(format_args!("--tag {argument:?} is not KEY=VALUE")));
    };
    Ok(Value::from(texts([("key", Some(key)), ("value", Some(value))])))
}
