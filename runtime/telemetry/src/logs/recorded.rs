//! Plays the recorded executions that logged, where the recordings are found: in the folder that
//! `STEPWELL_CONFORMANCE` names, or in `shared/conformance` beside the repository.

use std::path::{Path, PathBuf};

use serde_json::Value;
use stepwell_catalog::{LogLevel, Logging};

use super::LogFold;
use crate::play::Play;

/// An execution and what it logged. Of an express one only the last record was kept.
struct Case {
    id: String,
    definition: String,
    inputs: Vec<String>,
    logging: Logging,
    expected: Vec<Value>,
    is_end_alone: bool,
}

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    std::env::var_os("STEPWELL_CONFORMANCE").map_or_else(beside, PathBuf::from)
}

/// None for a case that says nothing of logs, needs functions, or has a log group that is gone.
fn read(path: &Path) -> Option<Case> {
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let id = case["id"].as_str().unwrap().to_owned();
    let functions = case["functions"].as_object().unwrap();
    if !functions.is_empty() || id == "logs.deleted_log_group" {
        return None;
    }
    let steps = case["setup"].as_array().or_else(|| case["steps"].as_array())?;
    let machine = steps.iter().rfind(|step| step["op"] == "CreateStateMachine");
    let mut logging = steps.iter().map(|step| &step["params"]["loggingConfiguration"]);
    let logging = logging.rfind(|logging| logging.is_object());
    let logging = logging.unwrap_or_else(|| &case["create_params"]["loggingConfiguration"]);
    let definition = match machine {
        Some(machine) if case["definition"].is_null() => &machine["params"]["definition"]["$json"],
        _ => &case["definition"],
    };
    let starts = steps.iter().filter(|step| step["op"] == "StartExecution");
    let started: Vec<_> = starts.map(|step| step["params"]["input"]["$json"].to_string()).collect();
    let inputs = if started.is_empty() { vec![case["input"].to_string()] } else { started };
    let expected = &case["expected"];
    let end = expected["end_event"].is_object().then(|| vec![expected["end_event"].clone()]);
    let is_end_alone = end.is_some();
    let mut logged = [expected, &case["unlinked_expectations"]].into_iter();
    let logged = logged.find_map(|part| part["logged_execution_events"].as_array());
    let expected = end.or_else(|| logged.cloned()).unwrap_or_default();
    let logging = read_logging(logging)?;
    Some(Case { id, definition: definition.to_string(), inputs, logging, expected, is_end_alone })
}

fn read_logging(logging: &Value) -> Option<Logging> {
    let level = match logging["level"].as_str()? {
        "ALL" => LogLevel::All,
        "ERROR" => LogLevel::Error,
        "FATAL" => LogLevel::Fatal,
        _ => LogLevel::Off,
    };
    let include_execution_data = logging["includeExecutionData"].as_bool().unwrap_or(false);
    Some(Logging { level, include_execution_data, destinations: None })
}

fn played(case: &Case) -> Vec<Value> {
    let mut records = Vec::new();
    for input in &case.inputs {
        let play = Play::run(&case.definition, input, |_| unreachable!("there is no task"));
        let Some(mut fold) = LogFold::new(&case.logging, &play.identity()) else { continue };
        for event in &play.journal {
            fold.record(&play.definition, event, |record| {
                records.push(as_recorded(&serde_json::from_str(&record).unwrap()));
            });
        }
    }
    let skipped = if case.is_end_alone { records.len().saturating_sub(1) } else { 0 };
    records.split_off(skipped)
}

/// The recorder has hidden what differs from time to time, and parsed payloads.
fn as_recorded(record: &Value) -> Value {
    let mut record = record.clone();
    assert!(record["event_timestamp"].as_str().unwrap().parse::<i64>().is_ok());
    record["event_timestamp"] = "timestamp".into();
    record["execution_arn"] = "hidden".into();
    let details = record["details"].as_object_mut().unwrap();
    for (name, value) in details {
        match name.as_str() {
            "input" | "output" => *value = serde_json::from_str(value.as_str().unwrap()).unwrap(),
            "roleArn" => *value = "snf_role_arn".into(),
            _ => {}
        }
    }
    record
}

#[test]
fn recorded_executions_log_as_they_did() {
    let folder = folder();
    if !folder.is_dir() {
        println!("there is no folder {}: nothing was played", folder.display());
        return;
    }
    let (mut cases, mut compared) = (0, 0);
    for category in ["logs", "express"] {
        let entries = folder.join("cases").join(category).read_dir().unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for case in paths.iter().filter_map(|path| read(path)) {
            let hide = |mut record: Value| {
                record["execution_arn"] = "hidden".into();
                record
            };
            let expected: Vec<Value> = case.expected.iter().cloned().map(hide).collect();
            assert_eq!(played(&case), expected, "{}", case.id);
            (cases, compared) = (cases + 1, compared + expected.len());
        }
    }
    println!("{cases} recorded cases are equal, with {compared} records");
    assert!(compared > 0, "the folder has no cases");
}
