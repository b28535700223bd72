//! Children that nobody waits for any more.
//!
//! A task that is given up has its child stopped once that is kept. A crash in between leaves the
//! child, and nobody who knows of it; so the next process looks for such children.

use std::sync::Weak;

use stepwell_journal::{ExecutionId, Parent};
use stepwell_kernel::{Event, Failure, Input};

use crate::engine::Shared;
use crate::kin::is_orphan;
use crate::scheduler::Command;

/// How many children are looked at together.
const PAGE: usize = 256;

/// Stops the orphans among the executions that are older than that one. What cannot be read now is
/// left to the next start.
pub(crate) async fn stop(engine: Weak<Shared>, before: ExecutionId) {
    let mut after = None;
    while let Some(shared) = engine.upgrade() {
        let Ok(children) = shared.world.journal.open_children(after, PAGE) else { return };
        let Some((last, _)) = children.last() else { return };
        after = Some(*last);
        for child in orphans(&shared, &children, before) {
            let stop = Command::input(child, Input::Stop { failure: Failure::default() });
            shared.world.send(stop).await;
        }
        drop(shared);
        tokio::task::yield_now().await;
    }
}

fn orphans(
    shared: &Shared,
    children: &[(ExecutionId, Parent)],
    before: ExecutionId,
) -> Vec<ExecutionId> {
    // Most often the parent of one child is that of the next one too.
    let mut read: Option<(ExecutionId, Vec<Event>)> = None;
    let mut orphans = Vec::new();
    for (child, parent) in children.iter().filter(|(child, _)| *child < before) {
        if read.as_ref().is_none_or(|(of, _)| *of != parent.execution) {
            let events = shared.world.journal.read(parent.execution);
            read = events.ok().map(|events| (parent.execution, events));
        }
        if let Some((_, events)) = &read
            && is_orphan(events, parent.task)
        {
            orphans.push(*child);
        }
    }
    orphans
}
