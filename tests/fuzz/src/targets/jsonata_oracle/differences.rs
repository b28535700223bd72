//! Where the second implementation is known to differ, and why that is none of our defects.
//!
//! One function a difference, whose name names it and whose comment has the reason. Where both
//! cannot be right, the documentation of the language and the reference's behaviour have decided.

use super::Answer;

/// Whether the text of the expression shows a known difference.
pub(super) fn are_expected_of(text: &str) -> bool {
    let differences: &[fn(&str) -> bool] =
        &[is_left_out, is_chance, is_url, is_transform, is_nested_list, is_date];
    differences.iter().any(|shows| shows(text))
}

/// Whether the expression has what nobody can compare.
pub(super) fn are_left_out(text: &str) -> bool {
    is_left_out(text) || is_chance(text)
}

/// `$eval` is not part of the service's dialect, and the others depend on the time.
fn is_left_out(text: &str) -> bool {
    contains_any(text, &["$eval", "$now", "$millis"])
}

/// The two draw different numbers.
fn is_chance(text: &str) -> bool {
    contains_any(text, &["$random", "$shuffle"])
}

/// Its `$encodeUrl` encodes nothing, and its `$encodeUrlComponent` encodes `-` and `.`, which the
/// reference leaves alone.
fn is_url(text: &str) -> bool {
    contains_any(text, &["$encodeUrl", "$decodeUrl"])
}

/// It changes objects that are equal to those that the pattern found, wherever they are, and passes
/// over what is no object where the reference evaluates the update.
fn is_transform(text: &str) -> bool {
    text.contains('|')
}

/// It does not look into arrays within arrays, and does not take the whole input for something that
/// exists.
fn is_nested_list(text: &str) -> bool {
    contains_any(text, &["$keys", "$spread", "$lookup", "$exists($)"])
}

/// Pictures that nobody would write are read by each in its own way. The crate's own tests follow
/// the reference.
fn is_date(text: &str) -> bool {
    contains_any(text, &["$toMillis(", "$fromMillis("])
}

/// Whether the answers show a known difference.
pub(super) fn are_expected_between(text: &str, ours: &Answer, theirs: &Answer) -> bool {
    type Shows = fn(&str, &Answer, &Answer) -> bool;
    let differences: &[Shows] = &[
        reads_another_grammar,
        asks_no_predicate_of_nothing,
        calculates_with_nan,
        takes_any_argument,
        has_nothing_as_null,
        refuses_what_replace_is_given,
        cuts_at_fractions,
        has_groups_without_a_match,
    ];
    differences.iter().any(|shows| shows(text, ours, theirs))
}

/// Names may have any letter and sign in them that is no operator; it has fewer, and accepts
/// letters behind a regular expression and brackets in it that do not pair.
fn reads_another_grammar(_: &str, ours: &Answer, theirs: &Answer) -> bool {
    let is_syntax = |answer: &Answer| error(answer).is_some_and(|text| text.contains("S0"));
    is_syntax(ours) || is_syntax(theirs)
}

/// The reference evaluates a predicate of what was not found, which may fail. It goes on to the
/// next predicate if the first holds, and ours does not.
fn asks_no_predicate_of_nothing(text: &str, ours: &Answer, theirs: &Answer) -> bool {
    let is_theirs_alone = text.contains("][") && *ours == Answer::Undefined;
    text.contains('[')
        && error(ours).is_some() != error(theirs).is_some()
        && (error(ours).is_some() || is_theirs_alone)
}

/// A remainder by zero is not a number, and the reference refuses to calculate with it.
fn calculates_with_nan(text: &str, ours: &Answer, _: &Answer) -> bool {
    text.contains('%') && error(ours).is_some_and(|text| text.starts_with("T200"))
}

/// It does not compare every argument with the function's signature.
fn takes_any_argument(_: &str, ours: &Answer, theirs: &Answer) -> bool {
    error(ours).is_some_and(|text| text.starts_with("T0410")) && error(theirs).is_none()
}

/// Its arrays may hold what is undefined, which prints as null.
fn has_nothing_as_null(_: &str, ours: &Answer, theirs: &Answer) -> bool {
    *ours == Answer::Undefined && *theirs == Answer::Value(stepwell_value::Value::Null)
}

/// It checks what `$replace` is given although nothing is found, in words of its own.
fn refuses_what_replace_is_given(_: &str, _: &Answer, theirs: &Answer) -> bool {
    error(theirs).is_some_and(|text| text.contains("replace() pattern must be"))
}

/// Its places and counts are rounded where the reference cuts them: `$substring` by halves, and
/// `$formatBase` of a half.
fn cuts_at_fractions(text: &str, _: &Answer, _: &Answer) -> bool {
    text.contains(".5") && contains_any(text, &["$substring", "$formatBase", "$pad", "$split"])
}

/// A group that did not take part in a match is undefined in the reference; an array of ours cannot
/// hold that and has null.
fn has_groups_without_a_match(text: &str, _: &Answer, _: &Answer) -> bool {
    contains_any(text, &["groups", "$match"]) && text.contains(")?")
}

fn error(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Error(text) => Some(text),
        Answer::Value(_) | Answer::Undefined | Answer::Function | Answer::TooMuch => None,
    }
}

fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}
