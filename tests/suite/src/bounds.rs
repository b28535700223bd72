//! What a journal must not exceed, whatever the definition asks for.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use stepwell_kernel::{Event, Fact, FrameId, HistoryEvent, Limits};

/// Checks a whole journal and its history against the limits.
pub(crate) fn check(journal: &[Event], history: &[HistoryEvent], limits: &Limits) -> Result<()> {
    // That an execution began and how it ended is written in any case.
    let (events, most) = (history.len() as u64, limits.history_events_max.max(2));
    ensure!(events <= most, "the history has {events} events of at most {most}");
    check_payloads(journal, limits)?;
    check_concurrency(journal, limits)
}

/// The execution's own input is whoever started it to answer for; it may be passed on.
fn check_payloads(journal: &[Event], limits: &Limits) -> Result<()> {
    let mut most = limits.payload_bytes_max;
    for event in journal {
        let payload = match &event.fact {
            Fact::ExecutionStarted { input, .. } => {
                most = most.max(input.size_bytes());
                continue;
            }
            Fact::TaskSucceeded { output, .. }
            | Fact::StateExited { output, .. }
            | Fact::ExecutionSucceeded { output } => output,
            Fact::ChildStarted { input, .. } => input,
            Fact::TaskScheduled { call, .. } => &call.parameters,
            _ => continue,
        };
        let bytes = payload.size_bytes();
        ensure!(bytes <= most, "{bytes} bytes of at most {most} in {:?}", event.fact);
    }
    Ok(())
}

/// How many iterations a Map state may run, and which of them do.
struct Running {
    most: u32,
    children: Vec<FrameId>,
}

fn check_concurrency(journal: &[Event], limits: &Limits) -> Result<()> {
    let mut maps: BTreeMap<FrameId, Running> = BTreeMap::new();
    for event in journal {
        match &event.fact {
            Fact::MapStarted { frame, concurrency, .. } => {
                let most = limits.map_concurrency_max;
                ensure!(*concurrency <= most, "{concurrency} iterations at once of {most}");
                maps.insert(*frame, Running { most: *concurrency, children: Vec::new() });
            }
            Fact::ParallelStarted { frame, .. } => {
                maps.remove(frame);
            }
            // What ran at the end of the execution is begun again.
            Fact::ExecutionRedriven { .. } => {
                for map in maps.values_mut() {
                    map.children.clear();
                }
            }
            Fact::ChildStarted { frame, parent, .. }
            | Fact::ChildRedriven { frame, parent, .. } => {
                let Some(map) = maps.get_mut(parent) else { continue };
                map.children.push(*frame);
                let (count, most) = (map.children.len(), map.most as usize);
                ensure!(count <= most, "{count} iterations of {parent:?} run at once, not {most}");
            }
            Fact::ChildSucceeded { frame, .. }
            | Fact::ChildFailed { frame, .. }
            | Fact::ChildAborted { frame } => {
                for map in maps.values_mut() {
                    map.children.retain(|child| child != frame);
                }
            }
            _ => {}
        }
    }
    Ok(())
}
