//! Paths whose steps remember more than their items: `@$variable`, `#$index` and `%`.
//!
//! Such a path carries a stream of tuples instead of a list of items. A tuple is an item with the
//! variables that the steps so far have bound for it.

use stepwell_value::Value;

use super::Evaluator;
use super::construct::append_all;
use super::path::{Items, Place, position};
use super::scope::Scope;
use crate::ast::{Kind, Node, Stage, Symbol};
use crate::error::Error;
use crate::sequence::{Marks, Out};

#[derive(Clone, Debug)]
pub(super) struct Tuple {
    pub at: Out,
    variables: Vec<(Symbol, Out)>,
}

impl Tuple {
    fn of(item: Option<Value>) -> Self {
        Self { at: Out { value: item, marks: Marks::NONE }, variables: Vec::new() }
    }

    pub(super) fn scope(&self, scope: &Scope) -> Scope {
        scope.child_with(self.variables.clone())
    }

    fn bind(&mut self, symbol: Symbol, value: Out) {
        match self.variables.iter_mut().find(|(known, _)| *known == symbol) {
            Some((_, bound)) => *bound = value,
            None => self.variables.push((symbol, value)),
        }
    }

    /// The same variables around another item.
    fn with(&self, item: Value) -> Self {
        Self { at: Out::from(item), variables: self.variables.clone() }
    }

    /// One tuple whose item and variables are the arrays of all tuples' items and variables.
    pub(super) fn merge<'t>(mut tuples: impl Iterator<Item = &'t Self>) -> Self {
        let Some(first) = tuples.next() else { return Self::of(None) };
        let mut merged = first.clone();
        for tuple in tuples {
            append(&mut merged.at, &tuple.at);
            for (symbol, value) in &tuple.variables {
                match merged.variables.iter_mut().find(|(known, _)| known == symbol) {
                    Some((_, all)) => append(all, value),
                    None => merged.variables.push((*symbol, value.clone())),
                }
            }
        }
        merged
    }
}

fn append(all: &mut Out, more: &Out) {
    match (all.value.take(), &more.value) {
        (None, _) => *all = more.clone(),
        (some, None) => all.value = some,
        (Some(some), Some(more)) => {
            *all = Out::from(append_all([some, more.clone()].into_iter()));
        }
    }
}

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn tuple_path(
        &mut self,
        node: &'a Node,
        steps: &'a [Node],
        keep_singleton: bool,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let mut items = match steps.first().map(|step| &step.kind) {
            Some(Kind::Variable(..)) => Items::One(input.clone()),
            _ => Items::of(input),
        };
        let mut tuples: Option<Vec<Tuple>> = None;
        for (nth, step) in steps.iter().enumerate() {
            if tuples.is_some() || step.is_tuple {
                tuples = Some(self.tuple_step(step, &items, tuples, scope)?);
                continue;
            }
            items = self.step(step, items, scope, Place::of(steps, nth))?;
            if items.is_empty() {
                break;
            }
        }
        let Some(tuples) = tuples else {
            return match &node.group {
                None => Ok(items.into_out(keep_singleton)),
                Some(group) => self.group_items(group, items.into_vec(), scope),
            };
        };
        if let Some(group) = &node.group {
            return self.group_tuples(group, &tuples, scope);
        }
        if node.is_tuple {
            self.tuples = tuples;
            return Ok(Out::marked(Marks::TUPLES));
        }
        let found: Vec<Value> = tuples.into_iter().filter_map(|tuple| tuple.at.value).collect();
        let keep = if keep_singleton { Marks::KEEP } else { Marks::NONE };
        let sequence = Out::sequence(found);
        Ok(Out { marks: sequence.marks.with(keep), ..sequence })
    }

    fn tuple_step(
        &mut self,
        step: &'a Node,
        items: &Items,
        tuples: Option<Vec<Tuple>>,
        scope: &Scope,
    ) -> Result<Vec<Tuple>, Error> {
        let is_first = tuples.is_none();
        let tuples =
            tuples.unwrap_or_else(|| items.clone().into_vec().into_iter().map(Tuple::of).collect());
        let mut found = Vec::new();
        if let Kind::Sort(terms) = &step.kind {
            found = self.sort_tuples(step, terms, &tuples, scope)?;
            if let (true, Some(index)) = (is_first, step.index) {
                number_tuples(&mut found, index);
            }
        } else {
            for tuple in &tuples {
                self.expand(step, tuple, scope, &mut found)?;
            }
        }
        self.charge_members(found.len())?;
        for stage in &step.stages {
            match stage {
                Stage::Filter(predicate) => found = self.filter_tuples(predicate, found, scope)?,
                Stage::Index(symbol) => number_tuples(&mut found, *symbol),
            }
        }
        Ok(found)
    }

    /// The tuples that a step makes of one.
    fn expand(
        &mut self,
        step: &'a Node,
        tuple: &Tuple,
        scope: &Scope,
        found: &mut Vec<Tuple>,
    ) -> Result<(), Error> {
        let frame = tuple.scope(scope);
        let result = self.eval(step, &tuple.at, &frame)?;
        if result.marks.has(Marks::TUPLES) {
            for inner in std::mem::take(&mut self.tuples) {
                let mut merged = Tuple { at: inner.at, variables: tuple.variables.clone() };
                for (symbol, value) in inner.variables {
                    merged.bind(symbol, value);
                }
                found.push(merged);
            }
            return Ok(());
        }
        let items = match result.value {
            None => return Ok(()),
            Some(Value::Array(items)) => items.to_vec(),
            Some(item) => vec![item],
        };
        for (nth, item) in items.into_iter().enumerate() {
            let mut next = match step.focus {
                Some(focus) => {
                    let mut next = tuple.clone();
                    next.bind(focus, Out::from(item));
                    next
                }
                None => tuple.with(item),
            };
            if let Some(index) = step.index {
                next.bind(index, Out::from(crate::number::from_count(nth)));
            }
            if let Some(slot) = step.ancestor
                && let Some(label) = self.expression.prepared.slots.get(slot)
            {
                next.bind(*label, tuple.at.clone());
            }
            found.push(next);
        }
        Ok(())
    }

    pub(super) fn filter_tuples(
        &mut self,
        predicate: &'a Node,
        tuples: Vec<Tuple>,
        scope: &Scope,
    ) -> Result<Vec<Tuple>, Error> {
        let count = tuples.len();
        if let Kind::Number(index) = &predicate.kind {
            let at = position(index, count);
            return Ok(at.and_then(|at| tuples.into_iter().nth(at)).into_iter().collect());
        }
        let mut kept = Vec::new();
        for (at, tuple) in tuples.into_iter().enumerate() {
            let test = self.eval(predicate, &tuple.at, &tuple.scope(scope))?;
            let times = self.selected(&test, at, count)?;
            kept.extend(std::iter::repeat_n(tuple, times));
        }
        Ok(kept)
    }
}

fn number_tuples(tuples: &mut [Tuple], symbol: Symbol) {
    for (nth, tuple) in tuples.iter_mut().enumerate() {
        tuple.bind(symbol, Out::from(crate::number::from_count(nth)));
    }
}

#[cfg(test)]
mod tests;
