use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use stepwell_kernel::{Call, Failure, Input};

use super::*;
use crate::play::{Answer, BRANCHES, LINE, Play};

fn spans_with(play: &Play, header: Option<&str>) -> Vec<Span> {
    let started_at = play.journal[0].at;
    let Some(mut fold) = SpanFold::new(header, &play.identity(), started_at) else {
        return Vec::new();
    };
    let of = |event| fold.project(&play.definition, event).collect::<Vec<_>>();
    play.journal.iter().flat_map(of).collect()
}

/// The spans as a tree: name, what they took in milliseconds since the start of the execution, and
/// with which error they ended.
fn tree(play: &Play) -> String {
    let spans = spans_with(play, None);
    let ids: BTreeSet<SpanId> = spans.iter().map(|span| span.id).collect();
    assert_eq!(ids.len(), spans.len(), "two spans have one number: {spans:#?}");
    let mut children: BTreeMap<Option<SpanId>, Vec<&Span>> = BTreeMap::new();
    for span in &spans {
        children.entry(span.parent).or_default().push(span);
    }
    let mut lines = String::new();
    push(&mut lines, &children, None, 0);
    assert_eq!(lines.lines().count(), spans.len(), "a span hangs nowhere: {spans:#?}");
    lines
}

fn push(
    lines: &mut String,
    children: &BTreeMap<Option<SpanId>, Vec<&Span>>,
    parent: Option<SpanId>,
    depth: usize,
) {
    let mut spans = children.get(&parent).cloned().unwrap_or_default();
    spans.sort_by_key(|span| (span.start, Str::clone(&span.name)));
    for span in spans {
        let since = |at: Timestamp| (at.unix_millis() - crate::play::START_MILLIS) / 1000;
        let (start, end) = (since(span.start), since(span.end));
        let status = match &span.status {
            SpanStatus::Fine => String::new(),
            SpanStatus::Error(error) => format!(" {error}"),
        };
        let indent = "  ".repeat(depth);
        writeln!(lines, "{indent}{} {start}-{end}{status}", span.name).unwrap();
        push(lines, children, Some(span.id), depth + 1);
    }
}

/// The first answer to `pack` is that it is busy.
fn busy_at_first() -> impl Fn(&Call) -> Answer {
    let calls = Cell::new(0);
    move |call| {
        let is_first = &*call.function == "pack" && calls.replace(1) == 0;
        if is_first { Err(Failure::named("Busy")) } else { Ok("1") }
    }
}

fn attribute<'s>(span: &'s Span, name: &str) -> Option<&'s Attribute> {
    span.attributes.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}

#[test]
fn branches_iterations_and_attempts_hang_together() {
    let expected = "\
orders 1-6
  Both 1-6
    branch 0 1-6
      Pack 1-6
        pack 1-2 Busy
        pack 5-6
    branch 1 1-4
      Each 1-4
        iteration 0 1-3
          Weigh 1-3
            lambda:invoke 1-3
        iteration 1 1-4
          Weigh 1-4
            lambda:invoke 1-4
  Done 6-6
";
    assert_eq!(tree(&Play::run(BRANCHES, "{}", busy_at_first())), expected);
}

#[test]
fn what_a_failure_stops_is_aborted_and_what_is_caught_has_failed() {
    let play = Play::run(BRANCHES, "{}", |call| -> Answer {
        if &*call.function == "pack" { Err(Failure::new("Broken", "no tape")) } else { Ok("1") }
    });
    let expected = "\
orders 1-2 Sorry
  Both 1-2 Broken
    branch 0 1-2 Broken
      Pack 1-2 Broken
        pack 1-2 Broken
    branch 1 1-2 aborted
      Each 1-2 aborted
        iteration 0 1-2 aborted
          Weigh 1-2 aborted
            lambda:invoke 1-2 aborted
        iteration 1 1-2 aborted
          Weigh 1-2 aborted
            lambda:invoke 1-2 aborted
  Sorry 2-2 Sorry
";
    assert_eq!(tree(&play), expected);
    let spans = spans_with(&play, None);
    let caught = spans.iter().filter(|span| attribute(span, "stepwell.caught").is_some());
    assert_eq!(caught.map(|span| &*span.name).collect::<Vec<_>>(), ["Both"]);
}

#[test]
fn a_map_run_is_what_the_visit_of_its_state_waits_for() {
    let definition = r#"{"StartAt": "Each", "States": {"Each": {
        "Type": "Map", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}
        }
    }}}"#;
    let mut play = Play::run(definition, "[1]", |_| unreachable!("there is no task"));
    assert_eq!(tree(&play), "");
    play.give(Input::Stop { failure: Failure::default() }, |_| unreachable!("there is no task"));
    let expected = "\
orders 1-2 aborted
  Each 1-2 aborted
    map run 1-2 aborted
";
    assert_eq!(tree(&play), expected);
}

#[test]
fn a_redrive_begins_new_spans_for_what_goes_on() {
    let mut play = Play::run(LINE, "{}", |_| Err(Failure::named("Busy")));
    play.redrive(|_| Ok("1"));
    let expected = "\
orders 1-2 Busy
  Ask 1-2 Busy
    ask 1-2 Busy
orders 3-64
  Ask 3-4
    ask 3-4
  Rest 4-64
  End 64-64
";
    assert_eq!(tree(&play), expected);
}

#[test]
fn a_redrive_lets_branches_go_on_below_the_state_that_holds_them() {
    let refuse = |call: &Call| -> Answer {
        if &*call.function == "pack" { Err(Failure::named("Torn")) } else { Ok("1") }
    };
    let mut play = Play::run(BRANCHES, "{}", refuse);
    play.redrive(|_| Ok("1"));
    let tree = tree(&play);
    let expected = "\
orders 5-8
  Both 5-8
    branch 0 5-6
      Pack 5-6
        pack 5-6
    branch 1 5-8
      Each 5-8
        iteration 0 5-7
          Weigh 5-7
            lambda:invoke 5-7
        iteration 1 5-8
          Weigh 5-8
            lambda:invoke 5-8
  Done 8-8
";
    assert_eq!(tree.split_at(tree.rfind("orders").unwrap()).1, expected);
}

#[test]
fn attempts_say_what_was_called_and_which_they_were() {
    let play = Play::run(BRANCHES, "{}", busy_at_first());
    let spans = spans_with(&play, None);
    let attempts: Vec<_> = spans.iter().filter(|span| &*span.name == "pack").collect();
    for (attempt, nth) in attempts.iter().zip(1..) {
        assert_eq!(attempt.kind, SpanKind::Client);
        assert_eq!(attribute(attempt, "stepwell.attempt"), Some(&Attribute::Number(nth)));
        assert_eq!(attribute(attempt, "stepwell.task"), Some(&Attribute::Text("pack".into())));
    }
    assert_eq!(attempts.len(), 2);
    let weigh = spans.iter().find(|span| &*span.name == "lambda:invoke").unwrap();
    assert_eq!(attribute(weigh, "stepwell.task"), Some(&Attribute::Text("weigh".into())));
    let root = spans.last().unwrap();
    let machine = Some(&Attribute::Text("orders".into()));
    assert_eq!(attribute(root, "stepwell.state_machine"), machine);
}

#[test]
fn a_long_cause_is_cut_between_characters() {
    let cause = "é".repeat(300);
    let play = Play::run(LINE, "{}", |_| Err(Failure::new("Busy", cause.as_str())));
    let spans = spans_with(&play, None);
    let expected = Attribute::Text("é".repeat(256).into());
    assert_eq!(attribute(&spans[0], "stepwell.cause"), Some(&expected));
    assert_eq!(attribute(&spans[0], "error.type"), Some(&Attribute::Text("Busy".into())));
}

#[test]
fn a_process_that_starts_over_tells_the_same_spans() {
    let mut play = Play::run(BRANCHES, "{}", |_| Err(Failure::named("Torn")));
    play.redrive(|_| Ok("1"));
    let all = spans_with(&play, None);
    for middle in 0..play.journal.len() {
        let mut fold = SpanFold::new(None, &play.identity(), play.journal[0].at).unwrap();
        let (earlier, later) = play.journal.split_at(middle);
        let mut told = 0;
        for event in earlier {
            told += fold.project(&play.definition, event).len();
        }
        let of = |event| fold.project(&play.definition, event).collect::<Vec<_>>();
        let spans: Vec<Span> = later.iter().flat_map(of).collect();
        assert_eq!(spans, all.split_at(told).1);
    }
}

#[test]
fn the_callers_trace_is_joined_below_the_callers_span() {
    let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let play = Play::run(LINE, "{}", |_| Ok("1"));
    let spans = spans_with(&play, Some(header));
    let trace = "5759e988bd862e3fe1be46a994272793";
    assert!(spans.iter().all(|span| span.trace.to_string() == trace));
    let root = spans.last().unwrap();
    assert_eq!(root.parent.map(|id| id.to_string()).as_deref(), Some("53995c3f42cd8ad8"));
}

#[test]
fn headers_are_read_or_passed_over() {
    let root = "Root=1-5759e988-bd862e3fe1be46a994272793";
    let play = Play::run(LINE, "{}", |_| Ok("1"));
    let own = spans_with(&play, None)[0].trace;
    let cases = [
        (format!("{root};Sampled=0"), None),
        (format!("{root};Sampled=?"), Some("5759e988bd862e3fe1be46a994272793".to_owned())),
        (format!("Self=x; {root} "), Some("5759e988bd862e3fe1be46a994272793".to_owned())),
        ("Root=1-5759e988-bd862e3fe1be46a99427279é".to_owned(), Some(own.to_string())),
        ("Root=1-00000000-000000000000000000000000".to_owned(), Some(own.to_string())),
        ("Sampled=0".to_owned(), Some(own.to_string())),
        (String::new(), Some(own.to_string())),
    ];
    for (header, expected) in cases {
        let spans = spans_with(&play, Some(&header));
        let trace = spans.first().map(|span| span.trace.to_string());
        assert_eq!(trace, expected, "{header}");
    }
}
