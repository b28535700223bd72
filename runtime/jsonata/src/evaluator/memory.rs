//! The account of what an evaluation holds.
//!
//! Everything that is made is charged when it is made. What a function's body or a block made is
//! given back when it ends, except for what its result holds, so the account follows what is alive
//! and not what was ever made. Walking a result to weigh it costs no more than making it did,
//! because the walk stops at what was charged.

use stepwell_value::Value;

use super::Evaluator;
use crate::error::{Code, Error};
use crate::sequence::Out;

/// A member of an array or an object.
pub(crate) const MEMBER: usize = 24;
/// A function with what it closes over.
pub(crate) const FUNCTION: usize = 64;
/// What an evaluation takes before it has made anything.
const BASE: usize = 740;
/// Less than this is not worth weighing.
const SETTLE_MIN: usize = 4096;

pub(super) struct Account {
    used: usize,
    max: usize,
}

/// A moment to which the account can go back.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    used: usize,
    functions: usize,
}

impl Account {
    pub(super) fn new(max: usize) -> Self {
        Self { used: BASE, max }
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    pub(super) fn left(&self) -> usize {
        self.max.saturating_sub(self.used)
    }
}

impl Evaluator<'_, '_> {
    /// Charges bytes, before they are allocated.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), Error> {
        self.memory.used = self.memory.used.saturating_add(bytes);
        if self.memory.used > self.memory.max {
            return Err(Error::new(Code::OutOfMemory));
        }
        Ok(())
    }

    /// Charges members, and the time to put them there.
    pub(crate) fn charge_members(&mut self, count: usize) -> Result<(), Error> {
        self.spend(count / 16)?;
        self.charge(count.saturating_mul(MEMBER))
    }

    /// Charges a text of so many bytes, and the time to write it.
    pub(crate) fn charge_text(&mut self, length: usize) -> Result<(), Error> {
        self.spend(length / 64)?;
        self.charge(length.saturating_mul(2))
    }

    /// Charges an array that is made by appending and needs room for the old and the new while it
    /// grows by half.
    pub(crate) fn charge_growing(&mut self, count: usize) -> Result<(), Error> {
        let (mut old, mut room) = (0, 10_usize);
        while room < count {
            old = room;
            room = room.saturating_add(room / 2);
        }
        let peak = self.memory.used.saturating_add((old + room).saturating_mul(MEMBER));
        if peak > self.memory.max {
            return Err(Error::new(Code::OutOfMemory));
        }
        self.charge_members(count)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { used: self.memory.used, functions: self.functions.len() }
    }

    /// Gives back what was charged since the mark and is not part of the result.
    pub(crate) fn settle(&mut self, mark: Mark, result: &Out) {
        let charged = self.memory.used.saturating_sub(mark.used);
        // A function made meanwhile may hold anything.
        if charged < SETTLE_MIN || self.functions.len() != mark.functions {
            return;
        }
        let mut left = charged;
        if let Some(value) = &result.value {
            weigh(value, &mut left);
        }
        self.memory.used -= left;
    }
}

/// Takes what a value holds off what is left, until nothing is.
fn weigh(value: &Value, left: &mut usize) {
    match value {
        Value::String(text) => *left = left.saturating_sub(text.len() * 2),
        Value::Array(items) => {
            *left = left.saturating_sub(items.len() * MEMBER);
            for item in items.iter() {
                if *left == 0 {
                    return;
                }
                weigh(item, left);
            }
        }
        Value::Object(members) => {
            *left = left.saturating_sub(members.len() * MEMBER);
            for member in members.values() {
                if *left == 0 {
                    return;
                }
                weigh(member, left);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
    }
}

#[cfg(test)]
mod tests;
