//! The eight state types, each with the fields that it alone has.

use stepwell_value::{Payload, Value};

use crate::{
    Code, Fail, Flow, Kind, Number, Parallel, Pass, QueryLanguage, Resource, Task, Template,
    Timestamp, Wait, WaitUntil,
};

use super::fields::{Fields, Held};
use super::machine::{self, Names};
use super::template::{Stage, template};
use super::{Draft, assign, choice, express, flow, map, recovery, suspicion};

const NAMES: [&str; 8] = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

/// The longest time that the service lets a state run or wait, in seconds.
const SECONDS_MAX: u64 = 99_999_999;

/// What a state is made of besides its name.
pub(super) struct Read {
    pub kind: Kind,
    pub flow: Flow,
    pub assign: Option<Template>,
}

pub(super) fn read(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    let kind = fields.required(draft, "Type");
    match kind.and_then(Value::as_str) {
        Some("Task") => task(draft, names, fields),
        Some("Pass") => pass(draft, names, fields),
        Some("Choice") => choice::read(draft, names, fields),
        Some("Wait") => wait(draft, names, fields),
        Some("Succeed") => {
            let flow = flow::input_and_output(draft, fields);
            Some(Read { kind: Kind::Succeed, flow, assign: None })
        }
        Some("Fail") => Some(fail(draft, fields)),
        Some("Parallel") => parallel(draft, names, fields),
        Some("Map") => map::read(draft, names, fields),
        unknown => {
            if kind.is_some() {
                report_unknown_type(draft, fields, unknown.unwrap_or_default());
            }
            // Without a type there is no list of fields to hold the state against.
            fields.ignore_rest();
            None
        }
    }
}

fn report_unknown_type(draft: &mut Draft, fields: &Fields<'_>, name: &str) {
    let allowed = NAMES.join(", ");
    let message = format!("The field 'Type' should have one of these values: [{allowed}]");
    let hint = draft.did_you_mean(name, NAMES);
    draft.report(Code::SchemaValidationFailed, fields.at("Type"), message, hint);
}

fn task(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    let resource = task_resource(draft, fields);
    let timeout_seconds =
        fields.number(draft, ("TimeoutSeconds", "TimeoutSecondsPath"), 1..=SECONDS_MAX);
    let heartbeat_seconds =
        fields.number(draft, ("HeartbeatSeconds", "HeartbeatSecondsPath"), 1..=SECONDS_MAX);
    if let (Some(Number::Literal(timeout)), Some(Number::Literal(heartbeat))) =
        (&timeout_seconds, &heartbeat_seconds)
        && heartbeat >= timeout
    {
        let message = "HeartbeatSeconds must be smaller than TimeoutSeconds";
        draft.schema(fields.at("HeartbeatSeconds"), message);
    }
    let credentials = credentials(draft, fields);
    let flow = flow::whole(draft, fields);
    let assign = assign::read(draft, fields, Stage::After);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let resource = resource?;
    let task = Task { resource, credentials, timeout_seconds, heartbeat_seconds, recovery, next };
    Some(Read { kind: Kind::Task(task), flow, assign })
}

/// `Credentials`: what else stands in it besides `RoleArn`, the service does not look at.
fn credentials(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Template> {
    let credentials = fields.object(draft, "Credentials")?;
    let names: &[&str] = match draft.language {
        QueryLanguage::JsonPath => &["RoleArn", "RoleArn.$"],
        QueryLanguage::Jsonata => &["RoleArn"],
    };
    if !names.iter().any(|name| credentials.has(name)) {
        let message = "The field 'RoleArn' is required but was missing";
        draft.schema(credentials.location, message);
        return None;
    }
    template(draft, fields, "Credentials", Stage::Before)
}

fn task_resource(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Resource> {
    fields.required(draft, "Resource");
    let text = fields.text(draft, "Resource")?;
    let resource = Resource::parse_shared(&text);
    if resource.is_none() {
        let message = format!(
            "The resource provided {text} is not recognized. The value is not a valid resource \
             ARN, or the resource is not available in this region."
        );
        draft.schema_with_hint(
            fields.at("Resource"),
            message,
            "name a task of the registry (`NAME`, `NAME@VERSION` or `NAME:ALIAS`), a Lambda \
             function's ARN, an activity's ARN, or arn:aws:states:::SERVICE:ACTION",
        );
    }
    if let Some(resource) = &resource {
        express::check_resource(draft, fields, resource);
    }
    resource
}

fn pass(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    let result = match draft.language {
        QueryLanguage::JsonPath => fields.value("Result").cloned().map(Payload::from),
        QueryLanguage::Jsonata => None,
    };
    let flow = flow::without_selector(draft, fields);
    let assign = assign::read(draft, fields, Stage::Before);
    suspicion::pass_result(draft, fields);
    let next = names.transition(draft, fields)?;
    Some(Read { kind: Kind::Pass(Pass { result, next }), flow, assign })
}

fn wait(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    let ways: &[&str] = match draft.language {
        QueryLanguage::JsonPath => &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
        QueryLanguage::Jsonata => &["Seconds", "Timestamp"],
    };
    if ways.iter().filter(|name| fields.has(name)).count() != 1 {
        let message = format!("Exactly one of these fields is required: [{}]", ways.join(", "));
        draft.schema(fields.location.clone(), message);
    }
    let until = match draft.language {
        QueryLanguage::JsonPath => wait_until_path(draft, fields),
        QueryLanguage::Jsonata => wait_until_jsonata(draft, fields),
    };
    let flow = flow::input_and_output(draft, fields);
    let assign = assign::read(draft, fields, Stage::Before);
    let next = names.transition(draft, fields)?;
    Some(Read { kind: Kind::Wait(Wait { until: until?, next }), flow, assign })
}

fn wait_until_path(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<WaitUntil> {
    let seconds = fields.whole_number(draft, "Seconds", 0..=SECONDS_MAX).map(WaitUntil::Seconds);
    let seconds_path = fields.path(draft, "SecondsPath").map(WaitUntil::SecondsPath);
    let timestamp = timestamp(draft, fields).map(WaitUntil::Timestamp);
    let timestamp_path = fields.path(draft, "TimestampPath").map(WaitUntil::TimestampPath);
    seconds.or(seconds_path).or(timestamp).or(timestamp_path)
}

fn wait_until_jsonata(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<WaitUntil> {
    let seconds = match fields.expression(draft, "Seconds") {
        Held::Expression(expression) => Some(WaitUntil::SecondsJsonata(expression)),
        Held::Faulty => None,
        Held::Other => {
            fields.whole_number(draft, "Seconds", 0..=SECONDS_MAX).map(WaitUntil::Seconds)
        }
    };
    let timestamp = match fields.expression(draft, "Timestamp") {
        Held::Expression(expression) => Some(WaitUntil::TimestampJsonata(expression)),
        Held::Faulty => None,
        Held::Other => timestamp(draft, fields).map(WaitUntil::Timestamp),
    };
    seconds.or(timestamp)
}

fn timestamp(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Timestamp> {
    let text = fields.text(draft, "Timestamp")?;
    let timestamp = Timestamp::parse(&text);
    if timestamp.is_none() {
        report_timestamp(draft, fields.at("Timestamp"));
    }
    timestamp
}

pub(super) fn report_timestamp(draft: &mut Draft, location: impl Into<String>) {
    let message = "String does not match RFC3339 timestamp";
    draft.schema_with_hint(location, message, "write it like 2026-03-01T12:00:00Z");
}

fn fail(draft: &mut Draft, fields: &mut Fields<'_>) -> Read {
    let error = fields.text_or_path(draft, ("Error", "ErrorPath"));
    let cause = fields.text_or_path(draft, ("Cause", "CausePath"));
    let flow = match draft.language {
        QueryLanguage::JsonPath => Flow::Path(Box::default()),
        QueryLanguage::Jsonata => Flow::Jsonata(crate::JsonataFlow::default()),
    };
    Read { kind: Kind::Fail(Fail { error, cause }), flow, assign: None }
}

fn parallel(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<Read> {
    fields.required(draft, "Branches");
    let mut branches = Vec::new();
    for mut branch in fields.objects(draft, "Branches") {
        branch.ignore("Comment");
        branches.push(machine::read(draft, &mut branch));
        branch.finish(draft);
    }
    let flow = flow::whole(draft, fields);
    let assign = assign::read(draft, fields, Stage::After);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let branches = branches.into_iter().collect::<Option<_>>()?;
    Some(Read { kind: Kind::Parallel(Parallel { branches, recovery, next }), flow, assign })
}
