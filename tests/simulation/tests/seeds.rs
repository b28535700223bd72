//! Many seeds, and one again: `STEPWELL_SEED=N cargo test -p stepwell-simulation seed -- --nocapture`.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;

use stepwell_kernel::Outcome;
use stepwell_simulation::{Finished, Plan, Simulation, WORKFLOWS};

/// How many seeds are run where nobody says which.
const SEEDS: u64 = 2_000;

/// How each workflow ends where nothing goes wrong.
fn calm_outcomes() -> BTreeMap<&'static str, Outcome> {
    let certain = WORKFLOWS.iter().filter(|workflow| workflow.is_certain);
    let outcome = |workflow| {
        let finished = Simulation::run(Plan::calm(1, workflow)).unwrap();
        (workflow.name, finished.runs[0].outcome.clone())
    };
    certain.map(outcome).collect()
}

fn check(
    seed: u64,
    is_verbose: bool,
    calm: &BTreeMap<&'static str, Outcome>,
) -> Result<Finished, String> {
    let plan = Plan { is_verbose, ..Plan::chaotic(seed) };
    let again =
        format!("STEPWELL_SEED={seed} cargo test -p stepwell-simulation seed -- --nocapture");
    let finished = Simulation::run(plan).map_err(|error| format!("{error:#}\n{again}"))?;
    for run in &finished.runs {
        let is_certain = run.workflow.is_certain && !run.is_interrupted && !run.is_disturbed;
        if is_certain && run.outcome != calm[run.workflow.name] {
            let name = run.workflow.name;
            return Err(format!("{name} came to {:?}, not {:?}\n{again}", run.outcome, calm[name]));
        }
    }
    Ok(finished)
}

#[test]
fn every_seed_keeps_its_promises() {
    let calm = calm_outcomes();
    let chosen = std::env::var("STEPWELL_SEED").ok().and_then(|seed| seed.parse().ok());
    if let Some(seed) = chosen {
        let finished = check(seed, true, &calm).unwrap_or_else(|wrong| panic!("{wrong}"));
        println!("{finished:?}");
        return;
    }
    let count = std::env::var("STEPWELL_SEEDS").ok().and_then(|count| count.parse().ok());
    let (mut wrong, mut executions, mut interruptions, mut orphans) = (Vec::new(), 0, 0, 0);
    for seed in 0..count.unwrap_or(SEEDS) {
        match check(seed, false, &calm) {
            Ok(finished) => {
                executions += finished.executions;
                interruptions += finished.interruptions;
                orphans += finished.orphans;
            }
            Err(error) => wrong.push(error),
        }
    }
    println!("{executions} executions, {interruptions} interrupted tasks, {orphans} orphans");
    assert!(
        wrong.is_empty(),
        "{} seeds fail, among them:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(8)].join("\n\n")
    );
    assert!(interruptions > 0, "no crash has hit a task");
}
