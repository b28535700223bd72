//! The definitions of the workloads.

use crate::names::{ACTIVITY, machine_arn};

/// How many items a map has.
pub(crate) const ITEMS: usize = 4;

/// Whoever was interrupted tries again, under another key.
const RETRY: &str = r#","Retry":[{"ErrorEquals":["Task.Interrupted"],"IntervalSeconds":1,
    "MaxAttempts":1000,"BackoffRate":1}]"#;

/// Tasks one after the other: each with its function and what else its state has.
fn chain(tasks: &[(&str, &str)]) -> String {
    let states: Vec<String> = tasks
        .iter()
        .enumerate()
        .map(|(nth, (function, more))| {
            let next = match nth + 1 {
                last if last == tasks.len() => r#""End":true"#.to_owned(),
                next => format!(r#""Next":"S{next}""#),
            };
            format!(r#""S{nth}":{{"Type":"Task","Resource":"{function}",{next}{more}}}"#)
        })
        .collect();
    format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","))
}

fn single(state: &str) -> String {
    format!(r#"{{"StartAt":"S","States":{{"S":{{{state},"End":true}}}}}}"#)
}

pub(super) fn pure() -> String {
    chain(&[("add", ""); 5])
}

pub(super) fn once() -> String {
    chain(&[("effect", ""); 3])
}

/// Says in its output whether it was interrupted, and goes on either way.
pub(super) fn caught() -> String {
    r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"effect","Next":"N","Catch":[
            {"ErrorEquals":["Task.Interrupted"],"ResultPath":"$.caught","Next":"B"}]},
        "N":{"Type":"Pass","Result":{},"ResultPath":"$.caught","Next":"B"},
        "B":{"Type":"Task","Resource":"add","ResultPath":"$.added","Next":"C"},
        "C":{"Type":"Pass","End":true,
            "Parameters":{"value.$":"$.added.value","caught.$":"$.caught"}}}}"#
        .to_owned()
}

pub(super) fn retried() -> String {
    chain(&[("effect", RETRY), ("effect", RETRY)])
}

pub(super) fn mixed() -> String {
    chain(&[("add", ""), ("repeat", ""), ("add", ""), ("effect", RETRY), ("add", "")])
}

pub(super) fn repeated() -> String {
    chain(&[("repeat", ""); 3])
}

pub(super) fn redriven() -> String {
    chain(&[("effect", ""), ("stubborn", "")])
}

pub(super) fn flaky() -> String {
    let retry = r#","Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":1,"MaxAttempts":3,
        "BackoffRate":1.5}]"#;
    chain(&[("flaky", retry)])
}

pub(super) fn parallel() -> String {
    let branches: Vec<String> = ["A", "B", "C"]
        .iter()
        .map(|name| chain(&[("effect", RETRY)]).replace("S0", name))
        .collect();
    single(&format!(r#""Type":"Parallel","Branches":[{}]"#, branches.join(",")))
}

pub(super) fn callback() -> String {
    single(
        r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"hand-out","Payload":{
            "label.$":"$.label","value.$":"$.value","token.$":"$$.Task.Token"}}"#,
    )
}

/// The worker may be killed with its work; then nobody hears of it again.
pub(super) fn activity() -> String {
    single(&format!(
        r#""Type":"Task","Resource":"{ACTIVITY}","TimeoutSeconds":60,"HeartbeatSeconds":2,"Retry":[
        {{"ErrorEquals":["States.Timeout","States.HeartbeatTimeout"],"IntervalSeconds":1,
          "MaxAttempts":1000,"BackoffRate":1}}]"#
    ))
}

fn start_execution(ending: &str) -> String {
    let machine = machine_arn("child");
    format!(
        r#""Type":"Task","Resource":"arn:aws:states:::states:startExecution{ending}","Parameters":{{
        "StateMachineArn":"{machine}","Name.$":"States.Format('child.{{}}',$.label)",
        "Input":{{"label.$":"States.Format('child.{{}}',$.label)","value.$":"$.value"}}}}"#
    )
}

pub(super) fn parent() -> String {
    single(&format!(r#"{},"OutputPath":"$.Output""#, start_execution(".sync:2")))
}

pub(super) fn spawning() -> String {
    single(&start_execution(""))
}

pub(super) fn map_run() -> String {
    let processor = chain(&[("effect", RETRY)]);
    let mode = r#"{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#;
    let processor = processor.replacen('{', mode, 1);
    single(&format!(
        r#""Type":"Map","ItemsPath":"$.items","MaxConcurrency":3,"ItemProcessor":{processor}"#
    ))
}

pub(super) fn map() -> String {
    let processor = chain(&[("effect", RETRY)]);
    single(&format!(
        r#""Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"ItemProcessor":{processor}"#
    ))
}

pub(super) fn wait() -> String {
    r#"{"StartAt":"W","States":{
        "W":{"Type":"Wait","TimestampPath":"$.until","Next":"A"},
        "A":{"Type":"Task","Resource":"add","End":true}}}"#
        .to_owned()
}

/// Ten rounds of a loop, whose counter is a variable.
pub(super) fn expressions() -> String {
    r#"{"QueryLanguage":"JSONata","StartAt":"Begin","States":{
        "Begin":{"Type":"Pass","Assign":{"sum":"{% $states.input.value %}","rounds":0},"Next":"Round"},
        "Round":{"Type":"Pass","Assign":{"sum":"{% $sum + 1 %}","rounds":"{% $rounds + 1 %}"},
            "Next":"Again"},
        "Again":{"Type":"Choice","Choices":[{"Condition":"{% $rounds < 10 %}","Next":"Round"}],
            "Default":"End"},
        "End":{"Type":"Pass","Output":"{% $sum %}","End":true}}}"#
        .to_owned()
}

/// Never ends by itself.
pub(super) fn stopped() -> String {
    single(
        r#""Type":"Parallel","Branches":[
        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}},
        {"StartAt":"H","States":{"H":{"Type":"Task","Resource":"hang","End":true}}}]"#,
    )
}
