//! Lines, limits and the end of standard error.

use super::*;
use crate::{ExecutionContext, StateContext};

#[derive(Default)]
struct Lines(Mutex<Vec<(LogSource, String)>>);

impl LogSink for Lines {
    fn line(&self, context: &CallContext, line: LogLine<'_>) {
        assert_eq!(&*context.state.name, "Charge");
        self.0.lock().unwrap().push((line.source, line.text.to_owned()));
    }
}

fn context() -> Arc<CallContext> {
    Arc::new(CallContext {
        execution: ExecutionContext {
            arn: "arn".into(),
            name: "name".into(),
            state_machine_arn: "arn".into(),
            state_machine_name: "name".into(),
            started_at_ms: 0,
        },
        state: StateContext { name: "Charge".into(), entered_at_ms: 0, attempt: 0 },
        idempotency_key: "key".into(),
        deadline_ms: None,
        task_token: None,
    })
}

#[track_caller]
fn check(limit_bytes: usize, write: impl FnOnce(&Capture), expected: &[(LogSource, &str)]) {
    let lines = Arc::new(Lines::default());
    let capture = Capture::new(Arc::clone(&lines) as Arc<dyn LogSink>, context(), limit_bytes);
    write(&capture);
    drop(capture);
    let lines = lines.0.lock().unwrap();
    let lines: Vec<(LogSource, &str)> =
        lines.iter().map(|(source, text)| (*source, text.as_str())).collect();
    assert_eq!(lines, expected);
}

const INFO: LogSource = LogSource::Log(LogLevel::Info);
const WARN: LogSource = LogSource::Log(LogLevel::Warn);

#[test]
fn writes_become_lines() {
    check(
        1000,
        |capture| {
            capture.stdout(b"one\ntw");
            capture.stderr(b"aside\r\n");
            capture.stdout(b"o\n\nthree");
            capture.message(INFO, "four\nfive");
        },
        &[
            (LogSource::Stdout, "one"),
            (LogSource::Stderr, "aside"),
            (LogSource::Stdout, "two"),
            (LogSource::Stdout, ""),
            (INFO, "four\nfive"),
            (LogSource::Stdout, "three"),
        ],
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced() {
    check(1000, |capture| capture.stdout(b"a\xffb\n"), &[(LogSource::Stdout, "a\u{fffd}b")]);
}

#[test]
fn a_long_line_is_cut() {
    let (first, rest) = ("x".repeat(LINE_BYTES_MAX), "x".repeat(7));
    check(
        LINE_BYTES_MAX * 2,
        |capture| {
            capture.stdout(&first.as_bytes()[..100]);
            capture.stdout(&first.as_bytes()[..LINE_BYTES_MAX - 100]);
            capture.stdout(rest.as_bytes());
        },
        &[(LogSource::Stdout, &first), (LogSource::Stdout, &rest)],
    );
}

#[test]
fn past_the_limit_everything_is_dropped_and_it_is_said_once() {
    let notice =
        "the log limit of 10 bytes is reached: what this call writes from here on is dropped";
    check(
        10,
        |capture| {
            capture.message(INFO, "12345");
            capture.stdout(b"67890\n");
            capture.message(INFO, "x");
            capture.stderr(b"y\n");
        },
        &[(INFO, "12345"), (WARN, notice), (LogSource::Stdout, "67890")],
    );
}

#[test]
fn the_limit_itself_may_be_used_up() {
    check(5, |capture| capture.message(INFO, "12345"), &[(INFO, "12345")]);
}

#[test]
fn the_end_of_standard_error_is_kept_past_the_limit() {
    let capture = Capture::new(Arc::new(Silent), context(), 1);
    for round in 0..2000 {
        capture.stderr(format!("line {round}\n").as_bytes());
    }
    let tail = capture.stderr_tail();
    assert_eq!(tail.len(), TAIL_BYTES_MAX);
    assert!(tail.ends_with("line 1998\nline 1999\n"), "{tail}");
}
