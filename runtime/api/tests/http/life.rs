//! A machine from its making to its end, with everything in between.

use stepwell::{Object, Value};

use crate::client::{call, call_with, done, text};
use crate::server::start;

const ROLE: &str = "arn:aws:iam::000000000000:role/baker";

fn object<const N: usize>(members: [(&str, &str); N]) -> String {
    Value::from(members.into_iter().collect::<Object>()).to_string()
}

fn machine(name: &str, kind: &str, task: &str) -> String {
    let definition = format!(
        r#"{{"StartAt":"Bake","States":{{"Bake":{{"Type":"Task","Resource":"{task}","End":true}}}}}}"#
    );
    object([("name", name), ("definition", &definition), ("roleArn", ROLE), ("type", kind)])
}

#[tokio::test]
async fn a_machine_is_made_and_runs() {
    let server = start().await;
    let at = server.address;
    let created = done(at, "CreateStateMachine", &machine("bread", "STANDARD", "echo")).await;
    let machine_arn = text(&created, "stateMachineArn");
    assert_eq!(machine_arn, "arn:aws:states:us-east-1:000000000000:stateMachine:bread");

    let start = object([("stateMachineArn", machine_arn), ("name", "one"), ("input", "[1.0]")]);
    let started = done(at, "StartExecution", &start).await;
    let execution_arn = text(&started, "executionArn").to_owned();
    assert_eq!(execution_arn, "arn:aws:states:us-east-1:000000000000:execution:bread:one");
    let of_it = object([("executionArn", &execution_arn)]);
    let described = loop {
        let described = done(at, "DescribeExecution", &of_it).await;
        if text(&described, "status") != "RUNNING" {
            break described;
        }
    };
    assert_eq!(text(&described, "status"), "SUCCEEDED");
    assert_eq!(text(&described, "output"), "[1.0]");
    let history = done(at, "GetExecutionHistory", &of_it).await;
    let events = history.get("events").and_then(Value::as_array).unwrap();
    let types: Vec<&str> = events.iter().map(|event| text(event, "type")).collect();
    let expected = [
        "ExecutionStarted",
        "TaskStateEntered",
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(types, expected);
    let listed = done(at, "ListExecutions", &object([("stateMachineArn", machine_arn)])).await;
    let listed = listed.get("executions").and_then(Value::as_array).unwrap();
    assert_eq!(listed.len(), 1);

    let again = call(at, "StartExecution", &start).await.exception();
    let exists = format!("Execution Already Exists: '{execution_arn}'");
    assert_eq!(again, ("ExecutionAlreadyExists".into(), exists));
    done(at, "DeleteStateMachine", &object([("stateMachineArn", machine_arn)])).await;
    let gone = call(at, "DescribeStateMachine", &object([("stateMachineArn", machine_arn)])).await;
    assert_eq!(gone.exception().0, "StateMachineDoesNotExist");
    server.stop().await;
}

#[tokio::test]
async fn the_history_comes_page_by_page() {
    let server = start().await;
    let at = server.address;
    let created = done(at, "CreateStateMachine", &machine("bread", "STANDARD", "echo")).await;
    let start = object([("stateMachineArn", text(&created, "stateMachineArn"))]);
    let started = done(at, "StartExecution", &start).await;
    let arn = text(&started, "executionArn");
    while text(&done(at, "DescribeExecution", &object([("executionArn", arn)])).await, "status")
        == "RUNNING"
    {}
    for (is_reversed, expected) in
        [(false, vec![1, 2, 3, 4, 5, 6, 7]), (true, vec![7, 6, 5, 4, 3, 2, 1])]
    {
        let mut seen = Vec::new();
        let mut token = String::new();
        loop {
            let next =
                if token.is_empty() { String::new() } else { format!(r#","nextToken":"{token}""#) };
            let ask = format!(
                r#"{{"executionArn":"{arn}","maxResults":3,"reverseOrder":{is_reversed}{next}}}"#
            );
            let page = done(at, "GetExecutionHistory", &ask).await;
            let events = page.get("events").and_then(Value::as_array).unwrap();
            seen.extend(events.iter().map(|event| event.get("id").unwrap().as_int().unwrap()));
            match page.get("nextToken") {
                Some(next) => token = next.as_str().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn express_executions_are_awaited_by_who_starts_them() {
    let server = start().await;
    let at = server.address;
    let created = done(at, "CreateStateMachine", &machine("toast", "EXPRESS", "echo")).await;
    let start = object([("stateMachineArn", text(&created, "stateMachineArn")), ("input", "7")]);
    let ended = done(at, "StartSyncExecution", &start).await;
    assert_eq!((text(&ended, "status"), text(&ended, "output")), ("SUCCEEDED", "7"));

    let created = done(at, "CreateStateMachine", &machine("burnt", "EXPRESS", "charcoal")).await;
    let start = object([("stateMachineArn", text(&created, "stateMachineArn"))]);
    let ended = done(at, "StartSyncExecution", &start).await;
    assert_eq!((text(&ended, "status"), text(&ended, "error")), ("FAILED", "Oven.Cold"));
    let included = Value::from(Object::from_iter([("included", true)]));
    assert_eq!(ended.get("outputDetails"), Some(&included));
    server.stop().await;
}

#[tokio::test]
async fn work_of_an_activity_is_taken_and_reported() {
    let server = start().await;
    let at = server.address;
    let activity = done(at, "CreateActivity", r#"{"name":"knead"}"#).await;
    let activity_arn = text(&activity, "activityArn").to_owned();
    let machine = machine("dough", "STANDARD", &activity_arn);
    let created = done(at, "CreateStateMachine", &machine).await;
    let start = object([("stateMachineArn", text(&created, "stateMachineArn")), ("input", "[2]")]);
    let started = done(at, "StartExecution", &start).await;
    let work = done(at, "GetActivityTask", &object([("activityArn", &activity_arn)])).await;
    assert_eq!(text(&work, "input"), "[2]");
    let token = text(&work, "taskToken");
    done(at, "SendTaskHeartbeat", &object([("taskToken", token)])).await;
    let report = object([("taskToken", token), ("output", "\"kneaded\"")]);
    done(at, "SendTaskSuccess", &report).await;
    let late = call(at, "SendTaskSuccess", &report).await.exception();
    assert_eq!(late.0, "TaskTimedOut");
    let of_it = object([("executionArn", text(&started, "executionArn"))]);
    let described = loop {
        let described = done(at, "DescribeExecution", &of_it).await;
        if text(&described, "status") != "RUNNING" {
            break described;
        }
    };
    assert_eq!(text(&described, "output"), "\"kneaded\"");
    server.stop().await;
}

#[tokio::test]
async fn a_worker_that_waits_is_sent_away_when_the_server_stops() {
    let server = start().await;
    let at = server.address;
    let activity = done(at, "CreateActivity", r#"{"name":"knead"}"#).await;
    let ask = object([("activityArn", text(&activity, "activityArn"))]);
    let worker = tokio::spawn(async move { done(at, "GetActivityTask", &ask).await });
    // The worker is in line once its request was counted among those that are being answered.
    while !call(at, "DescribeActivity", &object([("activityArn", text(&activity, "activityArn"))]))
        .await
        .headers
        .contains("x-amzn-requestid")
    {}
    server.stop().await;
    if let Ok(answer) = worker.await {
        assert!(answer.get("taskToken").is_none());
    }
}

#[tokio::test]
async fn the_trace_is_taken_from_the_body_or_else_from_the_header() {
    let server = start().await;
    let at = server.address;
    let new = machine("traced", "EXPRESS", "echo");
    let made = done(at, "CreateStateMachine", &new).await;
    let arn = text(&made, "stateMachineArn");
    let (of_header, of_body) = ("Root=1-header", "Root=1-body");
    let header = format!("X-Amzn-Trace-Id: {of_header}\r\n");
    let plain = object([("stateMachineArn", arn)]);
    let traced = object([("stateMachineArn", arn), ("traceHeader", of_body)]);
    for (body, expected) in [(&plain, of_header), (&traced, of_body)] {
        let answer = call_with(at, "StartSyncExecution", body, &header).await;
        assert_eq!(text(&answer.value(), "traceHeader"), expected);
    }
    let overlong = format!("X-Amzn-Trace-Id: {}\r\n", "x".repeat(257));
    let answer = call_with(at, "StartSyncExecution", &plain, &overlong).await;
    assert_eq!(answer.value().get("traceHeader"), None);
    server.stop().await;
}
