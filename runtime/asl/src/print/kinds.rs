//! What each type of state has besides the fields that all have.

use crate::{
    Definition, Fail, Flow, Kind, Parallel, Pass, Resource, State, Task, Timestamp, Wait, WaitUntil,
};

use super::flow::marked;
use super::{Fields, whole};

impl Definition {
    pub(super) fn print_kind(&self, fields: &mut Fields, state: &State) {
        match &state.kind {
            Kind::Task(task) => self.print_task(fields, &state.flow, task),
            Kind::Pass(pass) => print_pass(fields, &state.flow, pass),
            Kind::Choice(choice) => self.print_choice(fields, choice),
            Kind::Wait(wait) => print_wait(fields, wait),
            Kind::Succeed => {}
            Kind::Fail(fail) => print_fail(fields, fail),
            Kind::Parallel(parallel) => self.print_parallel(fields, &state.flow, parallel),
            Kind::Map(map) => self.print_map(fields, &state.flow, map),
        }
    }

    fn print_task(&self, fields: &mut Fields, flow: &Flow, task: &Task) {
        fields.set("Resource", written(&task.resource));
        set_arguments(fields, flow);
        fields.set_template("Credentials", task.credentials.as_ref());
        set_result_flow(fields, flow);
        self.print_recovery(fields, &task.recovery);
        fields.set_number("TimeoutSeconds", task.timeout_seconds.as_ref());
        fields.set_number("HeartbeatSeconds", task.heartbeat_seconds.as_ref());
    }

    fn print_parallel(&self, fields: &mut Fields, flow: &Flow, parallel: &Parallel) {
        let branches = parallel.branches.iter();
        let branches = branches.map(|branch| self.print_machine(Fields::default(), *branch));
        fields.set("Branches", branches.collect::<Vec<_>>());
        set_arguments(fields, flow);
        set_result_flow(fields, flow);
        self.print_recovery(fields, &parallel.recovery);
    }
}

/// The resource as it was written, in the partition `aws`.
fn written(resource: &Resource) -> String {
    match resource {
        Resource::Function(text) | Resource::Activity(text) => text.to_string(),
        Resource::Integration(integration) => format!("arn:aws:states:::{integration}"),
    }
}

/// What the state's work is given.
fn set_arguments(fields: &mut Fields, flow: &Flow) {
    match flow {
        Flow::Path(flow) => fields.set_template("Parameters", flow.parameters.as_ref()),
        Flow::Jsonata(flow) => fields.set_template("Arguments", flow.arguments.as_ref()),
    }
}

pub(super) fn set_result_flow(fields: &mut Fields, flow: &Flow) {
    match flow {
        Flow::Path(flow) => fields.set_result_flow(flow),
        Flow::Jsonata(_) => {}
    }
}

fn print_pass(fields: &mut Fields, flow: &Flow, pass: &Pass) {
    fields.set_some("Result", pass.result.as_ref().map(|result| result.value().clone()));
    set_result_flow(fields, flow);
    set_arguments(fields, flow);
}

fn print_wait(fields: &mut Fields, wait: &Wait) {
    match &wait.until {
        WaitUntil::Seconds(seconds) => fields.set("Seconds", whole(*seconds)),
        WaitUntil::SecondsPath(path) => fields.set("SecondsPath", path.to_string()),
        WaitUntil::SecondsJsonata(expression) => fields.set("Seconds", marked(expression)),
        WaitUntil::Timestamp(timestamp) => fields.set("Timestamp", exact(*timestamp)),
        WaitUntil::TimestampPath(path) => fields.set("TimestampPath", path.to_string()),
        WaitUntil::TimestampJsonata(expression) => fields.set("Timestamp", marked(expression)),
    }
}

fn print_fail(fields: &mut Fields, fail: &Fail) {
    fields.set_text("Cause", fail.cause.as_ref());
    fields.set_text("Error", fail.error.as_ref());
}

pub(super) fn exact(timestamp: Timestamp) -> String {
    timestamp.to_exact_text()
}
