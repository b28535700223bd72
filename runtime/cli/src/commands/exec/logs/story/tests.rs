use super::{Story, execution_of};

const ONE: &str = "arn:aws:states:us-east-1:000000000000:execution:order:one";

fn record(id: u32, kind: &str, details: &str, arn: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"{kind}","details":{details},"previous_event_id":"{}","event_timestamp":"1767225600123","execution_arn":"{arn}","redrive_count":"0"}}"#,
        id - 1
    )
}

fn rows(story: &mut Story, lines: &[String]) -> Vec<String> {
    lines.iter().filter_map(|line| story.take(line, ONE)).collect()
}

#[test]
fn a_row_names_the_state_of_its_record() {
    let rows = rows(
        &mut Story::default(),
        &[
            record(1, "ExecutionStarted", r#"{"roleArn":"r"}"#, ONE),
            record(2, "TaskStateEntered", r#"{"name":"Pay"}"#, ONE),
            record(3, "TaskFailed", r#"{"resource":"pay","error":"No","cause":"a\u001b\nb"}"#, ONE),
            record(4, "ExecutionFailed", r#"{"error":"No"}"#, ONE),
        ],
    );
    let at = "2026-01-01T00:00:00.123Z";
    assert_eq!(
        rows,
        [
            format!("{at}  ExecutionStarted"),
            format!("{at}  TaskStateEntered         Pay"),
            format!("{at}  TaskFailed               Pay  No: a\\u{{1b}}..."),
            format!("{at}  ExecutionFailed            No"),
        ]
    );
}

#[test]
fn only_the_records_of_the_execution_are_told() {
    let mut story = Story::default();
    let longer = format!("{ONE}-more");
    let inside = format!(r#"{{"input":"{ONE}"}}"#);
    let others = [
        record(1, "ExecutionStarted", "{}", &longer),
        record(1, "ExecutionStarted", &inside, "arn:other"),
        "no JSON at all".to_owned(),
    ];
    assert!(rows(&mut story, &others).is_empty() && story.is_empty());
    story.take(r#"{"type":"LogDropped","count":3}"#, ONE);
    story.take(r#"{"type":"LogDropped","count":4}"#, ONE);
    assert_eq!((story.dropped(), story.is_empty()), (7, true));
}

#[test]
fn a_redrive_takes_the_end_back() {
    let mut story = Story::default();
    let mut is_over_after = |kind: &str| {
        story.take(&record(1, kind, "{}", ONE), ONE);
        story.is_over()
    };
    let kinds = ["ExecutionStarted", "ExecutionAborted", "ExecutionRedriven", "ExecutionSucceeded"];
    assert_eq!(kinds.map(&mut is_over_after), [false, true, false, true]);
}

#[test]
fn an_execution_is_found_by_its_name_alone() {
    let express = "arn:aws:states:us-east-1:000000000000:express:order:one:uuid";
    for arn in [ONE, express] {
        assert_eq!(execution_of(&record(1, "A", "{}", arn), "one").as_deref(), Some(arn));
    }
    let of_another = format!("{ONE}-more");
    assert_eq!(execution_of(&record(1, "A", "{}", &of_another), "one"), None);
    assert_eq!(execution_of(&record(1, "A", "{}", ONE), "order"), None);
}
