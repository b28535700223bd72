use stepwell::host::{LogLevel, LogSource, StateContext};

use super::Shown;
use crate::printer::Style;

#[track_caller]
fn check(attempt: u32, source: LogSource, text: &str, style: Style, expected: &str) {
    let state = StateContext { name: "Charge".into(), entered_at_ms: 0, attempt };
    assert_eq!(Shown { state: &state, source, text }.in_style(style), expected);
}

#[test]
fn a_line_names_its_state_and_from_the_second_attempt_on_the_attempt() {
    check(0, LogSource::Stdout, "hello", Style::Plain, "[Charge] hello");
    check(2, LogSource::Stderr, "again", Style::Plain, "[Charge, attempt 3] again");
}

#[test]
fn a_message_names_its_level_unless_that_is_info() {
    let log = LogSource::Log;
    check(0, log(LogLevel::Info), "m", Style::Plain, "[Charge] m");
    check(0, log(LogLevel::Trace), "m", Style::Plain, "[Charge] trace: m");
    check(0, log(LogLevel::Debug), "m", Style::Plain, "[Charge] debug: m");
    check(0, log(LogLevel::Warn), "m", Style::Plain, "[Charge] warning: m");
    check(0, log(LogLevel::Error), "m", Style::Plain, "[Charge] error: m");
    let coloured = "\u{1b}[2m[Charge]\u{1b}[0m \u{1b}[31merror: \u{1b}[0mm";
    check(0, log(LogLevel::Error), "m", Style::Colour, coloured);
}

#[test]
fn a_task_cannot_clear_the_screen() {
    check(
        0,
        LogSource::Stdout,
        "\u{1b}[2J",
        Style::Colour,
        "\u{1b}[2m[Charge]\u{1b}[0m \\u{1b}[2J",
    );
}
