//! What an evaluation is given from outside.

use std::fmt;

use stepwell_value::{Object, Value};

use crate::limits::Limits;

/// The clock, the chance and the bounds of one evaluation. Nothing else reaches it, so the same
/// environment gives the same result.
pub struct Env<'e> {
    /// Milliseconds since 1970-01-01T00:00:00Z, for `$now()` and `$millis()`.
    pub now_millis: i64,
    /// Sixty-four random bits at a time, for `$random()`, `$shuffle()` and `$uuid()`.
    pub entropy: &'e mut dyn FnMut() -> u64,
    pub limits: Limits,
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("now_millis", &self.now_millis)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The variables that an expression may refer to, without their `$`.
pub trait Bindings {
    fn get(&self, name: &str) -> Option<Value>;
}

/// No variables.
impl Bindings for () {
    fn get(&self, _name: &str) -> Option<Value> {
        None
    }
}

impl Bindings for [(&str, Value)] {
    fn get(&self, name: &str) -> Option<Value> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }
}

impl<const N: usize> Bindings for [(&str, Value); N] {
    fn get(&self, name: &str) -> Option<Value> {
        Bindings::get(self.as_slice(), name)
    }
}

impl Bindings for Object {
    fn get(&self, name: &str) -> Option<Value> {
        Self::get(self, name).cloned()
    }
}
