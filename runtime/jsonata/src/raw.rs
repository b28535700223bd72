//! The tree as the grammar has it, before paths are joined and parents are found.

use stepwell_value::{Str, Value};

use crate::lexer::RegexSource;
use crate::signature::Signature;

#[derive(Debug)]
pub(crate) struct Raw {
    pub kind: RawKind,
    pub position: usize,
    /// How many levels hang below, this one included.
    pub depth: usize,
    /// `[]` follows: a result of one member stays an array.
    pub keep_array: bool,
}

#[derive(Debug)]
pub(crate) enum RawKind {
    Name(Str),
    Variable(Str),
    Text(Str),
    Number(Value),
    Literal(Value),
    Regex(RegexSource),
    Wildcard,
    Descendants,
    Parent,
    /// `?` among the arguments of a partial application.
    Placeholder,
    Negate(Box<Raw>),
    Array(Vec<Raw>),
    Object(Vec<(Raw, Raw)>),
    Block(Vec<Raw>),
    Binary(&'static str, Box<Raw>, Box<Raw>),
    Predicate(Box<Raw>, Box<Raw>),
    Group(Box<Raw>, Vec<(Raw, Raw)>),
    Sort(Box<Raw>, Vec<RawTerm>),
    Bind(Str, Box<Raw>),
    Focus(Box<Raw>, Str),
    Index(Box<Raw>, Str),
    Condition(Box<Raw>, Box<Raw>, Option<Box<Raw>>),
    Call {
        procedure: Box<Raw>,
        arguments: Vec<Raw>,
        is_partial: bool,
    },
    Lambda {
        parameters: Vec<Str>,
        signature: Option<Signature>,
        body: Box<Raw>,
    },
    Transform {
        pattern: Box<Raw>,
        update: Box<Raw>,
        delete: Option<Box<Raw>>,
    },
}

#[derive(Debug)]
pub(crate) struct RawTerm {
    pub expression: Raw,
    pub is_descending: bool,
}

impl Raw {
    /// What a message shows for this node.
    pub(crate) fn token(&self) -> Value {
        match &self.kind {
            RawKind::Name(text) | RawKind::Variable(text) | RawKind::Text(text) => {
                Value::String(Str::clone(text))
            }
            RawKind::Number(value) | RawKind::Literal(value) => value.clone(),
            RawKind::Regex(source) => Value::String(Str::clone(&source.pattern)),
            RawKind::Wildcard => "*".into(),
            RawKind::Descendants => "**".into(),
            RawKind::Parent => "%".into(),
            RawKind::Placeholder | RawKind::Condition(..) => "?".into(),
            RawKind::Negate(_) => "-".into(),
            RawKind::Array(_) | RawKind::Predicate(..) => "[".into(),
            RawKind::Object(_) | RawKind::Group(..) => "{".into(),
            RawKind::Block(_) | RawKind::Call { .. } | RawKind::Lambda { .. } => "(".into(),
            RawKind::Binary(operator, ..) => (*operator).into(),
            RawKind::Sort(..) => "^".into(),
            RawKind::Bind(..) => ":=".into(),
            RawKind::Focus(..) => "@".into(),
            RawKind::Index(..) => "#".into(),
            RawKind::Transform { .. } => "|".into(),
        }
    }
}
