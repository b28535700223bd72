//! Whatever is wrong before the start: nothing is run, and the message says what to do.

use crate::command::{Folder, Ran};

const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
const DANGLING: &str = r#"{"StartAt":"A","States":{
  "A":{"Type":"Pass","Next":"B"},
  "C":{"Type":"Wait","Seconds":1,"Comnent":"x","End":true}}}"#;
const TASKS: &str = r#"{"StartAt":"A","States":{
  "A":{"Type":"Task","Resource":"cradit-check","Next":"B"},
  "B":{"Type":"Task","Resource":"text","Next":"C"},
  "C":{"Type":"Task","Resource":"module","End":true}}}"#;
const WAITS: &str = r#"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","End":true,
  "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
  "Parameters":{"FunctionName":"ask"}}}}"#;

fn run(line: &str) -> Ran {
    let folder = Folder::with(&[
        ("pass.json", PASS),
        ("dangling.json", DANGLING),
        ("tasks.json", TASKS),
        ("waits.json", WAITS),
        ("broken.json", "{\"StartAt\":\n  oops}"),
        ("registry/text.wasm", "not a component"),
        ("registry/module.wasm", "\0asm\u{1}\0\0\0"),
        ("registry/credit-check.wasm", "never looked at"),
        ("registry/odd/task.toml", "timeout = 5"),
    ]);
    folder.run(line)
}

#[track_caller]
fn check(line: &str, stderr: &str) {
    run(line).is(2, "", stderr);
}

#[test]
fn a_file_that_is_not_there() {
    check(
        "run nothing.json",
        "error: cannot read nothing.json: No such file or directory (os error 2)\n",
    );
}

#[test]
fn buckets_that_are_not_there() {
    check(
        "run pass.json --buckets nowhere",
        "error: cannot open the directory of buckets nowhere: No such file or directory (os error 2)
  hint: `--buckets DIR` or STEPWELL_BUCKETS names a directory with one directory a bucket
",
    );
}

#[test]
fn a_definition_that_is_not_json() {
    check(
        "run broken.json",
        "error: broken.json: INVALID_JSON_DESCRIPTION: Unrecognized token 'oops': was expecting \
         (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
  hint: found 'o' where a value was expected (line 2, column 3)
",
    );
}

#[test]
fn every_finding_of_a_definition() {
    check(
        "run dangling.json",
        "error: dangling.json: MISSING_TRANSITION_TARGET: Missing 'Next' target: B at \
         /States/A/Next
error: dangling.json: SCHEMA_VALIDATION_FAILED: Field 'Comnent' is not supported at /States/C
  hint: did you mean `Comment`?
error: dangling.json: MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C
",
    );
}

#[test]
fn every_task_that_cannot_be_called() {
    check(
        "run tasks.json",
        "error: tasks.json: state `A`: task `cradit-check`: there is no task `cradit-check` in \
         the registry registry; is `credit-check` meant?
error: tasks.json: state `B`: task `text`: text.wasm cannot be run as task `text`: it is not \
         WebAssembly
error: tasks.json: state `C`: task `module`: module.wasm cannot be run as task `module`: it is a \
         core WebAssembly module, not a component; build it for the target `wasm32-wasip2`, or \
         wrap it as a component
  hint: `stepwell task list --registry registry` shows what is there
",
    );
}

#[test]
fn a_registry_that_is_not_there() {
    check(
        "run tasks.json --registry nowhere",
        "error: cannot open the task registry nowhere: No such file or directory (os error 2)
  hint: `stepwell build --registry DIR` puts tasks into a registry; `--registry DIR` or \
         STEPWELL_REGISTRY names another one
",
    );
}

#[test]
fn an_input_that_is_not_json() {
    check(
        "run pass.json --input {\"a\":1,}",
        "error: --input: the input is not JSON: found '}' where a member's name in double quotes \
         was expected (line 1, column 8)
  hint: --input takes JSON text, @FILE for a file, or - for standard input
",
    );
    check(
        "run pass.json --input @broken.json",
        "error: broken.json: the input is not JSON: found 'o' where a value was expected (line 2, \
         column 3)
  hint: --input takes JSON text, @FILE for a file, or - for standard input
",
    );
    check(
        "run pass.json --input -",
        "error: standard input: the input is not JSON: the text ends where a value was expected \
         (line 1, column 1)
  hint: --input takes JSON text, @FILE for a file, or - for standard input
",
    );
}

#[test]
fn the_definition_and_the_input_are_told_together() {
    let ran = run("run broken.json --input oops");
    assert_eq!((ran.code, ran.stderr.matches("error: ").count()), (Some(2), 2), "{ran:?}");
}

#[test]
fn a_name_that_the_service_would_refuse() {
    let ran = run("run pass.json --name two_words");
    assert!(ran.stderr.starts_with("error: \"two words\" is not a name: 1 to 80"), "{ran:?}");
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""));
}

#[test]
fn an_answer_that_no_state_asks_for() {
    check(
        "run pass.json --answer A=1",
        "error: --answer \"A=1\": no state `A` waits for a task token
  hint: no state of this workflow does; leave the flag away
",
    );
    check(
        "run waits.json --answer Sak=1 --answer Ask=oops",
        "error: --answer \"Sak=1\": no state `Sak` waits for a task token
  hint: --answer STATE=JSON, where STATE is `Ask`
error: --answer for state `Ask`: neither JSON nor `fail NAME CAUSE`: found 'o' where a value was \
         expected (line 1, column 1)
",
    );
}

#[test]
fn a_check_tells_the_findings_of_all_files() {
    check(
        "check nothing.json pass.json dangling.json",
        "error: cannot read nothing.json: No such file or directory (os error 2)
pass.json: ok
error: dangling.json: MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next
error: dangling.json: SCHEMA_VALIDATION_FAILED: Field 'Comnent' is not supported at /States/C
  hint: did you mean `Comment`?
error: dangling.json: MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C
",
    );
    run("check pass.json").is(0, "", "pass.json: ok\n");
    run("check pass.json --quiet").is(0, "", "");
    run("check pass.json dangling.json -o json").is(
        2,
        r#"[
{"file":"pass.json","diagnostics":[]},
{"file":"dangling.json","diagnostics":[{"severity":"ERROR","code":"MISSING_TRANSITION_TARGET","message":"Missing 'Next' target: B","location":"/States/A/Next"},{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED","message":"Field 'Comnent' is not supported","location":"/States/C","hint":"did you mean `Comment`?"},{"severity":"ERROR","code":"MISSING_TRANSITION_TARGET","message":"State \"C\" is not reachable.","location":"/States/C"}]}
]
"#,
        "",
    );
}

#[test]
fn a_task_that_cannot_be_shown_or_called() {
    check(
        "task inspect cradit-check",
        "error: there is no task `cradit-check` in the registry registry; is `credit-check` \
         meant?\n",
    );
    check(
        "task list --registry nowhere",
        "error: cannot open the task registry nowhere: No such file or directory (os error 2)
  hint: `--registry DIR` or STEPWELL_REGISTRY names another one
",
    );
    let ran = run("task inspect text");
    assert!(ran.stdout.ends_with("callable        no\n"), "{ran:?}");
    assert_eq!(
        (ran.code, &*ran.stderr),
        (
            Some(2),
            "error: task `text`: text.wasm cannot be run as task `text`: it is not WebAssembly\n"
        )
    );
}

#[test]
fn a_list_warns_of_what_cannot_be_used() {
    run("task list").is(
        0,
        "credit-check\nmodule\nodd\ntext\n",
        "warning: task `odd`: the manifest odd/task.toml is not valid: unknown key `timeout`; \
         the keys here are `description`, `idempotent`, `aliases`, `capabilities`, `limits`
warning: task `odd`: task `odd` has a directory without a component; put VERSION.wasm into odd/
",
    );
}

#[test]
fn a_folder_without_task_crates() {
    check(
        "build registry",
        "error: there is no task crate in registry
  hint: a task crate has a task.toml beside its Cargo.toml; `stepwell new NAME` makes one
",
    );
}

#[test]
fn a_crate_that_cannot_be_a_task() {
    let folder = Folder::with(&[
        ("one/Cargo.toml", "[package]\nname = \"one\"\nedition = \"2024\"\n[workspace]\n"),
        ("one/src/lib.rs", ""),
        ("one/task.toml", "[limits]\ntimeout_second = 5\n"),
        ("two/Cargo.toml", "[workspace]\n"),
        ("two/task.toml", ""),
    ]);
    let ran = folder.run("build --offline");
    let stderr =
        ran.stderr.replace(&folder.path().canonicalize().unwrap().display().to_string(), ".");
    assert_eq!(
        (ran.code, &*stderr),
        (
            Some(2),
            "error: ./one: the crate makes no component
  hint: add `[lib]` with `crate-type = [\"cdylib\"]` to its Cargo.toml
error: ./one/task.toml: unknown key `limits.timeout_second`; is `limits.timeout_seconds` meant?
error: ./two is not a Cargo package
  hint: task.toml belongs beside the Cargo.toml of the task's own crate
"
        )
    );
    assert!(!folder.path().join("registry").exists());
}

#[test]
fn a_folder_that_would_be_written_over() {
    let folder = Folder::with(&[("greet/precious.txt", "")]);
    folder.run("new greet").is(
        2,
        "",
        "error: greet is not empty\n  hint: --dir DIR names another folder\n",
    );
    let ran = folder.run("new Greet");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    folder.run("new greet --dir made --sdk greet").is(
        2,
        "",
        "error: --sdk greet: this is not the folder of the task SDK
  hint: the folder holds the Cargo.toml of the package stepwell-task
",
    );
    assert!(!folder.path().join("made").exists());
}
