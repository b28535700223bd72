//! Plays the recorded tests of single states where they are found.

use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::{Only, states};

/// Services whose answers a mock is not held against.
const UNKNOWN_SERVICES: [&str; 4] = ["kms_task", "s3_task", "dynamodb_task", "eventbridge_task"];

#[test]
fn states_come_to_what_was_recorded() {
    let folder = match Collection::Executions.find(None) {
        Folder::Found(folder) => folder,
        Folder::Missing(folder) => {
            println!("there is no folder {}: nothing was played", folder.display());
            return;
        }
    };
    let report = states::play(&folder, &Only::default()).unwrap();
    assert!(report.passed() > 0, "the folder has no cases");
    let failed = report.scores.iter().flat_map(|score| &score.failed);
    let is_known = |case: &str| !UNKNOWN_SERVICES.iter().any(|service| case.contains(service));
    let failed: Vec<_> = failed.filter(|failure| is_known(&failure.case)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
