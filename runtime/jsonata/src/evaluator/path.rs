//! Paths: each step maps the items that the one before it found.

use std::sync::Arc;

use stepwell_value::{Str, Value};

use super::{Evaluator, Fuel, numeric};
use crate::ast::{Kind, Node, Stage, Symbol};
use crate::error::{Code, Error};
use crate::sequence::{Marks, Out, flatten_into};

use super::scope::Scope;

/// What a step found. A single item needs no array around it.
#[derive(Clone, Debug)]
pub(super) enum Items {
    None,
    One(Out),
    #[expect(clippy::rc_buffer, reason = "an array's own representation, shared")]
    Many(Arc<Vec<Value>>),
    /// The last step's only result, an array that nobody collected: it is the path's result.
    Whole(Out),
}

impl Items {
    /// What an input offers to the steps of a path.
    pub(super) fn of(input: &Out) -> Self {
        match input.list() {
            Some(items) => Self::Many(Arc::clone(items)),
            None => Self::One(input.clone()),
        }
    }

    /// Whether there is nothing for a further step. An empty array that was written out is the
    /// path's result then.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::One(_) | Self::Many(_) => false,
            Self::Whole(array) => array.array().is_some_and(|items| items.is_empty()),
        }
    }

    pub(super) fn into_vec(self) -> Vec<Option<Value>> {
        match self {
            Self::None => Vec::new(),
            Self::One(item) => vec![item.value],
            Self::Many(items) => items.iter().cloned().map(Some).collect(),
            Self::Whole(array) => array
                .array()
                .map(|items| items.iter().cloned().map(Some).collect())
                .unwrap_or_default(),
        }
    }

    /// The path's result.
    pub(super) fn into_out(self, keep_singleton: bool) -> Out {
        let keep = if keep_singleton { Marks::KEEP } else { Marks::NONE };
        match self {
            Self::None => Out::UNDEFINED,
            Self::One(item) if keep_singleton => {
                let items: Vec<Value> = item.value.into_iter().collect();
                Out { value: Some(items.into()), marks: Marks::SEQUENCE.with(keep) }
            }
            Self::One(item) => item,
            Self::Many(items) => {
                Out { value: Some(Value::Array(items)), marks: Marks::SEQUENCE.with(keep) }
            }
            Self::Whole(array) if keep_singleton && array.marks.has(Marks::CONSTRUCTED) => {
                let items: Vec<Value> = array.value.into_iter().collect();
                Out { value: Some(items.into()), marks: Marks::SEQUENCE.with(keep) }
            }
            Self::Whole(array) => array,
        }
    }
}

/// Where a step stands in its path.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "marks that do not exclude each other")]
pub(super) struct Place {
    is_first: bool,
    is_last: bool,
    /// The step before was written as an array: its arrays are not flattened, however often they
    /// are handed on.
    is_behind_constructed: bool,
}

impl Place {
    pub(super) fn of(steps: &[Node], nth: usize) -> Self {
        let before = nth.checked_sub(1).and_then(|before| steps.get(before));
        Self {
            is_first: nth == 0,
            is_last: nth + 1 == steps.len(),
            is_behind_constructed: before.is_some_and(|step| step.is_constructed),
        }
    }

    fn item(self, item: &Value) -> Out {
        let is_marked = self.is_behind_constructed && matches!(item, Value::Array(_));
        let marks = if is_marked { Marks::CONSTRUCTED } else { Marks::NONE };
        Out { value: Some(item.clone()), marks }
    }
}

/// Collects the results of a step.
#[derive(Default)]
enum Gathered {
    #[default]
    Nothing,
    First(Out),
    Many(Vec<Value>),
}

impl Gathered {
    fn push(&mut self, result: Out) {
        if result.is_undefined() {
            return;
        }
        match self {
            Self::Nothing => *self = Self::First(result),
            Self::First(first) => {
                let mut items = Vec::with_capacity(4);
                flatten_into(&mut items, std::mem::take(first));
                flatten_into(&mut items, result);
                *self = Self::Many(items);
            }
            Self::Many(items) => flatten_into(items, result),
        }
    }

    fn finish(self, is_last: bool) -> Items {
        match self {
            Self::Nothing => Items::None,
            Self::First(result) => single(result, is_last),
            Self::Many(mut items) => match items.len() {
                0 => Items::None,
                1 => Items::One(items.pop().map(Out::from).unwrap_or_default()),
                _ => Items::Many(Arc::new(items)),
            },
        }
    }
}

/// A step's only result.
fn single(result: Out, is_last: bool) -> Items {
    let Some(items) = result.array() else { return Items::One(result) };
    let is_sequence = result.marks.has(Marks::SEQUENCE);
    if is_last && !is_sequence {
        return Items::Whole(result);
    }
    if result.marks.has(Marks::CONSTRUCTED) {
        return Items::One(result);
    }
    match items.as_slice() {
        [] => Items::None,
        [item] => Items::One(Out::from(item.clone())),
        _ => Items::Many(Arc::clone(items)),
    }
}

impl<'a> Evaluator<'a, '_> {
    pub(super) fn path(
        &mut self,
        node: &'a Node,
        steps: &'a [Node],
        keep_singleton: bool,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        if !keep_singleton
            && node.group.is_none()
            && let Some(found) = self.straight_path(steps, input, scope)?
        {
            return Ok(found);
        }
        if steps.iter().any(|step| step.is_tuple) {
            return self.tuple_path(node, steps, keep_singleton, input, scope);
        }
        let (mut items, walked) = self.walk(steps, input, scope)?;
        for (nth, step) in steps.iter().enumerate().skip(walked) {
            if items.is_empty() {
                break;
            }
            let place = Place::of(steps, nth);
            items = self.step(step, items, scope, place)?;
        }
        match &node.group {
            None => Ok(items.into_out(keep_singleton)),
            Some(group) => self.group_items(group, items.into_vec(), scope),
        }
    }

    /// The whole path, where it is plain names that lead from object to object and are all there.
    /// Most paths are.
    fn straight_path(
        &mut self,
        steps: &'a [Node],
        input: &Out,
        scope: &Scope,
    ) -> Result<Option<Out>, Error> {
        let found = match steps.split_first() {
            Some((first, names)) => match &first.kind {
                Kind::Name(_) if input.list().is_none() => {
                    input.value.as_ref().and_then(|start| follow_all(start, steps))
                }
                Kind::Variable(symbol, None)
                    if *symbol != Symbol::CONTEXT && first.is_bare() && !first.is_tuple =>
                {
                    let follow = |start: &Out| follow_all(start.value.as_ref()?, names);
                    scope.with(*symbol, follow).flatten()
                }
                _ => None,
            },
            None => None,
        };
        if found.is_none() {
            return Ok(None);
        }
        if self.depth >= self.env.limits.depth_max {
            return Err(Error::new(Code::StackOverflow));
        }
        self.spend(steps.len())?;
        Ok(found.map(Out::from))
    }

    /// Goes as far as plain names lead from object to object, without touching what it passes.
    /// Tells how many steps that were.
    fn walk(
        &mut self,
        steps: &'a [Node],
        input: &Out,
        scope: &Scope,
    ) -> Result<(Items, usize), Error> {
        let Some(first) = steps.first() else { return Ok((Items::None, 0)) };
        let starts_at_variable = matches!(first.kind, Kind::Variable(..));
        let walked = match &first.kind {
            Kind::Variable(symbol, None) if *symbol != Symbol::CONTEXT && first.is_bare() => {
                scope.with(*symbol, |start| follow_names(start.value.as_ref()?, steps, 1)).flatten()
            }
            Kind::Name(_) if input.list().is_none() => {
                input.value.as_ref().and_then(|start| follow_names(start, steps, 0))
            }
            _ => None,
        };
        let Some((found, count)) = walked else {
            let items =
                if starts_at_variable { Items::One(input.clone()) } else { Items::of(input) };
            return Ok((items, 0));
        };
        if self.depth >= self.env.limits.depth_max {
            return Err(Error::new(Code::StackOverflow));
        }
        self.spend(count)?;
        Ok((found.map_or(Items::None, |found| single(found.into(), count == steps.len())), count))
    }

    /// One step over all items.
    pub(super) fn step(
        &mut self,
        step: &'a Node,
        items: Items,
        scope: &Scope,
        place: Place,
    ) -> Result<Items, Error> {
        match &step.kind {
            Kind::Name(name) if step.stages.is_empty() => {
                return self.name_step(name, items, place.is_last);
            }
            Kind::Sort(terms) => return self.sort_step(step, terms, items, scope),
            _ if place.is_first && step.is_constructed => {
                let input = items.into_out(false);
                return Ok(match self.eval(step, &input, scope)? {
                    Out { value: None, .. } => Items::None,
                    array => Items::Whole(array),
                });
            }
            _ => {}
        }
        let mut gathered = Gathered::default();
        match items {
            Items::None => {}
            Items::One(item) => gathered.push(self.item_step(step, &item, scope)?),
            Items::Many(items) => {
                for item in items.iter() {
                    gathered.push(self.item_step(step, &place.item(item), scope)?);
                }
            }
            Items::Whole(array) => {
                for item in array.array().into_iter().flat_map(|items| items.iter()) {
                    gathered.push(self.item_step(step, &place.item(item), scope)?);
                }
            }
        }
        if let Gathered::Many(items) = &gathered {
            self.charge_members(items.len())?;
        }
        Ok(gathered.finish(place.is_last))
    }

    fn item_step(&mut self, step: &'a Node, item: &Out, scope: &Scope) -> Result<Out, Error> {
        let mut result = self.eval(step, item, scope)?;
        for (nth, stage) in step.stages.iter().enumerate() {
            // Nothing is asked of what a predicate has left nothing of.
            if nth > 0 && result.is_undefined() {
                break;
            }
            if let Stage::Filter(predicate) = stage {
                result = self.filter(predicate, result, scope)?;
            }
        }
        Ok(result)
    }

    /// A plain name: looked up without going through the tree for every item.
    fn name_step(&mut self, name: &Str, items: Items, is_last: bool) -> Result<Items, Error> {
        if self.depth >= self.env.limits.depth_max {
            return Err(Error::new(Code::StackOverflow));
        }
        let mut gathered = Gathered::default();
        match items {
            Items::None => {}
            Items::One(item) => {
                self.spend(1)?;
                gathered = match self.lookup(&item, name)? {
                    Out { value: None, .. } => Gathered::Nothing,
                    found => Gathered::First(found),
                };
            }
            Items::Many(items) => {
                self.spend(items.len())?;
                self.with_fuel(|fuel| gather_names(&items, name, &mut gathered, fuel))?;
            }
            Items::Whole(array) => {
                if let Some(items) = array.array() {
                    self.spend(items.len())?;
                    self.with_fuel(|fuel| gather_names(items, name, &mut gathered, fuel))?;
                }
            }
        }
        if let Gathered::Many(items) = &gathered {
            self.charge_members(items.len())?;
        }
        Ok(gathered.finish(is_last))
    }

    /// Keeps the items for which the predicate holds, or those that it names by their index.
    pub(super) fn filter(
        &mut self,
        predicate: &'a Node,
        input: Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        if input.marks.has(Marks::TUPLES) {
            let tuples = std::mem::take(&mut self.tuples);
            self.tuples = self.filter_tuples(predicate, tuples, scope)?;
            return Ok(input);
        }
        let items = match (input.list(), &input.value) {
            (Some(items), _) => Arc::clone(items),
            (None, Some(value)) => Arc::new(vec![value.clone()]),
            (None, None) => {
                // What it says changes nothing, but it may fail.
                if !matches!(predicate.kind, Kind::Number(_)) {
                    self.eval(predicate, &Out::UNDEFINED, scope)?;
                }
                return Ok(Out::UNDEFINED);
            }
        };
        if let Kind::Number(index) = &predicate.kind {
            let found = position(index, items.len()).and_then(|at| items.get(at)).cloned();
            return Ok(match found {
                Some(Value::Array(_)) => Out { value: found, marks: Marks::NONE },
                found => Out::sequence(found.into_iter().collect()),
            });
        }
        let mut kept = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let test = self.eval(predicate, &Out::from(item.clone()), scope)?;
            let times = self.selected(&test, at, items.len())?;
            kept.extend(std::iter::repeat_n(item, times).cloned());
        }
        self.charge_members(kept.len())?;
        Ok(Out::sequence(kept))
    }

    /// How often a predicate's result selects the item at that place: a list of indexes may name
    /// it more than once.
    pub(super) fn selected(&mut self, test: &Out, at: usize, count: usize) -> Result<usize, Error> {
        match &test.value {
            Some(Value::Array(indexes))
                if !indexes.is_empty() && indexes.iter().all(|index| numeric(index).is_some()) =>
            {
                self.spend(indexes.len() / 16)?;
                Ok(indexes.iter().filter(|index| position(index, count) == Some(at)).count())
            }
            Some(index) if numeric(index).is_some() => {
                Ok(usize::from(position(index, count) == Some(at)))
            }
            _ => Ok(usize::from(self.is_truthy(test)?)),
        }
    }

    /// The member of that name, or those of all members of an array.
    pub(super) fn lookup(&mut self, input: &Out, name: &str) -> Result<Out, Error> {
        match &input.value {
            Some(value) => self.with_fuel(|fuel| lookup_in(value, name, fuel)),
            None => Ok(Out::UNDEFINED),
        }
    }

    pub(super) fn wildcard(&mut self, input: &Out) -> Result<Out, Error> {
        self.with_fuel(|fuel| wildcard(input, fuel))
    }

    /// The value itself and everything below it.
    #[inline(never)]
    pub(super) fn descendants(&mut self, input: &Out) -> Result<Out, Error> {
        let mut found = Vec::new();
        if let Some(value) = &input.value {
            self.with_fuel(|fuel| descend(value, &mut found, fuel))?;
        }
        self.charge_members(found.len())?;
        Ok(Out::collapsed(found))
    }
}

/// The value that names alone lead to, from object to object.
fn follow_all(start: &Value, names: &[Node]) -> Option<Value> {
    if names.is_empty() {
        return None;
    }
    let mut at = start;
    for step in names {
        match (&step.kind, at) {
            (Kind::Name(name), Value::Object(members))
                if step.stages.is_empty() && !step.is_tuple =>
            {
                at = members.get(name)?;
            }
            _ => return None,
        }
    }
    Some(at.clone())
}

/// What the names from a step on lead to, as long as they lead from object to object, and how many
/// steps that took; none when not even one did.
fn follow_names(start: &Value, steps: &[Node], from: usize) -> Option<(Option<Value>, usize)> {
    let (mut at, mut walked) = (start, from);
    while let Some(step) = steps.get(walked)
        && let (Kind::Name(name), Value::Object(members)) = (&step.kind, at)
        && step.stages.is_empty()
    {
        walked += 1;
        match members.get(name) {
            Some(member) => at = member,
            None => return Some((None, walked)),
        }
    }
    (walked > from).then(|| (Some(at.clone()), walked))
}

/// The member of that name, or those of all members of an array.
pub(crate) fn lookup_in(value: &Value, name: &str, fuel: &mut Fuel) -> Out {
    match value {
        Value::Object(members) => Out { value: members.get(name).cloned(), marks: Marks::NONE },
        Value::Array(items) => {
            let mut found = Vec::new();
            for item in items.iter() {
                if !fuel.keep() {
                    break;
                }
                flatten_into(&mut found, lookup_in(item, name, fuel));
            }
            Out::collapsed(found)
        }
        _ => Out::UNDEFINED,
    }
}

fn gather_names(items: &[Value], name: &str, gathered: &mut Gathered, fuel: &mut Fuel) {
    for item in items {
        match item {
            Value::Object(members) => {
                if let Some(member) = members.get(name) {
                    gathered.push(Out::from(member.clone()));
                }
            }
            Value::Array(_) => gathered.push(lookup_in(item, name, fuel)),
            _ => {}
        }
    }
}

/// All members, with nested arrays laid flat.
fn wildcard(input: &Out, fuel: &mut Fuel) -> Out {
    let mut found = Vec::new();
    let mut has_array = false;
    let mut take = |member: &Value| match member {
        Value::Array(items) => {
            has_array = true;
            flatten_deep(items, &mut found, fuel);
        }
        member => found.push(member.clone()),
    };
    match &input.value {
        Some(Value::Object(members)) => members.values().for_each(&mut take),
        Some(Value::Array(items)) => items.iter().for_each(&mut take),
        _ => return Out::UNDEFINED,
    }
    if has_array { Out::from(found) } else { Out::collapsed(found) }
}

fn flatten_deep(items: &[Value], found: &mut Vec<Value>, fuel: &mut Fuel) {
    for item in items {
        if !fuel.keep() {
            return;
        }
        match item {
            Value::Array(items) => flatten_deep(items, found, fuel),
            item => found.push(item.clone()),
        }
    }
}

fn descend(value: &Value, found: &mut Vec<Value>, fuel: &mut Fuel) {
    if !fuel.keep() {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| descend(item, found, fuel)),
        Value::Object(members) => {
            found.push(value.clone());
            members.values().for_each(|member| descend(member, found, fuel));
        }
        leaf => found.push(leaf.clone()),
    }
}

/// Where an index points: whole, and from the end when negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "an index out of range saturates and finds nothing"
)]
pub(super) fn position(index: &Value, count: usize) -> Option<usize> {
    let index = match index {
        Value::Int(index) => *index,
        other => other.as_f64()?.floor() as i64,
    };
    let index = if index < 0 { index.checked_add(count as i64)? } else { index };
    (index >= 0).then_some(index as usize)
}

#[cfg(test)]
mod tests;
