//! Every way to name a task, and texts that name none.

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let shown = TaskRef::parse(text).map(|task| task.to_string());
    assert_eq!(shown.as_deref(), Ok(expected), "for `{text}`");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = TaskRef::parse(text).expect_err(text).to_string();
    assert!(error.contains(expected), "`{text}` gave: {error}");
    assert!(error.contains(&format!("`{text}`")), "the message names the text: {error}");
}

#[test]
fn a_bare_name_means_the_latest_version() {
    check("credit-check", "credit-check");
    check("Credit_Check9", "Credit_Check9");
    check("credit-check:$LATEST", "credit-check");
    assert_eq!(TaskRef::parse("a").unwrap().qualifier(), &Qualifier::Latest);
}

#[test]
fn a_version_or_an_alias_may_follow() {
    check("credit-check@1.2.0", "credit-check@1.2.0");
    check("credit-check:prod", "credit-check:prod");
    check("credit-check:7", "credit-check:7");
    check("credit-check:1.2.0", "credit-check:1.2.0");
}

#[test]
fn the_arn_of_a_function_in_any_partition_is_its_name() {
    check("arn:aws:lambda:us-east-1:123456789012:function:charge", "charge");
    check("arn:aws-cn:lambda:cn-north-1:123456789012:function:charge:prod", "charge:prod");
    check("arn:aws-us-gov:lambda:::function:charge:$LATEST", "charge");
    check("123456789012:function:charge:3", "charge:3");
    check("123456789012:function:charge", "charge");
}

#[test]
fn other_arns_are_refused() {
    check_refused("arn:aws:sqs:us-east-1:123456789012:queue", "a function's ARN looks like");
    check_refused("arn:aws:lambda:us-east-1:123456789012:layer:charge", "ARN looks like");
    check_refused("arn:", "ARN looks like");
    check_refused("elsewhere:function:charge", "ARN looks like");
}

#[test]
fn names_that_could_be_paths_are_refused() {
    check_refused("../secret", "'.' is not allowed");
    check_refused(".", "'.' is not allowed");
    check_refused(".hidden", "'.' is not allowed");
    check_refused("hidden.", "'.' is not allowed");
    check_refused("a/b", "'/' is not allowed");
    check_refused("a\0", "'\\0' is not allowed");
    check_refused("", "the name is empty");
    check_refused("@1.0", "the name is empty");
    check_refused("é", "'é' is not allowed");
}

#[test]
fn dots_stand_between_other_characters() {
    check("aws-sdk.dynamodb.getItem", "aws-sdk.dynamodb.getItem");
    check("sqs.sendMessage@1.2", "sqs.sendMessage@1.2");
    check("sqs.sendMessage:prod", "sqs.sendMessage:prod");
}

#[test]
fn a_name_has_at_most_64_characters() {
    check(&"n".repeat(64), &"n".repeat(64));
    check_refused(&"n".repeat(65), "this one has 65");
}

#[test]
fn bad_qualifiers_are_refused() {
    check_refused("charge@prod", "`prod` is not a version");
    check_refused("charge@", "`` is not a version");
    check_refused("charge:", "neither an alias nor a version");
    check_refused("charge:../x", "neither an alias nor a version");
}
