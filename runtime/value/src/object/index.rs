//! Where an object's members are, by name, for objects of many members.
//!
//! It is a hash table with a fixed seed, so that nothing here depends on chance, and whoever writes
//! a document can choose names that meet in one place of the table. That gains them nothing: a
//! table in which some name is further from its place than [`PROBES_MAX`], which names that were
//! not chosen for it do not bring about, gives way to a sorted map. So a look-up takes a bounded
//! number of probes or a logarithmic number of comparisons, whatever the names are.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use crate::{Str, Value};

/// In a table that is half full at most, the longest run of a million scattered names is about
/// half of this.
const PROBES_MAX: usize = 128;

type List = [(Str, Value)];

#[derive(Clone)]
pub(super) enum Index {
    Hashed(Table),
    Sorted(BTreeMap<Str, u32>),
}

/// Open addressing with linear probing.
#[derive(Clone)]
pub(super) struct Table {
    /// A power of two of them, and at least twice as many as there are members.
    slots: Box<[Slot]>,
}

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    /// The member's place in the list, or [`Slot::EMPTY`].
    at: u32,
}

/// A name is too far from where its hash puts it.
struct Crowded;

impl Slot {
    const EMPTY: Self = Self { hash: 0, at: u32::MAX };

    fn is_empty(self) -> bool {
        self.at == u32::MAX
    }
}

impl Index {
    pub(super) fn of(list: &List) -> Self {
        match Table::of(list) {
            Ok(table) => Self::Hashed(table),
            Err(Crowded) => Self::sorted(list),
        }
    }

    pub(super) fn find(&self, list: &List, name: &str) -> Option<usize> {
        match self {
            Self::Hashed(table) => table.find(list, name),
            Self::Sorted(places) => places.get(name).map(|at| *at as usize),
        }
    }

    /// Adds the list's last member, whose name is new.
    pub(super) fn add_last(&mut self, list: &List) {
        let Some(((name, _), before)) = list.split_last() else { return };
        match self {
            Self::Sorted(places) => {
                places.insert(Str::clone(name), place(before.len()));
            }
            Self::Hashed(table) if table.slots.len() < list.len() * 2 => *self = Self::of(list),
            Self::Hashed(table) => {
                if let Err(Crowded) = table.add(hash(name), place(before.len())) {
                    *self = Self::sorted(list);
                }
            }
        }
    }

    fn sorted(list: &List) -> Self {
        let names = list.iter().map(|(name, _)| Str::clone(name));
        Self::Sorted(names.zip(0..).collect())
    }
}

impl Table {
    fn of(list: &List) -> Result<Self, Crowded> {
        let size = (list.len() * 2).next_power_of_two();
        let mut table = Self { slots: vec![Slot::EMPTY; size].into_boxed_slice() };
        for (at, (name, _)) in list.iter().enumerate() {
            table.add(hash(name), place(at))?;
        }
        Ok(table)
    }

    fn find(&self, list: &List, name: &str) -> Option<usize> {
        let hash = hash(name);
        for slot in self.probe(hash) {
            let slot = *self.slots.get(slot)?;
            if slot.is_empty() {
                return None;
            }
            let at = slot.at as usize;
            if slot.hash == hash && list.get(at).is_some_and(|(known, _)| **known == *name) {
                return Some(at);
            }
        }
        None
    }

    fn add(&mut self, hash: u32, at: u32) -> Result<(), Crowded> {
        for slot in self.probe(hash) {
            if let Some(slot) = self.slots.get_mut(slot).filter(|slot| slot.is_empty()) {
                *slot = Slot { hash, at };
                return Ok(());
            }
        }
        Err(Crowded)
    }

    /// The slots in which a name of that hash may be.
    fn probe(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len() - 1;
        (0..PROBES_MAX).map(move |nth| (hash as usize).wrapping_add(nth) & mask)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "32 bits are enough of a hash")]
fn hash(name: &str) -> u32 {
    FixedState::with_seed(0).hash_one(name) as u32
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("an object of four thousand million members fits into no memory")
}

#[cfg(test)]
mod tests;
