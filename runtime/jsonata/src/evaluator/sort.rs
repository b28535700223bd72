//! `^(...)`: sorting by terms, stable.

use std::cmp::Ordering;

use stepwell_value::Value;

use super::operators::order_of;
use super::path::Items;
use super::scope::Scope;
use super::tuple::Tuple;
use super::{Evaluator, numeric};
use crate::ast::{Node, Stage, Term};
use crate::error::{Code, Error};
use crate::sequence::{Marks, Out};

/// What the terms yield for one item, as far as it was needed.
type Keys = Vec<Option<Value>>;

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn sort_step(
        &mut self,
        step: &'a Node,
        terms: &'a [Term],
        items: Items,
        scope: &Scope,
    ) -> Result<Items, Error> {
        let items: Vec<Value> = items.into_vec().into_iter().flatten().collect();
        let inputs: Vec<(Out, Scope)> =
            items.into_iter().map(|item| (Out::from(item), scope.clone())).collect();
        let order = self.order(step.position, terms, &inputs)?;
        let sorted = order.into_iter().filter_map(|at| inputs[at].0.value.clone()).collect();
        let mut result = Out::sequence(sorted);
        let is_plain = !step.stages.iter().any(|stage| matches!(stage, Stage::Filter(_)));
        for stage in &step.stages {
            if let Stage::Filter(predicate) = stage {
                result = self.filter(predicate, result, scope)?;
            }
        }
        Ok(match result.array().map(|items| items.as_slice()) {
            None | Some([]) => Items::None,
            Some([item]) => Items::One(Out::from(item.clone())),
            // Several that are sorted are an array that nobody collected.
            Some(_) if is_plain => Items::Whole(Out { marks: Marks::NONE, ..result }),
            Some(_) => Items::of(&result),
        })
    }

    pub(super) fn sort_tuples(
        &mut self,
        step: &'a Node,
        terms: &'a [Term],
        tuples: &[Tuple],
        scope: &Scope,
    ) -> Result<Vec<Tuple>, Error> {
        let inputs: Vec<(Out, Scope)> =
            tuples.iter().map(|tuple| (tuple.at.clone(), tuple.scope(scope))).collect();
        let order = self.order(step.position, terms, &inputs)?;
        Ok(order.into_iter().map(|at| tuples[at].clone()).collect())
    }

    /// Evaluates a term for an item, unless that was done before.
    fn add_key(
        &mut self,
        term: &'a Term,
        nth: usize,
        (input, scope): &(Out, Scope),
        keys: &mut Keys,
    ) -> Result<(), Error> {
        if keys.len() == nth {
            keys.push(self.eval(&term.expression, input, scope)?.value);
        }
        Ok(())
    }

    /// The places of the inputs in sorted order.
    fn order(
        &mut self,
        position: usize,
        terms: &'a [Term],
        inputs: &[(Out, Scope)],
    ) -> Result<Vec<usize>, Error> {
        let mut keys: Vec<Keys> = vec![Keys::new(); inputs.len()];
        self.charge_members(inputs.len())?;
        merge_sort((0..inputs.len()).collect(), &mut |left, right| {
            for (nth, term) in terms.iter().enumerate() {
                self.add_key(term, nth, &inputs[*left], &mut keys[*left])?;
                self.add_key(term, nth, &inputs[*right], &mut keys[*right])?;
                self.spend(1)?;
                let (left, right) = (keys[*left][nth].as_ref(), keys[*right][nth].as_ref());
                let order =
                    compare(left, right, term.is_descending).map_err(|error| error.at(position))?;
                if order != Ordering::Equal {
                    return Ok(order == Ordering::Greater);
                }
            }
            Ok(false)
        })
    }
}

/// What is missing goes to the end, whatever the direction.
fn compare(
    left: Option<&Value>,
    right: Option<&Value>,
    is_descending: bool,
) -> Result<Ordering, Error> {
    let (left, right) = match (left, right) {
        (None, None) => return Ok(Ordering::Equal),
        (None, Some(_)) => return Ok(Ordering::Greater),
        (Some(_), None) => return Ok(Ordering::Less),
        (Some(left), Some(right)) => (left, right),
    };
    for side in [left, right] {
        if side.as_str().is_none() && numeric(side).is_none() {
            return Err(Error::new(Code::T2008).value(side.clone()));
        }
    }
    let Some(order) = order_of(left, right) else {
        return Err(Error::new(Code::T2007).value(left.clone()).second(right.clone()));
    };
    let order = order.unwrap_or(Ordering::Equal);
    Ok(if is_descending { order.reverse() } else { order })
}

/// Sorts with a comparison that can fail; it tells whether the left one belongs behind the right.
pub(crate) fn merge_sort<T: Clone>(
    items: Vec<T>,
    is_behind: &mut impl FnMut(&T, &T) -> Result<bool, Error>,
) -> Result<Vec<T>, Error> {
    let (mut from, mut width) = (items, 1);
    while width < from.len() {
        let mut to = Vec::with_capacity(from.len());
        for pair in from.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((l, lefts)), Some((r, rights))) =
                (left.split_first(), right.split_first())
            {
                if is_behind(l, r)? {
                    to.push(r.clone());
                    right = rights;
                } else {
                    to.push(l.clone());
                    left = lefts;
                }
            }
            to.extend_from_slice(left);
            to.extend_from_slice(right);
        }
        (from, width) = (to, 2 * width);
    }
    Ok(from)
}

#[cfg(test)]
mod tests;
