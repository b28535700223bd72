//! Whether the tasks that a definition names are there, before anything runs.

use std::borrow::Cow;
use std::fmt;

use stepwell_asl::{Definition, Flow, Kind, Resource, State, Template};
use stepwell_host::TaskRef;

use crate::execution::Stepwell;

/// A task that a state names and that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskProblem {
    /// The state that names it.
    pub state: String,
    /// As the definition spells it.
    pub task: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for TaskProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state `{}`: task `{}`: {}", self.state, self.task, self.message)
    }
}

impl Stepwell {
    /// Finds, compiles and checks every task that a definition names. Names that are computed while
    /// an execution runs are found out then.
    pub async fn check_tasks(&self, definition: &Definition) -> Vec<TaskProblem> {
        let Some(host) = &self.host else { return Vec::new() };
        let mut problems = Vec::new();
        for (_, state) in definition.states() {
            let Some(name) = named_task(state) else { continue };
            let message = match TaskRef::parse(&name) {
                Err(error) => chain(&error),
                Ok(task) => match host.prepare(&task).await {
                    Err(error) => chain(&error),
                    Ok(_) => continue,
                },
            };
            let (state, task) = (state.name.to_string(), name.into_owned());
            problems.push(TaskProblem { state, task, message });
        }
        problems
    }
}

/// The task that a state names in its `Resource`, or in a `FunctionName` that is written down, or
/// that stands in for an action of a service.
fn named_task(state: &State) -> Option<Cow<'_, str>> {
    let Kind::Task(task) = &state.kind else { return None };
    match &task.resource {
        Resource::Function(name) => Some(Cow::Borrowed(name)),
        resource if resource.is_lambda_invoke() => invoked(state).map(Cow::Borrowed),
        // Workers and other machines are not in the registry.
        Resource::Activity(_) => None,
        Resource::Integration(action) if action.is("states", "startExecution") => None,
        Resource::Integration(action) => Some(Cow::Owned(action.stand_in().to_string())),
    }
}

/// `FunctionName`, where it is written down.
fn invoked(state: &State) -> Option<&str> {
    let parameters = match &state.flow {
        Flow::Path(flow) => &flow.parameters,
        Flow::Jsonata(flow) => &flow.arguments,
    };
    match parameters.as_ref()? {
        Template::Literal(value) => value.get("FunctionName")?.as_str(),
        Template::Object(members) => members.iter().find_map(|(name, part)| match part {
            Template::Literal(value) if &**name == "FunctionName" => value.as_str(),
            _ => None,
        }),
        Template::Path { .. }
        | Template::Intrinsic { .. }
        | Template::Jsonata { .. }
        | Template::Array(_) => None,
    }
}

/// An error with everything behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
