//! What endings are called, and what is made of a guest's own words.

use super::*;
use crate::failure::{CAUSE_BYTES_MAX, ERROR_CHARS_MAX};

fn failed(error: &str, cause: &str) -> Failure {
    Ending::Failed { error: error.to_owned(), cause: cause.to_owned() }.into_failure("charge")
}

#[test]
fn a_guests_own_failure_is_passed_on() {
    let failure = failed("Card.Declined", "no money");
    assert_eq!(failure, Failure { error: "Card.Declined".into(), cause: "no money".into() });
}

#[test]
fn a_guests_own_failure_is_cut_between_characters() {
    let failure = failed(&"é".repeat(300), &"é".repeat(20_000));
    assert_eq!(failure.error, "é".repeat(ERROR_CHARS_MAX));
    assert_eq!(failure.cause, "é".repeat(CAUSE_BYTES_MAX / 2));
    let failure = failed("E", &format!("x{}", "é".repeat(20_000)));
    assert_eq!(failure.cause.len(), CAUSE_BYTES_MAX - 1);
}

#[test]
fn a_guest_may_not_speak_for_the_language() {
    let failure = failed("States.Timeout", "I say so");
    assert_eq!(failure.error, "Task.Failed");
    assert!(failure.cause.contains("`States.Timeout`") && failure.cause.contains("I say so"));
}

#[test]
fn a_guest_that_names_no_error_gets_a_name() {
    assert_eq!(failed("", "why").error, "Task.Failed");
}

#[test]
fn the_text_of_a_panic_is_found_in_standard_error() {
    let stderr = "chatter\n\nthread '<unnamed>' (1) panicked at src/lib.rs:3:5:\nno such card\n\
                  note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
    assert_eq!(panic_message(stderr).as_deref(), Some("no such card (at src/lib.rs:3:5)"));
    assert_eq!(panic_message("nothing of the kind"), None);
}

#[test]
fn a_frame_of_the_panic_machinery_is_told_from_the_guests_own() {
    use crate::backtrace::describe_lines;
    let lines = ["std::panicking::begin_panic", "__rustc::rust_panic", "guest::run", "core::ops"];
    let lines = lines.map(str::to_owned);
    assert_eq!(describe_lines(&lines), "  at guest::run\n  at core::ops\n");
    assert_eq!(
        describe_lines(&lines[..2]),
        "  at std::panicking::begin_panic\n  at __rustc::rust_panic\n"
    );
    let many: Vec<String> = (0..20).map(|frame| format!("f{frame}")).collect();
    assert!(describe_lines(&many).ends_with("  at f15\n  … and 4 more\n"));
}
