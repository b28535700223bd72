//! From the grammar's tree to the one that is evaluated: paths are joined, variables numbered,
//! parents found and tail calls marked.

use std::sync::Arc;

use stepwell_value::{Str, Value};

use crate::ast::{
    Binds, Call, Group, Kind, Lambda, Node, Operator, Stage, Symbol, Term, Transform,
};
use crate::error::{Code, Error};
use crate::functions::Builtin;
use crate::lexer::RegexSource;
use crate::limits::Dialect;
use crate::raw::{Raw, RawKind, RawTerm};
use crate::regex::Regex;
use crate::signature::Signature;
use ancestry::Slot;

mod ancestry;

/// An expression, ready.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub root: Node,
    /// The variables' names, `$` and `$$` first.
    pub symbols: Vec<Str>,
    /// Where each `%` finds its value.
    pub slots: Vec<Symbol>,
}

pub(crate) fn prepare(raw: Raw, dialect: Dialect) -> Result<Prepared, Error> {
    let mut preparer =
        Preparer { symbols: vec!["".into(), "$".into()], slots: Vec::new(), binds: 0, dialect };
    let root = *preparer.node(raw)?;
    if matches!(root.kind, Kind::Parent(_)) || !root.seeking.is_empty() {
        return Err(ancestry::underivable(&root));
    }
    let slots = preparer.slots.iter().map(|slot| slot.label).collect::<Vec<_>>();
    let slots = slots.into_iter().map(|label| preparer.symbol(&format!("!{label}"))).collect();
    Ok(Prepared { root, symbols: preparer.symbols, slots })
}

struct Preparer {
    symbols: Vec<Str>,
    slots: Vec<Slot>,
    /// How many `:=` there were so far.
    binds: usize,
    dialect: Dialect,
}

impl Preparer {
    fn symbol(&mut self, name: &str) -> Symbol {
        let found = self.symbols.iter().position(|known| &**known == name);
        let nth = found.unwrap_or_else(|| {
            self.symbols.push(name.into());
            self.symbols.len() - 1
        });
        Symbol(u32::try_from(nth).expect("an expression has fewer names than bytes"))
    }

    fn node(&mut self, raw: Raw) -> Result<Box<Node>, Error> {
        let keep_array = raw.keep_array;
        let mut node = self.node_of_kind(raw)?;
        if keep_array {
            match &mut node.kind {
                Kind::Path { keep_singleton, .. } => *keep_singleton = true,
                _ => node.keep_array = true,
            }
        }
        Ok(node)
    }

    fn node_of_kind(&mut self, raw: Raw) -> Result<Box<Node>, Error> {
        let position = raw.position;
        match raw.kind {
            RawKind::Name(name) => Ok(boxed_name(name, position)),
            RawKind::Binary(".", left, right) => self.dot(*left, *right),
            RawKind::Predicate(left, filter) => self.predicate(*left, *filter, position),
            RawKind::Group(left, pairs) => self.group(*left, pairs, position),
            RawKind::Sort(left, terms) => self.sort(*left, terms, position),
            RawKind::Focus(left, name) => self.focus(*left, &name, position),
            RawKind::Index(left, name) => self.index(*left, &name),
            RawKind::Block(parts) => self.block(parts, position),
            RawKind::Negate(operand) => self.negate(*operand, position),
            RawKind::Call { procedure, arguments, is_partial } => {
                self.call(*procedure, arguments, is_partial, position)
            }
            RawKind::Lambda { parameters, signature, body } => {
                self.lambda(&parameters, signature, *body, position)
            }
            RawKind::Parent => {
                let slot = self.slots.len();
                self.slots.push(Slot { label: slot, level: 1 });
                Ok(boxed(Kind::Parent(slot), position))
            }
            kind => self.plain(kind, position),
        }
    }

    /// The kinds whose parts merely hand on which parents they seek.
    ///
    /// Each has a function of its own, so that a deep expression takes only the stack it needs.
    fn plain(&mut self, kind: RawKind, position: usize) -> Result<Box<Node>, Error> {
        let mut seeking = Vec::new();
        let kind = match kind {
            RawKind::Array(items) => Kind::Array(self.parts(items, &mut seeking)?),
            RawKind::Object(pairs) => Kind::Object(self.pairs(pairs, &mut seeking)?),
            RawKind::Binary("~>", left, right) => return self.apply(*left, *right, position),
            RawKind::Binary(symbol, left, right) => {
                self.binary(symbol, *left, *right, position, &mut seeking)?
            }
            RawKind::Bind(name, value) => {
                self.binds += 1;
                let value = self.part(*value, &mut seeking)?;
                Kind::Bind(self.symbol(&name), value)
            }
            RawKind::Condition(test, then, otherwise) => {
                self.condition(*test, *then, otherwise, &mut seeking)?
            }
            RawKind::Transform { pattern, update, delete } => {
                self.transform(*pattern, *update, delete)?
            }
            leaf => self.leaf(leaf, position)?,
        };
        let mut node = boxed(kind, position);
        node.seeking = seeking;
        Ok(node)
    }

    #[inline(never)]
    fn leaf(&mut self, kind: RawKind, position: usize) -> Result<Kind, Error> {
        Ok(match kind {
            RawKind::Variable(name) => self.variable(&name),
            RawKind::Text(text) => Kind::Text(text.into()),
            RawKind::Number(number) => Kind::Number(number),
            RawKind::Literal(value) => Kind::Literal(value),
            RawKind::Regex(source) => Kind::Regex(compile(&source, position)?),
            RawKind::Wildcard => Kind::Wildcard,
            RawKind::Descendants => Kind::Descendants,
            _ => Kind::Placeholder,
        })
    }

    #[inline(never)]
    fn apply(&mut self, left: Raw, right: Raw, position: usize) -> Result<Box<Node>, Error> {
        let (left, right) = (self.node(left)?, self.node(right)?);
        let keep_array = left.keep_array || right.keep_array;
        let mut node = boxed(Kind::Apply(left, right), position);
        node.keep_array = keep_array;
        Ok(node)
    }

    #[inline(never)]
    fn binary(
        &mut self,
        symbol: &'static str,
        left: Raw,
        right: Raw,
        position: usize,
        seeking: &mut Vec<usize>,
    ) -> Result<Kind, Error> {
        let operator = Operator::parse(symbol)
            .ok_or_else(|| Error::new(Code::S0204).at(position).token(symbol))?;
        let left = self.part(left, seeking)?;
        Ok(Kind::Binary(operator, left, self.part(right, seeking)?))
    }

    #[inline(never)]
    fn condition(
        &mut self,
        test: Raw,
        then: Raw,
        otherwise: Option<Box<Raw>>,
        seeking: &mut Vec<usize>,
    ) -> Result<Kind, Error> {
        let test = self.part(test, seeking)?;
        let then = self.part(then, seeking)?;
        let otherwise = match otherwise {
            Some(otherwise) => Some(self.part(*otherwise, seeking)?),
            None => None,
        };
        Ok(Kind::Condition(test, then, otherwise))
    }

    #[inline(never)]
    fn transform(
        &mut self,
        pattern: Raw,
        update: Raw,
        delete: Option<Box<Raw>>,
    ) -> Result<Kind, Error> {
        let (pattern, update) = (*self.node(pattern)?, *self.node(update)?);
        let delete = match delete {
            Some(delete) => Some(*self.node(*delete)?),
            None => None,
        };
        Ok(Kind::Transform(Box::new(Transform { pattern, update, delete })))
    }

    fn variable(&mut self, name: &str) -> Kind {
        Kind::Variable(self.symbol(name), Builtin::find(name, self.dialect))
    }

    fn part(&mut self, raw: Raw, seeking: &mut Vec<usize>) -> Result<Box<Node>, Error> {
        let mut part = self.node(raw)?;
        hand_on(&mut part, seeking);
        Ok(part)
    }

    fn parts(&mut self, raws: Vec<Raw>, seeking: &mut Vec<usize>) -> Result<Vec<Node>, Error> {
        let mut parts = Vec::with_capacity(raws.len());
        for raw in raws {
            parts.push(*self.part(raw, seeking)?);
        }
        Ok(parts)
    }

    fn pairs(
        &mut self,
        pairs: Vec<(Raw, Raw)>,
        seeking: &mut Vec<usize>,
    ) -> Result<Vec<(Node, Node)>, Error> {
        let mut prepared = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let key = self.part(key, seeking)?;
            prepared.push((*key, *self.part(value, seeking)?));
        }
        Ok(prepared)
    }

    #[inline(never)]
    fn dot(&mut self, left: Raw, right: Raw) -> Result<Box<Node>, Error> {
        let left = self.node(left)?;
        let mut path = if matches!(left.kind, Kind::Path { .. }) {
            left
        } else {
            let slot = if let Kind::Parent(slot) = left.kind { vec![slot] } else { Vec::new() };
            let mut path = Box::new(Node::path(vec![*left]));
            path.seeking = slot;
            path
        };
        let mut rest = self.node(right)?;
        let Kind::Path { steps, keep_singleton } = &mut path.kind else {
            return Ok(path);
        };
        if let Kind::Path { steps: more, keep_singleton: keep } = rest.kind {
            steps.extend(more);
            *keep_singleton |= keep;
            path.group = path.group.or(rest.group);
        } else {
            if !rest.predicates.is_empty() {
                rest.stages = rest.predicates.drain(..).map(Stage::Filter).collect();
            }
            steps.push(*rest);
        }
        for step in steps.iter_mut() {
            name_step(step)?;
        }
        *keep_singleton |= steps.iter().any(|step| step.keep_array);
        let last = steps.len() - 1;
        for end in [0, last] {
            if let Some(step) =
                steps.get_mut(end).filter(|step| matches!(step.kind, Kind::Array(_)))
            {
                step.is_constructed = true;
            }
        }
        self.resolve_ancestry(&mut path)?;
        Ok(path)
    }

    #[inline(never)]
    fn predicate(&mut self, left: Raw, filter: Raw, position: usize) -> Result<Box<Node>, Error> {
        let mut node = self.node(left)?;
        let is_path = matches!(node.kind, Kind::Path { .. });
        let step = ancestry::last_step(&mut node);
        if step.group.is_some() {
            return Err(Error::new(Code::S0209).at(position));
        }
        let mut filter = self.node(filter)?;
        for slot in std::mem::take(&mut filter.seeking) {
            if self.slots[slot].level == 1 {
                self.seek_parent(step, slot)?;
            } else {
                self.slots[slot].level -= 1;
            }
            step.seeking.push(slot);
        }
        if let Kind::Parent(slot) = filter.kind {
            step.seeking.push(slot);
        }
        filter.position = position;
        if is_path {
            step.stages.push(Stage::Filter(*filter));
        } else {
            step.predicates.push(*filter);
        }
        if is_path && node.group.is_some() {
            return Err(Error::new(Code::S0209).at(position));
        }
        Ok(node)
    }

    #[inline(never)]
    fn group(
        &mut self,
        left: Raw,
        pairs: Vec<(Raw, Raw)>,
        position: usize,
    ) -> Result<Box<Node>, Error> {
        let mut node = self.node(left)?;
        if node.group.is_some() {
            return Err(Error::new(Code::S0210).at(position));
        }
        // What the pairs seek is not handed on, as in the reference.
        let pairs = self.pairs(pairs, &mut Vec::new())?;
        node.group = Some(Box::new(Group { pairs, position }));
        Ok(node)
    }

    #[inline(never)]
    fn sort(
        &mut self,
        left: Raw,
        terms: Vec<RawTerm>,
        position: usize,
    ) -> Result<Box<Node>, Error> {
        let mut path = self.node(left)?;
        if !matches!(path.kind, Kind::Path { .. }) {
            path = Box::new(Node::path(vec![*path]));
        }
        let mut seeking = Vec::new();
        let mut sorted = Vec::with_capacity(terms.len());
        for term in terms {
            let expression = *self.part(term.expression, &mut seeking)?;
            sorted.push(Term { expression, is_descending: term.is_descending });
        }
        let mut step = Node::new(Kind::Sort(sorted), position);
        step.seeking = seeking;
        if let Some(steps) = path.steps() {
            steps.push(step);
        }
        self.resolve_ancestry(&mut path)?;
        Ok(path)
    }

    #[inline(never)]
    fn focus(&mut self, left: Raw, name: &str, position: usize) -> Result<Box<Node>, Error> {
        let mut node = self.node(left)?;
        let symbol = self.symbol(name);
        let step = ancestry::last_step(&mut node);
        if !step.stages.is_empty() || !step.predicates.is_empty() {
            return Err(Error::new(Code::S0215).at(position));
        }
        if matches!(step.kind, Kind::Sort(_)) {
            return Err(Error::new(Code::S0216).at(position));
        }
        step.focus = Some(symbol);
        step.is_tuple = true;
        Ok(node)
    }

    #[inline(never)]
    fn index(&mut self, left: Raw, name: &str) -> Result<Box<Node>, Error> {
        let mut node = self.node(left)?;
        let symbol = self.symbol(name);
        if !matches!(node.kind, Kind::Path { .. }) {
            if !node.predicates.is_empty() {
                node.stages = node.predicates.drain(..).map(Stage::Filter).collect();
            }
            node = Box::new(Node::path(vec![*node]));
        }
        let step = ancestry::last_step(&mut node);
        if step.stages.is_empty() {
            step.index = Some(symbol);
        } else {
            step.stages.push(Stage::Index(symbol));
        }
        step.is_tuple = true;
        Ok(node)
    }

    #[inline(never)]
    fn block(&mut self, parts: Vec<Raw>, position: usize) -> Result<Box<Node>, Error> {
        let mut seeking = Vec::new();
        let before = self.binds;
        let mut parts = self.parts(parts, &mut seeking)?;
        let binds = if self.binds == before { Binds::Nothing } else { Binds::Variables };
        let is_constructed = parts.iter_mut().any(|part| {
            part.is_constructed
                || part.steps().and_then(|steps| steps.first()).is_some_and(|s| s.is_constructed)
        });
        let mut node = boxed(Kind::Block(parts, binds), position);
        node.seeking = seeking;
        node.is_constructed = is_constructed;
        Ok(node)
    }

    #[inline(never)]
    fn negate(&mut self, operand: Raw, position: usize) -> Result<Box<Node>, Error> {
        let mut operand = self.node(operand)?;
        let kind = match &operand.kind {
            Kind::Number(Value::Int(number)) => Kind::Number(Value::Int(-number)),
            Kind::Number(Value::Float(number)) => Kind::Number(Value::Float(-number)),
            _ => {
                let mut seeking = Vec::new();
                hand_on(&mut operand, &mut seeking);
                let mut node = boxed(Kind::Negate(operand), position);
                node.seeking = seeking;
                return Ok(node);
            }
        };
        operand.kind = kind;
        Ok(operand)
    }

    #[inline(never)]
    fn call(
        &mut self,
        procedure: Raw,
        arguments: Vec<Raw>,
        is_partial: bool,
        position: usize,
    ) -> Result<Box<Node>, Error> {
        let mut seeking = Vec::new();
        let arguments = self.parts(arguments, &mut seeking)?;
        let token = called_name(&procedure);
        let procedure = *self.node(procedure)?;
        let call = Box::new(Call { procedure, arguments, position, token });
        let kind = if is_partial { Kind::Partial(call) } else { Kind::Call(call) };
        let mut node = boxed(kind, position);
        node.seeking = seeking;
        Ok(node)
    }

    #[inline(never)]
    fn lambda(
        &mut self,
        parameters: &[Str],
        signature: Option<Signature>,
        body: Raw,
        position: usize,
    ) -> Result<Box<Node>, Error> {
        let parameters = parameters.iter().map(|name| self.symbol(name)).collect();
        let body = mark_tail_calls(*self.node(body)?);
        let lambda = Box::new(Lambda { parameters, signature, body });
        Ok(boxed(Kind::Lambda(lambda), position))
    }
}

/// Nodes are large: they travel up the tree in boxes, and the stack stays small.
#[inline(never)]
fn boxed(kind: Kind, position: usize) -> Box<Node> {
    Box::new(Node::new(kind, position))
}

#[inline(never)]
fn boxed_name(name: Str, position: usize) -> Box<Node> {
    Box::new(Node::path(vec![Node::new(Kind::Name(name), position)]))
}

/// Moves what a part seeks to the node around it.
fn hand_on(part: &mut Node, seeking: &mut Vec<usize>) {
    seeking.append(&mut part.seeking);
    if let Kind::Parent(slot) = part.kind {
        seeking.push(slot);
    }
}

/// A text in a path is a name; a number or another constant has no business there.
fn name_step(step: &mut Node) -> Result<(), Error> {
    match &step.kind {
        Kind::Text(Value::String(name)) => step.kind = Kind::Name(Str::clone(name)),
        Kind::Number(value) | Kind::Literal(value) => {
            return Err(Error::new(Code::S0213).at(step.position).value(value.clone()));
        }
        _ => {}
    }
    Ok(())
}

fn called_name(procedure: &Raw) -> Option<Value> {
    match &procedure.kind {
        RawKind::Name(_) | RawKind::Variable(_) | RawKind::Number(_) | RawKind::Text(_) => {
            Some(procedure.token())
        }
        RawKind::Binary(".", first, _) => called_name(first),
        _ => None,
    }
}

fn compile(source: &RegexSource, position: usize) -> Result<Arc<Regex>, Error> {
    match Regex::new(source) {
        Ok(regex) => Ok(Arc::new(regex)),
        Err(message) => Err(Error::new(Code::S0303).at(position).message(message)),
    }
}

/// Marks the calls whose results are the function's own: they need no stack.
fn mark_tail_calls(mut node: Node) -> Node {
    if !node.predicates.is_empty() || node.group.is_some() || node.keep_array {
        return node;
    }
    match node.kind {
        Kind::Call(_) => {
            let position = node.position;
            Node::new(Kind::TailCall(Box::new(node)), position)
        }
        Kind::Condition(test, then, otherwise) => {
            let then = Box::new(mark_tail_calls(*then));
            let otherwise = otherwise.map(|otherwise| Box::new(mark_tail_calls(*otherwise)));
            node.kind = Kind::Condition(test, then, otherwise);
            node
        }
        Kind::Block(mut parts, binds) => {
            let last = parts.pop().map(mark_tail_calls);
            parts.extend(last);
            node.kind = Kind::Block(parts, binds);
            node
        }
        _ => node,
    }
}
