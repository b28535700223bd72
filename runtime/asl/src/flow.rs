//! How data enters and leaves a state.

use stepwell_jsonpath::{Path, ReferencePath};
use stepwell_value::{Str, Value};

/// The language of a state's expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryLanguage {
    JsonPath,
}

/// A state's data flow, in the form that its query language has.
#[derive(Debug)]
pub enum Flow {
    Path(PathFlow),
}

/// `InputPath → Parameters → (the state's work) → ResultSelector → ResultPath → OutputPath`.
///
/// A state type that lacks one of the fields has its default here.
#[derive(Debug, Default)]
pub struct PathFlow {
    pub input: Selection,
    pub parameters: Option<Template>,
    pub result_selector: Option<Template>,
    pub result: ResultPath,
    pub output: Selection,
}

/// `InputPath` and `OutputPath`.
#[derive(Debug, Default)]
pub enum Selection {
    /// `$`, which is the default.
    #[default]
    Whole,
    /// `null`: an empty object.
    Empty,
    Path(Path),
}

/// Where a state's result goes.
#[derive(Debug, Default)]
pub enum ResultPath {
    /// `$`, which is the default: the result takes the input's place.
    #[default]
    Whole,
    /// `null`: the result is thrown away and the input goes on.
    Discard,
    Into(ReferencePath),
}

/// A payload template: JSON in which the fields whose names end in `.$` are computed.
#[derive(Debug)]
pub enum Template {
    /// A part without anything to compute.
    Literal(Value),
    /// The value of a field `NAME.$`.
    Path {
        path: Path,
        field: Str,
    },
    Array(Vec<Self>),
    /// Members under the names they have in the result.
    Object(Vec<(Str, Self)>),
}

/// A whole number that is written down or found by a path.
#[derive(Debug)]
pub enum Number {
    Literal(u64),
    Path(Path),
}
