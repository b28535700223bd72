//! The parsed document and the questions one asks it.

use std::sync::Arc;

use crate::Object;

/// A text inside a value; cloning shares it.
pub type Str = Arc<str>;

/// A JSON document, parsed.
///
/// Cloning is O(1). Numbers are exact integers while they fit into an `i64`, and `f64` otherwise;
/// `Int(1)` and `Float(1.0)` are different values that print as `1` and `1.0`.
/// Two objects are equal when they have equal members in whatever order.
// A value takes three words anyway. With a tag of a whole word it is moved in words: with a tag of
// a byte the seven bytes behind it are moved one by one, which doubled the time of expressions.
#[repr(u64)]
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    /// Always finite: JSON has no text for the others. See [`Value::float`].
    Float(f64),
    String(Str),
    #[expect(clippy::rc_buffer, reason = "built by pushing, changed in place while unshared")]
    Array(Arc<Vec<Self>>),
    Object(Object),
}

impl Value {
    /// A number, or null where JSON has no number for it (NaN and the infinities).
    pub fn float(number: f64) -> Self {
        if number.is_finite() { Self::Float(number) } else { Self::Null }
    }

    /// The name JSON gives to this kind of value, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::Float(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Any number, as the nearest `f64`.
    #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what is asked for")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether arrays and objects nest no deeper than that; a scalar nests 0 deep.
    pub fn nests_within(&self, depth: usize) -> bool {
        match self {
            Self::Array(items) => {
                depth > 0 && items.iter().all(|item| item.nests_within(depth - 1))
            }
            Self::Object(object) => {
                depth > 0 && object.values().all(|value| value.nests_within(depth - 1))
            }
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::String(_) => true,
        }
    }

    /// How deep arrays and objects nest: 0 for a scalar.
    pub fn depth(&self) -> usize {
        let deepest = |depths: &mut dyn Iterator<Item = usize>| 1 + depths.max().unwrap_or(0);
        match self {
            Self::Array(items) => deepest(&mut items.iter().map(Self::depth)),
            Self::Object(object) => deepest(&mut object.values().map(Self::depth)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::String(_) => 0,
        }
    }

    /// The member of that name, when this is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(items))
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

#[cfg(test)]
mod tests;
