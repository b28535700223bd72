//! What an expression yields: a value or nothing, and how an array among them came about.
//!
//! `JSONata`'s sequences are arrays that remember that they were collected. A collected array of one
//! member is that member, and of none is nothing, unless `[]` asked for an array.

use std::sync::Arc;

use stepwell_value::Value;

/// The result of evaluating an expression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Out {
    /// None is `JSONata`'s `undefined`.
    pub value: Option<Value>,
    pub marks: Marks,
}

/// How a result came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u64);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    /// Collected by a path or a function: one member is as good as an array of it.
    pub(crate) const SEQUENCE: Self = Self(1);
    /// A sequence that stays an array even with one member.
    pub(crate) const KEEP: Self = Self(2);
    /// Written as an array within a path: not flattened.
    pub(crate) const CONSTRUCTED: Self = Self(4);
    /// The input of the whole expression, an array that counts as one item.
    pub(crate) const WHOLE: Self = Self(8);
    /// No value yet: the evaluator holds a call that is still to be made.
    pub(crate) const TAIL_CALL: Self = Self(16);
    /// No value yet: the evaluator holds a stream of tuples.
    pub(crate) const TUPLES: Self = Self(32);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The marks of an input once somebody names it: it is no longer one whole.
    pub(crate) fn looked_at(self) -> Self {
        Self(self.0 & !Self::WHOLE.0)
    }
}

impl Out {
    pub(crate) const UNDEFINED: Self = Self { value: None, marks: Marks::NONE };

    pub(crate) fn marked(marks: Marks) -> Self {
        Self { value: None, marks }
    }

    /// A collected array.
    pub(crate) fn sequence(items: Vec<Value>) -> Self {
        Self { value: Some(Value::from(items)), marks: Marks::SEQUENCE }
    }

    /// A collected array, reduced to its member or to nothing where it is that short.
    pub(crate) fn collapsed(items: Vec<Value>) -> Self {
        if items.len() > 1 {
            return Self::sequence(items);
        }
        Self { value: items.into_iter().next(), marks: Marks::NONE }
    }

    /// Does the same to a finished result.
    pub(crate) fn collapse(mut self) -> Self {
        if !self.marks.has(Marks::SEQUENCE) {
            return self;
        }
        let Some(Value::Array(items)) = &mut self.value else { return self };
        match items.len() {
            0 => Self::UNDEFINED,
            1 if !self.marks.has(Marks::KEEP) => Self {
                value: match Arc::get_mut(items) {
                    Some(items) => items.pop(),
                    None => items.first().cloned(),
                },
                marks: Marks::NONE,
            },
            _ => self,
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        self.value.is_none()
    }

    /// The array's members, if this is an array.
    #[expect(clippy::rc_buffer, reason = "the value's own representation, shared")]
    pub(crate) fn array(&self) -> Option<&Arc<Vec<Value>>> {
        match &self.value {
            Some(Value::Array(items)) => Some(items),
            _ => None,
        }
    }

    /// The array's members where it counts as a list of items, not as one whole.
    #[expect(clippy::rc_buffer, reason = "the value's own representation, shared")]
    pub(crate) fn list(&self) -> Option<&Arc<Vec<Value>>> {
        if self.marks.has(Marks::WHOLE) { None } else { self.array() }
    }
}

impl<T: Into<Value>> From<T> for Out {
    fn from(value: T) -> Self {
        Self { value: Some(value.into()), marks: Marks::NONE }
    }
}

/// Puts a result behind others, an array's members one by one.
pub(crate) fn flatten_into(items: &mut Vec<Value>, result: Out) {
    match result.value {
        Some(Value::Array(members)) if !result.marks.has(Marks::CONSTRUCTED) => {
            extend(items, members);
        }
        Some(value) => items.push(value),
        None => {}
    }
}

/// Moves the members when nobody else holds them, and shares them otherwise.
#[expect(clippy::rc_buffer, reason = "the value's own representation, shared")]
pub(crate) fn extend(items: &mut Vec<Value>, members: Arc<Vec<Value>>) {
    match Arc::try_unwrap(members) {
        Ok(members) if items.is_empty() => *items = members,
        Ok(members) => items.extend(members),
        Err(members) => items.extend(members.iter().cloned()),
    }
}
