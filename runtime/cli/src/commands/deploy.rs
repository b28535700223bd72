//! `stepwell deploy`: state machines as their files are, created or updated.

use std::path::Path;

use stepwell::{Object, Value};

use crate::arguments::{Deploy, Format, MachineType};
use crate::client::{CallError, Client, text, texts};
use crate::complaint::Complaint;
use crate::json_text::lines;
use crate::printer::{self, Printer};
use crate::{Ended, Exit, inputs};

/// Nothing takes it on; the service wants one.
const ROLE: &str = "arn:aws:iam::000000000000:role/stepwell";

/// A machine as it shall be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'w> {
    pub arn: &'w str,
    pub name: &'w str,
    pub definition: &'w str,
    pub machine_type: Option<MachineType>,
    pub role: Option<&'w str>,
    pub publish: bool,
    /// For one that is created.
    pub tags: &'w [Value],
}

/// What was done with it.
#[derive(Debug)]
pub(super) struct Deployed {
    pub done: &'static str,
    pub answer: Value,
}

/// Whoever answers: a server elsewhere, or the one in this process.
type Call<'c> = &'c dyn Fn(&str, Object) -> Result<Value, CallError>;

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
        let arn = client.site.machine(&name);
        let wanted = Wanted {
            arn: &arn,
            name: &name,
            definition: program.revision().text(),
            machine_type: options.machine_type,
            role: options.role.as_deref(),
            publish: options.publish,
            tags: &tags,
        };
        let deployed = deploy(&|operation, request| client.call(operation, request), wanted)?;
        match options.asked.output {
            Format::Text => printer::data(format_args!("{} {}", deployed.done, name))?,
            Format::Json => answers.push(deployed.answer),
        }
    }
    if options.asked.output == Format::Json {
        printer::data(lines(answers.iter().map(ToString::to_string)))?;
    }
    printer.detail(format_args!("deployed to {}", client.endpoint()));
    Ok(Exit::Success)
}

/// Creates the machine, or makes the one that is there what is wanted.
pub(super) fn deploy(call: Call<'_>, wanted: Wanted<'_>) -> Result<Deployed, Complaint> {
    let Wanted { arn, definition, role, publish, .. } = wanted;
    let present = match call("DescribeStateMachine", texts([("stateMachineArn", Some(arn))])) {
        Ok(present) => present,
        Err(error) if error.is_refused_as("StateMachineDoesNotExist") => {
            let answer = call("CreateStateMachine", creation(wanted))?;
            return Ok(Deployed { done: "created", answer });
        }
        Err(error) => return Err(error.into()),
    };
    check_type(wanted, &present)?;
    let is_same_role = role.is_none_or(|role| text(&present, "roleArn") == role);
    if text(&present, "definition") == definition && is_same_role && !publish {
        return Ok(Deployed { done: "unchanged", answer: present });
    }
    let mut request = texts([
        ("stateMachineArn", Some(arn)),
        ("definition", Some(definition)),
        ("roleArn", role),
    ]);
    request.insert("publish", publish);
    let answer = call("UpdateStateMachine", request)?;
    Ok(Deployed { done: "updated", answer })
}

fn creation(
    Wanted { name, definition, machine_type, role, publish, tags, .. }: Wanted<'_>,
) -> Object {
    let mut request = texts([
        ("name", Some(name)),
        ("definition", Some(definition)),
        ("roleArn", Some(role.unwrap_or(ROLE))),
        ("type", machine_type.map(MachineType::as_str)),
    ]);
    request.insert("publish", publish);
    if !tags.is_empty() {
        request.insert("tags", tags.to_vec());
    }
    request
}

fn check_type(
    Wanted { name, machine_type, .. }: Wanted<'_>,
    present: &Value,
) -> Result<(), Complaint> {
    let kind = text(present, "type");
    match machine_type {
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
