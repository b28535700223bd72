//! JSON in, JSON out, and the failures at either end.

use std::collections::BTreeMap;

use super::*;

#[expect(clippy::unnecessary_wraps, reason = "a task returns a result")]
fn double(number: u8) -> Result<u16, TaskError> {
    Ok(u16::from(number) * 2)
}

#[test]
fn the_result_is_written_as_json() {
    assert_eq!(run("21", double), Ok("42".to_owned()));
    assert_eq!(run("null", |(): ()| Ok(())), Ok("null".to_owned()));
}

#[test]
fn input_that_does_not_fit_never_reaches_the_task() {
    let failure = run("{\"a\":\n[1, true]}", |_: BTreeMap<String, Vec<u8>>| -> Result<(), _> {
        panic!("the task was called")
    });
    assert_eq!(
        failure.unwrap_err(),
        TaskError::new(
            "Task.InvalidInput",
            "$.a[1]: invalid type: boolean `true`, expected u8 at line 2 column 8"
        )
    );
}

#[test]
fn a_failure_of_the_task_passes_unchanged() {
    let failure = TaskError::new("Card.Declined", "no money");
    assert_eq!(run("1", |_: u8| Err::<(), _>(failure.clone())), Err(failure));
}

#[test]
fn a_result_that_json_cannot_hold_is_a_failure() {
    let failure = run("1", |_: u8| Ok(BTreeMap::from([((1, 2), 3)]))).unwrap_err();
    assert_eq!(failure, TaskError::new("Task.InvalidOutput", "key must be a string"));
}
