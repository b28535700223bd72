//! Holds a test against its state before it begins.

use stepwell_asl::{Completion, Kind, Map, MapMode, Parallel, Resource};
use stepwell_value::Payload;

use super::refusal::{Refusal, Setting};
use super::{Configuration, Mock, Test, context, shape};
use crate::StateType;

pub(super) fn request(test: &Test<'_>) -> Result<(), Refusal> {
    let kind = &test.definition.state(test.state).kind;
    match &test.mock {
        None => without_mock(test, kind),
        Some(mock) => with_mock(test, kind, mock),
    }
}

fn without_mock(test: &Test<'_>, kind: &Kind) -> Result<(), Refusal> {
    if let Some(setting) = needs_mock(test) {
        return Err(Refusal::SettingWithoutMock(setting));
    }
    match kind {
        Kind::Parallel(_) | Kind::Map(_) => Err(Refusal::ForkWithoutMock),
        Kind::Task(_) if test.identity.role_arn.is_empty() => Err(Refusal::RoleMissing),
        Kind::Task(task) if is_completed_elsewhere(&task.resource) => {
            Err(Refusal::PatternWithoutMock)
        }
        Kind::Task(_)
        | Kind::Pass(_)
        | Kind::Choice(_)
        | Kind::Wait(_)
        | Kind::Succeed
        | Kind::Fail(_) => Ok(()),
    }
}

fn needs_mock(test: &Test<'_>) -> Option<Setting> {
    let Configuration {
        retrier_retry_count,
        map_iteration_failure_count,
        error_caused_by_state,
        map_item_reader_data,
    } = &test.configuration;
    let given = [
        (test.context.is_some(), Setting::Context),
        (retrier_retry_count.is_some(), Setting::RetrierRetryCount),
        (map_iteration_failure_count.is_some(), Setting::MapIterationFailureCount),
        (error_caused_by_state.is_some(), Setting::ErrorCausedByState),
        (map_item_reader_data.is_some(), Setting::MapItemReaderData),
    ];
    given.into_iter().find(|(is_given, _)| *is_given).map(|(_, setting)| setting)
}

fn with_mock(test: &Test<'_>, kind: &Kind, mock: &Mock) -> Result<(), Refusal> {
    if test.reveals_secrets {
        return Err(Refusal::SecretsWithMock);
    }
    let has_token = match kind {
        Kind::Task(task) => is_completed_elsewhere(&task.resource),
        Kind::Parallel(_) | Kind::Map(_) => false,
        Kind::Pass(_) | Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_) => {
            return Err(Refusal::NothingToMock(StateType::of(kind)));
        }
    };
    if let Some(given) = &test.context {
        context::check(given.value(), has_token).map_err(Refusal::Context)?;
    }
    match (kind, mock) {
        (_, Mock::Error(_)) => Ok(()),
        (Kind::Task(task), Mock::Result { result, validation }) => {
            let fits = shape::check(&task.resource, result.value(), *validation);
            fits.map_err(Refusal::MockOfOtherShape)
        }
        (Kind::Parallel(parallel), Mock::Result { result, .. }) => of_parallel(parallel, result),
        (Kind::Map(map), Mock::Result { result, .. }) => of_map(map, result, &test.configuration),
        (Kind::Pass(_) | Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_), _) => {
            unreachable!("there is nothing to mock")
        }
    }
}

fn of_parallel(parallel: &Parallel, result: &Payload) -> Result<(), Refusal> {
    let results = result.value().as_array().ok_or(Refusal::MockNotArray)?;
    if results.len() == parallel.branches.len() { Ok(()) } else { Err(Refusal::MockOfOtherLength) }
}

fn of_map(map: &Map, result: &Payload, configuration: &Configuration) -> Result<(), Refusal> {
    if let MapMode::Distributed(mode) = &map.mode
        && mode.writer.as_ref().is_some_and(|writer| writer.arguments.is_some())
    {
        // What is written out is told by where it is.
        let is_object = result.value().as_object().is_some();
        return if is_object { Ok(()) } else { Err(Refusal::MockNotObject) };
    }
    let results = result.value().as_array().ok_or(Refusal::MockNotArray)?;
    let failed = configuration.map_iteration_failure_count.unwrap_or(0);
    if failed as usize > results.len() { Err(Refusal::TooManyFailures) } else { Ok(()) }
}

/// Whether the call's return is not the end of the task.
fn is_completed_elsewhere(resource: &Resource) -> bool {
    match (resource, resource.completion()) {
        (Resource::Activity(_), _) => true,
        (_, Completion::Response) => false,
        (_, Completion::Sync | Completion::Sync2 | Completion::TaskToken) => true,
    }
}
