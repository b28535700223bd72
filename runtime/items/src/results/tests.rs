use stepwell_value::{Payload, Str, Value};

use super::{Child, ChildResult, Ending, Transformation};

pub(super) fn child(name: &str) -> Child {
    Child {
        execution_arn: Str::from(format!("arn:aws:states:eu-west-1:111:execution:m/L:{name}")),
        name: Str::from(name),
        state_machine_arn: Str::from("arn:aws:states:eu-west-1:111:stateMachine:m/L"),
        start_date: Str::from("2025-02-04T01:49:50.099Z"),
        stop_date: Str::from("2025-02-04T01:49:50.163Z"),
        redrive_count: 0,
    }
}

pub(super) fn succeeded(name: &str, output: &str) -> ChildResult {
    let output = Payload::parse(output).expect("JSON");
    let input = Payload::parse(r#"{"n": 1}"#).expect("JSON");
    ChildResult { input, ending: Ending::Succeeded { child: child(name), output } }
}

pub(super) fn ended(ending: Ending) -> ChildResult {
    ChildResult { input: Payload::from(Value::from("in")), ending }
}

fn text(result: &ChildResult, transformation: Transformation) -> Vec<String> {
    result.records(transformation).iter().map(ToString::to_string).collect()
}

#[test]
fn a_success_is_written_with_everything_about_it() {
    let expected = concat!(
        r#"{"ExecutionArn":"arn:aws:states:eu-west-1:111:execution:m/L:a","Input":"{\"n\": 1}","#,
        r#""InputDetails":{"Included":true},"Name":"a","Output":"[1, {}]","#,
        r#""OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","#,
        r#""RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","#,
        r#""StartDate":"2025-02-04T01:49:50.099Z","#,
        r#""StateMachineArn":"arn:aws:states:eu-west-1:111:stateMachine:m/L","#,
        r#""Status":"SUCCEEDED","StopDate":"2025-02-04T01:49:50.163Z"}"#,
    );
    assert_eq!(text(&succeeded("a", "[1, {}]"), Transformation::None), [expected]);
}

#[test]
fn a_failure_is_written_whole_whatever_the_transformation() {
    let (error, cause) = (Some(Str::from("States.Timeout")), Some(Str::from("late")));
    let (none, child) = (None::<Str>, child("b"));
    let endings = [
        (Ending::Failed { child: child.clone(), error, cause }, "FAILED", true),
        (
            Ending::TimedOut { child: child.clone(), error: none.clone(), cause: none.clone() },
            "TIMED_OUT",
            false,
        ),
        (Ending::Aborted { child, error: none.clone(), cause: none }, "ABORTED", false),
    ];
    for (ending, status, has_error) in endings {
        let error = if has_error { r#""Cause":"late","Error":"States.Timeout","# } else { "" };
        let expected = [
            "{",
            error,
            r#""ExecutionArn":"arn:aws:states:eu-west-1:111:execution:m/L:b","Input":"\"in\"","#,
            r#""InputDetails":{"Included":true},"Name":"b","OutputDetails":{"Included":true},"#,
            r#""RedriveCount":0,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN","#,
            r#""StartDate":"2025-02-04T01:49:50.099Z","#,
            r#""StateMachineArn":"arn:aws:states:eu-west-1:111:stateMachine:m/L","#,
            &format!(r#""Status":"{status}","StopDate":"2025-02-04T01:49:50.163Z"}}"#),
        ];
        let result = ended(ending);
        for transformation in
            [Transformation::None, Transformation::Compact, Transformation::Flatten]
        {
            assert_eq!(text(&result, transformation), [expected.concat()]);
        }
    }
}

#[test]
fn what_was_never_started_has_an_input_only() {
    let expected = [r#"{"Input":"\"in\"","InputDetails":{"Included":true},"Status":"PENDING"}"#];
    assert_eq!(text(&ended(Ending::Pending), Transformation::Flatten), expected);
}

#[test]
fn outputs_are_left_as_they_are_or_flattened_by_one_level() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        (r#"{"a": [1]}"#, &[r#"{"a":[1]}"#], &[r#"{"a":[1]}"#]),
        ("[1, [2]]", &["[1,[2]]"], &["1", "[2]"]),
        ("[]", &["[]"], &[]),
        ("null", &["null"], &["null"]),
    ];
    for (output, compact, flat) in cases {
        assert_eq!(&text(&succeeded("a", output), Transformation::Compact), compact);
        assert_eq!(&text(&succeeded("a", output), Transformation::Flatten), flat);
    }
}
