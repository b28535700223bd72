//! Where `%` looks: the step of the path whose input is the parent.
//!
//! Every `%` has a slot with a level: how many steps up its parent still is. Slots travel up the
//! tree until a path is found that has enough steps; the step found remembers its input under the
//! slot's label. Two `%` that mean the same step share a label.

use super::Preparer;
use crate::ast::{Kind, Node};
use crate::error::{Code, Error};

pub(super) struct Slot {
    pub label: usize,
    pub level: usize,
}

/// The step to which a suffix belongs: a path's last one, or the node itself.
pub(super) fn last_step(node: &mut Node) -> &mut Node {
    if matches!(&node.kind, Kind::Path { steps, .. } if !steps.is_empty()) {
        return node.steps().and_then(|steps| steps.last_mut()).expect("the path has steps");
    }
    node
}

pub(super) fn underivable(node: &Node) -> Error {
    let error = Error::new(Code::S0217).token(node.type_name());
    match node.kind {
        Kind::Parent(_) | Kind::Path { .. } => error,
        _ => error.at(node.position),
    }
}

impl Preparer {
    /// Looks for the parent in one step, going into blocks and paths.
    pub(super) fn seek_parent(&mut self, node: &mut Node, slot: usize) -> Result<(), Error> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.slots[slot].level -= 1;
                if self.slots[slot].level == 0 {
                    if let Some(ancestor) = node.ancestor {
                        self.slots[slot].label = self.slots[ancestor].label;
                    }
                    node.ancestor = Some(slot);
                    node.is_tuple = true;
                }
            }
            Kind::Parent(_) => self.slots[slot].level += 1,
            Kind::Block(parts, _) => {
                if let Some(last) = parts.last_mut() {
                    node.is_tuple = true;
                    self.seek_parent(last, slot)?;
                }
            }
            Kind::Path { steps, .. } => {
                node.is_tuple = true;
                let mut steps = steps.iter_mut().rev();
                if let Some(last) = steps.next() {
                    self.seek_parent(last, slot)?;
                }
                for step in steps {
                    if self.slots[slot].level == 0 {
                        break;
                    }
                    self.seek_parent(step, slot)?;
                }
            }
            _ => return Err(underivable(node)),
        }
        Ok(())
    }

    /// Finds the parents that a path's last step seeks in the steps before it; what is not found
    /// is left to whoever contains the path.
    pub(super) fn resolve_ancestry(&mut self, path: &mut Node) -> Result<(), Error> {
        let Kind::Path { steps, .. } = &mut path.kind else { return Ok(()) };
        let Some(last) = steps.last() else { return Ok(()) };
        let mut slots = last.seeking.clone();
        if let Kind::Parent(slot) = last.kind {
            slots.push(slot);
        }
        let mut unresolved = Vec::new();
        for slot in slots {
            let mut index = steps.len() - 1;
            while self.slots[slot].level > 0 {
                if index == 0 {
                    unresolved.push(slot);
                    break;
                }
                index -= 1;
                // Neighbouring steps that bind a variable share one context.
                while index > 0 && steps[index].focus.is_some() && steps[index - 1].focus.is_some()
                {
                    index -= 1;
                }
                self.seek_parent(&mut steps[index], slot)?;
            }
        }
        path.seeking.extend(unresolved);
        Ok(())
    }
}
