//! Going on after an end without success.
//!
//! Only the execution's own line of control goes on at once; a child that was lost goes on when it
//! is decided that there is room for it, and the ones inside it after that.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_asl::Timestamp;

use crate::event::FrameId;
use crate::execution::{Redrives, Running};
use crate::frame::Parent;

use super::{Delta, Illegal};

impl Running {
    pub(super) fn redrive(
        &mut self,
        redrives: Redrives,
        deadline: Option<Timestamp>,
    ) -> Result<(), Illegal> {
        // What ran at the end of the execution is lost like what was stopped before.
        let running: Vec<FrameId> = self.children_of(FrameId::ROOT).collect();
        for child in running {
            self.lose_child(child, &mut Delta::default())?;
        }
        let root = self.frames.get_mut(&FrameId::ROOT).ok_or(Illegal)?;
        root.resume();
        (self.redrives, self.deadline) = (redrives, deadline);
        (self.timers, self.tasks) = (BTreeSet::new(), BTreeMap::new());
        self.ready.clear();
        self.last_frame = FrameId::ROOT;
        self.reindex_ready(FrameId::ROOT);
        Ok(())
    }

    pub(super) fn resume_child(
        &mut self,
        id: FrameId,
        (parent, index): (FrameId, u32),
    ) -> Result<(), Illegal> {
        let fork = self.fork(parent)?;
        let (lost, mut frame) = fork.lost.remove(&index).ok_or(Illegal)?;
        let is_that_child = frame.parent.is_some_and(|Parent { frame, .. }| frame == parent);
        if lost != id || !is_that_child || fork.open >= fork.concurrency {
            return Err(Illegal);
        }
        fork.open += 1;
        frame.resume();
        self.variables_bytes += frame.variables_bytes;
        self.frames.insert(id, frame);
        self.children.insert((parent, id));
        self.reindex_ready(id);
        self.reindex_ready(parent);
        Ok(())
    }
}
