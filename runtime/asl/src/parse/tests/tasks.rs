//! The fields that one state type alone has: Task, Pass, Wait, Fail.

use stepwell_value::Payload;

use super::{check_schema, parse, state, task};
use crate::{
    Completion, Definition, Kind, Number, Template, Text, Timestamp, Transition, WaitUntil,
};

/// The only state of a definition.
fn only(definition: &Definition) -> &Kind {
    &definition.state(definition.machine(definition.root()).start).kind
}

#[test]
fn a_task_names_what_it_calls() {
    let unknown = |resource: &str| {
        format!(
            "The resource provided {resource} is not recognized. The value is not a valid resource \
             ARN, or the resource is not available in this region. at /States/A/Resource (name a \
             task of the registry (`NAME`, `NAME@VERSION` or `NAME:ALIAS`), a Lambda function's \
             ARN, an activity's ARN, or arn:aws:states:::SERVICE:ACTION)"
        )
    };
    let with = |resource: &str| state(&format!(r#""Type":"Task","End":true{resource}"#));
    check_schema(&with(""), &["These fields are required: [Resource] at /States/A"]);
    let number = with(r#","Resource":1"#);
    check_schema(&number, &["Expected a string, got number at /States/A/Resource"]);
    for resource in ["", "../escape", "arn:aws:states:::dynamodb:query"] {
        let text = with(&format!(r#","Resource":"{resource}""#));
        check_schema(&text, &[&unknown(resource)]);
    }
    let text = with(r#","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken""#);
    let definition = parse(&text);
    let Kind::Task(task) = only(&definition) else { panic!("a Task") };
    assert!(task.resource.is_lambda_invoke());
    assert_eq!(task.resource.completion(), Completion::TaskToken);
}

#[test]
fn credentials_name_a_role() {
    let missing =
        "The field 'RoleArn' is required but was missing at /States/A/Credentials".to_owned();
    let table: [(&str, Option<&str>); 7] = [
        (r#"{"RoleArn":"arn:aws:iam::123456789012:role/r"}"#, None),
        (r#"{"RoleArn.$":"$.role"}"#, None),
        (r#"{"RoleArn":"r","Other":1}"#, None),
        // The service's own examples.
        ("{}", Some(&missing)),
        (r#"{"InvalidField":"invalid"}"#, Some(&missing)),
        ("1", Some("Expected an object, got number at /States/A/Credentials")),
        (
            r#"{"RoleArn.$":"role"}"#,
            Some(
                "The value for the field 'RoleArn.$' must be a valid JSONPath or a valid \
                 intrinsic function call at /States/A/Credentials",
            ),
        ),
    ];
    for (credentials, expected) in table {
        let text = task(&format!(r#","Credentials":{credentials}"#));
        check_schema(&text, expected.as_slice());
    }
    let definition = parse(&task(r#","Credentials":{"RoleArn.$":"$.role"}"#));
    let Kind::Task(task) = only(&definition) else { panic!("a Task") };
    assert!(matches!(&task.credentials, Some(Template::Object(members)) if members.len() == 1));
}

#[test]
fn a_tasks_times_have_bounds_and_path_forms() {
    let both = "Only one of these fields is allowed:";
    let table: [(&str, &[&str]); 12] = [
        (r#","TimeoutSeconds":1"#, &[]),
        (r#","TimeoutSeconds":99999999"#, &[]),
        (r#","TimeoutSeconds":2,"HeartbeatSeconds":1"#, &[]),
        (r#","TimeoutSecondsPath":"$.t","HeartbeatSecondsPath":"$$.Execution.Input.h""#, &[]),
        (
            r#","TimeoutSeconds":0,"HeartbeatSeconds":0"#,
            &[
                "Expected an integer from 1 to 99999999, got 0 at /States/A/TimeoutSeconds",
                "Expected an integer from 1 to 99999999, got 0 at /States/A/HeartbeatSeconds",
            ],
        ),
        (
            r#","TimeoutSeconds":100000000"#,
            &["Expected an integer from 1 to 99999999, got 100000000 at /States/A/TimeoutSeconds"],
        ),
        (
            r#","TimeoutSeconds":-1"#,
            &["Expected an integer from 1 to 99999999, got -1 at /States/A/TimeoutSeconds"],
        ),
        (
            r#","TimeoutSeconds":1.5"#,
            &["Expected an integer from 1 to 99999999, got 1.5 at /States/A/TimeoutSeconds"],
        ),
        (
            r#","TimeoutSeconds":"1""#,
            &["Expected an integer, got string at /States/A/TimeoutSeconds"],
        ),
        (
            r#","TimeoutSeconds":5,"HeartbeatSeconds":5"#,
            &["HeartbeatSeconds must be smaller than TimeoutSeconds at /States/A/HeartbeatSeconds"],
        ),
        (
            r#","TimeoutSeconds":5,"TimeoutSecondsPath":"$.t""#,
            &[&format!("{both} [TimeoutSeconds, TimeoutSecondsPath] at /States/A")],
        ),
        (
            r#","HeartbeatSeconds":5,"HeartbeatSecondsPath":"t""#,
            &[
                &format!("{both} [HeartbeatSeconds, HeartbeatSecondsPath] at /States/A"),
                "Value is not a valid JSONPath: expected `$` (at byte 0) at \
                 /States/A/HeartbeatSecondsPath",
            ],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&task(fields), expected);
    }
    let definition = parse(&task(r#","TimeoutSeconds":60,"HeartbeatSecondsPath":"$.h""#));
    let Kind::Task(task) = only(&definition) else { panic!("a Task") };
    assert!(matches!(task.timeout_seconds, Some(Number::Literal(60))));
    let Some(Number::Path(path)) = &task.heartbeat_seconds else { panic!("a path") };
    assert_eq!(path.to_string(), "$.h");
    assert_eq!(task.next, Transition::End);
}

#[test]
fn a_pass_may_have_any_result() {
    for result in ["null", "0", r#""text""#, r#"{"a.$":"$.not.a.template"}"#] {
        let definition = parse(&state(&format!(r#""Type":"Pass","End":true,"Result":{result}"#)));
        let Kind::Pass(pass) = only(&definition) else { panic!("a Pass") };
        assert_eq!(pass.result.as_ref().map(Payload::text), Some(result));
    }
    let definition = parse(&state(r#""Type":"Pass","End":true"#));
    assert!(matches!(only(&definition), Kind::Pass(pass) if pass.result.is_none()));
}

#[test]
fn a_wait_says_exactly_once_until_when() {
    let one = "Exactly one of these fields is required: \
               [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/A";
    let timestamp = "String does not match RFC3339 timestamp at /States/A/Timestamp \
                     (write it like 2026-03-01T12:00:00Z)";
    let table: [(&str, &[&str]); 12] = [
        ("", &[one]),
        (r#","Seconds":1,"Timestamp":"2026-03-01T12:00:00Z""#, &[one]),
        (r#","Seconds":0"#, &[]),
        (r#","Seconds":99999999"#, &[]),
        (
            r#","Seconds":100000000"#,
            &["Expected an integer from 0 to 99999999, got 100000000 at /States/A/Seconds"],
        ),
        (r#","Seconds":"1""#, &["Expected an integer, got string at /States/A/Seconds"]),
        (
            r#","Second":1"#,
            &[one, "Field 'Second' is not supported at /States/A (did you mean `Seconds`?)"],
        ),
        // The service's own examples.
        (r#","Timestamp":"2016-13-05T21:29:29Z""#, &[timestamp]),
        (r#","Timestamp":"2016-12-05T25:29:29Z""#, &[timestamp]),
        (r#","Timestamp":"2016-12-05 21:29:29Z""#, &[timestamp]),
        (r#","Timestamp":1"#, &["Expected a string, got number at /States/A/Timestamp"]),
        (
            r#","TimestampPath":"$[""#,
            &["Value is not a valid JSONPath: expected `*`, `?`, `(@.length-n)`, an index or a \
               name in single quotes (at byte 2) at /States/A/TimestampPath"],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&state(&format!(r#""Type":"Wait","End":true{fields}"#)), expected);
    }
}

#[test]
fn a_wait_keeps_each_of_its_forms() {
    let until = |field: &str| {
        let definition = parse(&state(&format!(r#""Type":"Wait","End":true,{field}"#)));
        match only(&definition) {
            Kind::Wait(wait) => match &wait.until {
                WaitUntil::Seconds(seconds) => format!("{seconds} s"),
                WaitUntil::SecondsPath(path) => format!("seconds at {path}"),
                WaitUntil::Timestamp(timestamp) => timestamp.to_string(),
                WaitUntil::TimestampPath(path) => format!("timestamp at {path}"),
                WaitUntil::SecondsJsonata(expression) => format!("seconds of {expression}"),
                WaitUntil::TimestampJsonata(expression) => format!("timestamp of {expression}"),
            },
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(until(r#""Seconds":7"#), "7 s");
    assert_eq!(until(r#""SecondsPath":"$.s""#), "seconds at $.s");
    let timestamp = Timestamp::from_unix_millis(0).to_string();
    assert_eq!(until(r#""Timestamp":"1970-01-01T01:00:00+01:00""#), timestamp);
    assert_eq!(
        until(r#""TimestampPath":"$$.State.EnteredTime""#),
        "timestamp at $$.State.EnteredTime"
    );
}

#[test]
fn a_fail_has_texts_or_paths() {
    let both = |name: &str| {
        format!("Only one of these fields is allowed: [{name}, {name}Path] at /States/A")
    };
    let table: [(&str, &[&str]); 4] = [
        (r#","Error":1"#, &["Expected a string, got number at /States/A/Error"]),
        (r#","Error":"E","ErrorPath":"$.e""#, &[&both("Error")]),
        (r#","Cause":"C","CausePath":"$.c""#, &[&both("Cause")]),
        (
            r#","CausePath":"States.Formt('{}', $.c)""#,
            &["Value is not a valid JSONPath or intrinsic function call at /States/A/CausePath \
               (there is no function `States.Formt` (at byte 0))"],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&state(&format!(r#""Type":"Fail"{fields}"#)), expected);
    }
    let definition = parse(&state(r#""Type":"Fail","Error":"E","CausePath":"$.c""#));
    let Kind::Fail(fail) = only(&definition) else { panic!("a Fail") };
    assert!(matches!(&fail.error, Some(Text::Literal(error)) if &**error == "E"));
    assert!(matches!(&fail.cause, Some(Text::Path(path)) if path.to_string() == "$.c"));
}
