//! The workflows that are simulated: one of every kind.
//!
//! A task is called after what it can do to the world and what becomes of it: `once-count` gives a
//! number that follows from its input, `none-flaky` fails twice before it does, `rep-hang` never
//! answers. So the end of a workflow does not depend on what goes wrong on the way.

use anyhow::{Result, anyhow};
use stepwell_engine::{Effect, Program};

/// A definition, and what may be said of its end.
#[derive(Clone, Copy, Debug)]
pub struct Workflow {
    pub name: &'static str,
    pub definition: &'static str,
    /// Whether the end is the same whatever happens, short of a stop and an interrupted task.
    pub is_certain: bool,
}

impl Workflow {
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|workflow| workflow.name == name)
    }

    pub(crate) fn program(&self) -> Result<Program> {
        let parsed = Program::parse(self.definition);
        parsed.map_err(|diagnostics| anyhow!("the workflow {}: {diagnostics:?}", self.name))
    }
}

/// What a task can do, by its name.
pub(crate) fn effect(function: &str) -> Effect {
    let name = function.rsplit(':').next().unwrap_or(function);
    match name.split('-').next() {
        Some("none") => Effect::None,
        Some("rep") => Effect::Repeatable,
        _ => Effect::Once,
    }
}

const fn certain(name: &'static str, definition: &'static str) -> Workflow {
    Workflow { name, definition, is_certain: true }
}

const fn uncertain(name: &'static str, definition: &'static str) -> Workflow {
    Workflow { name, definition, is_certain: false }
}

pub const ALL: &[Workflow] = &[
    certain(
        "chain",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"none-count","Next":"B"},
        "B":{"Type":"Task","Resource":"rep-count","Next":"C"},
        "C":{"Type":"Task","Resource":"none-count","Next":"D"},
        "D":{"Type":"Task","Resource":"none-count","Next":"E"},
        "E":{"Type":"Task","Resource":"rep-count","End":true}}}"#,
    ),
    certain(
        "pure",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"none-count","Next":"B"},
        "B":{"Type":"Task","Resource":"none-count","Next":"C"},
        "C":{"Type":"Pass","Next":"D"},
        "D":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "once",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"once-count","Next":"B"},
        "B":{"Type":"Task","Resource":"none-count","Next":"C"},
        "C":{"Type":"Task","Resource":"once-count","End":true}}}"#,
    ),
    certain(
        "once-retried",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"once-count","Next":"B",
            "Retry":[{"ErrorEquals":["Task.Interrupted"],"IntervalSeconds":1,"MaxAttempts":99,
                "BackoffRate":1.0}]},
        "B":{"Type":"Task","Resource":"once-count","End":true,
            "Catch":[{"ErrorEquals":["Task.Interrupted"],"Next":"C"}]},
        "C":{"Type":"Pass","Result":{"n":7},"End":true}}}"#,
    ),
    certain(
        "flaky",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"none-flaky","Next":"B",
            "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2}]},
        "B":{"Type":"Task","Resource":"rep-flaky","End":true,
            "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":5}]}}}"#,
    ),
    certain(
        "waits",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Wait","Seconds":20,"Next":"B"},
        "B":{"Type":"Task","Resource":"none-count","Next":"C"},
        "C":{"Type":"Wait","Seconds":3,"Next":"D"},
        "D":{"Type":"Task","Resource":"rep-count","End":true}}}"#,
    ),
    certain(
        "parallel",
        r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"none-count","Next":"B"},
            "B":{"Type":"Task","Resource":"rep-count","End":true}}},
        {"StartAt":"C","States":{"C":{"Type":"Wait","Seconds":2,"Next":"D"},
            "D":{"Type":"Task","Resource":"none-count","End":true}}},
        {"StartAt":"E","States":{"E":{"Type":"Task","Resource":"rep-flaky","End":true,
            "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1}]}}}]}}}"#,
    ),
    certain(
        "map",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"End":true,
        "ItemsPath":"$.items","ItemProcessor":{"StartAt":"A","States":{
            "A":{"Type":"Task","Resource":"none-count","Next":"B"},
            "B":{"Type":"Task","Resource":"rep-count","End":true}}}}}}"#,
    ),
    certain(
        "hang",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"rep-hang","TimeoutSeconds":9,"Next":"B",
            "Catch":[{"ErrorEquals":["States.Timeout"],"ResultPath":null,"Next":"B"}]},
        "B":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "fails",
        r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"rep-hang","End":true}}},
        {"StartAt":"C","States":{"C":{"Type":"Wait","Seconds":2,"Next":"D"},
            "D":{"Type":"Fail","Error":"Enough"}}}]}}}"#,
    ),
    certain(
        "spins",
        r#"{"StartAt":"Z","States":{
        "Z":{"Type":"Pass","Result":[1,2,3,4,5,6,7,8],"Next":"M"},
        "M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{
            "A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"C"},
            "C":{"Type":"Task","Resource":"none-count","End":true}}}}}}"#,
    ),
    certain(
        "callback",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Next":"B",
            "Parameters":{"FunctionName":"rep-ask",
                "Payload":{"token.$":"$$.Task.Token","n.$":"$.n"}}},
        "B":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    uncertain(
        "callback-beats",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Next":"B",
            "HeartbeatSeconds":15,"TimeoutSeconds":90,
            "Retry":[{"ErrorEquals":["States.Timeout","States.HeartbeatTimeout"],"MaxAttempts":2}],
            "Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],
            "Parameters":{"FunctionName":"once-ask",
                "Payload":{"token.$":"$$.Task.Token","n.$":"$.n"}}},
        "B":{"Type":"Task","Resource":"rep-count","End":true}}}"#,
    ),
    certain(
        "activity",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work",
            "HeartbeatSeconds":40,"Next":"B","Retry":[{"ErrorEquals":["States.ALL"],
                "IntervalSeconds":1,"MaxAttempts":99,"BackoffRate":1.0}]},
        "B":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "starts",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","ResultPath":null,
            "Parameters":{"StateMachineArn":
                "arn:aws:states:us-east-1:123456789012:stateMachine:chain","Input":{"n":3}},
            "Next":"B"},
        "B":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "awaits",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
            "Parameters":{"StateMachineArn":
                "arn:aws:states:us-east-1:123456789012:stateMachine:waits","Input":{"n.$":"$.n"}},
            "ResultSelector":{"n.$":"$.Output.n"},"Next":"B"},
        "B":{"Type":"Task","Resource":"rep-count","End":true}}}"#,
    ),
    uncertain(
        "joins",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
            "Parameters":{"StateMachineArn":
                "arn:aws:states:us-east-1:123456789012:stateMachine:waits",
                "Name":"shared","Input":{"n":5}},
            "Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"},
        "B":{"Type":"Pass","Result":{"n":1},"End":true}}}"#,
    ),
    certain(
        "asks-child",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.waitForTaskToken",
            "Parameters":{"StateMachineArn":
                "arn:aws:states:us-east-1:123456789012:stateMachine:answers",
                "Input":{"token.$":"$$.Task.Token","n.$":"$.n"}},"Next":"B"},
        "B":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "answers",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"rep-answer","End":true}}}"#,
    ),
    uncertain(
        "gives-up",
        r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"E","Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","End":true,
            "Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":
            {"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:endless"}}}},
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"rep-count","Next":"D"},
            "D":{"Type":"Fail","Error":"Enough"}}}],
        "Catch":[{"ErrorEquals":["States.ALL"],"Next":"E"}]},
        "E":{"Type":"Pass","Result":{"n":1},"End":true}}}"#,
    ),
    uncertain(
        "endless",
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"rep-hang","TimeoutSeconds":9999999,"End":true}}}"#,
    ),
    certain(
        "each",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"End":true,
        "ItemsPath":"$.items","ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"A","States":{
            "A":{"Type":"Task","Resource":"none-count","Next":"B"},
            "B":{"Type":"Task","Resource":"rep-count","End":true}}}}}}"#,
    ),
    certain(
        "each-read",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":3,"Next":"Z",
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
            "ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"k"}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
            "Parameters":{"Bucket":"b","Prefix":"p"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"A","States":{"A":{"Type":"Task","Resource":"rep-count","End":true}}}},
        "Z":{"Type":"Task","Resource":"none-count","End":true}}}"#,
    ),
    certain(
        "each-once",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"Next":"Z",
        "ItemsPath":"$.items","ToleratedFailurePercentage":100,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"A","States":{"A":{"Type":"Task","Resource":"once-count","End":true}}}},
        "Z":{"Type":"Pass","Result":{"n":1},"End":true}}}"#,
    ),
    uncertain(
        "each-fails",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,
        "ItemsPath":"$.items","End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"A","States":{"A":{"Type":"Task","Resource":"rep-count","Next":"B"},
            "B":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":700000000,
                "Next":"D"}],"Default":"C"},
            "C":{"Type":"Succeed"},"D":{"Type":"Fail","Error":"Large"}}}}}}"#,
    ),
];
