//! Plays the recorded expressions where they are found. All of them have to come out as recorded.

use stepwell_conformance::data::{Collection, Folder};
use stepwell_conformance::{Only, expressions};

/// A deep evaluation in an unoptimised build needs a deep stack.
const STACK_BYTES: usize = 256 << 20;

#[test]
fn expressions_come_to_what_was_recorded() {
    let folder = match Collection::Expressions.find(None) {
        Folder::Found(folder) => folder,
        Folder::Missing(folder) => {
            println!("there is no folder {}: nothing was played", folder.display());
            return;
        }
    };
    let play = move || expressions::play(&folder, &Only::default());
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(play).unwrap();
    let report = thread.join().unwrap().unwrap();
    assert!(report.passed() > 0, "the folder has no cases");
    assert_eq!(report.failed(), 0, "\n{report}");
}
