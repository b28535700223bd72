//! The walk over the tree.
//!
//! One [`Evaluator`] serves one evaluation. It counts depth, steps and bytes, and keeps the
//! functions that the expression makes. Each construct has its own file.

use std::rc::Rc;

use stepwell_value::Value;

use crate::ast::{Binds, Kind, Node};
use crate::callable;
use crate::env::Env;
use crate::error::{Code, Error};
use crate::expression::Inner;
use crate::functions::Builtin;
use crate::limits::Dialect;
use crate::sequence::{Marks, Out};
use call::TailCall;
use scope::Scope;
use tuple::Tuple;

mod call;
mod construct;
mod finish;
mod fuel;
mod memory;
mod operators;
mod path;
mod scope;
mod sort;
mod transform;
mod tuple;

pub(crate) use call::Function;
pub(crate) use fuel::Fuel;
pub(crate) use operators::numeric;
pub(crate) use path::lookup_in;
pub(crate) use sort::merge_sort;

/// One evaluation in progress.
pub(crate) struct Evaluator<'a, 'e> {
    pub(crate) expression: &'a Inner,
    pub(crate) env: Env<'e>,
    functions: Vec<Rc<Function<'a>>>,
    depth: usize,
    steps: u64,
    memory: memory::Account,
    /// The call behind a result marked as a tail call.
    tail: Option<TailCall<'a>>,
    /// The stream behind a result marked as tuples.
    tuples: Vec<Tuple>,
    /// Moves on with each array and object that is made.
    made: u64,
}

impl<'a, 'e> Evaluator<'a, 'e> {
    pub(crate) fn new(expression: &'a Inner, env: Env<'e>) -> Self {
        let memory = memory::Account::new(env.limits.memory_bytes_max);
        Self {
            expression,
            env,
            functions: Vec::new(),
            depth: 0,
            steps: 0,
            memory,
            tail: None,
            tuples: Vec::new(),
            made: 0,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.expression.dialect
    }

    /// Evaluates the whole expression.
    pub(crate) fn run(
        &mut self,
        input: Option<&Value>,
        variables: Vec<(crate::ast::Symbol, Out)>,
    ) -> Result<Option<Value>, Error> {
        let marks = if matches!(input, Some(Value::Array(_))) { Marks::WHOLE } else { Marks::NONE };
        let input = Out { value: input.cloned(), marks };
        let scope = Scope::root(variables);
        let result = self.eval(&self.expression.prepared.root, &input, &scope)?;
        self.finish(result)
    }

    /// Evaluates one node: the one place through which the walk goes down.
    pub(crate) fn eval(
        &mut self,
        node: &'a Node,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        self.enter()?;
        // The result is left where it is made: only its marks are looked at.
        let result = self.eval_kind(node, input, scope);
        if let Ok(Out { marks, .. }) = result
            && (marks.has(Marks::SEQUENCE) || !node.is_plain())
        {
            return self.eval_suffixes(node, result, scope);
        }
        self.depth -= 1;
        result
    }

    /// Counts a step and a level.
    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > self.env.limits.depth_max {
            return Err(Error::new(Code::StackOverflow));
        }
        self.spend(1)
    }

    /// Counts steps that are taken without going down.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.env.limits.steps_max {
            return Err(Error::new(Code::OutOfTime));
        }
        Ok(())
    }

    fn eval_kind(&mut self, node: &'a Node, input: &Out, scope: &Scope) -> Result<Out, Error> {
        match &node.kind {
            Kind::Path { steps, keep_singleton } => {
                self.path(node, steps, *keep_singleton, input, scope)
            }
            Kind::Variable(symbol, builtin) => Ok(variable(*symbol, *builtin, input, scope)),
            Kind::Text(value) | Kind::Number(value) | Kind::Literal(value) => {
                Ok(Out::from(value.clone()))
            }
            Kind::Name(name) => self.lookup(input, name),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendants => self.descendants(input),
            Kind::Parent(slot) => {
                let symbol = self.expression.prepared.slots.get(*slot);
                Ok(symbol.and_then(|symbol| scope.get(*symbol)).unwrap_or_default())
            }
            Kind::Binary(operator, left, right) => {
                self.binary(*operator, node.position, (left, right), input, scope)
            }
            Kind::Negate(operand) => self.negate(operand, node.position, input, scope),
            Kind::Array(items) => self.array(node, items, input, scope),
            Kind::Object(pairs) => self.object(pairs, node.position, input, scope),
            Kind::Block(parts, Binds::Variables) => self.block(parts, input, &scope.child()),
            Kind::Block(parts, Binds::Nothing) => self.block(parts, input, scope),
            Kind::Bind(symbol, value) => {
                let value = self.eval(value, input, scope)?;
                scope.bind(*symbol, value.clone());
                Ok(value)
            }
            Kind::Condition(test, then, otherwise) => {
                let test = self.eval(test, input, scope)?;
                match (self.is_truthy(&test)?, otherwise) {
                    (true, _) => self.eval(then, input, scope),
                    (false, Some(otherwise)) => self.eval(otherwise, input, scope),
                    (false, None) => Ok(Out::UNDEFINED),
                }
            }
            Kind::Call(call) => self.call(call, None, input, scope),
            Kind::Apply(left, right) => self.apply_operator(node, (left, right), input, scope),
            Kind::Partial(call) => self.partial(call, input, scope),
            Kind::TailCall(call) => Ok(self.postpone(call, input, scope)),
            Kind::Lambda(lambda) => self.lambda(lambda, input, scope),
            Kind::Transform(transform) => self.transformer(transform, scope),
            Kind::Regex(regex) => self.function(Function::Regex(regex)),
            Kind::Sort(_) | Kind::Placeholder => Ok(Out::UNDEFINED),
        }
    }

    /// Filters, grouping and `[]` behind a node, and the end of its evaluation.
    #[inline(never)]
    fn eval_suffixes(
        &mut self,
        node: &'a Node,
        result: Result<Out, Error>,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let mut result = result?;
        for (nth, predicate) in node.predicates.iter().enumerate() {
            if nth > 0 && result.is_undefined() && !result.marks.has(Marks::TUPLES) {
                break;
            }
            result = self.filter(predicate, result, scope)?;
        }
        if let Some(group) = &node.group
            && !matches!(node.kind, Kind::Path { .. })
        {
            result = self.group_result(group, result, scope)?;
        }
        if node.keep_array && result.marks.has(Marks::SEQUENCE) {
            result.marks = result.marks.with(Marks::KEEP);
        }
        self.depth -= 1;
        Ok(result.collapse())
    }

    #[inline(never)]
    fn block(&mut self, parts: &'a [Node], input: &Out, scope: &Scope) -> Result<Out, Error> {
        let mark = self.mark();
        let mut result = Out::UNDEFINED;
        for part in parts {
            result = self.eval(part, input, scope)?;
        }
        self.settle(mark, &result);
        Ok(result)
    }

    /// Puts a function into the table.
    pub(crate) fn function(&mut self, function: Function<'a>) -> Result<Out, Error> {
        self.charge(memory::FUNCTION)?;
        self.functions.push(Rc::new(function));
        Ok(Out::from(callable::handle(Builtin::COUNT + self.functions.len() - 1)))
    }
}

fn variable(
    symbol: crate::ast::Symbol,
    builtin: Option<Builtin>,
    input: &Out,
    scope: &Scope,
) -> Out {
    if symbol == crate::ast::Symbol::CONTEXT {
        // The whole input, looked at, is the array that it is.
        return Out { value: input.value.clone(), marks: input.marks.looked_at() };
    }
    match scope.get(symbol) {
        Some(found) => found,
        None => builtin.map_or(Out::UNDEFINED, |builtin| Out::from(builtin.handle())),
    }
}
