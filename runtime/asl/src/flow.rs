//! How data enters and leaves a state.

use stepwell_intrinsics::Call;
use stepwell_jsonpath::{Path, ReferencePath};
use stepwell_value::{Str, Value};

use crate::Expression;

/// The language of a state's expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryLanguage {
    JsonPath,
    Jsonata,
}

impl QueryLanguage {
    /// As a definition spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// A state's data flow, in the form that its query language has.
#[derive(Debug, PartialEq)]
pub enum Flow {
    Path(Box<PathFlow>),
    Jsonata(JsonataFlow),
}

impl Flow {
    pub fn query_language(&self) -> QueryLanguage {
        match self {
            Self::Path(_) => QueryLanguage::JsonPath,
            Self::Jsonata(_) => QueryLanguage::Jsonata,
        }
    }
}

/// `Arguments → (the state's work) → Output`.
#[derive(Debug, Default, PartialEq)]
pub struct JsonataFlow {
    /// What a task or the branches are given; the state's input without it.
    pub arguments: Option<Template>,
    /// The state's output; without it the result of its work, or its input where it has no work.
    pub output: Option<Template>,
}

/// `InputPath → Parameters → (the state's work) → ResultSelector → ResultPath → OutputPath`.
///
/// A state type that lacks one of the fields has its default here.
#[derive(Debug, Default, PartialEq)]
pub struct PathFlow {
    pub input: Selection,
    pub parameters: Option<Template>,
    pub result_selector: Option<Template>,
    pub result: ResultPath,
    pub output: Selection,
}

/// `InputPath` and `OutputPath`.
#[derive(Debug, Default, PartialEq)]
pub enum Selection {
    /// `$`, which is the default.
    #[default]
    Whole,
    /// `null`: an empty object.
    Empty,
    Path(Path),
}

/// Where a state's result goes.
#[derive(Debug, Default, PartialEq)]
pub enum ResultPath {
    /// `$`, which is the default: the result takes the input's place.
    #[default]
    Whole,
    /// `null`: the result is thrown away and the input goes on.
    Discard,
    Into(ReferencePath),
}

/// A payload template: JSON of which some parts are computed.
///
/// In JSONPath these are the fields whose names end in `.$`; in `JSONata` the texts between `{%`
/// and `%}`. `field` is the part's name as the service's messages quote it: the field's own name in
/// JSONPath, the way to it (`Output/total`) in `JSONata`.
#[derive(Debug, PartialEq)]
pub enum Template {
    /// A part without anything to compute.
    Literal(Value),
    Path {
        path: Path,
        field: Str,
    },
    Intrinsic {
        call: Call,
        field: Str,
    },
    Jsonata {
        expression: Expression,
        field: Str,
    },
    Array(Vec<Self>),
    /// Members under the names they have in the result.
    Object(Vec<(Str, Self)>),
}

/// A whole number that is written down or computed.
#[derive(Debug, PartialEq)]
pub enum Number {
    Literal(u64),
    Path(Path),
    Jsonata(Expression),
}
