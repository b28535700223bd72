//! Arrays and objects, and grouping, which is an object made from many items.

use std::collections::BTreeMap;

use stepwell_value::{Object, Str, Value};

use super::Evaluator;
use super::scope::Scope;
use super::tuple::Tuple;
use crate::ast::{Group, Kind, Node};
use crate::error::{Code, Error};
use crate::sequence::{Marks, Out, extend};

/// The items that share a key, by their places, and the pair that made the key.
struct Bucket {
    key: Str,
    pair: usize,
    items: Vec<usize>,
}

#[derive(Default)]
struct Buckets {
    list: Vec<Bucket>,
    by_key: BTreeMap<Str, usize>,
}

impl Buckets {
    fn add(&mut self, key: Str, pair: usize, item: usize, position: usize) -> Result<(), Error> {
        if let Some(found) = self.by_key.get(&key) {
            let bucket = &mut self.list[*found];
            if bucket.pair != pair {
                return Err(Error::new(Code::D1009).at(position).value(key));
            }
            bucket.items.push(item);
            return Ok(());
        }
        self.by_key.insert(Str::clone(&key), self.list.len());
        self.list.push(Bucket { key, pair, items: vec![item] });
        Ok(())
    }
}

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn array(
        &mut self,
        node: &'a Node,
        parts: &'a [Node],
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            let result = self.eval(part, input, scope)?;
            match result.value {
                Some(Value::Array(members)) if !matches!(part.kind, Kind::Array(_)) => {
                    if !items.is_empty() || parts.len() > 1 {
                        self.charge_members(members.len())?;
                    }
                    extend(&mut items, members);
                }
                Some(value) => {
                    self.charge_members(1)?;
                    items.push(value);
                }
                None => {}
            }
        }
        let marks = if node.is_constructed { Marks::CONSTRUCTED } else { Marks::NONE };
        let array = Out { value: Some(items.into()), marks };
        self.check_nesting(&array)?;
        Ok(array)
    }

    /// An object written out: one for a single input, grouped for a list.
    #[inline(never)]
    pub(super) fn object(
        &mut self,
        pairs: &'a [(Node, Node)],
        position: usize,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        if let Some(items) = input.list() {
            let items = items.iter().cloned().map(Some).collect();
            return self.group_pairs(pairs, position, items, scope);
        }
        let input = &Out { value: input.value.clone(), marks: input.marks.looked_at() };
        let mut keys: Vec<Option<Str>> = Vec::with_capacity(pairs.len());
        for (key, _) in pairs {
            let key = self.key(key, position, input, scope)?;
            if let Some(key) = &key
                && keys.contains(&Some(Str::clone(key)))
            {
                return Err(Error::new(Code::D1009).at(position).value(Str::clone(key)));
            }
            keys.push(key);
        }
        let mut members = Vec::with_capacity(pairs.len());
        for (key, (_, value)) in keys.into_iter().zip(pairs) {
            let Some(key) = key else { continue };
            if let Some(value) = self.eval(value, input, scope)?.value {
                members.push((key, value));
            }
        }
        self.made_object(members)
    }

    fn made_object(&mut self, members: Vec<(Str, Value)>) -> Result<Out, Error> {
        self.charge_members(members.len() + 1)?;
        let object = Out::from(members.into_iter().collect::<Object>());
        self.check_nesting(&object)?;
        Ok(object)
    }

    fn key(
        &mut self,
        key: &'a Node,
        position: usize,
        input: &Out,
        scope: &Scope,
    ) -> Result<Option<Str>, Error> {
        match self.eval(key, input, scope)?.value {
            None => Ok(None),
            Some(Value::String(key)) => Ok(Some(key)),
            Some(other) => Err(Error::new(Code::T1003).at(position).value(other)),
        }
    }

    /// Groups whatever a node yielded.
    pub(super) fn group_result(
        &mut self,
        group: &'a Group,
        result: Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        if result.marks.has(Marks::TUPLES) {
            let tuples = std::mem::take(&mut self.tuples);
            return self.group_tuples(group, &tuples, scope);
        }
        let items = match result.list() {
            Some(items) => items.iter().cloned().map(Some).collect(),
            None => vec![result.value],
        };
        self.group_items(group, items, scope)
    }

    pub(super) fn group_items(
        &mut self,
        group: &'a Group,
        items: Vec<Option<Value>>,
        scope: &Scope,
    ) -> Result<Out, Error> {
        self.group_pairs(&group.pairs, group.position, items, scope)
    }

    fn group_pairs(
        &mut self,
        pairs: &'a [(Node, Node)],
        position: usize,
        mut items: Vec<Option<Value>>,
        scope: &Scope,
    ) -> Result<Out, Error> {
        if items.is_empty() {
            // An object of constants does not need an item.
            items.push(None);
        }
        let mut buckets = Buckets::default();
        for (at, item) in items.iter().enumerate() {
            let input = Out { value: item.clone(), marks: Marks::NONE };
            for (pair, (key, _)) in pairs.iter().enumerate() {
                if let Some(key) = self.key(key, position, &input, scope)? {
                    buckets.add(key, pair, at, position)?;
                }
            }
        }
        let mut members = Vec::with_capacity(buckets.list.len());
        for bucket in buckets.list {
            let context = match bucket.items.as_slice() {
                [only] => items[*only].clone(),
                many => Some(append_all(many.iter().filter_map(|at| items[*at].clone()))),
            };
            self.charge_members(bucket.items.len())?;
            let context = Out { value: context, marks: Marks::NONE };
            if let Some(value) = self.eval(&pairs[bucket.pair].1, &context, scope)?.value {
                members.push((bucket.key, value));
            }
        }
        self.made_object(members)
    }

    /// Groups a stream of tuples: the variables of a bucket's tuples are collected too.
    pub(super) fn group_tuples(
        &mut self,
        group: &'a Group,
        tuples: &[Tuple],
        scope: &Scope,
    ) -> Result<Out, Error> {
        let mut buckets = Buckets::default();
        for (at, tuple) in tuples.iter().enumerate() {
            let frame = tuple.scope(scope);
            for (pair, (key, _)) in group.pairs.iter().enumerate() {
                if let Some(key) = self.key(key, group.position, &tuple.at, &frame)? {
                    buckets.add(key, pair, at, group.position)?;
                }
            }
        }
        let mut members = Vec::with_capacity(buckets.list.len());
        for bucket in buckets.list {
            let merged = Tuple::merge(bucket.items.iter().map(|at| &tuples[*at]));
            self.charge_members(bucket.items.len())?;
            let frame = merged.scope(scope);
            if let Some(value) = self.eval(&group.pairs[bucket.pair].1, &merged.at, &frame)?.value {
                members.push((bucket.key, value));
            }
        }
        self.made_object(members)
    }
}

/// One array of all, arrays laid flat.
pub(super) fn append_all(values: impl Iterator<Item = Value>) -> Value {
    let mut all = Vec::new();
    for value in values {
        match value {
            Value::Array(members) => extend(&mut all, members),
            value => all.push(value),
        }
    }
    all.into()
}

#[cfg(test)]
mod tests;
