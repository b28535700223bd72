//! What going through a value costs.
//!
//! Parts of a value may be shared, so one that is small to hold may take for ever to go through.
//! Whoever goes down into a value of the expression's making burns fuel for each value that it
//! meets, and stops when there is none left.

use stepwell_value::Value;

use super::Evaluator;
use super::memory::MEMBER;
use crate::error::{Code, Error};
use crate::sequence::Out;

/// Meeting a value is far less work than evaluating an expression.
const VISITS_PER_STEP: u64 = 16;

/// How many values may still be met, and how many of them kept.
#[derive(Debug)]
pub(crate) struct Fuel {
    visits: u64,
    members: usize,
    problem: Option<Code>,
}

impl Fuel {
    /// False when the fuel is used up: whatever the walk answers then will not be used.
    pub(crate) fn burn(&mut self) -> bool {
        if self.visits == 0 {
            self.problem = Some(Code::OutOfTime);
            return false;
        }
        self.visits -= 1;
        true
    }

    /// The same for a value that is put among the results.
    pub(crate) fn keep(&mut self) -> bool {
        if self.members == 0 {
            self.problem = Some(Code::OutOfMemory);
            return false;
        }
        self.members -= 1;
        self.burn()
    }
}

impl Evaluator<'_, '_> {
    /// Goes through values with what is left of the steps and of the memory.
    pub(crate) fn with_fuel<T>(&mut self, walk: impl FnOnce(&mut Fuel) -> T) -> Result<T, Error> {
        let steps = self.env.limits.steps_max.saturating_sub(self.steps);
        let visits = steps.saturating_mul(VISITS_PER_STEP);
        let mut fuel = Fuel { visits, members: self.memory.left() / MEMBER, problem: None };
        let found = walk(&mut fuel);
        self.steps += (visits - fuel.visits) / VISITS_PER_STEP;
        fuel.problem.map_or(Ok(found), |problem| Err(Error::new(problem)))
    }

    pub(crate) fn is_truthy(&mut self, out: &Out) -> Result<bool, Error> {
        match &out.value {
            None => Ok(false),
            Some(value) => self.with_fuel(|fuel| super::operators::is_truthy(value, fuel)),
        }
    }

    pub(crate) fn deep_equal(&mut self, left: &Value, right: &Value) -> Result<bool, Error> {
        self.with_fuel(|fuel| super::operators::deep_equal(left, right, fuel))
    }

    /// Refuses a value whose text would not fit into the memory, before anybody writes it.
    pub(crate) fn check_unfolded(&mut self, value: &Value) -> Result<(), Error> {
        let all = self.memory.max();
        let mut room = all;
        let fits = unfold(value, &mut room);
        self.spend((all - room) / (MEMBER * 16))?;
        if fits { Ok(()) } else { Err(Error::new(Code::OutOfMemory)) }
    }
}

/// Takes what a value would take if nothing were shared; false when there is not that much.
fn unfold(value: &Value, room: &mut usize) -> bool {
    let mut take = |bytes: usize| match room.checked_sub(bytes) {
        Some(rest) => {
            *room = rest;
            true
        }
        None => false,
    };
    match value {
        Value::String(text) => take(text.len() * 2),
        Value::Array(items) => {
            take(items.len() * MEMBER) && items.iter().all(|item| unfold(item, room))
        }
        Value::Object(members) => {
            take(members.len() * MEMBER)
                && members.iter().all(|(name, member)| {
                    let names = room.checked_sub(name.len());
                    names.is_some_and(|rest| {
                        *room = rest;
                        unfold(member, room)
                    })
                })
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => true,
    }
}
