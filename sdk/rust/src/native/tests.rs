//! The context that a test chooses ends with the call.

use std::panic::catch_unwind;
use std::time::{Duration, SystemTime};

use super::*;

fn attempt(attempt: u32) -> Context {
    let mut context = testing::context();
    context.state.attempt = attempt;
    context
}

#[test]
fn the_innermost_context_counts_and_ends_with_its_call() {
    call_in(attempt(1), || {
        assert_eq!(call_in(attempt(2), || crate::context().state.attempt), 2);
        assert_eq!(crate::context().state.attempt, 1);
    });
    assert_eq!(crate::context(), testing::context());
}

#[test]
fn a_panic_takes_the_context_away_too() {
    let panicked = catch_unwind(|| call_in(attempt(1), || panic!("as the test wants")));
    assert!(panicked.is_err());
    assert_eq!(crate::context().state.attempt, 0);
}

#[test]
fn time_runs_out_at_the_deadline() {
    let mut context = testing::context();
    assert_eq!(context.time_left(), None);
    context.deadline = Some(SystemTime::UNIX_EPOCH);
    assert_eq!(context.time_left(), Some(Duration::ZERO));
    context.deadline = Some(SystemTime::now() + Duration::from_hours(1));
    assert!(context.time_left().unwrap() > Duration::from_mins(59));
}
