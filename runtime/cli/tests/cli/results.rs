//! How executions end: exit code, output, tree.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::command::Folder;

const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
  "B":{"Type":"Choice","Default":"C",
       "Choices":[{"Variable":"$.bad","IsPresent":true,"Next":"D"},
                  {"Variable":"$.slow","IsPresent":true,"Next":"E"}]},
  "C":{"Type":"Succeed"},
  "D":{"Type":"Fail","Error":"Bad","Cause":"it was bad\nall along"},
  "E":{"Type":"Wait","Seconds":3600,"End":true}},
  "TimeoutSeconds":1}"#;

fn folder() -> Folder {
    Folder::with(&[("pass.json", PASS), ("input.json", "{ \"n\": 1.50 }\n")])
}

#[test]
fn success_prints_the_output_and_tells_the_tree() {
    folder().run("run pass.json --input @input.json").is(
        0,
        "{ \"n\": 1.50 }\n",
        "  ok       A  Pass T\n  ok       B  Choice T\n  ok       C  Succeed T\nsucceeded in T\n",
    );
}

#[test]
fn quiet_success_says_nothing_but_the_output() {
    folder().run("run pass.json --quiet").is(0, "{}\n", "");
}

#[test]
fn failure_prints_no_output() {
    let folder = folder();
    folder.run("run pass.json --input {\"bad\":1}").is(
        1,
        "",
        "  ok       A  Pass T
  ok       B  Choice T
  failed   D  Fail T  Bad: it was bad...
failed after T: Bad: it was bad
  all along
",
    );
    folder.run("run pass.json --input {\"bad\":1} -q").is(
        1,
        "",
        "error: the execution failed: Bad: it was bad\\nall along\n",
    );
}

#[test]
fn a_timeout_has_an_exit_code_of_its_own() {
    folder().run("run pass.json --input {\"slow\":1}").is(
        3,
        "",
        "  ok       A  Pass T
  ok       B  Choice T
  stopped  E  Wait T
timed out after T: States.Timeout
",
    );
}

#[test]
fn verbose_tells_each_state_as_it_is_entered() {
    let ran = folder().run("run pass.json -v --name me");
    let arrows: Vec<_> = ran.stderr.lines().filter(|line| line.starts_with("-> ")).collect();
    assert_eq!(arrows, ["-> A", "-> B", "-> C"]);
    let arn = "execution arn:aws:states:us-east-1:000000000000:execution:pass:me\n";
    assert!(ran.stderr.contains(arn), "{ran:?}");
}

#[test]
fn json_is_one_document_with_everything() {
    let ran = folder().run("run pass.json -o json --name me --input {\"bad\":1}");
    assert_eq!(ran.code, Some(1));
    let mut document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let history = document["history"].take();
    assert_eq!(
        document,
        json!({
            "name": "me",
            "arn": "arn:aws:states:us-east-1:000000000000:execution:pass:me",
            "status": "FAILED",
            "error": "Bad",
            "cause": "it was bad\nall along",
            "history": null,
        })
    );
    let kinds: Vec<_> =
        history.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionStarted",
            "PassStateEntered",
            "PassStateExited",
            "ChoiceStateEntered",
            "ChoiceStateExited",
            "FailStateEntered",
            "ExecutionFailed"
        ]
    );
    let mut entered = history[1].clone();
    assert!(entered["timestamp"].take().as_str().unwrap().ends_with('Z'));
    assert_eq!(
        entered,
        json!({ "id": 2, "previousEventId": 0, "timestamp": null, "type": "PassStateEntered",
                "name": "A", "input": { "bad": 1 } })
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder();
    let mut child = folder.spawn(&["check", "pass.json", "-o", "json"]);
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*said), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_one() {
    let folder = folder();
    let binary = env!("CARGO_BIN_EXE_stepwell");
    let ran = std::process::Command::new("sh")
        .args(["-c", "\"$0\" check pass.json -o json > /dev/full", binary])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(
        (ran.status.code(), &*said),
        (
            Some(2),
            "error: cannot write to standard output: No space left on device (os error 28)\n"
        )
    );
}

const MAP: &str = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
  "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},
    "Parameters":{"Bucket":"in","Key":"a.jsonl"}},
  "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
    "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}"#;

#[test]
fn buckets_are_found_beside_the_definition_or_where_they_are_named() {
    let files = [("w/m.json", MAP), ("w/buckets/in/a.jsonl", "1\n"), ("other/in/a.jsonl", "2\n")];
    let folder = Folder::with(&files);
    for (line, output) in [("", "[1]\n"), (" --buckets other", "[2]\n")] {
        let ran = folder.run(&format!("run w/m.json -q{line}"));
        assert_eq!((ran.code, &*ran.stdout), (Some(0), output), "{}", ran.stderr);
    }
}
