//! Plays the recorded calls that a catalog alone can answer, where the recordings are found: in the
//! folder that `STEPWELL_CONFORMANCE` names, or in `shared/conformance` beside the repository.
//!
//! Before every call the catalog is opened anew from its documents. Calls about executions are
//! passed over, and so is what builds on their answers.
#![expect(clippy::unwrap_used, reason = "a recording that cannot be read ends the test")]

use std::path::{Path, PathBuf};

use stepwell_value::Value;

mod compare;
mod play;
mod wire;

const CATEGORIES: [&str; 9] = [
    "api",
    "api_activities",
    "api_aliasing",
    "api_express",
    "api_logs",
    "api_tagging",
    "api_validation",
    "api_variable_references",
    "api_versioning",
];

/// Steps that are answered otherwise, with the reason.
const OTHERWISE: [(&str, &str); 1] =
    [("sfn_api_logs.deleted_log_group", "whether a log group is there is not known")];

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    std::env::var_os("STEPWELL_CONFORMANCE").map_or_else(beside, PathBuf::from)
}

fn cases(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = CATEGORIES
        .iter()
        .flat_map(|category| folder.join("cases").join(category).read_dir().into_iter().flatten())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let cases = files.iter().map(|file| Value::parse(&std::fs::read_to_string(file).unwrap()));
    let cases = cases.map(Result::unwrap);
    cases.filter(|case| case.get("kind").and_then(Value::as_str) == Some("api")).collect()
}

#[test]
fn recorded_calls_are_answered_as_the_service_answered_them() {
    let folder = folder();
    if !folder.is_dir() {
        println!("there is no folder {}: nothing was played", folder.display());
        return;
    }
    let mut score = play::Score::default();
    for case in cases(&folder) {
        let id = case.get("id").and_then(Value::as_str).unwrap();
        let before = score.differences.len();
        play::case(&case, &mut score);
        let is_known = OTHERWISE.iter().any(|(known, _)| *known == id);
        assert!(!is_known || score.differences.len() > before, "{id} is answered as recorded now");
        if is_known {
            score.known += score.differences.split_off(before).len();
        }
    }
    println!(
        "{} of {} recorded answers are equal, {} differ as known, {} were passed over",
        score.equal, score.compared, score.known, score.passed_over
    );
    assert!(score.equal > 0, "the folder has no cases");
    assert!(score.differences.is_empty(), "{:#?}", score.differences);
}
