//! Every target briefly, with a fixed seed; and that each way to be wrong is noticed.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn fuzz(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepwell-fuzz"));
    // The same inputs on every machine.
    command.env_remove("STEPWELL_EXPRESSIONS").env("RUST_BACKTRACE", "0");
    command.env("CARGO_TARGET_DIR", env!("CARGO_TARGET_TMPDIR"));
    command.args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}{err}")
}

/// Runs a target's corpus and as many inputs as it has for this.
#[track_caller]
fn holds(target: &str) {
    let output = fuzz(&[target, "--brief"]);
    assert!(output.status.success(), "{}", said(&output));
}

macro_rules! targets {
    ($($name:ident $target:literal),* $(,)?) => {
        const TESTED: &[&str] = &[$($target),*];

        $(#[test]
        fn $name() {
            holds($target);
        })*
    };
}

targets! {
    json_is_read_as_a_second_parser_reads_it "value",
    paths_are_read_or_refused "jsonpath-parse",
    paths_are_read_from_documents "jsonpath-read",
    expressions_are_read_or_refused "jsonata-parse",
    hostile_expressions_end_within_their_limits "jsonata-evaluate",
    expressions_have_the_value_that_a_second_implementation_finds "jsonata-oracle",
    definitions_are_read_or_refused "definition",
    random_machines_keep_what_must_hold "machines",
    requests_are_answered_or_refused "request",
}

#[test]
fn every_target_is_tested() {
    let list = said(&fuzz(&["--list"]));
    let listed: Vec<_> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, TESTED);
}

/// Runs the target that is wrong on purpose.
fn mischief(input: &str) -> (Option<i32>, String) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mischief-{input}.txt"));
    fs::write(&file, input).unwrap();
    let output = fuzz(&["mischief", "--input", file.to_str().unwrap()]);
    (output.status.code(), said(&output))
}

#[test]
fn each_way_to_be_wrong_is_noticed_with_its_input() {
    for (input, sign) in [
        ("deny", "a property does not hold"),
        ("panic", "this code is wrong"),
        ("recurse", "overflowed its stack"),
        ("allocate", "memory allocation of"),
        ("hang", "takes more than"),
    ] {
        let (code, said) = mischief(input);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(sign) && said.contains(&format!("    {input}")), "{said}");
    }
    assert_eq!(mischief("behave").0, Some(0));
}

#[test]
fn a_finding_does_not_hide_those_behind_it_and_says_how_to_run_it_again() {
    let output = said(&fuzz(&["mischief", "--iterations", "500"]));
    let command = output.lines().find(|line| line.contains("--iteration ")).unwrap();
    let arguments: Vec<_> = command.split_whitespace().skip(3).collect();
    let again = said(&fuzz(&arguments));
    assert!(again.contains("a property does not hold"), "{again}");
    // The same finding is told once, and the run goes on to its end.
    assert_eq!(output.matches("this does not hold").count(), 1, "{output}");
    assert!(output.contains("500 executions"), "{output}");
}
