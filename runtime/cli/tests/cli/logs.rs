//! `stepwell exec logs`: the file that a server logs to, read by somebody else.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use regex::Regex;

use crate::command::{Folder, Ran};
use crate::server::Server;

const GREET: &str = r#"{"StartAt":"Greet","States":{"Greet":{"Type":"Pass","End":true}}}"#;
const WAIT: &str =
    r#"{"StartAt":"Doze","States":{"Doze":{"Type":"Wait","Seconds":600,"End":true}}}"#;
const NAP: &str = r#"{"StartAt":"Nap","States":{"Nap":{"Type":"Wait","Seconds":1,"End":true}}}"#;
const SILENT: &str = r#"{"StartAt":"Hush","States":{"Hush":{"Type":"Succeed"}}}"#;
const LOGGED: &str = "TIME  ExecutionStarted
TIME  PassStateEntered         Greet
TIME  PassStateExited          Greet
TIME  ExecutionSucceeded
";

/// A server that logs to `log.jsonl`, with machines that log everything and one that does not.
fn serve(folder: &Folder) -> Server<'_> {
    let server = Server::start(folder, &["serve", "--log-file", "log.jsonl"]);
    server.good("deploy greet.asl.json nap.asl.json wait.asl.json silent.asl.json");
    for machine in ["greet", "nap", "wait"] {
        server.good(&format!(
            r#"api update-state-machine {{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:{machine}","loggingConfiguration":{{"level":"ALL","destinations":[{{"cloudWatchLogsLogGroup":{{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:steps:*"}}}}]}}}}"#
        ));
    }
    server
}

fn folder() -> Folder {
    Folder::with(&[
        ("greet.asl.json", GREET),
        ("nap.asl.json", NAP),
        ("wait.asl.json", WAIT),
        ("silent.asl.json", SILENT),
    ])
}

/// Asks again until something is there: a server writes its log a moment after it has answered.
fn logs(folder: &Folder, line: &str) -> Ran {
    let latest = Instant::now() + Duration::from_secs(20);
    loop {
        let ran = folder.run(line);
        if ran.code != Some(0) || ran.stdout.contains("ExecutionSucceeded") {
            return ran;
        }
        assert!(Instant::now() < latest, "{ran:?}");
    }
}

fn without_times(text: &str) -> String {
    let time = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z").unwrap();
    time.replace_all(text, "TIME").into_owned()
}

#[test]
fn an_execution_is_read_out_of_the_log_without_its_server() {
    let folder = folder();
    let server = serve(&folder);
    for name in ["one", "one-more"] {
        server.good(&format!("start greet --name {name} --wait -q"));
    }
    server.good("start silent --name two --wait -q");
    logs(&folder, "exec logs one-more --log-file log.jsonl");
    drop(server);
    for called in ["one", "greet:one"] {
        let ran = logs(&folder, &format!("exec logs {called} --log-file log.jsonl"));
        assert_eq!(without_times(&ran.stdout), LOGGED, "{ran:?}");
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    }
    let raw = logs(&folder, "exec logs one -o json --log-file log.jsonl").stdout;
    let kinds: Vec<String> = raw
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|record| record["type"].as_str().unwrap().to_owned())
        .collect();
    let types = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"];
    assert_eq!(kinds, types);
    folder.run("exec logs silent:two --log-file log.jsonl").is(
        0,
        "",
        "log.jsonl has nothing of silent:two
  hint: a machine logs if its `loggingConfiguration` has the level ALL, ERROR or FATAL\n",
    );
}

#[test]
fn a_log_is_followed_to_the_end_of_its_execution() {
    let folder = folder();
    let server = serve(&folder);
    server.good("start wait --name one");
    let words = ["exec", "logs", "one", "--follow", "--log-file", "log.jsonl"];
    let mut following = server.command(&words);
    let mut following = following.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let mut next = || without_times(&lines.next().unwrap().unwrap());
    assert_eq!(next(), "TIME  ExecutionStarted");
    assert_eq!(next(), "TIME  WaitStateEntered         Doze");
    assert_eq!(following.try_wait().unwrap(), None);
    server.good("exec stop one --error Enough --cause later");
    assert_eq!(next(), "TIME  ExecutionAborted           Enough: later");
    assert_eq!(following.wait().unwrap().code(), Some(0));
    assert!(lines.next().is_none());
    server.good("start nap --name three");
    let ran = server.run("exec logs three --follow --log-file log.jsonl");
    assert!(ran.code == Some(0) && ran.stdout.ends_with("  ExecutionSucceeded\n"), "{ran:?}");
    // One that logs nothing is over when the server says so.
    server.good("start silent --name two --wait -q");
    let ran = server.run("exec logs two --follow --log-file log.jsonl");
    assert_eq!((ran.code, &*ran.stdout), (Some(0), ""), "{ran:?}");
}

#[test]
fn a_name_that_several_executions_have_is_not_enough_for_the_log() {
    let folder = folder();
    let server = serve(&folder);
    server.good("start greet --name same --wait -q");
    server.good("start wait --name same");
    let ran = server.run("exec logs wait:same --follow --log-file missing.jsonl");
    assert!(ran.code == Some(2) && ran.stderr.contains("cannot read the log missing.jsonl: "));
    let latest = Instant::now() + Duration::from_secs(20);
    loop {
        let ran = folder.run("exec logs same --log-file log.jsonl");
        if ran.code == Some(2) {
            let hint = "hint: name one as greet:same or wait:same\n";
            assert!(ran.stderr.ends_with(hint), "{ran:?}");
            return;
        }
        assert!(Instant::now() < latest, "{ran:?}");
    }
}

#[test]
fn a_log_that_nobody_writes_is_told_with_a_remedy() {
    let remedy = "  hint: --log-file, STEPWELL_LOG_FILE or `log.file` of the configuration names \
                  the file, here and for `stepwell serve`; a machine logs if its \
                  `loggingConfiguration` has the level ALL, ERROR or FATAL\n";
    let error = "error: no log file is configured\n";
    folder().run("exec logs one").is(2, "", &format!("{error}{remedy}"));
    let error = "error: the server logs to its standard output, which cannot be read again\n";
    folder().run("exec logs one --log-file -").is(2, "", &format!("{error}{remedy}"));
}
