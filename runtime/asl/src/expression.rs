//! A `JSONata` expression of a definition.

use std::fmt;

use stepwell_jsonata::Reference;
use stepwell_value::Str;

/// The text between `{%` and `%}`, compiled.
#[derive(Clone, Debug)]
pub struct Expression {
    text: Str,
    program: stepwell_jsonata::Expression,
    reads_context: bool,
}

impl Expression {
    /// The text without the marks around it, as messages quote it.
    pub fn text(&self) -> &Str {
        &self.text
    }

    pub fn program(&self) -> &stepwell_jsonata::Expression {
        &self.program
    }

    /// Whether the expression may look at `$states.context`. Building it has a price.
    pub fn reads_context(&self) -> bool {
        self.reads_context
    }

    pub(crate) fn new(text: &str, program: stepwell_jsonata::Expression) -> Self {
        let reads_context = program.references().iter().any(may_read_context);
        Self { text: text.into(), program, reads_context }
    }
}

fn may_read_context(reference: &Reference) -> bool {
    match reference {
        Reference::Variable { name, members } if &**name == "states" => {
            members.first().is_none_or(|member| &**member == "context")
        }
        Reference::Variable { .. } | Reference::TopLevel(_) | Reference::Root => false,
    }
}

/// Two expressions are equal when their texts are.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
