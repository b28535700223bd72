//! Executions: started, looked at, stopped and redriven.

use std::sync::Arc;

use stepwell::{
    Ending, Event, Execution, ExecutionId, Fact, Failure, Identity, Outcome, RedriveError,
    Resolved, Starting, Status, Summary,
};
use stepwell_asl::{MachineType, Timestamp};
use stepwell_catalog::{Arn, IncludedData, Resource, arn::Misread};
use stepwell_value::{Payload, Str, Value};

use super::settings;
use crate::api::{Answer, Api, PAYLOAD_BYTES_MAX};
use crate::clock::now;
use crate::exception::Exception;
use crate::request::Request;
use crate::response::{count, date, members};

pub(super) use list::list;

mod list;

/// What is said of an execution that the caller may look at.
pub(super) struct Found {
    pub summary: Summary,
    pub events: Vec<Event>,
}

/// A request to start an execution, read.
struct Start {
    machine_arn: Str,
    name: Option<Str>,
    input: Str,
    included: IncludedData,
    trace_header: Option<Str>,
}

impl Start {
    fn read(request: &Request) -> Self {
        let asked = request.members();
        Self {
            machine_arn: asked.required_within("stateMachineArn", 1..=256),
            name: asked.text("name"),
            input: asked.text("input").unwrap_or_else(|| "{}".into()),
            included: settings::included_data(&asked),
            trace_header: request.trace_header(),
        }
    }

    async fn begin(&self, api: &Api, resolved: &Resolved) -> Result<Execution, Exception> {
        let (name, trace_header) = (self.name.clone(), self.trace_header.clone());
        let starting = Starting { name, input: self.payload()?, trace_header };
        Ok(api.stepwell().start_target(resolved, starting).await?)
    }

    fn payload(&self) -> Result<Payload, Exception> {
        let refused = |reason: &str| {
            let message = format!("Invalid State Machine Execution Input: '{reason}'");
            Exception::new("InvalidExecutionInput", message)
        };
        if self.input.len() > PAYLOAD_BYTES_MAX {
            return Err(refused(&format!("it is longer than {PAYLOAD_BYTES_MAX} bytes")));
        }
        Payload::parse(&*self.input).map_err(|_malformed| {
            refused(&stepwell_asl::malformed(&self.input).unwrap_or_default())
        })
    }
}

pub(super) async fn start(api: &Api, request: Request) -> Answer {
    let start = Start::read(&request);
    request.finish()?;
    drop(request);
    let resolved = api.library().resolve(&start.machine_arn)?;
    let execution = start.begin(api, &resolved).await?;
    let started_at = started_at(&execution)?;
    Ok(members([
        ("executionArn", Some(execution.arn.into())),
        ("startDate", Some(date(started_at))),
    ]))
}

fn started_at(execution: &Execution) -> Result<Timestamp, Exception> {
    Ok(execution.started_at()?.unwrap_or_else(now))
}

pub(super) async fn start_sync(api: &Api, request: Request) -> Answer {
    let start = Start::read(&request);
    request.finish()?;
    drop(request);
    let resolved = api.library().resolve(&start.machine_arn)?;
    if resolved.target.machine_type == MachineType::Standard {
        return Err(not_of_this_type());
    }
    let mut execution = start.begin(api, &resolved).await?;
    let started_at = started_at(&execution)?;
    let ending = execution.ended().await;
    let ending = ending.map_err(|lost| Exception::unavailable(lost.to_string()))?;
    let Ending { ended_at: stopped_at, outcome } = ending;
    let is_whole = start.included == IncludedData::All;
    let (status, output, failure) = parts(&outcome);
    let part = |part: fn(&Failure) -> &Option<Str>| failure.and_then(|f| part(f).clone());
    Ok(members([
        ("executionArn", Some(Str::clone(&execution.arn).into())),
        ("stateMachineArn", Some(resolved.target.machine_arn.into())),
        ("name", Some(Str::clone(&execution.name).into())),
        ("startDate", Some(date(started_at))),
        ("stopDate", Some(date(stopped_at))),
        ("status", Some(status.into())),
        ("error", part(|failure| &failure.error).map(Value::from)),
        ("cause", part(|failure| &failure.cause).map(Value::from)),
        ("input", is_whole.then(|| start.input.into())),
        ("inputDetails", Some(included(is_whole))),
        ("output", output.filter(|_| is_whole).map(|output| output.text().into())),
        // It is said of an output even where there is none.
        ("outputDetails", Some(included(is_whole))),
        ("traceHeader", start.trace_header.map(Value::from)),
        ("billingDetails", Some(billing(started_at, stopped_at))),
    ]))
}

/// The service bills a hundred milliseconds at a time, and 64 MB for an execution of little data.
fn billing(started_at: Timestamp, stopped_at: Timestamp) -> Value {
    const STEP_MS: u128 = 100;
    const MEMORY_MB: i64 = 64;
    let ms = stopped_at.saturating_since(started_at).as_millis();
    let billed = ms.div_ceil(STEP_MS).max(1) * STEP_MS;
    let billed = count(u64::try_from(billed).unwrap_or(u64::MAX));
    members([
        ("billedMemoryUsedInMB", Some(Value::Int(MEMORY_MB))),
        ("billedDurationInMilliseconds", Some(billed)),
    ])
    .into()
}

pub(super) fn not_of_this_type() -> Exception {
    let message = "This operation is not supported by this type of state machine";
    Exception::new("StateMachineTypeNotSupported", message)
}

fn parts(outcome: &Outcome) -> (&'static str, Option<&Payload>, Option<&Failure>) {
    match outcome {
        Outcome::Succeeded { output } => ("SUCCEEDED", Some(output), None),
        Outcome::Failed { failure } => ("FAILED", None, Some(failure)),
        Outcome::TimedOut { failure } => ("TIMED_OUT", None, Some(failure)),
        Outcome::Aborted { failure } => ("ABORTED", None, Some(failure)),
    }
}

fn included(is_whole: bool) -> Value {
    members([("included", Some(is_whole.into()))]).into()
}

/// How a status is spelled.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Running => "RUNNING",
        Status::Succeeded => "SUCCEEDED",
        Status::Failed => "FAILED",
        Status::TimedOut => "TIMED_OUT",
        Status::Aborted => "ABORTED",
    }
}

/// The execution of that ARN, which has to be one that the service shows.
pub(super) fn summary(api: &Api, arn: &str) -> Result<Summary, Exception> {
    let Arn { resource, .. } = Arn::parse(arn).map_err(Exception::invalid_arn)?;
    match &resource {
        Resource::Execution { .. } => {}
        // What a Distributed Map has started is looked at like any other execution.
        Resource::Express { machine, .. } if machine.label.is_some() => {}
        other => return Err(Exception::invalid_arn(Misread::Kind(other.kind()))),
    }
    api.newest(arn)?.ok_or_else(|| Exception::execution_does_not_exist(arn))
}

pub(super) fn find(api: &Api, arn: &str) -> Result<Found, Exception> {
    let summary = summary(api, arn)?;
    let events = api.stepwell().standard().events(summary.execution)?;
    Ok(Found { summary, events })
}

impl Found {
    /// Who it is and what it was started with.
    pub(super) fn beginning(&self) -> Result<(&Arc<Identity>, &Payload), Exception> {
        match self.events.first().map(|event| &event.fact) {
            Some(Fact::ExecutionStarted { identity, input, .. }) => Ok((identity, input)),
            _ => Err(Exception::execution_does_not_exist(&self.summary.opening.arn)),
        }
    }
}

pub(super) fn describe(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let is_whole = settings::included_data(&asked) == IncludedData::All;
    request.finish()?;
    let found = find(api, &arn)?;
    let (identity, input) = found.beginning()?;
    let summary = &found.summary;
    let ending = summary.ending.as_ref();
    let (_, output, failure) = ending.map_or(("", None, None), |ending| parts(&ending.outcome));
    // The history tells why an execution was timed out, and the description does not.
    let failure = failure.filter(|_| summary.status() != Status::TimedOut);
    let part = |part: fn(&Failure) -> &Option<Str>| failure.and_then(|f| part(f).clone());
    let mut shown = members([
        ("executionArn", Some(Str::clone(&identity.execution_arn).into())),
        ("stateMachineArn", Some(Str::clone(&identity.state_machine_arn).into())),
        ("name", Some(Str::clone(&identity.execution_name).into())),
        ("status", Some(status(summary.status()).into())),
        ("startDate", Some(date(summary.opening.started_at))),
        ("stopDate", ending.map(|ending| date(ending.ended_at))),
        ("input", is_whole.then(|| input.text().into())),
        ("inputDetails", Some(included(is_whole))),
        ("output", output.filter(|_| is_whole).map(|output| output.text().into())),
        ("outputDetails", output.map(|_| included(is_whole))),
        ("error", part(|failure| &failure.error).map(Value::from)),
        ("cause", part(|failure| &failure.cause).map(Value::from)),
        ("traceHeader", identity.trace_header.clone().map(Value::from)),
        ("mapRunArn", api.map_run_of(summary)?.map(Value::from)),
        ("stateMachineVersionArn", identity.version_arn.clone().map(Value::from)),
        ("stateMachineAliasArn", identity.alias_arn.clone().map(Value::from)),
    ]);
    shown.insert("redriveCount", summary.redrives.count);
    if let Some(at) = summary.redrives.last_at {
        shown.insert("redriveDate", date(at));
    }
    let (redrive_status, reason) = redrive_status(api, summary)?;
    shown.insert("redriveStatus", redrive_status);
    if let Some(reason) = reason {
        shown.insert("redriveStatusReason", reason);
    }
    Ok(shown)
}

fn redrive_status(
    api: &Api,
    summary: &Summary,
) -> Result<(&'static str, Option<String>), Exception> {
    let redrivability = api.stepwell().standard().redrivability(summary.execution);
    match redrivability {
        Ok(()) if summary.parent.is_some() => Ok(("REDRIVABLE_BY_MAP_RUN", None)),
        Ok(()) => Ok(("REDRIVABLE", None)),
        Err(error @ (RedriveError::Not(_) | RedriveError::TooLate)) => {
            Ok(("NOT_REDRIVABLE", Some(error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn describe_machine(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let is_whole = settings::included_data(&asked) == IncludedData::All;
    request.finish()?;
    let found = find(api, &arn)?;
    let (identity, _) = found.beginning()?;
    let definition = api.definition_of(&found.summary)?;
    let definition = definition.unwrap_or_else(|| "{}".into());
    let references = super::machines::references_of(&definition).filter(|_| is_whole);
    let shown = if is_whole { definition } else { "{}".into() };
    let label = match Arn::parse(&identity.state_machine_arn).map(|arn| arn.resource) {
        Ok(Resource::Machine { qualifier: stepwell_catalog::Qualifier::Label(label), .. }) => {
            Some(label)
        }
        _ => None,
    };
    let at = found.summary.opening.started_at;
    let revision = api.library().catalog().revision_at(
        &identity.state_machine_arn,
        identity.version_arn.as_deref(),
        at,
        found.summary.revision,
    );
    let updated_at = revision.as_ref().map_or(at, |revision| revision.updated_at);
    let revision_id = revision.as_ref().and_then(|revision| revision.revision_id.shown().cloned());
    let settings =
        revision.map(|revision| (revision.logging, revision.tracing, revision.encryption));
    let (logging, tracing, encryption) = settings.unwrap_or_default();
    Ok(members([
        ("stateMachineArn", Some(Str::clone(&identity.state_machine_arn).into())),
        ("name", Some(Str::clone(&identity.state_machine_name).into())),
        ("definition", Some(shown.into())),
        ("roleArn", Some(Str::clone(&identity.role_arn).into())),
        ("updateDate", Some(date(updated_at))),
        ("loggingConfiguration", Some(settings::shown_logging(logging))),
        ("tracingConfiguration", Some(settings::shown_tracing(tracing))),
        ("encryptionConfiguration", Some(settings::shown_encryption(&encryption))),
        ("mapRunArn", api.map_run_of(&found.summary)?.map(Value::from)),
        ("label", label.map(Value::from)),
        ("revisionId", revision_id.map(Value::from)),
        ("variableReferences", references),
    ]))
}

/// An execution that has ended stays as it is.
pub(super) async fn stop(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let error = asked.secret("error", 0..=256);
    let cause = asked.secret("cause", 0..=32_768);
    request.finish()?;
    drop(request);
    let execution = summary(api, &arn)?.execution;
    match api.stepwell().standard().stop(execution, Failure { error, cause }).await {
        Ok(()) | Err(stepwell::CommandError::Stale) => {}
        Err(stepwell::CommandError::Unknown) => {
            return Err(Exception::execution_does_not_exist(&arn));
        }
        Err(error @ stepwell::CommandError::Stopped) => {
            return Err(Exception::unavailable(error.to_string()));
        }
    }
    let ended_at = summary(api, &arn)?.ending.map_or_else(now, |ending| ending.ended_at);
    Ok(members([("stopDate", Some(date(ended_at)))]))
}

pub(super) async fn redrive(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let token = asked.text_within("clientToken", 1..=64);
    request.finish()?;
    drop(request);
    let execution = summary(api, &arn)?.execution;
    let asked_before =
        token.as_ref().and_then(|token| api.redrives().known(execution, token, now()));
    let redriven_at = match asked_before {
        Some(redriven_at) => redriven_at,
        None => redriven(api, execution, &arn).await?,
    };
    if let Some(token) = token {
        api.redrives().remember(execution, token, redriven_at);
    }
    Ok(members([("redriveDate", Some(date(redriven_at)))]))
}

async fn redriven(api: &Api, execution: ExecutionId, arn: &str) -> Result<Timestamp, Exception> {
    let redriven = api.stepwell().standard().redrive(execution).await;
    redriven.map_err(|error| match error {
        RedriveError::Unknown => Exception::execution_does_not_exist(arn),
        error => error.into(),
    })?;
    Ok(summary(api, arn)?.redrives.last_at.unwrap_or_else(now))
}
