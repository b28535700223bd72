//! Variables: frames that nest as the expression's blocks and functions do.

use std::cell::RefCell;
use std::rc::Rc;

use crate::ast::Symbol;
use crate::sequence::Out;

/// A frame and those around it. Cloning shares it.
#[derive(Clone, Debug)]
pub(crate) struct Scope(Rc<Frame>);

#[derive(Debug)]
struct Frame {
    parent: Option<Scope>,
    /// Few enough that looking through them is faster than a map.
    variables: RefCell<Vec<(Symbol, Out)>>,
}

impl Scope {
    pub(crate) fn root(variables: Vec<(Symbol, Out)>) -> Self {
        Self(Rc::new(Frame { parent: None, variables: RefCell::new(variables) }))
    }

    pub(crate) fn child(&self) -> Self {
        self.child_with(Vec::new())
    }

    pub(crate) fn child_with(&self, variables: Vec<(Symbol, Out)>) -> Self {
        let parent = Some(self.clone());
        Self(Rc::new(Frame { parent, variables: RefCell::new(variables) }))
    }

    pub(crate) fn bind(&self, symbol: Symbol, value: Out) {
        let mut variables = self.0.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| *known == symbol) {
            Some((_, bound)) => *bound = value,
            None => variables.push((symbol, value)),
        }
    }

    /// Looks at the innermost binding without taking it.
    pub(crate) fn with<T>(&self, symbol: Symbol, look: impl FnOnce(&Out) -> T) -> Option<T> {
        let mut frame = &self.0;
        loop {
            let variables = frame.variables.borrow();
            if let Some((_, value)) = variables.iter().find(|(known, _)| *known == symbol) {
                return Some(look(value));
            }
            drop(variables);
            frame = &frame.parent.as_ref()?.0;
        }
    }

    /// The innermost binding; none at all is something else than a binding to nothing.
    pub(crate) fn get(&self, symbol: Symbol) -> Option<Out> {
        self.with(symbol, Out::clone)
    }
}
