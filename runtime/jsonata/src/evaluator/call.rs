//! Calling functions: built-in, written in the expression, partly applied, composed.

use std::rc::Rc;

use stepwell_value::{Str, Value};

use super::Evaluator;
use super::scope::Scope;
use crate::ast::{Call, Kind, Lambda, Node, Transform};
use crate::callable;
use crate::error::{Code, Error};
use crate::functions::Builtin;
use crate::regex::Regex;
use crate::sequence::{Marks, Out};

/// A function that the expression made.
pub(crate) enum Function<'a> {
    Lambda {
        lambda: &'a Lambda,
        scope: Scope,
        input: Out,
    },
    /// The missing arguments are filled in when it is called.
    Partial {
        callee: Value,
        arguments: Vec<Option<Out>>,
    },
    /// `first ~> second`
    Chain {
        first: Value,
        second: Value,
    },
    Transform {
        transform: &'a Transform,
        scope: Scope,
    },
    Regex(&'a Regex),
    /// The `next` of a match.
    NextMatch {
        regex: &'a Regex,
        text: Str,
        from: usize,
    },
}

/// A call whose result is that of the function around it.
pub(super) struct TailCall<'a> {
    call: &'a Call,
    input: Out,
    scope: Scope,
}

/// Where a function is called, for its errors.
#[derive(Clone, Copy)]
pub(super) struct Site<'c> {
    position: usize,
    token: Option<&'c Value>,
}

impl Site<'_> {
    /// The outermost call's position counts, and the innermost name.
    fn place(self, error: Error) -> Error {
        if error.is_limit() {
            return error;
        }
        error.at(self.position).or_token(self.token)
    }
}

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn lambda(
        &mut self,
        lambda: &'a Lambda,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        self.function(Function::Lambda { lambda, scope: scope.clone(), input: input.clone() })
    }

    /// Calls a function; `applied` is what stands to the left of `~>`.
    #[inline(never)]
    pub(super) fn call(
        &mut self,
        call: &'a Call,
        applied: Option<Out>,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let procedure = self.eval(&call.procedure, input, scope)?;
        let Some(procedure) = procedure.value else {
            return Err(self.no_function(call, scope, (Code::T1005, Code::T1006)));
        };
        let mut arguments = Vec::with_capacity(call.arguments.len() + 1);
        arguments.extend(applied);
        for argument in &call.arguments {
            arguments.push(self.eval(argument, input, scope)?);
        }
        let site = Site { position: call.position, token: call.token.as_ref() };
        self.apply(&procedure, arguments, input, site)
    }

    pub(super) fn postpone(&mut self, call: &'a Node, input: &Out, scope: &Scope) -> Out {
        if let Kind::Call(call) = &call.kind {
            self.tail = Some(TailCall { call, input: input.clone(), scope: scope.clone() });
        }
        Out::marked(Marks::TAIL_CALL)
    }

    /// Why a call found nothing to call, with a hint where only the `$` is missing.
    fn no_function(&self, call: &Call, scope: &Scope, (hint, plain): (Code, Code)) -> Error {
        let error = if self.is_known(call, scope) { Error::new(hint) } else { Error::new(plain) };
        let error = error.at(call.position);
        match &call.token {
            Some(token) => error.token(token.clone()),
            None => error,
        }
    }

    /// Whether the path that was called begins with the name of a variable or a function.
    fn is_known(&self, call: &Call, scope: &Scope) -> bool {
        let Kind::Path { steps, .. } = &call.procedure.kind else { return false };
        let Some(Kind::Name(name)) = steps.first().map(|step| &step.kind) else { return false };
        Builtin::find(name, self.dialect()).is_some()
            || self
                .expression
                .symbol(name)
                .and_then(|symbol| scope.get(symbol))
                .is_some_and(|found| !found.is_undefined())
    }

    /// Calls a function on behalf of another.
    pub(crate) fn invoke(&mut self, function: &Value, arguments: Vec<Out>) -> Result<Out, Error> {
        let mark = self.mark();
        let result = self.apply_unplaced(function, arguments)?;
        self.settle(mark, &result);
        Ok(result)
    }

    fn apply(
        &mut self,
        function: &Value,
        arguments: Vec<Out>,
        input: &Out,
        site: Site<'_>,
    ) -> Result<Out, Error> {
        let mark = self.mark();
        let result =
            self.apply_once(function, arguments, input).map_err(|error| site.place(error))?;
        if result.marks.has(Marks::TAIL_CALL) {
            return self.follow(input, mark);
        }
        self.settle(mark, &result);
        Ok(result)
    }

    /// Like `apply`, for calls that have no place in the text.
    fn apply_unplaced(&mut self, function: &Value, arguments: Vec<Out>) -> Result<Out, Error> {
        let mark = self.mark();
        let result = self.apply_once(function, arguments, &Out::UNDEFINED)?;
        if result.marks.has(Marks::TAIL_CALL) {
            self.follow(&Out::UNDEFINED, mark)
        } else {
            Ok(result)
        }
    }

    /// Does one tail call after the other.
    fn follow(&mut self, input: &Out, mark: super::memory::Mark) -> Result<Out, Error> {
        loop {
            let Some(tail) = self.tail.take() else { return Ok(Out::UNDEFINED) };
            let procedure = self.eval(&tail.call.procedure, &tail.input, &tail.scope)?;
            let Some(procedure) = procedure.value else {
                let codes = (Code::T1005, Code::T1006);
                return Err(self.no_function(tail.call, &tail.scope, codes));
            };
            let mut arguments = Vec::with_capacity(tail.call.arguments.len());
            for argument in &tail.call.arguments {
                arguments.push(self.eval(argument, &tail.input, &tail.scope)?);
            }
            let position = tail.call.procedure.position;
            let site = Site { position, token: tail.call.token.as_ref() };
            // What the finished body made lives on in the arguments, if at all.
            let held = Out::from(
                arguments.iter().filter_map(|argument| argument.value.clone()).collect::<Vec<_>>(),
            );
            self.settle(mark, &held);
            drop(held);
            let result =
                self.apply_once(&procedure, arguments, input).map_err(|error| site.place(error))?;
            if !result.marks.has(Marks::TAIL_CALL) {
                self.settle(mark, &result);
                return Ok(result);
            }
        }
    }

    fn apply_once(
        &mut self,
        function: &Value,
        arguments: Vec<Out>,
        input: &Out,
    ) -> Result<Out, Error> {
        let Some(index) = callable::index_of(function) else {
            return Err(Error::new(Code::T1006));
        };
        if let Some(builtin) = Builtin::from_index(index) {
            let arguments = builtin.signature().arrange(arguments, input)?;
            let result = builtin.run(self, arguments)?;
            self.check_nesting(&result)?;
            return Ok(result);
        }
        let Some(function) = self.functions.get(index - Builtin::COUNT).map(Rc::clone) else {
            return Err(Error::new(Code::T1006));
        };
        match &*function {
            Function::Lambda { lambda, scope, input: own } => {
                let arguments = match &lambda.signature {
                    Some(signature) => signature.arrange(arguments, input)?,
                    None => arguments,
                };
                self.run_lambda(lambda, scope, own, arguments)
            }
            Function::Partial { callee, arguments: bound } => {
                let mut given = arguments.into_iter();
                let all = bound
                    .iter()
                    .map(|bound| bound.clone().unwrap_or_else(|| given.next().unwrap_or_default()))
                    .collect();
                self.apply_once(callee, all, input)
            }
            Function::Chain { first, second } => {
                let argument = arguments.into_iter().next().unwrap_or_default();
                let between = self.invoke(first, vec![argument])?.collapse();
                self.invoke(second, vec![between])
            }
            Function::Transform { transform, scope } => {
                let subject = arguments.into_iter().next().unwrap_or_default();
                self.transform(transform, subject, scope)
            }
            Function::Regex(regex) => {
                let text = arguments.into_iter().next().unwrap_or_default();
                self.match_from(regex, &text, 0)
            }
            Function::NextMatch { regex, text, from } => {
                self.match_from(regex, &Out::from(Str::clone(text)), *from)
            }
        }
    }

    fn run_lambda(
        &mut self,
        lambda: &'a Lambda,
        scope: &Scope,
        input: &Out,
        arguments: Vec<Out>,
    ) -> Result<Out, Error> {
        let mut arguments = arguments.into_iter();
        let mut variables = Vec::with_capacity(lambda.parameters.len());
        for parameter in &lambda.parameters {
            let argument = arguments.next().unwrap_or_default();
            variables.retain(|(known, _)| known != parameter);
            variables.push((*parameter, argument));
        }
        self.eval(&lambda.body, input, &scope.child_with(variables))
    }

    /// `left ~> right`
    #[inline(never)]
    pub(super) fn apply_operator(
        &mut self,
        node: &'a Node,
        (left, right): (&'a Node, &'a Node),
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let argument = self.eval(left, input, scope)?;
        if let Kind::Call(call) = &right.kind {
            // What is appended to the call is passed over, as in the reference.
            return self.call(call, Some(argument), input, scope);
        }
        let function = self.eval(right, input, scope)?;
        let second = match function.value {
            Some(second) if callable::is_function(&second) => second,
            other => return Err(Error::new(Code::T2006).at(node.position).found(other)),
        };
        match argument.value {
            Some(first) if callable::is_function(&first) => {
                self.function(Function::Chain { first, second })
            }
            _ => self.apply_unplaced(&second, vec![argument]),
        }
    }

    #[inline(never)]
    pub(super) fn partial(
        &mut self,
        call: &'a Call,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(match argument.kind {
                Kind::Placeholder => None,
                _ => Some(self.eval(argument, input, scope)?),
            });
        }
        let callee = self.eval(&call.procedure, input, scope)?;
        match callee.value {
            Some(callee) if callable::is_function(&callee) => {
                self.function(Function::Partial { callee, arguments })
            }
            _ => Err(self.no_function(call, scope, (Code::T1007, Code::T1008))),
        }
    }

    /// How many arguments a function looks at.
    pub(crate) fn arity(&self, function: &Value) -> usize {
        let Some(index) = callable::index_of(function) else { return 0 };
        if let Some(builtin) = Builtin::from_index(index) {
            return builtin.arity();
        }
        match self.functions.get(index - Builtin::COUNT).map(|function| &**function) {
            Some(Function::Lambda { lambda, .. }) => lambda.parameters.len(),
            Some(Function::Partial { arguments, .. }) => {
                arguments.iter().filter(|argument| argument.is_none()).count()
            }
            Some(_) => 1,
            None => 0,
        }
    }

    /// The regular expression, if that is what the function is.
    pub(crate) fn regex(&self, function: &Value) -> Option<&'a Regex> {
        let index = callable::index_of(function)?.checked_sub(Builtin::COUNT)?;
        match &**self.functions.get(index)? {
            Function::Regex(regex) => Some(regex),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
