//! The Amazon States Language, from JSON text to a [`Definition`] that needs no further checks.
//!
//! [`Definition::parse`] gives a definition or *all* that is wrong with the text, each
//! [`Diagnostic`] with a code, a place such as `/States/Charge/Retry[0]/MaxAttempts` and, where one
//! is known, a remedy. [`Definition::read`] tells what is merely suspicious as well. What a definition
//! holds is valid by construction: every `Next` is the index of a state that exists, every path is
//! compiled, exactly one of `Next` and `End` is there. A definition prints as JSON that reads back
//! as an equal one.
//!
//! The language is the one of <https://states-language.net/spec.html> with the additions of AWS
//! Step Functions. The crate knows nothing of executions; it reads no clock and does no I/O.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use choice::{Choice, Comparison, Condition, Operand, Order, Pattern, Rule, TypeTest};
pub use definition::{
    Definition, Fail, Kind, Machine, MachineIdx, MachineType, Parallel, Pass, State, StateIdx,
    Task, Text, Transition, Wait, WaitUntil,
};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use expression::Expression;
pub use flow::{
    Flow, JsonataFlow, Number, PathFlow, QueryLanguage, ResultPath, Selection, Template,
};
pub use map::{
    CsvFormat, Distributed, ExecutionType, ItemBatcher, ItemFormat, ItemReader, ItemSource, Items,
    ManifestType, Map, MapMode, OutputType, Percentage, ResultWriter, Transformation,
};
pub use parse::malformed;
pub use recovery::{Catcher, ErrorPattern, Jitter, Recovery, Retrier};
pub use resource::{Completion, Integration, Resource};
pub use timestamp::Timestamp;

mod choice;
mod definition;
mod diagnostic;
mod expression;
mod flow;
mod map;
mod parse;
mod print;
mod recovery;
mod references;
mod resource;
mod timestamp;
