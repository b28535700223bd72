//! Items out of one JSON document, element by element.

use std::io::Read;

use stepwell_value::{Object, Value};

pub use pointer::{POINTER_CHARS_MAX, Pointer};
use scanner::{Kept, Scanner};

use crate::source::Source;
use crate::{JsonConfig, ObjectItems, ReadFailure};

mod pointer;
mod scanner;

/// The elements of the array, or the members of the object, that a pointer leads to.
///
/// What comes before the items is checked for its structure only, and what follows them in a
/// larger document is not read. Of members with the same name the first is the pointer's.
#[derive(Debug)]
pub(crate) struct JsonItems<R> {
    scanner: Scanner<R>,
    pointer: Pointer,
    objects: ObjectItems,
    place: Place,
    item: Kept,
}

/// Where reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing has been read.
    Outside,
    /// The container is open, and an item comes next.
    BeforeItem(Container),
    AfterItem(Container),
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

impl Container {
    fn close(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
        }
    }
}

impl<R: Read> JsonItems<R> {
    pub(crate) fn new(config: &JsonConfig, item_bytes_max: usize, source: Source<R>) -> Self {
        Self {
            scanner: Scanner::new(source),
            pointer: config.pointer.clone(),
            objects: config.objects,
            place: Place::Outside,
            item: Kept::within(item_bytes_max),
        }
    }

    /// Goes past an item without building it; tells whether there was one.
    pub(crate) fn skip(&mut self) -> Result<bool, ReadFailure> {
        let Some(container) = self.advance()? else { return Ok(false) };
        if container == Container::Object {
            self.scanner.name(&mut Kept::nothing())?;
        }
        self.scanner.value(&mut Kept::nothing())?;
        self.place = Place::AfterItem(container);
        Ok(true)
    }

    pub(crate) fn next(&mut self) -> Result<Option<Value>, ReadFailure> {
        let Some(container) = self.advance()? else { return Ok(None) };
        let item = match container {
            Container::Array => self.value()?,
            Container::Object => self.member()?,
        };
        self.place = Place::AfterItem(container);
        Ok(Some(item))
    }

    /// Goes to where the next item starts, if there is one.
    fn advance(&mut self) -> Result<Option<Container>, ReadFailure> {
        self.place = match self.place {
            Place::Outside => {
                for token in self.pointer.tokens() {
                    if !self.scanner.enter(token)? {
                        let pointer = self.pointer.to_string();
                        return Err(ReadFailure::NothingAtPointer { pointer });
                    }
                }
                self.open()?
            }
            Place::AfterItem(container) => {
                if self.scanner.separator(container.close())? {
                    Place::BeforeItem(container)
                } else {
                    self.leave()?
                }
            }
            place => place,
        };
        match self.place {
            Place::BeforeItem(container) => Ok(Some(container)),
            _ => Ok(None),
        }
    }

    fn open(&mut self) -> Result<Place, ReadFailure> {
        let container = match self.scanner.peek_value()? {
            b'[' => Container::Array,
            b'{' if self.objects == ObjectItems::Members => Container::Object,
            _ => return Err(ReadFailure::NotIterable),
        };
        let is_empty = self.scanner.open(container.close())?;
        if is_empty { self.leave() } else { Ok(Place::BeforeItem(container)) }
    }

    fn leave(&mut self) -> Result<Place, ReadFailure> {
        if self.pointer.is_root() {
            self.scanner.end()?;
        }
        Ok(Place::Done)
    }

    fn value(&mut self) -> Result<Value, ReadFailure> {
        self.item.clear();
        self.scanner.value(&mut self.item)?;
        self.scanner.parse(&self.item)
    }

    fn member(&mut self) -> Result<Value, ReadFailure> {
        self.item.clear();
        self.scanner.name(&mut self.item)?;
        let name = self.scanner.parse(&self.item)?;
        let pair = [("Key", name), ("Value", self.value()?)];
        Ok(Value::from(pair.into_iter().collect::<Object>()))
    }
}

#[cfg(test)]
mod tests;
