//! Which event led to which, whatever the order in which branches took turns.

use std::collections::BTreeMap;

use super::event::{Event, Fork, Step};

/// The events of a history as a tree.
///
/// An event hangs below the one that its `previousEventId` names, but for those whose
/// `previousEventId` depends on how branches took turns: an iteration's start and an attempt's end,
/// and with it the state's exit, hang below the start of their attempt, and the start of another
/// attempt hangs where the first one does, below the state's entry.
#[derive(Debug)]
pub(super) struct Lineage<'e> {
    events: BTreeMap<i64, &'e Event>,
    parents: BTreeMap<i64, i64>,
    children: BTreeMap<i64, Vec<&'e Event>>,
}

impl<'e> Lineage<'e> {
    /// The events have numbers, all different.
    pub(super) fn new(events: &'e [Event]) -> Self {
        let events = events.iter().filter_map(|event| Some((event.id?, event))).collect();
        let mut lineage = Self { events, parents: BTreeMap::new(), children: BTreeMap::new() };
        let in_order: Vec<(i64, &Event)> =
            lineage.events.iter().map(|(id, event)| (*id, *event)).collect();
        for (id, event) in in_order {
            let parent = lineage.find_parent(event).unwrap_or(event.previous);
            lineage.parents.insert(id, parent);
            lineage.children.entry(parent).or_default().push(event);
        }
        lineage
    }

    /// In the order of their numbers.
    pub(super) fn children(&self, id: i64) -> &[&'e Event] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    /// None where `previousEventId` says it.
    fn find_parent(&self, event: &Event) -> Option<i64> {
        match event.step() {
            None if event.kind == "MapIterationStarted" => {
                self.attempt_around(Fork::Map, event.previous, false)
            }
            None | Some(Step::Entered(_)) => None,
            Some(Step::Ended(fork)) => self.attempt_around(fork, event.previous, false),
            // The attempt's end may lie on the way.
            Some(Step::Exited(fork)) => self.attempt_around(fork, event.previous, true),
            Some(Step::Started(fork)) if self.is_entry(event.previous, fork) => None,
            Some(Step::Started(fork)) => {
                let before = self.attempt_around(fork, event.previous, false)?;
                self.parents.get(&before).copied()
            }
        }
    }

    fn is_entry(&self, id: i64, fork: Fork) -> bool {
        let entry = self.events.get(&id).and_then(|event| event.step());
        entry.is_none() && !self.events.contains_key(&id) || entry == Some(Step::Entered(fork))
    }

    /// The start of the attempt of such a state that an event belongs to, found by going back from
    /// event to event over whole states of the same kind.
    ///
    /// `is_exited` tells that what was met last is an exit, so that the end of an attempt that comes
    /// next is of the same state.
    fn attempt_around(&self, fork: Fork, from: i64, mut is_exited: bool) -> Option<i64> {
        let (mut at, mut depth) = (from, 0);
        loop {
            let event = self.events.get(&at)?;
            let mut before = event.previous;
            match event.step() {
                Some(Step::Exited(kind)) if kind == fork => {
                    depth += 1;
                    is_exited = true;
                }
                Some(Step::Ended(kind)) if kind == fork => {
                    depth += usize::from(!is_exited);
                    is_exited = false;
                }
                Some(Step::Started(kind)) if kind == fork && depth == 0 => return Some(at),
                Some(Step::Started(kind)) if kind == fork => {
                    depth -= 1;
                    is_exited = false;
                    if !self.is_entry(event.previous, fork) {
                        // Earlier attempts are passed over.
                        before = self.parents.get(&at).copied().unwrap_or(0);
                    }
                }
                _ => is_exited = false,
            }
            // A history goes back in time; one that does not has no answer.
            if before >= at {
                return None;
            }
            at = before;
        }
    }
}
