use std::cell::Cell;

use stepwell_catalog::LogLevel;
use stepwell_kernel::Failure;

use super::*;
use crate::play::{LINE, Play};

/// What is known of a workflow that was played.
struct Known<'p> {
    play: &'p Play,
    level: LogLevel,
    tracing: Tracing,
    asked: Cell<u32>,
    read: Cell<u32>,
}

impl<'p> Known<'p> {
    fn new(play: &'p Play, level: LogLevel, tracing: Tracing) -> Self {
        Self { play, level, tracing, asked: Cell::new(0), read: Cell::new(0) }
    }
}

impl Source for Known<'_> {
    fn subject(&self, identity: &Arc<Identity>) -> Option<Subject> {
        assert_eq!(&*identity.state_machine_name, "orders");
        self.asked.set(self.asked.get() + 1);
        Some(Subject {
            definition: Arc::clone(&self.play.definition),
            logging: Logging { level: self.level, ..Logging::default() },
            tracing: self.tracing,
            trace_header: None,
        })
    }

    fn journal(&self) -> Option<Vec<Event>> {
        self.read.set(self.read.get() + 1);
        Some(self.play.journal.clone())
    }
}

/// Outlets of which all can be read.
struct Ears {
    folder: tempfile::TempDir,
    spans: Arc<Mutex<Vec<Span>>>,
    outlets: Outlets,
}

impl Ears {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let logs = LogSink::to_file(folder.path().join("log"), crate::QUEUE_BYTES).unwrap();
        let spans: Arc<Mutex<Vec<Span>>> = Arc::default();
        let heard = Arc::clone(&spans);
        let outlets = Outlets {
            logs: Some(Arc::new(logs)),
            spans: Some(Arc::new(move |ended| heard.lock().unwrap().extend(ended))),
            metrics: Some(Arc::default()),
        };
        Self { folder, spans, outlets }
    }

    /// The types of what was logged, and the names of the spans. Nothing may follow.
    fn heard(self) -> (Vec<String>, Vec<String>) {
        drop(self.outlets);
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        let of = |line: &str| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["type"].as_str().unwrap().to_owned()
        };
        let spans = self.spans.lock().unwrap();
        (log.lines().map(of).collect(), spans.iter().map(|span| span.name.to_string()).collect())
    }
}

fn line() -> Play {
    Play::run(LINE, "{}", |_| Ok("1"))
}

#[test]
fn an_execution_is_told_of_whole_and_forgotten_at_its_end() {
    let (play, ears) = (line(), Ears::new());
    let known = Known::new(&play, LogLevel::All, Tracing::Enabled);
    let telemetry = Telemetry::new(ears.outlets.clone(), 100);
    for event in &play.journal {
        telemetry.observe(7, std::slice::from_ref(event), &known);
    }
    assert_eq!((known.asked.get(), known.read.get()), (1, 0));
    let is_empty = |lives: Lives| lives.young.is_empty() && lives.old.is_empty();
    assert!(telemetry.stripes.into_iter().all(|lives| is_empty(lives.into_inner().unwrap())));
    drop(telemetry.outlets);
    let (logged, spans) = ears.heard();
    assert_eq!((logged.len(), logged.last().unwrap().as_str()), (11, "ExecutionSucceeded"));
    assert_eq!(spans, ["ask", "Ask", "Rest", "End", "orders"]);
}

#[test]
fn one_that_is_seen_in_its_middle_is_built_from_its_journal_without_telling_it_again() {
    let play = line();
    let whole = Ears::new();
    let known = Known::new(&play, LogLevel::All, Tracing::Enabled);
    Telemetry::new(whole.outlets.clone(), 100).observe(7, &play.journal, &known);
    let (all, _) = whole.heard();
    for middle in 1..play.journal.len() {
        let ears = Ears::new();
        let metrics = ears.outlets.metrics.clone().unwrap();
        let (_, later) = play.journal.split_at(middle);
        // The journal may have gone on since.
        let (first, rest) = later.split_at(1);
        let telemetry = Telemetry::new(ears.outlets.clone(), 100);
        telemetry.observe(7, first, &known);
        telemetry.observe(7, rest, &known);
        drop(telemetry);
        let (logged, spans) = ears.heard();
        assert!(all.ends_with(&logged) && logged.len() < all.len(), "{logged:?}");
        assert_eq!(spans.last().unwrap(), "orders");
        let text = metrics.render();
        assert!(text.contains("executions_started_total{state_machine=\"orders\"} 0\n"));
        assert!(text.contains("executions_succeeded_total{state_machine=\"orders\"} 1\n"));
    }
}

#[test]
fn one_that_neither_logs_nor_is_traced_is_only_counted() {
    let (play, ears) = (line(), Ears::new());
    let known = Known::new(&play, LogLevel::Off, Tracing::Disabled);
    let metrics = ears.outlets.metrics.clone().unwrap();
    let telemetry = Telemetry::new(ears.outlets.clone(), 100);
    let (first, rest) = play.journal.split_at(3);
    telemetry.observe(7, first, &known);
    assert!(matches!(telemetry.stripe(7).take(7), Some(Life::Known { watch: None, .. })));
    telemetry.observe(7, rest, &known);
    drop(telemetry);
    assert_eq!(ears.heard(), (vec![], vec![]));
    assert!(metrics.render().contains("executions_succeeded_total{state_machine=\"orders\"} 1\n"));
}

#[test]
fn one_that_has_not_moved_for_long_is_forgotten_and_found_again() {
    let (play, ears) = (line(), Ears::new());
    let known = Known::new(&play, LogLevel::All, Tracing::Disabled);
    let telemetry = Telemetry::new(ears.outlets.clone(), 32);
    let (first, rest) = play.journal.split_at(4);
    // One fits into each of the two generations of a stripe.
    for key in [0, 16, 32] {
        telemetry.observe(key, first, &known);
    }
    assert_eq!(known.read.get(), 0);
    telemetry.observe(32, rest, &known);
    telemetry.observe(16, rest, &known);
    assert_eq!(known.read.get(), 0);
    telemetry.observe(0, rest, &known);
    assert_eq!(known.read.get(), 1);
    drop(telemetry);
    let (logged, _) = ears.heard();
    let ends = logged.iter().filter(|kind| *kind == "ExecutionSucceeded");
    assert_eq!(ends.count(), 3);
}

#[test]
fn a_redrive_goes_on_after_the_end() {
    let mut play = Play::run(LINE, "{}", |_| Err(Failure::named("Busy")));
    let end = play.journal.len();
    play.redrive(|_| Ok("1"));
    let ears = Ears::new();
    let known = Known::new(&play, LogLevel::All, Tracing::Enabled);
    let telemetry = Telemetry::new(ears.outlets.clone(), 100);
    let (before, after) = play.journal.split_at(end);
    telemetry.observe(7, before, &known);
    telemetry.observe(7, after, &known);
    assert_eq!(known.read.get(), 1);
    drop(telemetry);
    let (logged, spans) = ears.heard();
    let numbers = stepwell_kernel::history(&play.definition, &play.journal).len();
    assert_eq!(logged.len(), numbers);
    assert_eq!(spans.iter().filter(|name| *name == "orders").count(), 2);
}

#[test]
fn one_that_cannot_be_made_sense_of_is_left_alone() {
    let (play, other) = (line(), Play::run(LINE, "[1]", |_| Ok("2")));
    let ears = Ears::new();
    let known = Known::new(&other, LogLevel::All, Tracing::Enabled);
    let telemetry = Telemetry::new(ears.outlets.clone(), 100);
    // Its journal does not hold what is seen.
    let (_, later) = play.journal.split_at(2);
    for event in later {
        telemetry.observe(7, std::slice::from_ref(event), &known);
    }
    assert_eq!(known.read.get(), 1);
    // It goes on from an event that cannot follow, which ends in a panic inside.
    for events in [&play.journal[..1], &later[1..2], later] {
        telemetry.observe(8, events, &known);
    }
    drop(telemetry);
    let (logged, _) = ears.heard();
    assert_eq!(logged, ["ExecutionStarted"]);
}
