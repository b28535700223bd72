//! `Retry` and `Catch`: defaults, bounds, and the place of `States.ALL`.

use super::{check, check_schema, parse, task};
use crate::{Catcher, ErrorPattern, Jitter, Kind, Recovery, ResultPath, Retrier};

/// Gives the recovery of the only Task to a function that looks at it.
fn with_recovery<T>(fields: &str, look: impl FnOnce(&Recovery) -> T) -> T {
    let definition = parse(&task(fields));
    let (_, state) = definition.states().next().expect("a definition has a state");
    let Kind::Task(task) = &state.kind else { panic!("a Task") };
    look(&task.recovery)
}

#[test]
fn a_retrier_has_the_languages_defaults() {
    with_recovery(r#","Retry":[{"ErrorEquals":["Busy","States.Timeout"]}]"#, |recovery| {
        let [retrier] = recovery.retry.as_slice() else { panic!("one retrier") };
        let Retrier {
            errors,
            interval_seconds,
            attempts_max,
            backoff_rate,
            delay_seconds_max,
            jitter,
        } = retrier;
        let names = ["Busy", "States.Timeout"].map(|name| ErrorPattern::Name(name.into()));
        assert_eq!(errors.as_slice(), names);
        assert_eq!((*interval_seconds, *attempts_max, *delay_seconds_max), (1, 3, None));
        assert_eq!((backoff_rate.to_string().as_str(), *jitter), ("2", Jitter::None));
    });
}

#[test]
fn a_retrier_keeps_what_is_written() {
    let text = r#","Retry":[
        {"Comment":"why","ErrorEquals":["States.TaskFailed"],"IntervalSeconds":5,"MaxAttempts":0,
         "BackoffRate":1.5,"MaxDelaySeconds":6,"JitterStrategy":"FULL"},
        {"ErrorEquals":["States.ALL"],"JitterStrategy":"NONE","BackoffRate":1}]"#;
    with_recovery(text, |recovery| {
        let [first, last] = recovery.retry.as_slice() else { panic!("two retriers") };
        assert_eq!(first.errors, [ErrorPattern::TaskFailed]);
        assert_eq!((first.interval_seconds, first.attempts_max), (5, 0));
        assert_eq!((first.delay_seconds_max, first.jitter), (Some(6), Jitter::Full));
        assert_eq!(last.errors, [ErrorPattern::All]);
        assert_eq!(last.jitter, Jitter::None);
        let rates = recovery.retry.iter().map(|retrier| retrier.backoff_rate.to_string());
        assert_eq!(rates.collect::<Vec<_>>(), ["1.5", "1"]);
    });
}

#[test]
fn a_catcher_says_where_to_go_and_where_the_error_goes() {
    let text = r#","Catch":[
        {"ErrorEquals":["Busy"],"Next":"A"},
        {"ErrorEquals":["Gone"],"Next":"A","ResultPath":null},
        {"ErrorEquals":["States.ALL"],"Next":"A","ResultPath":"$.error"}]"#;
    with_recovery(text, |recovery| {
        let [whole, nothing, place] = recovery.catch.as_slice() else { panic!("three catchers") };
        let Catcher { errors, result, .. } = whole;
        assert_eq!(errors.as_slice(), [ErrorPattern::Name("Busy".into())]);
        assert!(matches!(result, ResultPath::Whole));
        assert!(matches!(nothing.result, ResultPath::Discard));
        assert!(matches!(&place.result, ResultPath::Into(path) if path.to_string() == "$.error"));
    });
}

#[test]
fn retry_and_catch_may_be_empty() {
    with_recovery(r#","Retry":[],"Catch":[]"#, |recovery| {
        assert!(recovery.retry.is_empty() && recovery.catch.is_empty());
    });
    check_schema(
        &task(r#","Retry":{},"Catch":[1]"#),
        &[
            "Expected an array, got object at /States/A/Retry",
            "Expected an object, got number at /States/A/Catch[0]",
        ],
    );
}

#[test]
fn a_retriers_numbers_have_bounds() {
    let whole = |name: &str, least: u64, most: u64, found: &str| {
        format!(
            "Expected an integer from {least} to {most}, got {found} at /States/A/Retry[0]/{name}"
        )
    };
    let rate = |found: &str| {
        format!(
            "Expected a number that is at least 1.0, got {found} at /States/A/Retry[0]/BackoffRate"
        )
    };
    let delay = "MaxDelaySeconds must be greater than IntervalSeconds at \
                 /States/A/Retry[0]/MaxDelaySeconds";
    let table: [(&str, &[&str]); 19] = [
        (r#""MaxAttempts":99999999"#, &[]),
        (r#""MaxAttempts":100000000"#, &[&whole("MaxAttempts", 0, 99_999_999, "100000000")]),
        (r#""MaxAttempts":-1"#, &[&whole("MaxAttempts", 0, 99_999_999, "-1")]),
        (r#""MaxAttempts":1.5"#, &[&whole("MaxAttempts", 0, 99_999_999, "1.5")]),
        (
            r#""MaxAttempts":"3""#,
            &["Expected an integer, got string at /States/A/Retry[0]/MaxAttempts"],
        ),
        (r#""IntervalSeconds":1"#, &[]),
        (r#""IntervalSeconds":99999999"#, &[]),
        (r#""IntervalSeconds":0"#, &[&whole("IntervalSeconds", 1, 99_999_999, "0")]),
        (
            r#""IntervalSeconds":100000000"#,
            &[&whole("IntervalSeconds", 1, 99_999_999, "100000000")],
        ),
        (r#""MaxDelaySeconds":31622400"#, &[]),
        (r#""MaxDelaySeconds":31622401"#, &[&whole("MaxDelaySeconds", 1, 31_622_400, "31622401")]),
        (r#""MaxDelaySeconds":0"#, &[&whole("MaxDelaySeconds", 1, 31_622_400, "0")]),
        (r#""MaxDelaySeconds":1"#, &[delay]),
        (r#""MaxDelaySeconds":5,"IntervalSeconds":5"#, &[delay]),
        (r#""BackoffRate":1"#, &[]),
        (r#""BackoffRate":0.99"#, &[&rate("0.99")]),
        (r#""BackoffRate":-2"#, &[&rate("-2")]),
        (r#""BackoffRate":"2""#, &[&rate(r#""2""#)]),
        (
            r#""JitterStrategy":"SOME""#,
            &["The field 'JitterStrategy' should have one of these values: [FULL, NONE] at \
               /States/A/Retry[0]/JitterStrategy"],
        ),
    ];
    for (fields, expected) in table {
        let text = task(&format!(r#","Retry":[{{"ErrorEquals":["Busy"],{fields}}}]"#));
        check_schema(&text, expected);
    }
}

#[test]
fn error_equals_is_a_list_of_names() {
    let table: [(&str, &[&str]); 4] = [
        ("[]", &["Value cannot be empty at /States/A/Retry[0]/ErrorEquals"]),
        (r#""Busy""#, &["Expected an array, got string at /States/A/Retry[0]/ErrorEquals"]),
        (
            r#"["Busy",1,null]"#,
            &[
                "Expected a string, got number at /States/A/Retry[0]/ErrorEquals[1]",
                "Expected a string, got null at /States/A/Retry[0]/ErrorEquals[2]",
            ],
        ),
        (r#"[""]"#, &[]),
    ];
    for (errors, expected) in table {
        check_schema(&task(&format!(r#","Retry":[{{"ErrorEquals":{errors}}}]"#)), expected);
    }
    check_schema(
        &task(r#","Retry":[{}],"Catch":[{}]"#),
        &[
            "These fields are required: [ErrorEquals] at /States/A/Retry[0]",
            "These fields are required: [ErrorEquals] at /States/A/Catch[0]",
            "These fields are required: [Next] at /States/A/Catch[0]",
        ],
    );
}

#[test]
fn states_all_stands_alone_and_last() {
    let finding = |place: &str| {
        format!(
            "States.ALL must be the only element of ErrorEquals, in the last entry at \
             /States/A/{place}/ErrorEquals"
        )
    };
    check_schema(
        &task(r#","Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["Busy"]}]"#),
        &[&finding("Retry[0]")],
    );
    check_schema(
        &task(r#","Retry":[{"ErrorEquals":["Busy"]},{"ErrorEquals":["Gone","States.ALL"]}]"#),
        &[&finding("Retry[1]")],
    );
    check_schema(
        &task(
            r#","Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"},
                         {"ErrorEquals":["States.ALL"],"Next":"A"}]"#,
        ),
        &[&finding("Catch[0]")],
    );
}

#[test]
fn entries_are_checked_field_by_field() {
    check_schema(
        &task(r#","Retry":[{"ErrorEquals":["Busy"],"MaxAttempt":1,"Next":"A"}]"#),
        &[
            "Field 'MaxAttempt' is not supported at /States/A/Retry[0] (did you mean `MaxAttempts`?)",
            "Field 'Next' is not supported at /States/A/Retry[0]",
        ],
    );
    check(
        &task(r#","Catch":[{"ErrorEquals":["Busy"],"Next":"B","ResultPath":"$..x"}]"#),
        &[
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: a reference path has names \
             and single indexes only (at byte 0) at /States/A/Catch[0]/ResultPath (a Reference \
             Path names one place, such as $.order.items[0])",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Catch[0]/Next",
        ],
    );
    check_schema(
        &task(r#","Catch":[{"ErrorEquals":["Busy"],"Next":1}]"#),
        &["Expected a string, got number at /States/A/Catch[0]/Next"],
    );
}
