//! The tree that is evaluated.

use std::sync::Arc;

use stepwell_value::{Str, Value};

use crate::functions::Builtin;
use crate::regex::Regex;
use crate::signature::Signature;

/// A variable's name, as a number within its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Symbol(pub u32);

impl Symbol {
    /// `$`, the context.
    pub(crate) const CONTEXT: Self = Self(0);
    /// `$$`, the input.
    pub(crate) const ROOT: Self = Self(1);
}

/// A node, which may also be a step of a path.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "marks that do not exclude each other")]
pub(crate) struct Node {
    pub kind: Kind,
    pub position: usize,
    /// `[]`: a result of one member stays an array.
    pub keep_array: bool,
    /// An array constructor at an end of a path, whose result is not flattened.
    pub is_constructed: bool,
    /// Part of a stream of tuples: somebody needs an ancestor, an index or a bound variable.
    pub is_tuple: bool,
    /// Filters on the node's own result.
    pub predicates: Vec<Self>,
    /// What happens to the results of a step.
    pub stages: Vec<Stage>,
    pub group: Option<Box<Group>>,
    /// `@$name`
    pub focus: Option<Symbol>,
    /// `#$name`
    pub index: Option<Symbol>,
    /// Who looks for this step's input with `%`.
    pub ancestor: Option<usize>,
    /// The slots of `%` below that have not found their parent yet.
    pub seeking: Vec<usize>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Name(Str),
    Variable(Symbol, Option<Builtin>),
    Text(Value),
    Number(Value),
    Literal(Value),
    Regex(Arc<Regex>),
    Wildcard,
    Descendants,
    Parent(usize),
    Placeholder,
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Vec<(Node, Node)>),
    /// The parts, and whether they bind variables of their own.
    Block(Vec<Node>, Binds),
    Binary(Operator, Box<Node>, Box<Node>),
    Apply(Box<Node>, Box<Node>),
    Bind(Symbol, Box<Node>),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    Call(Box<Call>),
    Partial(Box<Call>),
    /// A call in tail position, done by whoever applied the function around it.
    TailCall(Box<Node>),
    Lambda(Box<Lambda>),
    Transform(Box<Transform>),
    Path {
        steps: Vec<Node>,
        keep_singleton: bool,
    },
    Sort(Vec<Term>),
}

/// Whether a block needs a frame for variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binds {
    Nothing,
    Variables,
}

#[derive(Debug)]
pub(crate) enum Stage {
    Filter(Node),
    Index(Symbol),
}

#[derive(Debug)]
pub(crate) struct Group {
    pub pairs: Vec<(Node, Node)>,
    pub position: usize,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub procedure: Node,
    pub arguments: Vec<Node>,
    pub position: usize,
    /// How messages name the function.
    pub token: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Lambda {
    pub parameters: Vec<Symbol>,
    pub signature: Option<Signature>,
    pub body: Node,
}

#[derive(Debug)]
pub(crate) struct Transform {
    pub pattern: Node,
    pub update: Node,
    pub delete: Option<Node>,
}

#[derive(Debug)]
pub(crate) struct Term {
    pub expression: Node,
    pub is_descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    And,
    Or,
    In,
    Range,
}

impl Operator {
    pub(crate) fn parse(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "&" => Self::Concatenate,
            "and" => Self::And,
            "or" => Self::Or,
            "in" => Self::In,
            ".." => Self::Range,
            _ => return None,
        })
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Concatenate => "&",
            Self::And => "and",
            Self::Or => "or",
            Self::In => "in",
            Self::Range => "..",
        }
    }
}

impl Node {
    pub(crate) fn new(kind: Kind, position: usize) -> Self {
        Self {
            kind,
            position,
            keep_array: false,
            is_constructed: false,
            is_tuple: false,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            focus: None,
            index: None,
            ancestor: None,
            seeking: Vec::new(),
        }
    }

    pub(crate) fn path(steps: Vec<Self>) -> Self {
        let position = steps.first().map_or(0, |step| step.position);
        Self::new(Kind::Path { steps, keep_singleton: false }, position)
    }

    /// Whether the node's result is its kind's, sequences apart.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.predicates.is_empty() && self.group.is_none() && !self.keep_array
    }

    /// Whether nothing is appended to the node.
    pub(crate) fn is_bare(&self) -> bool {
        self.is_plain() && self.stages.is_empty()
    }

    /// The steps, if this is a path.
    pub(crate) fn steps(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.kind {
            Kind::Path { steps, .. } => Some(steps),
            _ => None,
        }
    }

    /// What the reference calls this kind of node.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Name(_) => "name",
            Kind::Variable(..) => "variable",
            Kind::Text(_) => "string",
            Kind::Number(_) => "number",
            Kind::Literal(_) => "value",
            Kind::Regex(_) => "regex",
            Kind::Wildcard => "wildcard",
            Kind::Descendants => "descendant",
            Kind::Parent(_) => "parent",
            Kind::Placeholder => "operator",
            Kind::Negate(_) | Kind::Array(_) | Kind::Object(_) => "unary",
            Kind::Block(..) => "block",
            Kind::Binary(..) => "binary",
            Kind::Apply(..) => "apply",
            Kind::Bind(..) => "bind",
            Kind::Condition(..) => "condition",
            Kind::Call(_) => "function",
            Kind::Partial(_) => "partial",
            Kind::TailCall(_) | Kind::Lambda(_) => "lambda",
            Kind::Transform(_) => "transform",
            Kind::Path { .. } => "path",
            Kind::Sort(_) => "sort",
        }
    }
}
