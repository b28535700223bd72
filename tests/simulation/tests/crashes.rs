//! Every workflow, with its process ending before and after everything that can be noticed.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use stepwell_simulation::{CrashAt, Plan, Run, Simulation, WORKFLOWS, Workflow};

const SEED: u64 = 7;

/// How many points one workflow may have; more means that it never ends.
const POINTS_MAX: u64 = 2_000;

fn certain() -> impl Iterator<Item = &'static Workflow> {
    WORKFLOWS.iter().filter(|workflow| workflow.is_certain)
}

/// What happened, whatever went first where several things go on at once.
fn happened(run: &Run) -> Vec<String> {
    let mut history = run.history.clone();
    let definition = run.workflow.definition;
    if definition.contains("waitForTaskToken") {
        // A token may come back before the call that gave it away does.
        history.retain(|event| !event.starts_with("TaskSubmitted"));
    }
    if definition.contains("\"Parallel\"") || definition.contains("\"Map\"") {
        history.sort();
    }
    history
}

#[track_caller]
fn check(workflow: &'static Workflow, is_line_kept: bool) -> (u64, usize) {
    let calm = Simulation::run(Plan::calm(SEED, workflow)).unwrap();
    let mut interruptions = 0;
    for point in 1..POINTS_MAX {
        let crash_at = CrashAt { point, is_line_kept };
        let plan = Plan { crash: Some(crash_at), ..Plan::calm(SEED, workflow) };
        let finished = Simulation::run(plan)
            .unwrap_or_else(|error| panic!("{}: {error:#}, at {crash_at:?}", workflow.name));
        if !finished.is_crashed {
            return (finished.points, interruptions);
        }
        let (run, calm) = (&finished.runs[0], &calm.runs[0]);
        interruptions += finished.interruptions;
        if !run.is_interrupted {
            assert_eq!(run.outcome, calm.outcome, "{} {crash_at:?}", workflow.name);
            // Work that is lost on its way to a worker is offered again after a missing sign of life.
            if workflow.name == "activity" {
                continue;
            }
            assert_eq!(happened(run), happened(calm), "{} {crash_at:?}", workflow.name);
        }
    }
    panic!("{} has too many points", workflow.name);
}

fn check_all(is_line_kept: bool) {
    let (mut points, mut interruptions) = (0, 0);
    for workflow in certain() {
        let (of_one, interrupted) = check(workflow, is_line_kept);
        let is_interruptible = workflow.name.contains("once");
        assert_eq!(interrupted > 0, is_interruptible, "{}: {interrupted}", workflow.name);
        points += of_one;
        interruptions += interrupted;
    }
    assert!(points > 800, "there were {points} crashes, {interruptions} interrupted tasks");
}

#[test]
fn a_crash_anywhere_changes_no_history_if_the_disk_has_lost_what_was_on_its_way() {
    check_all(false);
}

#[test]
fn a_crash_anywhere_changes_no_history_if_the_disk_has_kept_what_was_on_its_way() {
    check_all(true);
}
