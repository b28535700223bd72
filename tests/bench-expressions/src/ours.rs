//! This project's evaluator.

use anyhow::Result;
use stepwell_jsonata::{Env, Expression, Limits};
use stepwell_value::Value;

use crate::cases::Case;

pub(crate) const NAME: &str = "stepwell";

pub(crate) fn parse(text: &str) -> Result<Expression> {
    Ok(Expression::parse(text)?)
}

/// An expression and its document, both read.
pub(crate) struct Ready {
    expression: Expression,
    states: Value,
}

impl Ready {
    pub(crate) fn new(case: &Case) -> Result<Self> {
        Ok(Self { expression: parse(case.expression)?, states: Value::parse(&case.states)? })
    }

    pub(crate) fn evaluate(&self) -> Result<Option<Value>> {
        self.evaluate_on(self.states.clone())
    }

    pub(crate) fn text_to_text(&self, states: &str) -> Result<String> {
        let result = self.evaluate_on(Value::parse(states)?)?;
        Ok(result.map_or_else(String::new, |value| value.to_string()))
    }

    fn evaluate_on(&self, states: Value) -> Result<Option<Value>> {
        let mut entropy = || 0;
        let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: Limits::GENEROUS };
        Ok(self.expression.evaluate(None, &[("states", states)], &mut env)?)
    }
}
