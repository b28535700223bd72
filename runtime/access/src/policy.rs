//! What a key may do, in the documents of AWS's identity-based policies.
//!
//! Of a document everything is understood or it is refused: a condition that nobody checks would
//! grant more than its author believes. What is understood are statements with an effect, actions
//! and resources. Nothing is allowed that no statement allows, and nothing that one denies.

use pattern::Pattern;

pub use parse::{Fault, PolicyError};

mod actions;
mod parse;
mod pattern;

/// The statements of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    Denied {
        /// Whether a statement denies it, rather than none allowing it.
        explicit: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    effect: Effect,
    /// In lower case: actions are equal whatever their case.
    actions: Scope,
    resources: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Any(Vec<Pattern>),
    AllBut(Vec<Pattern>),
}

impl Policy {
    /// Reads a document. The error names the place of what is refused, and the remedy.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        parse::document(text)
    }

    /// Whether an action such as `states:StartExecution` is allowed on a resource. An action that
    /// has no resource is asked about with `*`, which only the pattern `*` matches.
    pub fn decide(&self, action: &str, resource: &str) -> Decision {
        let action = action.to_ascii_lowercase();
        let mut decision = Decision::Denied { explicit: false };
        for statement in &self.statements {
            if !(statement.actions.covers(&action) && statement.resources.covers(resource)) {
                continue;
            }
            match statement.effect {
                Effect::Deny => return Decision::Denied { explicit: true },
                Effect::Allow => decision = Decision::Allowed,
            }
        }
        decision
    }
}

impl Scope {
    fn covers(&self, text: &str) -> bool {
        let is_among = |patterns: &[Pattern]| patterns.iter().any(|one| one.matches(text));
        match self {
            Self::Any(patterns) => is_among(patterns),
            Self::AllBut(patterns) => !is_among(patterns),
        }
    }
}

#[cfg(test)]
mod tests;
