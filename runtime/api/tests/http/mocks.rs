//! Executions whose tasks are made up: `stateMachineArn#CASE`.

use std::net::SocketAddr;

use stepwell::{MockConfig, Object, Value};
use stepwell_api::Options;

use crate::client::{call, done, text};
use crate::server::{start, start_mocked};

const MOCKS: &str = r#"{
    "StateMachines": {
        "bread": {"TestCases": {
            "Patient": {"Knead": "Tired", "Sell": "Sold"},
            "Nobody": {"Eat": "Sold"}
        }},
        "toast": {"TestCases": {"Burnt": {"Bake": "Black"}}}
    },
    "MockedResponses": {
        "Tired": {
            "0": {"Throw": {"Error": "Tired", "Cause": "no more"}},
            "1": {"Return": "dough"}
        },
        "Sold": {"0": {"Return": {"sold": true}}},
        "Black": {"0": {"Throw": {"Error": "Black", "Cause": "too hot"}}}
    }
}"#;

/// `Knead` is an activity, `Bake` a task that is there, and `Sell` waits for a token.
const BREAD: &str = r#"{"StartAt": "Knead", "States": {
    "Knead": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:000000000000:activity:knead",
        "Retry": [{"ErrorEquals": ["Tired"], "IntervalSeconds": 1}], "Next": "Bake"},
    "Bake": {"Type": "Task", "Resource": "echo", "Next": "Sell"},
    "Sell": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "nobody", "Payload": {"token.$": "$$.Task.Token"}},
        "End": true}}}"#;

const TOAST: &str =
    r#"{"StartAt": "Bake", "States": {"Bake": {"Type": "Task", "Resource": "echo", "End": true}}}"#;

fn object<const N: usize>(members: [(&str, &str); N]) -> String {
    Value::from(members.into_iter().collect::<Object>()).to_string()
}

async fn make(at: SocketAddr, name: &str, kind: &str, definition: &str) -> String {
    let role = "arn:aws:iam::000000000000:role/baker";
    let machine =
        object([("name", name), ("definition", definition), ("roleArn", role), ("type", kind)]);
    text(&done(at, "CreateStateMachine", &machine).await, "stateMachineArn").to_owned()
}

async fn ended(at: SocketAddr, execution_arn: &str) -> Value {
    loop {
        let ask = object([("executionArn", execution_arn)]);
        let described = done(at, "DescribeExecution", &ask).await;
        if text(&described, "status") != "RUNNING" {
            return described;
        }
    }
}

#[tokio::test]
async fn a_test_case_makes_up_what_its_states_call() {
    let server = start_mocked(MockConfig::parse(MOCKS).unwrap(), Options::default()).await;
    let at = server.address;
    let machine_arn = make(at, "bread", "STANDARD", BREAD).await;
    let trace = "Root=1-695b2c00-0123456789abcdef01234567;Sampled=1";
    let case = format!("{machine_arn}#Patient");
    let start = object([("stateMachineArn", &case), ("name", "one"), ("traceHeader", trace)]);
    let started = done(at, "StartExecution", &start).await;
    let execution_arn = text(&started, "executionArn");
    assert_eq!(execution_arn, "arn:aws:states:us-east-1:000000000000:execution:bread:one");
    let described = ended(at, execution_arn).await;
    assert_eq!(text(&described, "status"), "SUCCEEDED", "{described}");
    assert_eq!(text(&described, "output"), r#"{"sold":true}"#);
    assert_eq!(text(&described, "stateMachineArn"), machine_arn);
    assert_eq!(text(&described, "traceHeader"), trace);
    server.stop().await;
}

#[tokio::test]
async fn express_executions_have_test_cases_too() {
    let server = start_mocked(MockConfig::parse(MOCKS).unwrap(), Options::default()).await;
    let at = server.address;
    let machine_arn = make(at, "toast", "EXPRESS", TOAST).await;
    let case = format!("{machine_arn}#Burnt");
    let ended = done(at, "StartSyncExecution", &object([("stateMachineArn", &case)])).await;
    assert_eq!((text(&ended, "status"), text(&ended, "error")), ("FAILED", "Black"));
    assert_eq!(text(&ended, "stateMachineArn"), machine_arn);
    let plain = object([("stateMachineArn", &machine_arn), ("input", "7")]);
    let ended = done(at, "StartSyncExecution", &plain).await;
    assert_eq!((text(&ended, "status"), text(&ended, "output")), ("SUCCEEDED", "7"));
    server.stop().await;
}

#[tokio::test]
async fn a_test_case_that_is_not_there_or_does_not_fit_is_refused() {
    let server = start_mocked(MockConfig::parse(MOCKS).unwrap(), Options::default()).await;
    let at = server.address;
    let machine_arn = make(at, "bread", "STANDARD", BREAD).await;
    let refused = async |case: &str| {
        let arn = format!("{machine_arn}#{case}");
        call(at, "StartExecution", &object([("stateMachineArn", &arn)])).await.exception()
    };
    let message = "The mock configuration has no test case 'Sad' for the state machine 'bread'";
    assert_eq!(refused("Sad").await, ("ValidationException".into(), message.into()));
    let (name, message) = refused("Nobody").await;
    assert_eq!(name, "ValidationException");
    assert!(message.contains("the definition has no state `Eat`"), "{message}");
    server.stop().await;
}

#[tokio::test]
async fn without_a_mock_configuration_that_is_no_arn() {
    let server = start().await;
    let at = server.address;
    let machine_arn = make(at, "bread", "STANDARD", BREAD).await;
    let case = format!("{machine_arn}#Patient");
    let refused = call(at, "StartExecution", &object([("stateMachineArn", &case)])).await;
    assert_eq!(refused.exception().0, "InvalidArn");
    server.stop().await;
}
