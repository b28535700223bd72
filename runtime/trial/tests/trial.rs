//! Folders of workflows and test files, as their authors write them, and what is said of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its fixtures has failed")]

use std::path::Path;
use std::{env, fs};

use stepwell_kernel::Failure;
use stepwell_trial::{Kinds, NoTasks, RealTask, RealTasks, Report, Share, discover};
use stepwell_value::{Payload, Value};

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn run(folder: &Path) -> Report {
    discover(folder).unwrap().run(&NoTasks, "")
}

#[test]
fn the_cases_of_the_folder_pass() {
    let report = run(&fixture("passing"));
    assert!(report.is_success(), "{}", report.to_text());
    assert_eq!((report.cases(), report.failed()), (12, 0));
    let untested: Vec<_> = report.untested.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(untested, ["child.asl.json"]);
    let warnings =
        report.suites.iter().flat_map(|suite| &suite.cases).flat_map(|case| &case.warnings);
    assert_eq!(warnings.collect::<Vec<_>>(), [] as [&String; 0]);
    assert!(!fixture("passing/buckets/out").exists(), "nothing is written");
}

/// Checks what is said of a folder against the file of its name, with paths from the folder on.
#[track_caller]
fn check_text(folder: &str) {
    let path = fixture(folder);
    let prefix = format!("{}/", path.display());
    let text = run(&path).to_text().replace(&prefix, "");
    let expected = fs::read_to_string(fixture(&format!("{folder}.txt"))).unwrap_or_default();
    assert_eq!(text, expected, "{text}");
}

#[test]
fn a_case_that_fails_says_where_and_why() {
    check_text("failing");
}

#[test]
fn files_that_cannot_be_used_say_what_is_wrong() {
    check_text("broken");
}
