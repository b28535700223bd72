//! Plays the recorded tests of single states where they are found.

use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::{Only, states};

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
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
