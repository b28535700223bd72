//! What an expression refers to, found out without evaluating it.

use stepwell_value::Str;

use crate::ast::{Kind, Node, Stage, Symbol};
use crate::prepare::Prepared;

/// Something outside of the expression to which it refers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A variable that is neither bound within the expression nor a function of the language, with
    /// the members that are named right behind it: `$states.input.id` is `states` with `input`
    /// and `id`.
    Variable { name: Str, members: Vec<Str> },
    /// A bare name looked up in the context of the whole expression, which Step Functions leaves
    /// undefined.
    TopLevel(Str),
    /// `$$`
    Root,
}

impl Reference {
    /// Why the service refuses the reference, in its words; `states` lists the members of
    /// `$states` that exist where the expression stands.
    pub fn refusal(&self, states: &[&str]) -> Option<String> {
        match self {
            Self::TopLevel(name) => {
                Some(format!("Reference to '{name}' at the top level is not supported."))
            }
            Self::Root => Some("Reference to '$$' is not supported.".to_owned()),
            Self::Variable { name, members } => {
                let member = members.first().filter(|_| &**name == "states")?;
                (!states.contains(&&**member))
                    .then(|| format!("Field '$states.{member}' does not exist."))
            }
        }
    }
}

/// The references, and all symbols that may have to be looked up outside.
pub(crate) fn analyse(prepared: &Prepared) -> (Vec<Reference>, Vec<Symbol>) {
    let mut analyst = Analyst { prepared, bound: Vec::new(), found: Vec::new(), used: Vec::new() };
    analyst.node(&prepared.root, Context::Top);
    (analyst.found, analyst.used)
}

/// Whose members a bare name would be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Top,
    Inner,
}

struct Analyst<'a> {
    prepared: &'a Prepared,
    bound: Vec<Symbol>,
    found: Vec<Reference>,
    used: Vec<Symbol>,
}

impl<'a> Analyst<'a> {
    fn nodes(&mut self, nodes: impl IntoIterator<Item = &'a Node>, context: Context) {
        for node in nodes {
            self.node(node, context);
        }
    }

    fn node(&mut self, node: &'a Node, context: Context) {
        self.kind(node, context);
        for predicate in &node.predicates {
            self.node(predicate, Context::Inner);
        }
        if let Some(group) = &node.group {
            self.pairs(&group.pairs, Context::Inner);
        }
    }

    fn kind(&mut self, node: &'a Node, context: Context) {
        match &node.kind {
            Kind::Path { steps, .. } => self.path(steps, context),
            Kind::Variable(symbol, builtin) => {
                self.variable(*symbol, builtin.is_some(), Vec::new());
            }
            Kind::Name(name) if context == Context::Top => {
                self.found.push(Reference::TopLevel(Str::clone(name)));
            }
            Kind::Negate(part) | Kind::TailCall(part) => self.node(part, context),
            Kind::Array(parts) => self.nodes(parts, context),
            Kind::Object(pairs) => self.pairs(pairs, context),
            Kind::Block(parts, _) => {
                let outer = self.bound.len();
                self.nodes(parts, context);
                self.bound.truncate(outer);
            }
            Kind::Binary(_, left, right) | Kind::Apply(left, right) => {
                self.node(left, context);
                self.node(right, context);
            }
            Kind::Bind(symbol, value) => {
                // A function may call itself by the name that it is about to get.
                if matches!(value.kind, Kind::Lambda(_)) {
                    self.bound.push(*symbol);
                }
                self.node(value, context);
                self.bound.push(*symbol);
            }
            Kind::Condition(test, then, otherwise) => {
                self.node(test, context);
                self.node(then, context);
                self.nodes(otherwise.as_deref(), context);
            }
            Kind::Call(call) | Kind::Partial(call) => {
                self.node(&call.procedure, context);
                self.nodes(&call.arguments, context);
            }
            Kind::Lambda(lambda) => {
                let outer = self.bound.len();
                self.bound.extend(&lambda.parameters);
                self.node(&lambda.body, context);
                self.bound.truncate(outer);
            }
            Kind::Transform(transform) => {
                self.node(&transform.pattern, Context::Inner);
                self.node(&transform.update, Context::Inner);
                self.nodes(&transform.delete, Context::Inner);
            }
            Kind::Sort(terms) => {
                self.nodes(terms.iter().map(|term| &term.expression), Context::Inner);
            }
            _ => {}
        }
    }

    fn path(&mut self, steps: &'a [Node], context: Context) {
        let outer = self.bound.len();
        for (nth, step) in steps.iter().enumerate() {
            match &step.kind {
                Kind::Variable(symbol, builtin) if nth == 0 => {
                    let names = steps.iter().skip(1).map_while(|step| match &step.kind {
                        Kind::Name(name) => Some(Str::clone(name)),
                        _ => None,
                    });
                    self.variable(*symbol, builtin.is_some(), names.collect());
                    self.nodes(&step.predicates, Context::Inner);
                }
                _ if nth == 0 => self.node(step, context),
                _ => self.node(step, Context::Inner),
            }
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter, Context::Inner),
                    Stage::Index(symbol) => self.bound.push(*symbol),
                }
            }
            self.bound.extend(step.focus.iter().chain(&step.index));
        }
        self.bound.truncate(outer);
    }

    fn pairs(&mut self, pairs: &'a [(Node, Node)], context: Context) {
        for (key, value) in pairs {
            self.node(key, context);
            self.node(value, context);
        }
    }

    fn variable(&mut self, symbol: Symbol, is_builtin: bool, members: Vec<Str>) {
        if symbol == Symbol::CONTEXT {
            return;
        }
        if !self.used.contains(&symbol) {
            self.used.push(symbol);
        }
        if symbol == Symbol::ROOT {
            self.found.push(Reference::Root);
        } else if !is_builtin && !self.bound.contains(&symbol) {
            let name = self.prepared.symbols.get(symbol.0 as usize).cloned().unwrap_or_default();
            self.found.push(Reference::Variable { name, members });
        }
    }
}

#[cfg(test)]
mod tests;
