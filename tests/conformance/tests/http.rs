//! Plays recordings over HTTP where they are found, and a few made up here wherever.
#![cfg(feature = "http")]
#![expect(clippy::unwrap_used, reason = "a case that cannot be written ends the test")]

use std::path::Path;

use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::http::{self, Options, Tasks};
use stepwell_conformance::{Failure, Only, Report};

/// Cases that are answered otherwise; the documentation says why.
const OTHERWISE: [&str; 4] = [
    "api_logs/sfn_api_logs.deleted_log_group",
    "distributed_map/base_scenarios.map_state_config_distributed_reentrant",
    "distributed_map/base_scenarios.map_state_config_distributed_reentrant_lambda",
    "service_lambda/lambda_task_service.invoke_unsupported_param",
];

fn options(has_store: bool, tasks: Tasks) -> Options {
    Options {
        only: Only::default(),
        has_store,
        tasks,
        is_patient: false,
        at_once: 64,
        is_thorough: false,
    }
}

fn failed(report: &Report) -> Vec<&Failure> {
    report.scores.iter().flat_map(|score| &score.failed).collect()
}

#[test]
fn a_server_answers_what_was_recorded() {
    let folder = match Collection::Executions.find(None) {
        Folder::Found(folder) => folder,
        Folder::Missing(folder) => {
            println!("skipped: there is no folder {}", folder.display());
            return;
        }
    };
    let report = http::play(&folder, &options(false, Tasks::Native)).unwrap();
    assert!(report.passed() > 0, "the folder has no cases");
    let failed = failed(&report);
    let surprises: Vec<_> =
        failed.iter().filter(|failure| !OTHERWISE.contains(&&*failure.case)).collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
    for name in OTHERWISE {
        let is_known = failed.iter().any(|failure| failure.case == name);
        assert!(is_known, "{name} is answered as recorded now");
    }
}

/// A case with what all cases have.
fn write(folder: &Path, id: &str, kind: &str, rest: &str) {
    let text = format!(
        r#"{{"id": "{id}", "kind": "{kind}", "category": "bread", "needs": [], "placeholders": {{}},
            "functions": {{"oven": {{"kind": "echo"}}}}, {rest}}}"#
    );
    std::fs::write(folder.join("cases").join(format!("{id}.json")), text).unwrap();
}

const OVEN: &str = r#""StartAt": "Bake", "States": {"Bake": {"Type": "Task", "End": true,
    "Resource": "arn:aws:lambda:us-east-1:000000000000:function:oven"}}"#;

fn execution(kind: &str, output: &str) -> String {
    format!(
        r#""type": "{kind}", "definition": {{{OVEN}}}, "input": {{"loaves": 2}},
        "state_machine_name": "bread",
        "expected": {{"status": "SUCCEEDED", "output": {output}, "events": null}}"#
    )
}

fn calls(status: i64, message: &str) -> String {
    format!(
        r#""steps": [
            {{"n": 0, "service": "stepfunctions", "op": "CreateStateMachine", "params":
                {{"name": "bread", "definition": {{"$json": {{{OVEN}}}}}, "roleArn":
                    "arn:aws:iam::000000000000:role/baker"}}}},
            {{"n": 1, "service": "stepfunctions", "op": "StartExecution", "params":
                {{"stateMachineArn": "{{{{0.stateMachineArn}}}}", "input": "[1]"}}}},
            {{"n": 2, "await": "execution_success", "args":
                {{"execution_arn": "{{{{1.executionArn}}}}"}}}},
            {{"n": 3, "service": "stepfunctions", "op": "DescribeExecution", "params":
                {{"executionArn": "{{{{1.executionArn}}}}"}}, "expect":
                [{{"response_part": {{"output": "[1]"}}}}]}},
            {{"n": 4, "service": "stepfunctions", "op": "DescribeActivity", "params":
                {{"activityArn": "oven"}}, "expect": [{{"http_status": {status},
                "error": {{"Error": {{"Code": "InvalidArn", "Message": "{message}"}}}}}}]}}]"#
    )
}

fn state(output: &str) -> String {
    format!(
        r#""definition": {{{OVEN}}}, "input": [1], "role_given": true,
        "request": {{"stateName": "Bake"}},
        "expected": {{"response": {{"status": "SUCCEEDED", "output": "{output}"}}}}"#
    )
}

#[test]
fn cases_are_played_on_servers_and_compared() {
    let ways = [(false, Tasks::Native), (true, Tasks::Native), (false, Tasks::Components)];
    for (has_store, tasks) in ways {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("cases")).unwrap();
        let write = |id, kind, rest: &str| write(folder.path(), id, kind, rest);
        let output = r#"{"loaves": 2}"#;
        let message = "Invalid Arn: 'Invalid ARN prefix: oven'";
        write("standard", "execution", &execution("STANDARD", output));
        write("express", "execution", &execution("EXPRESS", output));
        write("burnt", "execution", &execution("STANDARD", r#"{"loaves": 3}"#));
        write("calls", "api", &calls(400, message));
        write("status", "api", &calls(404, message));
        write("message", "api", &calls(400, "Invalid Arn: 'oven'"));
        write("state", "test_state", &state("[1]"));
        write("wrong", "test_state", &state("[2]"));
        let report = http::play(folder.path(), &options(has_store, tasks)).unwrap();
        assert_eq!(report.passed(), 4, "{report}");
        let failed: Vec<&str> = failed(&report).iter().map(|failure| &*failure.case).collect();
        assert_eq!(failed, ["bread/burnt", "test_state/wrong", "bread/message", "bread/status"]);
    }
}
