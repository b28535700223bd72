//! A map run that goes on after an end without success.
//!
//! Its executions that had not succeeded go on, as its bounds allow; those that are of the Express
//! kind cannot be redriven, and another one takes the place of each.

use std::sync::Arc;

use crate::event::{Fact, TaskId};
use crate::evolve::Illegal;
use crate::execution::Redrives;
use crate::step::Step;

use super::{Counts, Item, ItemChild, ItemsFrom, MapRun, MapRunCall, MapRunFact};

impl Counts {
    fn redrive(&mut self) {
        self.pending_redrive += self.running + self.lost();
        (self.running, self.failed, self.timed_out, self.aborted) = (0, 0, 0, 0);
    }

    fn resume(&mut self, by: u64) {
        self.pending_redrive -= by;
        self.running += by;
    }
}

impl MapRunCall {
    /// Whether there may be a run at all. What cannot be read is known before it begins.
    pub(crate) fn may_begin(&self) -> bool {
        match &self.items {
            ItemsFrom::Input(items) => items.value().as_array().is_some(),
            ItemsFrom::Reader { .. } => true,
        }
    }
}

impl MapRun {
    pub(crate) fn redrive(&mut self, redrives: Redrives) {
        self.redrives = redrives;
        let open = std::mem::take(&mut self.open);
        self.lost.extend(open);
        self.to_redrive.append(&mut self.lost);
        self.items.redrive();
        self.executions.redrive();
    }

    /// An execution goes on.
    pub(super) fn redrive_item(&mut self, task: TaskId) -> Result<(), Illegal> {
        let Item { child, redrives } = self.to_redrive.remove(&task).ok_or(Illegal)?;
        self.resume(task, child, redrives + 1);
        Ok(())
    }

    /// Another execution takes the place of one.
    pub(super) fn restart_item(
        &mut self,
        task: TaskId,
        former: TaskId,
        child: &Arc<ItemChild>,
    ) -> Result<(), Illegal> {
        if task.0 != self.next_task {
            return Err(Illegal);
        }
        let lost = self.to_redrive.remove(&former).ok_or(Illegal)?;
        if lost.child.items != child.items {
            return Err(Illegal);
        }
        self.next_task += 1;
        self.places.insert(task, self.place(former));
        self.places.remove(&former);
        self.resume(task, Arc::clone(child), 0);
        Ok(())
    }

    fn resume(&mut self, task: TaskId, child: Arc<ItemChild>, redrives: u32) {
        self.items.resume(u64::from(child.items));
        self.executions.resume(1);
        self.open.insert(task, Item { child, redrives });
    }
}

impl Step<'_> {
    /// Lets the next execution go on that had not succeeded.
    pub(super) fn redrive_item(&mut self, task: TaskId) {
        let run = self.map_run();
        let fact = if self.items_are_express() {
            let former = &run.to_redrive[&task].child;
            let child = ItemChild { identity: self.child_identity(), ..(**former).clone() };
            let (next, child) = (TaskId(run.next_task), Arc::new(child));
            MapRunFact::ItemRestarted { task: next, former: task, child }
        } else {
            MapRunFact::ItemRedriven { task }
        };
        self.emit(Fact::MapRun(fact));
    }
}
