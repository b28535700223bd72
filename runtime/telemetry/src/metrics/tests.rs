use stepwell_kernel::{Event, Fact, Failure, Input};

use super::*;
use crate::play::{Answer, BRANCHES, LINE, Play};

/// Counts a workflow's events for a machine of that name.
fn count(metrics: &Metrics, name: &str, play: &Play) {
    let mut tally = Tally::new(metrics.machine(&name.into()));
    for event in &play.journal {
        tally.count(event);
    }
}

#[track_caller]
fn check(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "no `{line}` in\n{text}");
    }
}

#[test]
fn executions_are_counted_by_their_ends_and_measured() {
    let metrics = Metrics::default();
    for _ in 0..2 {
        count(&metrics, "orders", &Play::run(LINE, "{}", |_| Ok("1")));
    }
    count(&metrics, "orders", &Play::run(LINE, "{}", |_| Err(Failure::named("Busy"))));
    let text = metrics.render();
    // A task of a second, and of those that succeed a pause of a minute.
    let lines = [
        "# TYPE stepwell_executions_started_total counter",
        "stepwell_executions_started_total{state_machine=\"orders\"} 3",
        "stepwell_executions_succeeded_total{state_machine=\"orders\"} 2",
        "stepwell_executions_failed_total{state_machine=\"orders\"} 1",
        "stepwell_executions_aborted_total{state_machine=\"orders\"} 0",
        "# TYPE stepwell_execution_seconds histogram",
        "stepwell_execution_seconds_bucket{state_machine=\"orders\",le=\"0.5\"} 0",
        "stepwell_execution_seconds_bucket{state_machine=\"orders\",le=\"1\"} 1",
        "stepwell_execution_seconds_bucket{state_machine=\"orders\",le=\"60\"} 1",
        "stepwell_execution_seconds_bucket{state_machine=\"orders\",le=\"300\"} 3",
        "stepwell_execution_seconds_bucket{state_machine=\"orders\",le=\"+Inf\"} 3",
        "stepwell_execution_seconds_sum{state_machine=\"orders\"} 123",
        "stepwell_execution_seconds_count{state_machine=\"orders\"} 3",
        "stepwell_lambda_functions_scheduled_total{state_machine=\"orders\"} 3",
        "stepwell_lambda_functions_failed_total{state_machine=\"orders\"} 1",
        "stepwell_lambda_function_seconds_sum{state_machine=\"orders\"} 3",
    ];
    check(&text, &lines);
    assert!(!text.contains("activities"), "there is no activity in\n{text}");
}

#[test]
fn tasks_are_counted_by_what_they_call_and_every_attempt_counts() {
    let metrics = Metrics::default();
    let calls = std::cell::Cell::new(0);
    let play = Play::run(BRANCHES, "{}", |call| -> Answer {
        calls.set(calls.get() + 1);
        let is_busy = &*call.function == "pack" && calls.get() == 1;
        if is_busy { Err(Failure::named("Busy")) } else { Ok("1") }
    });
    count(&metrics, "orders", &play);
    let lines = [
        "stepwell_lambda_functions_scheduled_total{state_machine=\"orders\"} 2",
        "stepwell_lambda_functions_failed_total{state_machine=\"orders\"} 1",
        "stepwell_lambda_functions_succeeded_total{state_machine=\"orders\"} 1",
        "stepwell_service_integrations_scheduled_total{state_machine=\"orders\"} 2",
        "stepwell_service_integrations_succeeded_total{state_machine=\"orders\"} 2",
    ];
    check(&metrics.render(), &lines);
}

#[test]
fn activities_tell_waiting_from_working_and_a_missing_sign_of_life_from_a_timeout() {
    let definition = r#"{"StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "End": true, "TimeoutSeconds": 100, "HeartbeatSeconds": 20,
        "Resource": "arn:aws:states:eu-west-1:123456789012:activity:ask"
    }}}"#;
    let metrics = Metrics::default();
    let play = Play::run(definition, "{}", |_| unreachable!("an activity is offered"));
    count(&metrics, "orders", &play);
    let lines = [
        "stepwell_activities_started_total{state_machine=\"orders\"} 1",
        "stepwell_activities_timed_out_total{state_machine=\"orders\"} 0",
        "stepwell_activities_heartbeat_timed_out_total{state_machine=\"orders\"} 1",
        "stepwell_activity_schedule_seconds_sum{state_machine=\"orders\"} 1",
        "stepwell_activity_seconds_sum{state_machine=\"orders\"} 21",
    ];
    check(&metrics.render(), &lines);
    let hasty = definition.replace("\"HeartbeatSeconds\": 20,", "");
    count(&metrics, "hasty", &Play::run(&hasty, "{}", |_| unreachable!("it is offered")));
    let lines = [
        "stepwell_activities_timed_out_total{state_machine=\"hasty\"} 1",
        "stepwell_activities_heartbeat_timed_out_total{state_machine=\"hasty\"} 0",
        "stepwell_activity_seconds_sum{state_machine=\"hasty\"} 100",
    ];
    check(&metrics.render(), &lines);
}

#[test]
fn what_is_replayed_is_not_counted_and_still_measured_from() {
    let play = Play::run(LINE, "{}", |_| Ok("1"));
    let metrics = Metrics::default();
    let mut tally = Tally::new(metrics.machine(&"orders".into()));
    let scheduled = |event: &Event| matches!(event.fact, Fact::TaskScheduled { .. });
    let middle = play.journal.iter().position(scheduled).unwrap() + 1;
    for (nth, event) in play.journal.iter().enumerate() {
        if nth < middle { tally.replay(event) } else { tally.count(event) }
    }
    let lines = [
        "stepwell_executions_started_total{state_machine=\"orders\"} 0",
        "stepwell_executions_succeeded_total{state_machine=\"orders\"} 1",
        "stepwell_execution_seconds_sum{state_machine=\"orders\"} 61",
    ];
    check(&metrics.render(), &lines);
    // It began before the process did: the series of its kind are not shown yet.
    assert!(!metrics.render().contains("lambda"));
}

#[test]
fn a_redrive_is_counted_and_its_end_too() {
    let mut play = Play::run(LINE, "{}", |_| Err(Failure::named("Busy")));
    play.redrive(|_| Ok("1"));
    let metrics = Metrics::default();
    count(&metrics, "orders", &play);
    let lines = [
        "stepwell_executions_started_total{state_machine=\"orders\"} 1",
        "stepwell_executions_failed_total{state_machine=\"orders\"} 1",
        "stepwell_executions_redriven_total{state_machine=\"orders\"} 1",
        "stepwell_executions_succeeded_total{state_machine=\"orders\"} 1",
    ];
    check(&metrics.render(), &lines);
}

#[test]
fn an_execution_that_is_stopped_is_aborted() {
    let definition = LINE.replace("\"ask\"", "\"arn:aws:states:eu-west-1:1:activity:ask\"");
    let mut play = Play::run(&definition.replace("60", "7"), "{}", |_| Ok("1"));
    play.give(Input::Stop { failure: Failure::default() }, |_| Ok("1"));
    let metrics = Metrics::default();
    count(&metrics, "orders", &play);
    check(&metrics.render(), &["stepwell_executions_aborted_total{state_machine=\"orders\"} 1"]);
}

#[test]
fn an_execution_of_a_map_run_is_not_counted_and_its_tasks_are() {
    let mut play = Play::run(LINE, "{}", |_| Ok("1"));
    let Fact::ExecutionStarted { machine, .. } = &mut play.journal[0].fact else { panic!() };
    *machine = Some(play.definition.root());
    let metrics = Metrics::default();
    count(&metrics, "orders", &play);
    let lines = [
        "stepwell_executions_started_total{state_machine=\"orders\"} 0",
        "stepwell_executions_succeeded_total{state_machine=\"orders\"} 0",
        "stepwell_lambda_functions_succeeded_total{state_machine=\"orders\"} 1",
    ];
    check(&metrics.render(), &lines);
}

#[test]
fn machines_beyond_the_bound_are_counted_together() {
    let metrics = Metrics::new(2);
    let play = Play::run(LINE, "{}", |_| Ok("1"));
    for name in ["a", "b", "c", "d", "a"] {
        count(&metrics, name, &play);
    }
    let text = metrics.render();
    let lines = text.lines().filter(|line| line.starts_with("stepwell_executions_started_total"));
    let expected = [
        "stepwell_executions_started_total{state_machine=\"a\"} 2",
        "stepwell_executions_started_total{state_machine=\"b\"} 1",
        "stepwell_executions_started_total{state_machine=\"other\"} 2",
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn a_name_cannot_end_its_label() {
    let metrics = Metrics::default();
    metrics.machine(&"a\"b\\c\nd".into());
    let line = r#"stepwell_executions_started_total{state_machine="a\"b\\c\nd"} 0"#;
    check(&metrics.render(), &[line]);
}

#[test]
fn tables_are_in_the_order_of_what_they_describe() {
    assert!(COUNTERS.iter().enumerate().all(|(nth, (counter, ..))| nth == *counter as usize));
    assert!(HISTOGRAMS.iter().enumerate().all(|(nth, (what, ..))| nth == *what as usize));
    assert!(BOUNDS_MILLIS.is_sorted());
}
