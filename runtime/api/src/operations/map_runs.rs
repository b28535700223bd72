//! The runs of Distributed Maps.

use stepwell::{Counts, Fact, MapRunFact, Query, Status, Subject, Summary, Tolerance};
use stepwell_catalog::{Arn, Pager, Resource, arn::Misread};
use stepwell_value::{Object, Str, Value};

use crate::api::{Answer, Api, PAGE_TOKEN_LENGTH_MAX};
use crate::clock::now;
use crate::exception::Exception;
use crate::request::Request;
use crate::response::{count, date, members, page};

/// The map run of that ARN.
pub(super) fn summary(api: &Api, arn: &str) -> Result<Summary, Exception> {
    let Arn { resource, .. } = Arn::parse(arn).map_err(Exception::invalid_arn)?;
    if !matches!(resource, Resource::MapRun { .. }) {
        return Err(Exception::invalid_arn(Misread::Kind(resource.kind())));
    }
    api.newest(arn)?.ok_or_else(|| Exception::resource_not_found(arn))
}

/// What a run's journal tells of it.
struct Run {
    execution_arn: Str,
    max_concurrency: u32,
    tolerance: Tolerance,
    items: Counts,
    executions: Counts,
    /// Of items and of executions: all that succeeded, once the run has, whether they were written
    /// to a bucket or became the state's result.
    results_written: (u64, u64),
    redrives: u32,
    redriven_at: Option<stepwell_asl::Timestamp>,
}

impl Run {
    fn of(api: &Api, summary: &Summary) -> Result<Self, Exception> {
        let damaged = || Exception::internal("the journal of the map run does not add up");
        let events = api.stepwell().standard().events(summary.execution)?;
        let Some(Fact::MapRun(MapRunFact::Started { identity, .. })) =
            events.first().map(|event| &event.fact)
        else {
            return Err(damaged());
        };
        // What a run counts is gone with its end, so it is asked right before.
        let until = events.len() - usize::from(summary.ending.is_some());
        let before = events.get(..until).unwrap_or_default();
        let replayed = stepwell::Replay::replay(before).map_err(|_corrupt| damaged())?;
        let run = replayed.map_run().ok_or_else(damaged)?;
        let (mut items, mut executions) = (run.item_counts(), run.execution_counts());
        let has_succeeded = summary.status() == Status::Succeeded;
        let results = |counts: &Counts| if has_succeeded { counts.succeeded } else { 0 };
        let results_written = (results(&items), results(&executions));
        if summary.ending.is_some() {
            for counts in [&mut items, &mut executions] {
                counts.aborted += std::mem::take(&mut counts.running);
            }
        }
        Ok(Self {
            execution_arn: Str::clone(&identity.execution_arn),
            max_concurrency: run.max_concurrency(),
            tolerance: run.tolerance(),
            items,
            executions,
            results_written,
            redrives: replayed.redrive_count(),
            redriven_at: replayed.redriven_at(),
        })
    }
}

pub(super) fn describe(api: &Api, request: &Request) -> Answer {
    let arn = request.members().required_within("mapRunArn", 1..=2000);
    request.finish()?;
    let summary = summary(api, &arn)?;
    let run = Run::of(api, &summary)?;
    let status = match summary.status() {
        Status::Running => "RUNNING",
        Status::Succeeded => "SUCCEEDED",
        Status::Failed | Status::TimedOut => "FAILED",
        Status::Aborted => "ABORTED",
    };
    let tolerance = run.tolerance;
    Ok(members([
        ("mapRunArn", Some(summary.opening.arn.into())),
        ("executionArn", Some(run.execution_arn.into())),
        ("status", Some(status.into())),
        ("startDate", Some(date(summary.opening.started_at))),
        ("stopDate", summary.ending.map(|ending| date(ending.ended_at))),
        ("maxConcurrency", Some(run.max_concurrency.into())),
        ("toleratedFailurePercentage", Some(Value::float(tolerance.percentage.unwrap_or(0.0)))),
        ("toleratedFailureCount", Some(tolerance.count.unwrap_or(0).into())),
        ("itemCounts", Some(counts(&run.items, run.results_written.0))),
        ("executionCounts", Some(counts(&run.executions, run.results_written.1))),
        ("redriveCount", Some(run.redrives.into())),
        ("redriveDate", run.redriven_at.map(date)),
    ]))
}

fn counts(counts: &Counts, results_written: u64) -> Value {
    members([
        ("pending", Some(count(counts.pending))),
        ("running", Some(count(counts.running))),
        ("succeeded", Some(count(counts.succeeded))),
        ("failed", Some(count(counts.failed))),
        ("timedOut", Some(count(counts.timed_out))),
        ("aborted", Some(count(counts.aborted))),
        ("total", Some(count(counts.total()))),
        ("resultsWritten", Some(count(results_written))),
        // Whatever has failed here can be redriven.
        ("failuresNotRedrivable", Some(count(0))),
        ("pendingRedrive", Some(count(counts.pending_redrive))),
    ])
    .into()
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let wanted = asked.page();
    request.finish()?;
    let execution = super::executions::summary(api, &arn)?;
    let subject = format!("map runs of {arn}");
    let catalog = api.library().catalog();
    let pager = Pager::new(&wanted, &subject, now(), catalog.limits(), PAGE_TOKEN_LENGTH_MAX)?;
    drop(catalog);
    let before = pager.after().and_then(|key| key.parse().ok()).map(stepwell::ExecutionId);
    let children = Subject::Children(execution.execution);
    let found = api.stepwell().list(&Query { before, ..Query::newest(children, usize::MAX) })?;
    // The other children are executions of other machines that were started and awaited.
    let runs = found.into_iter().filter(|child| child.opening.machine_arn.is_none());
    let runs = runs.map(|run| (Str::from(run.execution.0.to_string()), run));
    Ok(page("mapRuns", pager.page(runs), |run| item(&arn, run)))
}

fn item(execution_arn: &Str, run: Summary) -> Object {
    members([
        ("executionArn", Some(Str::clone(execution_arn).into())),
        ("mapRunArn", Some(Str::clone(&run.opening.arn).into())),
        ("stateMachineArn", Some(machine_arn(&run.opening.arn).into())),
        ("startDate", Some(date(run.opening.started_at))),
        ("stopDate", run.ending.map(|ending| date(ending.ended_at))),
    ])
}

/// The machine of the Map state: `stateMachine:NAME/LABEL`.
fn machine_arn(map_run_arn: &str) -> String {
    let without_id = map_run_arn.rsplit_once(':').map_or(map_run_arn, |(front, _)| front);
    without_id.replacen(":mapRun:", ":stateMachine:", 1)
}

pub(super) async fn update(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("mapRunArn", 1..=2000);
    let max_concurrency = asked.int_within("maxConcurrency", 0..=i64::from(u32::MAX));
    let failures = asked.int_within("toleratedFailureCount", 0..=i64::from(u32::MAX));
    let percentage = asked.number_within("toleratedFailurePercentage", 0.0..=100.0);
    request.finish()?;
    drop(request);
    if max_concurrency.is_none() && failures.is_none() && percentage.is_none() {
        let message = "Either maxConcurrency, toleratedFailureCount or \
                       toleratedFailurePercentage must be specified";
        return Err(Exception::validation(message).because("MISSING_REQUIRED_PARAMETER"));
    }
    let completed = || {
        let message = format!("Map Run '{arn}' has completed and cannot be updated");
        Exception::validation(message).because("CANNOT_UPDATE_COMPLETED_MAP_RUN")
    };
    let summary = summary(api, &arn)?;
    if summary.ending.is_some() {
        return Err(completed());
    }
    let run = Run::of(api, &summary)?;
    let whole = |number: i64| u32::try_from(number).ok();
    let max_concurrency = max_concurrency.and_then(whole).unwrap_or(run.max_concurrency);
    let tolerance = Tolerance {
        count: failures.and_then(whole).or(run.tolerance.count),
        percentage: percentage.or(run.tolerance.percentage),
    };
    let engine = api.stepwell().standard();
    match engine.update_map_run(summary.execution, max_concurrency, tolerance).await {
        Ok(()) => Ok(Object::new()),
        Err(stepwell::CommandError::Stale | stepwell::CommandError::Unknown) => Err(completed()),
        Err(error @ stepwell::CommandError::Stopped) => {
            Err(Exception::unavailable(error.to_string()))
        }
    }
}
