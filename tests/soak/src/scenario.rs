//! What is done to a runtime and its store.

use anyhow::Result;
use stepwell_journal_sqlite::{Options as StoreOptions, Sqlite};

use crate::check::{Excused, check};
use crate::director::Director;
use crate::options::{Options, Scenario};
use crate::report::Findings;

mod damage;
mod full_disk;
mod kill;
mod torn_tail;

pub(crate) fn play(scenario: Scenario, options: &Options) -> Result<Findings> {
    match scenario {
        Scenario::Kill => kill::play(options),
        Scenario::FullDisk => full_disk::play(options),
        Scenario::TornTail => torn_tail::play(options),
        Scenario::Damage => damage::play(options),
    }
}

/// Lets everything end that is open, and looks at it.
fn finish(director: &mut Director, excused: &Excused, findings: &mut Findings) -> Result<()> {
    let mut process = director.launch(false)?;
    director.drain(&mut process, excused.damaged.len())?;
    director.close(process)?;
    let store = Sqlite::open(director.store(), &StoreOptions::default())?;
    check(director, &store, excused, findings)?;
    for (kind, count) in &director.errands.counts {
        findings.add(kind, count);
    }
    let refused: u64 = director.refused.values().sum();
    findings.add("starts refused", refused);
    findings.add_times("from the start of a process to its engine", director.recoveries.clone());
    findings.add("the largest log, in KiB", director.log_bytes / 1024);
    findings.wrong.append(&mut director.wrong);
    for kind in ["corrupt", "lost", "broken"] {
        for trouble in director.troubles.get(kind).into_iter().flatten() {
            findings.wrong.push(format!("a runtime complained: {trouble}"));
        }
    }
    let faults = store.verify()?;
    let faults = faults.iter().filter(|_| excused.damaged.is_empty());
    findings.wrong.extend(faults.map(|fault| format!("the store is not whole: {fault}")));
    Ok(())
}
