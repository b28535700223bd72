//! `|pattern|update,delete|`: a copy of a value with some of its objects changed.
//!
//! Values are immutable and shared, so "the objects that the pattern found" needs an identity. The
//! subject is copied so that each of its objects is one of a kind; what the pattern finds in the
//! copy is recognised by where it lives, and the copy is rebuilt with the changed objects.

use std::collections::BTreeMap;

use stepwell_value::{Object, Str, Value};

use super::Evaluator;
use super::call::Function;
use super::scope::Scope;
use crate::ast::{Node, Transform};
use crate::error::{Code, Error};
use crate::sequence::Out;

/// The changed objects, by the address of the object they replace.
type Changes = BTreeMap<usize, Object>;

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn transformer(
        &mut self,
        transform: &'a Transform,
        scope: &Scope,
    ) -> Result<Out, Error> {
        self.function(Function::Transform { transform, scope: scope.clone() })
    }

    #[inline(never)]
    pub(super) fn transform(
        &mut self,
        transform: &'a Transform,
        subject: Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let Some(subject) = subject.value else { return Ok(Out::UNDEFINED) };
        if !matches!(subject, Value::Array(_) | Value::Object(_)) {
            return Err(Error::new(Code::T0410).value(subject).argument(1));
        }
        let copy = self.copy(&subject)?;
        let found = self.eval(&transform.pattern, &Out::from(copy.clone()), scope)?;
        let mut changes = Changes::new();
        let found = match found.value {
            Some(Value::Array(found)) => found.to_vec(),
            found => found.into_iter().collect(),
        };
        for item in found {
            self.change(transform, &item, &mut changes, scope)?;
        }
        Ok(Out::from(self.rebuild(&copy, &changes, &mut Vec::new())?))
    }

    fn change(
        &mut self,
        transform: &'a Transform,
        item: &Value,
        changes: &mut Changes,
        scope: &Scope,
    ) -> Result<(), Error> {
        let current = self.rebuild(item, changes, &mut Vec::new())?;
        let mut context = Out::from(current.clone());
        let update = self.update(&transform.update, &context, scope)?;
        let mut object = current.as_object().cloned();
        if let (Some(object), Some(update)) = (&mut object, update) {
            self.charge_members(object.len() + update.len())?;
            for (name, value) in update.iter() {
                object.insert(Str::clone(name), value.clone());
            }
            context = Out::from(object.clone());
        }
        if let Some(delete) = &transform.delete {
            for name in self.deletions(delete, &context, scope)? {
                if let (Some(object), Value::String(name)) = (&mut object, name) {
                    object.remove(&name);
                }
            }
        }
        if let (Some(original), Some(object)) = (item.as_object(), object) {
            changes.insert(original.address(), object);
        }
        Ok(())
    }

    fn update(
        &mut self,
        update: &'a Node,
        context: &Out,
        scope: &Scope,
    ) -> Result<Option<Object>, Error> {
        match self.eval(update, context, scope)?.value {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(other) => Err(Error::new(Code::T2011).at(update.position).value(other)),
        }
    }

    fn deletions(
        &mut self,
        delete: &'a Node,
        context: &Out,
        scope: &Scope,
    ) -> Result<Vec<Value>, Error> {
        match self.eval(delete, context, scope)?.value {
            None => Ok(Vec::new()),
            Some(Value::Array(names)) if names.iter().all(|name| name.as_str().is_some()) => {
                Ok(names.to_vec())
            }
            Some(name @ Value::String(_)) => Ok(vec![name]),
            Some(other) => Err(Error::new(Code::T2012).at(delete.position).value(other)),
        }
    }

    /// A copy in which no two objects are the same. Loops, because a closure for every level takes
    /// stack.
    fn copy(&mut self, value: &Value) -> Result<Value, Error> {
        Ok(match value {
            Value::Array(items) => {
                self.spend(items.len())?;
                self.charge_members(items.len())?;
                let mut copy = Vec::with_capacity(items.len());
                for item in items.iter() {
                    copy.push(self.copy(item)?);
                }
                Value::from(copy)
            }
            Value::Object(members) => {
                self.spend(members.len())?;
                self.charge_members(members.len())?;
                let mut copy = Object::new();
                if members.is_empty() {
                    // An empty object needs an address of its own as well.
                    copy.insert("", Value::Null);
                    copy.remove("");
                }
                for (name, member) in members.iter() {
                    copy.insert(Str::clone(name), self.copy(member)?);
                }
                Value::Object(copy)
            }
            leaf => leaf.clone(),
        })
    }

    /// The value with the changed objects in their places. `open` lists those that are being put
    /// in: one that was put into itself has no end.
    fn rebuild(
        &mut self,
        value: &Value,
        changes: &Changes,
        open: &mut Vec<usize>,
    ) -> Result<Value, Error> {
        if changes.is_empty() {
            return Ok(value.clone());
        }
        Ok(match value {
            Value::Array(items) => {
                self.spend(items.len())?;
                let mut rebuilt = Vec::with_capacity(items.len());
                for item in items.iter() {
                    rebuilt.push(self.rebuild(item, changes, open)?);
                }
                Value::from(rebuilt)
            }
            Value::Object(members) => {
                self.spend(members.len())?;
                let address = members.address();
                let change = changes.get(&address);
                if change.is_some() && open.contains(&address) {
                    return Err(Error::new(Code::StackOverflow));
                }
                open.push(address);
                let mut rebuilt = Object::new();
                for (name, member) in change.unwrap_or(members).iter() {
                    rebuilt.insert(Str::clone(name), self.rebuild(member, changes, open)?);
                }
                open.pop();
                Value::Object(rebuilt)
            }
            leaf => leaf.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
