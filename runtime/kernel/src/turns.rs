//! Which way states went: what a journal does not tell, for whoever looks on.
//!
//! Two rules of a Choice state may lead to one state. Nothing depends on what is noted here.

use std::cell::RefCell;

use stepwell_asl::StateIdx;

/// One way that a state went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    pub state: StateIdx,
    pub way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The rule of a Choice state, counted from 0.
    Rule(usize),
    /// `Default` of a Choice state.
    Default,
    /// The catcher that took a failure, counted from 0.
    Catcher(usize),
    /// The retrier that has the state tried again, counted from 0.
    Retrier(usize),
}

/// The ways that an execution went, in order.
#[derive(Debug, Default)]
pub struct Turns(RefCell<Vec<Turn>>);

impl Turns {
    pub fn into_inner(self) -> Vec<Turn> {
        self.0.into_inner()
    }

    pub(crate) fn note(&self, turn: Turn) {
        self.0.borrow_mut().push(turn);
    }
}
