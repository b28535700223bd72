//! The eight state types, each with the fields that it alone has.

use stepwell_value::{Payload, Value};

use crate::{
    Code, Fail, Flow, Kind, Map, Number, Parallel, Pass, Resource, Task, Timestamp, Wait, WaitUntil,
};

use super::fields::Fields;
use super::machine::{self, Names};
use super::{Draft, choice, flow, recovery};

const NAMES: [&str; 8] = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

/// The longest time that the service lets a state run or wait, in seconds.
const SECONDS_MAX: u64 = 99_999_999;

pub(super) fn read(
    draft: &mut Draft,
    names: &Names<'_>,
    fields: &mut Fields<'_>,
) -> Option<(Kind, Flow)> {
    let kind = fields.required(draft, "Type");
    match kind.and_then(Value::as_str) {
        Some("Task") => task(draft, names, fields),
        Some("Pass") => pass(draft, names, fields),
        Some("Choice") => choice::read(draft, names, fields),
        Some("Wait") => wait(draft, names, fields),
        Some("Succeed") => Some((Kind::Succeed, flow::input_and_output(draft, fields))),
        Some("Fail") => Some(fail(draft, fields)),
        Some("Parallel") => parallel(draft, names, fields),
        Some("Map") => map(draft, names, fields),
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

fn task(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<(Kind, Flow)> {
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
    let flow = flow::whole(draft, fields);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let resource = resource?;
    Some((Kind::Task(Task { resource, timeout_seconds, heartbeat_seconds, recovery, next }), flow))
}

fn task_resource(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Resource> {
    fields.required(draft, "Resource");
    let text = fields.text(draft, "Resource")?;
    let resource = Resource::parse(&text);
    if resource.is_none() {
        let message = format!(
            "The resource provided {text} is not recognized. The value is not a valid resource \
             ARN, or the resource is not available in this region."
        );
        draft.schema_with_hint(
            fields.at("Resource"),
            message,
            "name a task of the registry (`NAME`, `NAME@VERSION` or `NAME:ALIAS`), a Lambda \
             function's ARN, or arn:aws:states:::lambda:invoke[.waitForTaskToken]",
        );
    }
    resource
}

fn pass(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<(Kind, Flow)> {
    let result = fields.value("Result").cloned().map(Payload::from);
    let flow = flow::without_selector(draft, fields);
    let next = names.transition(draft, fields)?;
    Some((Kind::Pass(Pass { result, next }), flow))
}

fn wait(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<(Kind, Flow)> {
    let given = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]
        .iter()
        .filter(|name| fields.has(name))
        .count();
    if given != 1 {
        let message = "Exactly one of these fields is required: \
                       [Seconds, SecondsPath, Timestamp, TimestampPath]";
        draft.schema(fields.location.clone(), message);
    }
    let seconds = fields.whole_number(draft, "Seconds", 0..=SECONDS_MAX).map(WaitUntil::Seconds);
    let seconds_path = fields.path(draft, "SecondsPath").map(WaitUntil::SecondsPath);
    let timestamp = timestamp(draft, fields).map(WaitUntil::Timestamp);
    let timestamp_path = fields.path(draft, "TimestampPath").map(WaitUntil::TimestampPath);
    let flow = flow::input_and_output(draft, fields);
    let next = names.transition(draft, fields)?;
    let until = seconds.or(seconds_path).or(timestamp).or(timestamp_path)?;
    Some((Kind::Wait(Wait { until, next }), flow))
}

fn timestamp(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<Timestamp> {
    let text = fields.text(draft, "Timestamp")?;
    let timestamp = Timestamp::parse(&text);
    if timestamp.is_none() {
        report_timestamp(draft, fields.at("Timestamp"));
    }
    timestamp
}

pub(super) fn report_timestamp(draft: &mut Draft, location: String) {
    let message = "String does not match RFC3339 timestamp";
    draft.schema_with_hint(location, message, "write it like 2026-03-01T12:00:00Z");
}

fn fail(draft: &mut Draft, fields: &mut Fields<'_>) -> (Kind, Flow) {
    let error = fields.text_or_path(draft, ("Error", "ErrorPath"));
    let cause = fields.text_or_path(draft, ("Cause", "CausePath"));
    (Kind::Fail(Fail { error, cause }), Flow::Path(crate::PathFlow::default()))
}

fn parallel(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<(Kind, Flow)> {
    fields.required(draft, "Branches");
    let mut branches = Vec::new();
    for mut branch in fields.objects(draft, "Branches") {
        branch.ignore("Comment");
        branches.push(machine::read(draft, &mut branch));
        branch.finish(draft);
    }
    let flow = flow::whole(draft, fields);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let branches = branches.into_iter().collect::<Option<_>>()?;
    Some((Kind::Parallel(Parallel { branches, recovery, next }), flow))
}

fn map(draft: &mut Draft, names: &Names<'_>, fields: &mut Fields<'_>) -> Option<(Kind, Flow)> {
    let items = fields.path(draft, "ItemsPath");
    let max_concurrency =
        fields.number(draft, ("MaxConcurrency", "MaxConcurrencyPath"), 0..=SECONDS_MAX);
    let processor = processor(draft, fields);
    let item_selector = item_selector(draft, fields);
    let flow = flow::without_parameters(draft, fields);
    let recovery = recovery::read(draft, names, fields);
    let next = names.transition(draft, fields)?;
    let map = Map {
        items,
        item_selector,
        processor: processor?,
        max_concurrency: max_concurrency.unwrap_or(Number::Literal(0)),
        recovery,
        next,
    };
    Some((Kind::Map(map), flow))
}

/// `ItemSelector`, called `Parameters` in older definitions.
fn item_selector(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<crate::Template> {
    if fields.has("ItemSelector") && fields.has("Parameters") {
        let message = "Only one of these fields is allowed: [ItemSelector, Parameters]";
        draft.schema(fields.location.clone(), message);
    }
    let selector = flow::template(draft, fields, "ItemSelector");
    let parameters = flow::template(draft, fields, "Parameters");
    selector.or(parameters)
}

/// `ItemProcessor`, called `Iterator` in older definitions.
fn processor(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<crate::MachineIdx> {
    let processor = fields.object(draft, "ItemProcessor");
    let iterator = fields.object(draft, "Iterator");
    let mut inner = match (processor, iterator) {
        (Some(inner), None) | (None, Some(inner)) => inner,
        (Some(_), Some(_)) => {
            let message = "Only one of these fields is allowed: [ItemProcessor, Iterator]";
            draft.schema(fields.location.clone(), message);
            return None;
        }
        (None, None) => {
            if !fields.has("ItemProcessor") && !fields.has("Iterator") {
                fields.required(draft, "ItemProcessor");
            }
            return None;
        }
    };
    inner.ignore("Comment");
    processor_mode(draft, &mut inner);
    let machine = machine::read(draft, &mut inner);
    inner.finish(draft);
    machine
}

fn processor_mode(draft: &mut Draft, inner: &mut Fields<'_>) {
    let Some(mut config) = inner.object(draft, "ProcessorConfig") else { return };
    match config.value("Mode") {
        None => {}
        Some(Value::String(mode)) if &**mode == "INLINE" => {}
        Some(Value::String(mode)) if &**mode == "DISTRIBUTED" => {
            config.ignore("ExecutionType");
            let message = "The Map mode DISTRIBUTED is not available in this version";
            draft.schema_with_hint(config.at("Mode"), message, "leave the mode out, or use INLINE");
        }
        Some(_) => {
            let message = "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]";
            draft.schema(config.at("Mode"), message);
        }
    }
    config.finish(draft);
}
