//! What each operation does: one module for each kind of resource.

use crate::api::{Answer, Api};
use crate::operation::Operation;
use crate::request::Request;

mod activities;
mod aliases;
mod callbacks;
mod executions;
mod history;
mod machines;
mod map_runs;
mod settings;
mod tags;
mod test_state;
mod validate;
mod versions;

/// Does what a request asks for.
pub(crate) async fn perform(api: &Api, operation: Operation, request: Request) -> Answer {
    match operation {
        Operation::CreateActivity => activities::create(api, request).await,
        Operation::CreateStateMachine => machines::create(api, request).await,
        Operation::CreateStateMachineAlias => aliases::create(api, request).await,
        Operation::DeleteActivity => activities::delete(api, request).await,
        Operation::DeleteStateMachine => machines::delete(api, request).await,
        Operation::DeleteStateMachineAlias => aliases::delete(api, request).await,
        Operation::DeleteStateMachineVersion => versions::delete(api, request).await,
        Operation::DescribeActivity => activities::describe(api, &request),
        Operation::DescribeExecution => executions::describe(api, &request),
        Operation::DescribeMapRun => map_runs::describe(api, &request),
        Operation::DescribeStateMachine => machines::describe(api, &request),
        Operation::DescribeStateMachineAlias => aliases::describe(api, &request),
        Operation::DescribeStateMachineForExecution => executions::describe_machine(api, &request),
        Operation::GetActivityTask => activities::take(api, request).await,
        Operation::GetExecutionHistory => history::history(api, &request),
        Operation::ListActivities => activities::list(api, &request),
        Operation::ListExecutions => executions::list(api, &request),
        Operation::ListMapRuns => map_runs::list(api, &request),
        Operation::ListStateMachineAliases => aliases::list(api, &request),
        Operation::ListStateMachineVersions => versions::list(api, &request),
        Operation::ListStateMachines => machines::list(api, &request),
        Operation::ListTagsForResource => tags::list(api, &request),
        Operation::PublishStateMachineVersion => versions::publish(api, request).await,
        Operation::RedriveExecution => executions::redrive(api, request).await,
        Operation::SendTaskFailure => callbacks::failure(api, request).await,
        Operation::SendTaskHeartbeat => callbacks::heartbeat(api, request).await,
        Operation::SendTaskSuccess => callbacks::success(api, request).await,
        Operation::StartExecution => executions::start(api, request).await,
        Operation::StartSyncExecution => executions::start_sync(api, request).await,
        Operation::StopExecution => executions::stop(api, request).await,
        Operation::TagResource => tags::tag(api, request).await,
        Operation::TestState => test_state::test(api, request).await,
        Operation::UntagResource => tags::untag(api, request).await,
        Operation::UpdateMapRun => map_runs::update(api, request).await,
        Operation::UpdateStateMachine => machines::update(api, request).await,
        Operation::UpdateStateMachineAlias => aliases::update(api, request).await,
        Operation::ValidateStateMachineDefinition => validate::validate(&request),
    }
}
