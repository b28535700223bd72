//! The face of the crate: parse once, evaluate often.

use std::sync::Arc;

use stepwell_value::Value;

use crate::analysis::{self, Reference};
use crate::ast::Symbol;
use crate::env::{Bindings, Env};
use crate::error::{EvalError, ParseError};
use crate::evaluator::Evaluator;
use crate::limits::Dialect;
use crate::parser;
use crate::prepare::{self, Prepared};
use crate::sequence::Out;

/// A parsed expression. Cloning shares it, and threads may evaluate it at the same time.
#[derive(Clone, Debug)]
pub struct Expression(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub prepared: Prepared,
    pub dialect: Dialect,
    references: Vec<Reference>,
    /// The variables that have to come from outside, if they are bound at all.
    free: Vec<Symbol>,
}

impl Inner {
    pub(crate) fn symbol(&self, name: &str) -> Option<Symbol> {
        let found = self.prepared.symbols.iter().position(|known| &**known == name)?;
        u32::try_from(found).ok().map(Symbol)
    }
}

impl Expression {
    /// Reads an expression for Step Functions, without the `{%` and `%}` around it.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::parse_as(text, Dialect::StepFunctions)
    }

    /// Reads an expression of the given dialect.
    pub fn parse_as(text: &str, dialect: Dialect) -> Result<Self, ParseError> {
        let prepared = prepare::prepare(*parser::parse(text)?, dialect)?;
        let (references, free) = analysis::analyse(&prepared);
        Ok(Self(Arc::new(Inner { prepared, dialect, references, free })))
    }

    /// Evaluates the expression. Without an input the context is undefined, as it is in Step
    /// Functions. The result is none where `JSONata`'s is undefined.
    pub fn evaluate(
        &self,
        input: Option<&Value>,
        bindings: &(impl Bindings + ?Sized),
        env: &mut Env<'_>,
    ) -> Result<Option<Value>, EvalError> {
        let inner = &*self.0;
        let mut variables = Vec::with_capacity(inner.free.len());
        for symbol in &inner.free {
            if *symbol == Symbol::ROOT {
                let value = input.cloned();
                variables.push((Symbol::ROOT, Out { value, ..Out::UNDEFINED }));
            } else if let Some(value) = bindings.get(inner.name(*symbol)) {
                variables.push((*symbol, Out::from(value)));
            }
        }
        let entropy = &mut *env.entropy;
        let env = Env { now_millis: env.now_millis, entropy, limits: env.limits };
        Evaluator::new(inner, env).run(input, variables)
    }

    /// What the expression refers to outside of itself, in the order of its text: the service
    /// checks this when a definition is made.
    pub fn references(&self) -> &[Reference] {
        &self.0.references
    }
}

impl Inner {
    fn name(&self, symbol: Symbol) -> &str {
        self.prepared.symbols.get(symbol.0 as usize).map_or("", |name| name)
    }
}
