use super::{BYTES_MAX, check};
use crate::repository::TrackedFile;
use crate::tidy::tests::{file, shown};

#[test]
fn reminders_and_debug_prints_are_found_with_their_line() {
    let text = concat!("one\n// FIX", "ME later\ndbg", "!(x);\nTO", "DO: it\ntodo\n");
    assert_eq!(
        shown(&check(&file("a.md", text))),
        [
            concat!(
                "a.md:2: `FIX",
                "ME` is left; do it, or state the limitation and assert it in a test"
            ),
            concat!("a.md:3: `dbg", "!(` is left; take the debug print out"),
            concat!(
                "a.md:4: `TO",
                "DO:` is left; do it, or state the limitation and assert it in a test"
            ),
        ]
    );
}

#[test]
fn conflicts_are_found_at_the_beginning_of_a_line() {
    let text = concat!("<<<<", "<<< ours\n=======\n>>>>", ">>> theirs\n <<<<", "<<< quoted\n");
    assert_eq!(
        shown(&check(&file("a.rs", text))),
        [
            "a.rs:1: a merge conflict is left; resolve it",
            "a.rs:3: a merge conflict is left; resolve it",
        ]
    );
}

#[test]
fn a_file_has_256_kib_at_most() {
    let sized = |bytes| TrackedFile { path: "a.png".into(), bytes, text: None };
    assert_eq!(shown(&check(&sized(BYTES_MAX))), Vec::<String>::new());
    assert_eq!(
        shown(&check(&sized(BYTES_MAX + 1))),
        [
            "a.png: the file has 257 KiB, and 256 KiB is the most; make it smaller, or produce it at \
          build"
        ]
    );
}
