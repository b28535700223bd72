//! Why a state cannot go on by itself.

use stepwell_value::Str;

use crate::Failure;

/// A failure that comes from the state's own fields, not from a task or a child.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The history shows only what follows from it.
    Silent(Failure),
    /// A `JSONata` expression's: the history shows it, with the field that holds the expression.
    Evaluation { failure: Failure, location: Option<Str> },
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Silent(failure)
    }
}
