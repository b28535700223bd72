use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use stepwell::{Definition, Failure, HistoryEvent, Identity, Limits, Payload, Timestamp};
use stepwell_kernel::{
    Entropy, Env, Event, Execution, Input, Obligation, Outcome, TaskCall, history,
};

use super::{Extent, Look, Story, render};
use crate::printer::Style;

/// What a task does, by call; the last one is done again and again.
type Script<'a> = &'a [Result<&'a str, (&'a str, &'a str)>];

/// A world with a clock of its own: every task takes ten milliseconds, and every map run too.
#[derive(Default)]
struct World<'a> {
    tasks: BTreeMap<&'a str, Script<'a>>,
    calls: BTreeMap<String, usize>,
    now_ms: i64,
    journal: Vec<Event>,
    agenda: BTreeMap<(i64, usize), Input>,
}

struct Counter(u64);

impl Entropy for Counter {
    fn next_u64(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl<'a> World<'a> {
    fn of(tasks: &[(&'a str, Script<'a>)]) -> Self {
        Self { tasks: tasks.iter().copied().collect(), ..Self::default() }
    }

    fn later(&mut self, delay_ms: i64, input: Input) {
        self.agenda.insert((self.now_ms + delay_ms, self.agenda.len() + self.journal.len()), input);
    }

    fn stop_after(mut self, delay_ms: i64) -> Self {
        self.later(delay_ms, Input::Stop { failure: Failure::new("Enough", "it was enough") });
        self
    }

    fn owe(&mut self, obligation: Obligation) {
        match obligation {
            Obligation::RunTask(call) => {
                let input = Input::TaskReported { task: call.task, outcome: self.run(&call) };
                self.later(10, input);
            }
            Obligation::WakeAt(at) => self.later(at.unix_millis() - self.now_ms, Input::Wake),
            Obligation::Continue => self.later(0, Input::Continue),
            Obligation::AwaitToken { .. } => {}
            Obligation::StartChild { task, .. } => {
                let outcome = Outcome::Succeeded { output: Payload::parse("[]").unwrap() };
                self.later(10, Input::ChildEnded { task, outcome });
            }
            other => unreachable!("these stories do not ask for it: {other:?}"),
        }
    }

    fn run(&mut self, call: &TaskCall) -> Result<Payload, Failure> {
        let function = call.call.function.to_string();
        let script = self.tasks[function.as_str()];
        let calls = self.calls.entry(function).or_default();
        *calls += 1;
        let outcome = script[(*calls - 1).min(script.len() - 1)];
        outcome
            .map(|output| Payload::parse(output).unwrap())
            .map_err(|(error, cause)| Failure::new(error, cause))
    }

    fn play(mut self, workflow: &str, input: &str) -> Vec<HistoryEvent> {
        let definition = Definition::parse(workflow).unwrap();
        let (limits, mut entropy) = (Limits::default(), Counter(0));
        let mut execution = Execution::default();
        let input = Payload::parse(input).unwrap();
        self.later(0, Input::Start { identity: identity(), input });
        while let Some(((at_ms, _), input)) = self.agenda.pop_first() {
            self.now_ms = at_ms;
            let now = Timestamp::from_unix_millis(at_ms);
            let env = Env { now, entropy: &mut entropy, limits: &limits };
            // A wake-up may come late, and a report for a task that was given up.
            let Ok(batch) = execution.handle(&definition, input, env) else { continue };
            let committed = batch.commit(|_| Ok::<(), Infallible>(())).unwrap();
            self.journal.extend(committed.events);
            committed.obligations.into_iter().for_each(|obligation| self.owe(obligation));
        }
        let history = history(&definition, &self.journal);
        every_beginning_can_be_told(&history);
        history
    }
}

/// A story needs no end, and no proper beginning either.
fn every_beginning_can_be_told(history: &[HistoryEvent]) {
    for length in 0..history.len() {
        let told = Story::of(&history[..length]);
        assert_eq!(told.lines[0].parent, None);
        let headless = Story::of(&history[length..]);
        assert!(headless.steps.len() <= history.len() - length);
    }
}

fn identity() -> Identity {
    let name = || "x".into();
    Identity {
        execution_arn: name(),
        execution_name: name(),
        state_machine_arn: name(),
        state_machine_name: name(),
        role_arn: name(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

#[track_caller]
fn check(history: &[HistoryEvent], expected: &str) {
    let look = Look { style: Style::Plain, extent: Extent::Folded };
    let tree = render(history, look);
    assert!(tree == expected, "the tree is\n{tree}\nbut was to be\n{expected}");
}

const OK: Script<'static> = &[Ok("1")];
const BUSY: (&str, &str) = ("Busy", "come back later");

#[test]
fn states_follow_each_other_with_what_they_took() {
    let history = World::of(&[("charge", &[Err(BUSY), Err(BUSY), Ok("7")]), ("ship", OK)]).play(
        r#"{ "StartAt": "Is it paid?", "States": {
          "Is it paid?": { "Type": "Choice", "Default": "Charge",
                           "Choices": [{ "Variable": "$", "IsNull": true, "Next": "Ship" }] },
          "Charge": { "Type": "Task", "Resource": "charge", "Next": "Wait for the carrier",
                      "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2 }] },
          "Wait for the carrier": { "Type": "Wait", "Seconds": 100, "Next": "Ship" },
          "Ship": { "Type": "Task", "Resource": "ship", "Next": "Done" },
          "Done": { "Type": "Succeed" } } }"#,
        "{}",
    );
    check(
        &history,
        "  \
  ok       Is it paid?           Choice           0 ms
  ok       Charge                Task           6.03 s  3 attempts, after Busy: come back later
  ok       Wait for the carrier  Wait       1 min 40 s
  ok       Ship                  Task            10 ms
  ok       Done                  Succeed          0 ms
succeeded in 1 min 46 s
",
    );
}

#[test]
fn a_caught_failure_and_the_one_that_ends_the_execution_say_why() {
    let history = World::of(&[("charge", &[Err(("Declined", "no money\nat all"))])]).play(
        r#"{ "StartAt": "Charge", "States": {
          "Charge": { "Type": "Task", "Resource": "charge", "End": true,
                      "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Cancel" }] },
          "Cancel": { "Type": "Fail", "Error": "Cancelled", "CausePath": "$.Cause" } } }"#,
        "{}",
    );
    check(
        &history,
        "  \
  caught   Charge  Task            10 ms  Declined: no money...
  failed   Cancel  Fail             0 ms  Cancelled: no money...
failed after 10 ms: Cancelled: no money
  at all
",
    );
}

const SIDE_BY_SIDE: &str = r#"{ "StartAt": "Both", "States": {
  "Both": { "Type": "Parallel", "End": true,
    "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 1 }],
    "Branches": [
      { "StartAt": "Prepare", "States": {
          "Prepare": { "Type": "Pass", "Next": "Left" },
          "Left": { "Type": "Task", "Resource": "left", "End": true } } },
      { "StartAt": "Doze", "States": {
          "Doze": { "Type": "Wait", "Seconds": 5, "End": true } } } ] } } }"#;

#[test]
fn branches_are_indented_and_only_the_last_attempt_is_shown() {
    let history = World::of(&[("left", &[Err(BUSY), Ok("1")])]).play(SIDE_BY_SIDE, "{}");
    check(
        &history,
        "  \
  ok       Both              Parallel       6.01 s  2 attempts
  ok         branch 1                        10 ms
  ok           Prepare       Pass             0 ms
  ok           Left          Task            10 ms
  ok         branch 2: Doze  Wait           5.00 s
succeeded in 6.01 s
",
    );
}

#[test]
fn a_branch_that_fails_stops_its_siblings() {
    let history =
        World::of(&[("left", &[Err(BUSY), Err(("Broken", ""))])]).play(SIDE_BY_SIDE, "{}");
    check(
        &history,
        "  \
  failed   Both              Parallel       1.02 s  2 attempts, Broken
  failed     branch 1                        10 ms
  ok           Prepare       Pass             0 ms
  failed       Left          Task            10 ms  Broken
  stopped    branch 2: Doze  Wait            10 ms
failed after 1.02 s: Broken
",
    );
}

const EACH: &str = r#"{ "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true,
  "MaxConcurrency": 4, "ItemProcessor": { "StartAt": "Work", "States": {
    "Work": { "Type": "Task", "Resource": "work", "End": true } } } } } }"#;

#[test]
fn a_long_map_is_folded_after_its_first_items() {
    let history = World::of(&[("work", OK)]).play(EACH, &format!("{:?}", [0; 40]));
    check(
        &history,
        "  \
  ok       Each            Map            100 ms  40 items
  ok         item 0: Work  Task            10 ms
  ok         item 1: Work  Task            10 ms
  ok         item 2: Work  Task            10 ms
             ... 37 more
succeeded in 100 ms
",
    );
    let whole = Look { style: Style::Plain, extent: Extent::Whole };
    assert_eq!(render(&history, whole).lines().count(), 42);
}

#[test]
fn a_map_run_that_reads_its_items_claims_no_number_of_them() {
    let workflow = |items: &str| {
        format!(
            r#"{{ "StartAt": "Each", "States": {{ "Each": {{ "Type": "Map", "End": true, {items}
              "ItemProcessor": {{
                "ProcessorConfig": {{ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }},
                "StartAt": "Done", "States": {{ "Done": {{ "Type": "Succeed" }} }} }} }} }} }}"#
        )
    };
    let reader = r#""ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
      "ReaderConfig": { "InputType": "JSON" },
      "Parameters": { "Bucket": "in", "Key": "items.json" } },"#;
    let given = World::default().play(&workflow(""), "[1, 2]");
    check(&given, "  ok       Each  Map             10 ms  2 items\nsucceeded in 10 ms\n");
    let read = World::default().play(&workflow(reader), "{}");
    check(&read, "  ok       Each  Map             10 ms\nsucceeded in 10 ms\n");
}

#[test]
fn a_failed_item_is_shown_wherever_it_is() {
    let mut script = vec![Ok("1"); 5];
    script.push(Err(("Broken", "it does not fit")));
    let history = World::of(&[("work", &script)]).play(EACH, &format!("{:?}", [0; 40]));
    check(
        &history,
        "  \
  failed   Each            Map             20 ms  40 items, Broken: it does not fit
  ok         item 0: Work  Task            10 ms
  ok         item 1: Work  Task            10 ms
  ok         item 2: Work  Task            10 ms
             ... 2 more
  failed     item 5: Work  Task            10 ms  Broken: it does not fit
             ... 3 more
failed after 20 ms: Broken: it does not fit
",
    );
}

#[test]
fn an_empty_map_and_forks_inside_forks_find_their_places() {
    let history = World::of(&[("work", OK)]).play(
        r#"{ "StartAt": "Nothing", "States": {
          "Nothing": { "Type": "Map", "ItemsPath": "$.none", "ResultPath": null, "Next": "Outer",
            "ItemProcessor": { "StartAt": "Never", "States": {
              "Never": { "Type": "Pass", "End": true } } } },
          "Outer": { "Type": "Map", "ItemsPath": "$.two", "End": true,
            "ItemProcessor": { "StartAt": "Split", "States": {
              "Split": { "Type": "Parallel", "Next": "After", "Branches": [
                { "StartAt": "Inner", "States": {
                  "Inner": { "Type": "Map", "ItemsPath": "$.items", "End": true,
                    "ItemProcessor": { "StartAt": "Work", "States": {
                      "Work": { "Type": "Task", "Resource": "work", "End": true } } } } } },
                { "StartAt": "Idle", "States": { "Idle": { "Type": "Pass", "End": true } } } ] },
              "After": { "Type": "Pass", "End": true } } } } } }"#,
        r#"{ "none": [], "two": [{ "items": [1] }, { "items": [1, 2] }] }"#,
    );
    check(
        &history,
        "  \
  ok       Nothing                Map              0 ms  0 items
  ok       Outer                  Map             10 ms  2 items
  ok         item 0                               10 ms
  ok           Split              Parallel        10 ms
  ok             branch 1: Inner  Map             10 ms  1 item
  ok               item 0: Work   Task            10 ms
  ok             branch 2: Idle   Pass             0 ms
  ok           After              Pass             0 ms
  ok         item 1                               10 ms
  ok           Split              Parallel        10 ms
  ok             branch 1: Inner  Map             10 ms  2 items
  ok               item 0: Work   Task            10 ms
  ok               item 1: Work   Task            10 ms
  ok             branch 2: Idle   Pass             0 ms
  ok           After              Pass             0 ms
succeeded in 10 ms
",
    );
}

const LOOP: &str = r#"{ "StartAt": "Tick", "States": {
  "Tick": { "Type": "Wait", "Seconds": 1, "Next": "Tock" },
  "Tock": { "Type": "Choice", "Default": "Tick",
            "Choices": [{ "Variable": "$.enough", "IsPresent": true, "Next": "Done" }] },
  "Done": { "Type": "Succeed" } } }"#;

#[test]
fn a_long_loop_is_folded_in_its_middle_and_a_stop_names_the_state() {
    let history = World::of(&[]).stop_after(30_500).play(LOOP, "{}");
    let look = Look { style: Style::Plain, extent: Extent::Folded };
    let tree = render(&history, look);
    let lines: Vec<&str> = tree.lines().collect();
    assert_eq!(lines.len(), 20 + 1 + 20 + 1);
    assert_eq!(lines[20], "           ... 21 more");
    assert_eq!(lines[40], "  stopped  Tick         Wait           500 ms");
    assert_eq!(lines[41], "stopped after 30.50 s: Enough: it was enough");
    let story = Story::of(&history);
    let cut_short: BTreeSet<_> = story.cut_short().map(|step| step.name.as_str()).collect();
    assert_eq!(cut_short, BTreeSet::from(["Tick"]));
}

#[test]
fn an_execution_that_runs_says_so() {
    let history = World::of(&[]).stop_after(1_500).play(LOOP, "{}");
    check(
        &history[..history.len() - 1],
        "  \
  ok       Tick  Wait           1.00 s
  ok       Tock  Choice           0 ms
  running  Tick  Wait             0 ms
running for 1.00 s
",
    );
}

#[test]
fn a_terminal_gets_signs_and_colours() {
    let history = World::of(&[("work", OK)]).play(EACH, "[1, 2, 3, 4, 5]");
    let tree = |style| render(&history, Look { style, extent: Extent::Folded });
    assert_eq!(
        tree(Style::Signs),
        "  \
  ✓  Each            Map             20 ms  5 items
  ✓    item 0: Work  Task            10 ms
  ✓    item 1: Work  Task            10 ms
  ✓    item 2: Work  Task            10 ms
       … 2 more
succeeded in 20 ms
"
    );
    let first = "  \u{1b}[32m✓\u{1b}[0m  Each            Map             20 ms  5 items\n";
    let last = "\u{1b}[32msucceeded in\u{1b}[0m 20 ms\n";
    let coloured = tree(Style::Colour);
    assert!(coloured.starts_with(first) && coloured.ends_with(last), "{coloured}");
}

#[test]
fn an_execution_that_times_out_stops_what_is_inside() {
    let history = World::of(&[]).play(
        r#"{ "StartAt": "Doze", "TimeoutSeconds": 3, "States": {
          "Doze": { "Type": "Wait", "Seconds": 10, "End": true } } }"#,
        "{}",
    );
    let took = Duration::from_secs(3);
    let story = Story::of(&history);
    assert_eq!(story.ended.saturating_since(story.began), took);
    check(
        &history,
        "  \
  stopped  Doze  Wait           3.00 s
timed out after 3.00 s: States.Timeout
",
    );
}
