//! What is told of executions and map runs that are over.

use std::net::SocketAddr;

use stepwell::{Object, Value};

use crate::client::{done, text};
use crate::server::start;

fn object<const N: usize>(members: [(&str, &str); N]) -> String {
    Value::from(members.into_iter().collect::<Object>()).to_string()
}

/// The ARN of an execution of this definition, and its description once it is over.
async fn ended(at: SocketAddr, definition: &str) -> (String, Value) {
    let role = "arn:aws:iam::000000000000:role/baker";
    let machine = object([("name", "bread"), ("definition", definition), ("roleArn", role)]);
    let created = done(at, "CreateStateMachine", &machine).await;
    let start = object([("stateMachineArn", text(&created, "stateMachineArn"))]);
    let started = done(at, "StartExecution", &start).await;
    let arn = text(&started, "executionArn").to_owned();
    loop {
        let described = done(at, "DescribeExecution", &object([("executionArn", &arn)])).await;
        if text(&described, "status") != "RUNNING" {
            return (arn, described);
        }
    }
}

#[tokio::test]
async fn only_the_history_says_why_an_execution_was_timed_out() {
    let server = start().await;
    let definition = r#"{"StartAt":"Rise","TimeoutSeconds":1,
        "States":{"Rise":{"Type":"Wait","Seconds":60,"End":true}}}"#;
    let (arn, described) = ended(server.address, definition).await;
    assert_eq!(text(&described, "status"), "TIMED_OUT");
    assert_eq!((described.get("error"), described.get("cause")), (None, None));
    let ask = format!(r#"{{"executionArn":"{arn}","reverseOrder":true,"maxResults":1}}"#);
    let history = done(server.address, "GetExecutionHistory", &ask).await;
    let last = &history.get("events").and_then(Value::as_array).unwrap()[0];
    assert_eq!(text(last, "type"), "ExecutionTimedOut");
    assert_eq!(text(last.get("executionTimedOutEventDetails").unwrap(), "error"), "States.Timeout");
    server.stop().await;
}

/// The two counts of the map run over three loaves, of which one fails.
async fn results_written(at: SocketAddr, tolerated: u32) -> [Option<i64>; 2] {
    let definition = format!(
        r#"{{"QueryLanguage":"JSONata","StartAt":"Each","States":{{"Each":{{"Type":"Map","End":true,
            "Items":[1,2,3],"ToleratedFailureCount":{tolerated},
            "ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},
                "StartAt":"Bake","States":{{
                    "Bake":{{"Type":"Choice","Default":"Good","Choices":[
                        {{"Condition":"{{% $states.input = 2 %}}","Next":"Burnt"}}]}},
                    "Good":{{"Type":"Succeed"}},
                    "Burnt":{{"Type":"Fail"}}}}}}}}}}}}"#
    );
    let (arn, _) = ended(at, &definition).await;
    let runs = done(at, "ListMapRuns", &object([("executionArn", &arn)])).await;
    let run = &runs.get("mapRuns").and_then(Value::as_array).unwrap()[0];
    let of_it = object([("mapRunArn", text(run, "mapRunArn"))]);
    let described = done(at, "DescribeMapRun", &of_it).await;
    ["itemCounts", "executionCounts"]
        .map(|counts| described.get(counts)?.get("resultsWritten")?.as_int())
}

#[tokio::test]
async fn results_are_written_once_a_map_run_has_succeeded() {
    for (tolerated, written) in [(1, 2), (0, 0)] {
        let server = start().await;
        assert_eq!(results_written(server.address, tolerated).await, [Some(written); 2]);
        server.stop().await;
    }
}
