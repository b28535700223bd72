use stepwell_value::{Object, Value};

use super::{Comparison, How, Placeholders, compare, event, lineage};
use crate::case::Expected;

/// A Map state of two iterations between two others; each line is an event: its number, the one
/// that led to it, its type, and its details.
const MAP: &str = r#"
1 0 ExecutionStarted {"input":"[7,8]","roleArn":"the_role"}
2 0 PassStateEntered {"name":"First","input":"[7,8]"}
3 2 PassStateExited {"name":"First","output":"[7,8]"}
4 3 MapStateEntered {"name":"Each","input":"[7,8]"}
5 4 MapStateStarted {"length":2}
6 5 MapIterationStarted {"name":"Each","index":0}
7 6 PassStateEntered {"name":"Inside","input":"7"}
8 7 PassStateExited {"name":"Inside","output":"{\"a\":7}"}
9 8 MapIterationSucceeded {"name":"Each","index":0}
10 5 MapIterationStarted {"name":"Each","index":1}
11 10 PassStateEntered {"name":"Inside","input":"8"}
12 11 PassStateExited {"name":"Inside","output":"{\"a\":8}"}
13 12 MapIterationSucceeded {"name":"Each","index":1}
14 13 MapStateSucceeded
15 13 MapStateExited {"name":"Each","output":"[{\"a\":7},{\"a\":8}]"}
16 15 ExecutionSucceeded {"output":"[{\"a\":7},{\"a\":8}]"}
"#;

/// The same two iterations, the second one ending first.
const MAP_INTERLEAVED: &str = r#"
1 0 ExecutionStarted {"input":"[7,8]","roleArn":"the_role"}
2 0 PassStateEntered {"name":"First","input":"[7,8]"}
3 2 PassStateExited {"name":"First","output":"[7,8]"}
4 3 MapStateEntered {"name":"Each","input":"[7,8]"}
5 4 MapStateStarted {"length":2}
6 5 MapIterationStarted {"name":"Each","index":0}
7 5 MapIterationStarted {"name":"Each","index":1}
8 7 PassStateEntered {"name":"Inside","input":"8"}
9 6 PassStateEntered {"name":"Inside","input":"7"}
10 8 PassStateExited {"name":"Inside","output":"{\"a\":8}"}
11 10 MapIterationSucceeded {"name":"Each","index":1}
12 9 PassStateExited {"name":"Inside","output":"{\"a\":7}"}
13 12 MapIterationSucceeded {"name":"Each","index":0}
14 13 MapStateSucceeded
15 13 MapStateExited {"name":"Each","output":"[{\"a\":7},{\"a\":8}]"}
16 15 ExecutionSucceeded {"output":"[{\"a\":7},{\"a\":8}]"}
"#;

/// Three iterations of which two may run at once: the third begins when the first has ended.
const LIMITED: &str = r#"
1 0 ExecutionStarted {"input":"[7,8,9]"}
2 0 MapStateEntered {"name":"Each","input":"[7,8,9]"}
3 2 MapStateStarted {"length":3}
4 3 MapIterationStarted {"name":"Each","index":0}
5 4 PassStateEntered {"name":"Inside","input":"7"}
6 3 MapIterationStarted {"name":"Each","index":1}
7 6 PassStateEntered {"name":"Inside","input":"8"}
8 5 PassStateExited {"name":"Inside","output":"7"}
9 8 MapIterationSucceeded {"name":"Each","index":0}
10 8 MapIterationStarted {"name":"Each","index":2}
11 10 PassStateEntered {"name":"Inside","input":"9"}
12 7 PassStateExited {"name":"Inside","output":"8"}
13 12 MapIterationSucceeded {"name":"Each","index":1}
14 11 PassStateExited {"name":"Inside","output":"9"}
15 14 MapIterationSucceeded {"name":"Each","index":2}
16 15 MapStateSucceeded
17 15 MapStateExited {"name":"Each","output":"[7,8,9]"}
18 17 ExecutionSucceeded {"output":"[7,8,9]"}
"#;

/// The same, where the third begins when the second has ended, and the first ends last.
const LIMITED_INTERLEAVED: &str = r#"
1 0 ExecutionStarted {"input":"[7,8,9]"}
2 0 MapStateEntered {"name":"Each","input":"[7,8,9]"}
3 2 MapStateStarted {"length":3}
4 3 MapIterationStarted {"name":"Each","index":0}
5 4 PassStateEntered {"name":"Inside","input":"7"}
6 3 MapIterationStarted {"name":"Each","index":1}
7 6 PassStateEntered {"name":"Inside","input":"8"}
8 7 PassStateExited {"name":"Inside","output":"8"}
9 8 MapIterationSucceeded {"name":"Each","index":1}
10 8 MapIterationStarted {"name":"Each","index":2}
11 10 PassStateEntered {"name":"Inside","input":"9"}
12 11 PassStateExited {"name":"Inside","output":"9"}
13 12 MapIterationSucceeded {"name":"Each","index":2}
14 5 PassStateExited {"name":"Inside","output":"7"}
15 14 MapIterationSucceeded {"name":"Each","index":0}
16 15 MapStateSucceeded
17 15 MapStateExited {"name":"Each","output":"[7,8,9]"}
18 17 ExecutionSucceeded {"output":"[7,8,9]"}
"#;

/// A Parallel state inside of a Parallel state's branch, beside another branch. The inner one fails
/// once and is tried again.
const NESTED: &str = r#"
1 0 ExecutionStarted {"input":"7"}
2 0 ParallelStateEntered {"name":"Outer","input":"7"}
3 2 ParallelStateStarted
4 3 ParallelStateEntered {"name":"Inner","input":"7"}
5 4 ParallelStateStarted
6 5 FailStateEntered {"name":"Bad","input":"7"}
7 3 PassStateEntered {"name":"Beside","input":"7"}
8 7 PassStateExited {"name":"Beside","output":"7"}
9 6 ParallelStateStarted
10 9 FailStateEntered {"name":"Bad","input":"7"}
11 10 ParallelStateFailed
12 11 ParallelStateExited {"name":"Inner","output":"{}"}
13 12 ParallelStateSucceeded
14 12 ParallelStateExited {"name":"Outer","output":"[]"}
15 14 ExecutionSucceeded {"output":"[]"}
"#;

/// The same, where the other branch ends last.
const NESTED_INTERLEAVED: &str = r#"
1 0 ExecutionStarted {"input":"7"}
2 0 ParallelStateEntered {"name":"Outer","input":"7"}
3 2 ParallelStateStarted
4 3 ParallelStateEntered {"name":"Inner","input":"7"}
5 3 PassStateEntered {"name":"Beside","input":"7"}
6 4 ParallelStateStarted
7 6 FailStateEntered {"name":"Bad","input":"7"}
8 7 ParallelStateStarted
9 8 FailStateEntered {"name":"Bad","input":"7"}
10 9 ParallelStateFailed
11 10 ParallelStateExited {"name":"Inner","output":"{}"}
12 5 PassStateExited {"name":"Beside","output":"7"}
13 12 ParallelStateSucceeded
14 12 ParallelStateExited {"name":"Outer","output":"[]"}
15 14 ExecutionSucceeded {"output":"[]"}
"#;

/// A Map state that fails once and is tried again.
const RETRIED: &str = r#"
1 0 ExecutionStarted {"input":"[7]"}
2 0 MapStateEntered {"name":"Each","input":"[7]"}
3 2 MapStateStarted {"length":1}
4 3 MapIterationStarted {"name":"Each","index":0}
5 4 FailStateEntered {"name":"Bad","input":"7"}
6 5 MapIterationFailed {"name":"Each","index":0}
7 6 MapStateStarted {"length":1}
8 7 MapIterationStarted {"name":"Each","index":0}
9 8 FailStateEntered {"name":"Bad","input":"7"}
10 9 MapIterationFailed {"name":"Each","index":0}
11 10 MapStateFailed
12 11 ExecutionFailed {"error":"Bad"}
"#;

fn events(text: &str) -> Vec<Value> {
    text.trim().lines().map(parse_event).collect()
}

fn parse_event(line: &str) -> Value {
    let mut parts = line.splitn(4, ' ');
    let mut number = || parts.next().unwrap().parse::<i64>().unwrap();
    let (id, previous) = (number(), number());
    let kind = parts.next().unwrap();
    let mut event = Object::new();
    event.insert("id", id);
    event.insert("previousEventId", previous);
    event.insert("timestamp", "2026-01-02T12:00:00Z");
    event.insert("type", kind);
    if let Some(details) = parts.next() {
        event.insert(format!("{kind}EventDetails"), Value::parse(details).unwrap());
    }
    Value::from(event)
}

fn placeholders(text: &str) -> Placeholders {
    Placeholders::parse(Some(&Value::parse(text).unwrap()))
}

/// Compares two histories. The recorded one is stored as the recorder would have stored it.
fn compared(expected: &str, actual: &str) -> Comparison {
    let recorded = super::mask::actual(&Value::from(events(expected)));
    let recorded = recorded.as_array().unwrap().to_vec();
    let expected = Expected { events: Some(recorded), ..Expected::default() };
    let actual = Value::from(Object::from_iter([("events", events(actual))]));
    compare(&expected, &placeholders(r#"{"wild": ["the_role"]}"#), &actual)
}

#[track_caller]
fn equal(expected: &str, actual: &str, how: How) {
    let comparison = compared(expected, actual);
    assert_eq!(comparison.differences, Vec::<String>::new());
    assert_eq!(comparison.how, how);
}

/// One of the differences says this.
#[track_caller]
fn different(expected: &str, actual: &str, message: &str) {
    let differences = compared(expected, actual).differences;
    assert!(differences.iter().any(|line| line.contains(message)), "{differences:#?}");
}

/// Without some of the lines, which are told by how they begin.
fn without(history: &str, beginnings: &[&str]) -> String {
    let is_kept = |line: &&str| !beginnings.iter().any(|beginning| line.starts_with(beginning));
    history.lines().filter(is_kept).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_history_is_equal_to_itself() {
    for history in [MAP, MAP_INTERLEAVED, LIMITED, NESTED, RETRIED] {
        equal(history, history, How::Exact);
    }
}

#[test]
fn branches_may_take_turns_in_another_order() {
    let pairs =
        [(MAP, MAP_INTERLEAVED), (LIMITED, LIMITED_INTERLEAVED), (NESTED, NESTED_INTERLEAVED)];
    for (history, interleaved) in pairs {
        equal(history, interleaved, How::Causal);
        equal(interleaved, history, How::Causal);
    }
}

#[test]
fn a_renamed_state_is_a_difference() {
    let renamed = MAP.replace("First", "Second");
    different(MAP, &renamed, "missing PassStateEntered \"First\" (event 2) after event 0");
    let inside = MAP_INTERLEAVED.replace("Inside", "Outside");
    different(MAP, &inside, "missing PassStateEntered \"Inside\" (event 7) after event 6");
}

#[test]
fn an_event_that_was_dropped_or_added_is_a_difference() {
    different(MAP, &without(MAP, &["14 "]), "missing MapStateSucceeded");
    different(MAP_INTERLEAVED, &without(MAP, &["14 "]), "missing MapStateSucceeded");
    different(&without(MAP, &["14 "]), MAP, "not expected MapStateSucceeded");
    let iteration = without(MAP_INTERLEAVED, &["7 ", "8 ", "10 ", "11 "]);
    different(MAP, &iteration, "missing MapIterationStarted \"Each\"[1]");
    different(MAP, "", "missing ExecutionStarted");
}

#[test]
fn events_that_change_places_are_a_difference() {
    let swapped = MAP
        .replace("2 0 PassStateEntered", "3 2 PassStateEntered")
        .replace("3 2 PassStateExited", "2 0 PassStateExited");
    different(MAP, &swapped, "missing PassStateEntered \"First\" (event 2) after event 0");
    let crossed = MAP_INTERLEAVED.replace("8 7 Pass", "8 6 Pass").replace("9 6 Pass", "9 7 Pass");
    different(MAP, &crossed, "expected \"7\", got \"8\"");
}

/// What hangs below which event.
#[test]
fn attempts_hold_what_happens_in_them() {
    let parsed: Vec<event::Event> = events(NESTED).iter().map(event::Event::parse).collect();
    let lineage = lineage::Lineage::new(&parsed);
    let below = |id: i64| lineage.children(id).iter().filter_map(|event| event.id).collect();
    let table: [(i64, Vec<i64>); 6] = [
        (0, vec![1, 2]),
        // The state's end and its exit, beside the branches.
        (3, vec![4, 7, 13, 14]),
        // Two attempts.
        (4, vec![5, 9]),
        (5, vec![6]),
        // The last attempt's end, and the exit that goes back to it.
        (9, vec![10, 11, 12]),
        (12, vec![]),
    ];
    for (id, expected) in table {
        let below: Vec<i64> = below(id);
        assert_eq!(below, expected, "below {id}");
    }
}

#[test]
fn a_wrong_cause_is_a_difference_of_its_own() {
    let comparison = compared(MAP, &MAP.replace("15 13 MapStateExited", "15 14 MapStateExited"));
    let expected = "events[14](MapStateExited).previousEventId: expected 13, got 14";
    assert_eq!(comparison.differences, [expected]);
    assert_eq!(comparison.how, How::Order);
}

#[test]
fn attempts_of_a_state_keep_their_order_and_number() {
    different(RETRIED, &without(RETRIED, &["7 ", "8 ", "9 ", "10 "]), "MapStateStarted");
    different(
        RETRIED,
        &RETRIED
            .replace("7 6 MapStateStarted", "7 2 MapStateStarted")
            .replace("\"Bad\"", "\"Worse\""),
        "Worse",
    );
}

#[test]
fn a_state_ends_before_it_is_left() {
    let swapped = MAP_INTERLEAVED
        .replace("14 13 MapStateSucceeded", "15 13 MapStateSucceeded")
        .replace("15 13 MapStateExited", "14 13 MapStateExited")
        .replace("16 15 ExecutionSucceeded", "16 14 ExecutionSucceeded");
    let message =
        "expected MapStateSucceeded, MapStateExited, got MapStateExited, MapStateSucceeded";
    different(MAP, &swapped, message);
}

#[test]
fn a_changed_document_is_a_difference_and_its_form_is_none() {
    different(MAP, &MAP.replace(r#"{\"a\":7}"}"#, r#"{\"a\":9}"}"#), "output.a: expected 7, got 9");
    let spaced = MAP.replace(r#""output":"[{\"a\":7},"#, r#""output":"[ {\"a\":7.0},"#);
    let comparison = compared(MAP, &spaced);
    assert_eq!(comparison.differences, Vec::<String>::new());
    assert_eq!(comparison.of_form.len(), 4, "{:#?}", comparison.of_form);
    let reordered = compared(
        r#"1 0 ExecutionSucceeded {"output":"{\"a\":1,\"b\":2}"}"#,
        r#"1 0 ExecutionSucceeded {"output":"{\"b\":2,\"a\":1}"}"#,
    );
    assert_eq!(reordered.differences, Vec::<String>::new());
    assert_eq!(reordered.of_form.len(), 1);
}

#[test]
fn of_a_recording_without_numbers_only_the_events_count() {
    let mut recorded = events(&without(MAP, &["14 "]));
    for event in &mut recorded {
        let mut blanked = event.as_object().unwrap().clone();
        blanked.insert("id", vec![Value::from(0_i64)]);
        *event = Value::from(blanked);
    }
    let recorded = super::mask::actual(&Value::from(recorded)).as_array().unwrap().to_vec();
    let expected = Expected { events: Some(recorded), ..Expected::default() };
    let compare = |text: &str| {
        let actual = Value::from(Object::from_iter([("events", events(text))]));
        compare(&expected, &placeholders(r#"{"wild": ["the_role"]}"#), &actual)
    };
    let comparison = compare(MAP_INTERLEAVED);
    assert_eq!((comparison.how, comparison.differences), (How::Heap, Vec::new()));
    assert_eq!(comparison.of_form, ["not expected MapStateSucceeded "]);
    let differences = compare(&without(MAP, &["11 "])).differences;
    assert_eq!(differences, ["events[10]: missing PassStateEntered \"Inside\""]);
}

#[test]
fn where_only_the_outcome_was_recorded_it_is_compared() {
    let expected = Expected {
        status: "FAILED".into(),
        error: "Bad".into(),
        output: Value::Null,
        cause: Value::Null,
        events: None,
    };
    let compare = |text: &str| {
        let actual = Value::from(Object::from_iter([("events", events(text))]));
        compare(&expected, &placeholders("{}"), &actual)
    };
    let comparison = compare(RETRIED);
    assert_eq!((comparison.how, comparison.differences), (How::Outcome, Vec::new()));
    let worse = compare(&RETRIED.replace(r#"{"error":"Bad"}"#, r#"{"error":"Worse"}"#));
    assert_eq!(worse.differences, [r#"$.error: expected "Bad", got "Worse""#]);
    let differences = compare(&without(RETRIED, &["12 "])).differences;
    assert_eq!(differences[0], r#"$.status: expected "FAILED", got "RUNNING""#);
}
