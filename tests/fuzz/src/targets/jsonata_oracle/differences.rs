//! Where the second implementation is known to differ, and why that is none of our defects.
//!
//! One function a difference, whose name names it and whose comment has the reason.

use super::Answer;

/// Whether the text of the expression shows a known difference.
pub(super) fn are_expected_of(text: &str) -> bool {
    [is_left_out, is_chance].iter().any(|shows| shows(text))
}

/// `$eval` is not part of the service's dialect, and the others depend on the time.
fn is_left_out(text: &str) -> bool {
    ["$eval", "$now", "$millis"].iter().any(|name| text.contains(name))
}

/// The two draw different numbers.
fn is_chance(text: &str) -> bool {
    ["$random", "$shuffle"].iter().any(|name| text.contains(name))
}

/// Whether the answers show a known difference.
pub(super) fn are_expected_between(_text: &str, _ours: &Answer, _theirs: &Answer) -> bool {
    false
}
