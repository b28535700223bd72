//! The tree of a document.
//!
//! Members are collected on two stacks for the whole document and moved out when their container
//! ends, so every array and object is allocated once and in its final size.

use super::names::{Name, Names};
use super::number;
use super::reader::{Reader, Refused};
use super::{DEPTH_MAX, ErrorKind, escape};
use crate::{Object, Str, Value};

/// The document, and whether an object of it had a name twice.
pub(super) fn document<const SHARE: bool>(
    reader: &mut Reader<'_>,
) -> Result<(Value, bool), Refused> {
    let mut builder = Builder::<SHARE> {
        reader,
        items: Vec::new(),
        members: Vec::new(),
        names: Names::default(),
        depth: 0,
        resolved: String::new(),
        has_duplicates: false,
    };
    let value = builder.value()?;
    let has_duplicates = builder.has_duplicates;
    reader.expect_end()?;
    Ok((value, has_duplicates))
}

/// With `SHARE`, short texts are made once, as names are; without, each is made anew, which is faster
/// where few are equal.
struct Builder<'r, 't, const SHARE: bool> {
    reader: &'r mut Reader<'t>,
    /// Of the arrays that are open, the innermost one's last.
    items: Vec<Value>,
    /// Of the objects that are open.
    members: Vec<(Str, Value)>,
    names: Names,
    depth: usize,
    /// Room for a string whose escapes are being resolved.
    resolved: String,
    has_duplicates: bool,
}

impl<const SHARE: bool> Builder<'_, '_, SHARE> {
    fn value(&mut self) -> Result<Value, Refused> {
        match self.reader.peek_value()? {
            b'"' => Ok(Value::String(self.text()?)),
            b'{' => self.object(),
            b'[' => self.array(),
            b't' => self.reader.literal("true").map(|()| Value::Bool(true)),
            b'f' => self.reader.literal("false").map(|()| Value::Bool(false)),
            b'n' => self.reader.literal("null").map(|()| Value::Null),
            _ => self.reader.number().map(|digits| number::value(&digits)),
        }
    }

    fn array(&mut self) -> Result<Value, Refused> {
        self.enter()?;
        let start = self.items.len();
        if !self.reader.open(b']') {
            loop {
                let item = self.value()?;
                self.items.push(item);
                if !self.reader.array_goes_on()? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(Value::from(self.items.split_off(start)))
    }

    fn object(&mut self) -> Result<Value, Refused> {
        self.enter()?;
        let start = self.members.len();
        // One bit for some property of each name: names with different bits are different.
        let (mut marks, mut are_distinct) = (0_u64, true);
        if !self.reader.open(b'}') {
            loop {
                let Name { text, mark } = self.name()?;
                are_distinct = are_distinct && (marks & mark == 0 || self.is_new(start, &text));
                marks |= mark;
                let value = self.value()?;
                self.members.push((text, value));
                if !self.reader.object_goes_on()? {
                    break;
                }
            }
        }
        self.depth -= 1;
        let members = self.members.split_off(start);
        if are_distinct {
            return Ok(Value::Object(Object::from_distinct(members)));
        }
        let written = members.len();
        let object: Object = members.into_iter().collect();
        self.has_duplicates |= object.len() < written;
        Ok(Value::Object(object))
    }

    /// Whether the object that starts there surely has no member of that name yet. Of an object of
    /// many members this says no without a look, and the object finds out by itself.
    fn is_new(&self, start: usize, name: &str) -> bool {
        const LOOK_MAX: usize = 16;
        let members = self.members.get(start..).unwrap_or_default();
        members.len() <= LOOK_MAX && members.iter().all(|(known, _)| **known != *name)
    }

    fn name(&mut self) -> Result<Name, Refused> {
        let span = self.reader.name()?;
        let written = self.reader.text(&span);
        if !span.is_escaped {
            return Ok(self.names.share(written));
        }
        escape::resolve(written, &mut self.resolved);
        Ok(self.names.share(&self.resolved))
    }

    fn text(&mut self) -> Result<Str, Refused> {
        let span = self.reader.string()?;
        let written = self.reader.text(&span);
        if !span.is_escaped {
            return Ok(if SHARE { self.names.share(written).text } else { written.into() });
        }
        escape::resolve(written, &mut self.resolved);
        Ok(self.resolved.as_str().into())
    }

    fn enter(&mut self) -> Result<(), Refused> {
        if self.depth == DEPTH_MAX {
            return Err(self.reader.refuse(ErrorKind::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }
}
