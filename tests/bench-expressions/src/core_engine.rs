//! `jsonata-core`, another engine in Rust, in the two ways it offers.
//!
//! Its tree walk is the one that takes variables, so it is what a workflow would use. Its virtual
//! machine takes none: it is given the same expression without `$states`, on the document that is bound
//! to it for the others.

use anyhow::{Result, anyhow};
use jsonata_core::Expression;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::value::JValue;

use crate::cases::Case;

pub(crate) const TREE: &str = "jsonata-core";
pub(crate) const MACHINE: &str = "jsonata-core, VM";

pub(crate) fn parse(text: &str) -> Result<AstNode> {
    jsonata_core::parser::parse(text).map_err(|error| anyhow!("{error}"))
}

pub(crate) struct Tree {
    expression: AstNode,
    states: JValue,
}

impl Tree {
    pub(crate) fn new(case: &Case) -> Result<Self> {
        Ok(Self {
            expression: parse(case.expression)?,
            states: JValue::from_json_str(&case.states)?,
        })
    }

    pub(crate) fn evaluate(&self) -> Result<JValue> {
        self.evaluate_on(self.states.clone())
    }

    pub(crate) fn text_to_text(&self, states: &str) -> Result<String> {
        Ok(self.evaluate_on(JValue::from_json_str(states)?)?.to_json_string()?)
    }

    fn evaluate_on(&self, states: JValue) -> Result<JValue> {
        let mut context = Context::new();
        context.bind("states".into(), states);
        let result = Evaluator::with_context(context).evaluate(&self.expression, &JValue::Null);
        result.map_err(|error| anyhow!("{error}"))
    }
}

pub(crate) struct Machine {
    expression: Expression,
    document: JValue,
}

impl Machine {
    pub(crate) fn new(case: &Case) -> Result<Self> {
        // The document itself stands in the place of `$states`.
        let text = case.expression.replace("$states.", "");
        let expression = Expression::compile(&text).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { expression, document: JValue::from_json_str(&case.states)? })
    }

    pub(crate) fn evaluate(&self) -> Result<JValue> {
        self.expression.evaluate(&self.document).map_err(|error| anyhow!("{error}"))
    }

    pub(crate) fn text_to_text(&self, states: &str) -> Result<String> {
        let document = JValue::from_json_str(states)?;
        let result = self.expression.evaluate(&document).map_err(|error| anyhow!("{error}"))?;
        Ok(result.to_json_string()?)
    }
}
