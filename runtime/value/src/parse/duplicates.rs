//! Names that stand more than once in one object, which a parsed value no longer shows.

use std::collections::BTreeSet;

use super::reader::{Reader, Refused};
use super::{DEPTH_MAX, ErrorKind, escape};
use crate::Str;

/// A name that an object has more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// From the document to the object.
    pub way: Vec<Step>,
    pub name: Str,
}

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Name(Str),
    Index(usize),
}

/// More duplicates are not told: each can be as deep as the document.
const DUPLICATES_MAX: usize = 100;

pub(super) fn document(reader: &mut Reader<'_>) -> Result<Vec<Duplicate>, Refused> {
    let mut search = Search { reader, way: Vec::new(), found: Vec::new() };
    search.value()?;
    let found = search.found;
    reader.expect_end()?;
    Ok(found)
}

struct Search<'r, 't> {
    reader: &'r mut Reader<'t>,
    way: Vec<Step>,
    found: Vec<Duplicate>,
}

impl Search<'_, '_> {
    fn value(&mut self) -> Result<(), Refused> {
        match self.reader.peek_value()? {
            b'"' => self.reader.string().map(drop),
            b'{' => self.object(),
            b'[' => self.array(),
            b't' => self.reader.literal("true"),
            b'f' => self.reader.literal("false"),
            b'n' => self.reader.literal("null"),
            _ => self.reader.number().map(drop),
        }
    }

    fn array(&mut self) -> Result<(), Refused> {
        if self.reader.open(b']') {
            return Ok(());
        }
        for index in 0.. {
            self.inside(Step::Index(index))?;
            if !self.reader.array_goes_on()? {
                break;
            }
        }
        Ok(())
    }

    fn object(&mut self) -> Result<(), Refused> {
        let mut names = BTreeSet::new();
        if self.reader.open(b'}') {
            return Ok(());
        }
        loop {
            let name = self.name()?;
            if !names.insert(Str::clone(&name)) && self.found.len() < DUPLICATES_MAX {
                let (way, name) = (self.way.clone(), Str::clone(&name));
                self.found.push(Duplicate { way, name });
            }
            self.inside(Step::Name(name))?;
            if !self.reader.object_goes_on()? {
                return Ok(());
            }
        }
    }

    fn inside(&mut self, step: Step) -> Result<(), Refused> {
        if self.way.len() == DEPTH_MAX {
            return Err(self.reader.refuse(ErrorKind::TooDeep));
        }
        self.way.push(step);
        self.value()?;
        self.way.pop();
        Ok(())
    }

    fn name(&mut self) -> Result<Str, Refused> {
        let span = self.reader.name()?;
        let written = self.reader.text(&span);
        if !span.is_escaped {
            return Ok(written.into());
        }
        let mut resolved = String::new();
        escape::resolve(written, &mut resolved);
        Ok(resolved.into())
    }
}
