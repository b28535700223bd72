//! What tasks write, and where it arrives.

use std::time::Duration;

use stepwell_host::LogLevel::{Debug, Error, Info, Trace, Warn};
use stepwell_host::{Limits, LogSource};
use stepwell_tests::guests;
use stepwell_tests::tasks::TaskDirectory;

#[tokio::test]
async fn output_and_messages_arrive_line_by_line() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    let input = r#"{"do":"print","stdout":"one\ntwo","stderr":"aside"}"#;
    host.call("hostile", input).await.unwrap();
    assert_eq!(
        host.lines.take(),
        [
            (LogSource::Stdout, "one".to_owned()),
            (LogSource::Stdout, "two".to_owned()),
            (LogSource::Stderr, "aside".to_owned()),
        ]
    );
    host.call("hostile", r#"{"do":"log","message":"seen"}"#).await.unwrap();
    let expected = [Trace, Debug, Info, Warn, Error];
    let expected = expected.map(|level| (LogSource::Log(level), "seen".to_owned()));
    assert_eq!(host.lines.take(), expected);
    host.call("hostile", r#"{"do":"print-unfinished","stdout":"half"}"#).await.unwrap();
    assert_eq!(host.lines.take(), [(LogSource::Stdout, "half".to_owned())]);
}

#[tokio::test]
async fn a_flood_is_cut_at_the_limit_and_the_task_goes_on() {
    let tasks =
        TaskDirectory::with_manifest("hostile", guests::hostile(), "[limits]\nlog_kib = 10");
    let host = tasks.host();
    for (flood, kept) in [("flood-stdout", 101), ("flood-log", 102)] {
        let input = format!(r#"{{"do":"{flood}","lines":5000}}"#);
        assert_eq!(host.call("hostile", &input).await.as_deref(), Ok("null"));
        let lines = host.lines.take();
        let notices: Vec<&String> = lines
            .iter()
            .filter(|(source, _)| *source == LogSource::Log(Warn))
            .map(|(_, text)| text)
            .collect();
        assert_eq!(notices.len(), 1, "{flood}");
        assert!(notices[0].contains("10240 bytes"), "{flood}: {}", notices[0]);
        let whole = lines.iter().filter(|(_, text)| *text == "x".repeat(100)).count();
        assert_eq!(whole, kept, "{flood}");
    }
}

#[tokio::test]
async fn what_a_task_wrote_before_it_was_stopped_is_kept() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let limits = Limits { timeout: Duration::from_millis(50), ..Limits::default() };
    let host = tasks.host_with(|builder| builder.limits(limits));
    let flood = r#"{"do":"flood-stdout","lines":1000000000}"#;
    let failure = host.call("hostile", flood).await.unwrap_err();
    assert_eq!(failure.error, "Sandbox.Timedout");
    assert!(!host.lines.take().is_empty());
}

#[tokio::test]
async fn the_words_of_a_panic_are_in_the_log_as_well() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    host.call("hostile", r#"{"do":"panic","message":"bent"}"#).await.unwrap_err();
    assert!(host.lines.take().contains(&(LogSource::Stderr, "bent".to_owned())));
}
