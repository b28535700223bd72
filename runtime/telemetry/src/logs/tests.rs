use serde_json::{Value, json};
use stepwell_catalog::{LogLevel, Logging};
use stepwell_kernel::Failure;

use super::*;
use crate::play::{Answer, BRANCHES, LINE, Play, START_MILLIS};

fn records(play: &Play, level: LogLevel, include_execution_data: bool) -> Vec<Value> {
    let logging = Logging { level, include_execution_data, destinations: None };
    let Some(mut fold) = LogFold::new(&logging, &play.identity()) else { return Vec::new() };
    let mut records = Vec::new();
    for event in &play.journal {
        fold.record(&play.definition, event, |record| records.push(record));
    }
    records.iter().map(|record| serde_json::from_str(record).unwrap()).collect()
}

fn types(play: &Play, level: LogLevel) -> Vec<String> {
    let records = records(play, level, false);
    records.iter().map(|record| record["type"].as_str().unwrap().to_owned()).collect()
}

/// The task `pack` breaks, and so do the branches and the execution.
fn broken() -> Play {
    Play::run(BRANCHES, "{}", |call| -> Answer {
        if &*call.function == "pack" { Err(Failure::new("Broken", "no tape")) } else { Ok("1") }
    })
}

#[test]
fn a_record_has_the_shape_of_the_service() {
    let play = Play::run(LINE, r#"{"a": "b"}"#, |_| Ok("[1]"));
    let records = records(&play, LogLevel::All, true);
    let arn = "arn:aws:states:eu-west-1:123456789012:execution:orders:run-1";
    assert_eq!(
        records[0],
        json!({
            "id": "1",
            "type": "ExecutionStarted",
            "details": {
                "input": "{\"a\": \"b\"}",
                "inputDetails": {"truncated": false},
                "roleArn": "arn:aws:iam::123456789012:role/orders",
            },
            "previous_event_id": "0",
            "event_timestamp": (START_MILLIS + 1000).to_string(),
            "execution_arn": arn,
            "redrive_count": "0",
        })
    );
    assert_eq!(records[4]["type"], "LambdaFunctionSucceeded");
    assert_eq!(
        records[4]["details"],
        json!({"output": "[1]", "outputDetails": {"truncated": false}})
    );
    assert_eq!(records[4]["previous_event_id"], "4");
    assert_eq!(records.last().unwrap()["type"], "ExecutionSucceeded");
}

#[test]
fn without_data_causes_stay_and_payloads_go() {
    let records = records(&broken(), LogLevel::All, false);
    let text = serde_json::to_string(&records).unwrap();
    for member in ["\"input\"", "\"output\"", "\"parameters\"", "Details\"", "truncated"] {
        assert!(!text.contains(member), "{member} in {text}");
    }
    let failed = records.iter().find(|record| record["type"] == "LambdaFunctionFailed");
    assert_eq!(failed.unwrap()["details"], json!({"error": "Broken", "cause": "no tape"}));
    let weigh = records.iter().find(|record| record["type"] == "TaskScheduled").unwrap();
    assert_eq!(
        weigh["details"],
        json!({"resourceType": "lambda", "resource": "invoke", "region": "eu-west-1"})
    );
}

#[test]
fn fatal_logs_the_end_of_an_execution_that_did_not_succeed() {
    assert_eq!(types(&broken(), LogLevel::Fatal), ["ExecutionFailed"]);
    let fine = Play::run(LINE, "{}", |_| Ok("1"));
    assert!(types(&fine, LogLevel::Fatal).is_empty());
}

#[test]
fn error_logs_what_failed_on_the_way_and_what_was_stopped_by_it() {
    let expected = [
        "LambdaFunctionFailed",
        "TaskStateAborted",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationAborted",
        "MapStateAborted",
        "ParallelStateFailed",
        "FailStateEntered",
        "ExecutionFailed",
    ];
    assert_eq!(types(&broken(), LogLevel::Error), expected);
}

#[test]
fn all_logs_the_whole_history() {
    let play = broken();
    let history = stepwell_kernel::history(&play.definition, &play.journal);
    let expected: Vec<String> = history.iter().map(|event| event.detail.to_string()).collect();
    assert_eq!(types(&play, LogLevel::All), expected);
}

#[test]
fn off_logs_nothing() {
    assert!(types(&broken(), LogLevel::Off).is_empty());
}

#[test]
fn what_is_replayed_is_not_logged_and_what_follows_is_as_ever() {
    let mut play = Play::run(LINE, "{}", |_| Err(Failure::named("Busy")));
    play.redrive(|_| Ok("1"));
    let all = records(&play, LogLevel::All, true);
    let logging =
        Logging { level: LogLevel::All, include_execution_data: true, destinations: None };
    for middle in 0..play.journal.len() {
        let mut fold = LogFold::new(&logging, &play.identity()).unwrap();
        let (earlier, later) = play.journal.split_at(middle);
        for event in earlier {
            fold.replay(&play.definition, event);
        }
        let mut records = Vec::new();
        for event in later {
            fold.record(&play.definition, event, |record| {
                records.push(serde_json::from_str::<Value>(&record).unwrap());
            });
        }
        assert_eq!(records, all.split_at(all.len() - records.len()).1);
        assert!(!records.is_empty());
    }
}

#[test]
fn records_say_how_often_the_execution_was_redriven() {
    let mut play = Play::run(LINE, "{}", |_| Err(Failure::named("Busy")));
    play.redrive(|_| Ok("1"));
    let records = records(&play, LogLevel::All, true);
    let redriven = records.iter().position(|record| record["type"] == "ExecutionRedriven");
    let (before, after) = records.split_at(redriven.unwrap());
    assert!(before.iter().all(|record| record["redrive_count"] == "0"));
    assert!(after.iter().all(|record| record["redrive_count"] == "1"));
}

#[test]
fn a_large_payload_is_cut_as_the_service_cuts_it() {
    let input = format!("\"{}\"", "x".repeat(300 * 1024));
    let play = Play::run(LINE, &input, |_| Ok("1"));
    let records = records(&play, LogLevel::All, true);
    let details = &records[0]["details"];
    assert_eq!(details["inputDetails"], json!({"truncated": true}));
    // The quote at the beginning takes two bytes inside of a string.
    assert_eq!(details["input"].as_str().unwrap().len(), 248 * 1024 - 1);
}
