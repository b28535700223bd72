//! What counts as near.

use super::*;

#[test]
fn edits_are_insertions_deletions_and_substitutions() {
    assert_eq!(edits("charge", "charge"), 0);
    assert_eq!(edits("charge", "change"), 1);
    assert_eq!(edits("charge", "charges"), 1);
    assert_eq!(edits("", "abc"), 3);
    assert_eq!(edits("kitten", "sitting"), 3);
}

#[test]
fn the_nearest_name_wins_and_a_far_one_is_not_offered() {
    let names = ["credit-check", "charge", "refund"];
    assert_eq!(nearest("chrage", names), Some("charge"));
    assert_eq!(nearest("creditcheck", names), Some("credit-check"));
    assert_eq!(nearest("ship", names), None);
    assert_eq!(nearest("ship", ["mail"]), None);
}
