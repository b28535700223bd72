//! A validated definition: machines and their states, in arenas.

use stepwell_intrinsics::Call;
use stepwell_jsonpath::Path;
use stepwell_value::{Payload, Str};

use crate::{
    Choice, Diagnostic, Expression, Flow, Map, Number, QueryLanguage, Recovery, Resource, Template,
    Timestamp, parse,
};

/// A state machine as its author wrote it, checked and compiled.
///
/// The outermost machine and the machines inside Parallel and Map states lie side by side, and so
/// do their states; an index found in a definition is valid in that definition.
///
/// States are numbered by the text alone: the states of a machine in the order of its `States`
/// field, then those of the machines inside them, state by state. Journals keep these numbers, so
/// the numbering never changes.
///
/// Two definitions are equal when they mean the same in every part: paths and expressions are
/// compared by their texts.
#[derive(Debug, PartialEq)]
pub struct Definition {
    pub comment: Option<Str>,
    pub query_language: QueryLanguage,
    /// `TimeoutSeconds` of the whole execution.
    pub timeout_seconds: Option<u64>,
    pub(crate) root: MachineIdx,
    pub(crate) machines: Vec<Machine>,
    pub(crate) states: Vec<State>,
}

/// What a machine is created as. An Express machine may use less of the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    #[default]
    Standard,
    Express,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineIdx(pub(crate) u32);

impl MachineIdx {
    /// The machine of that number; whether a definition has it is for the caller to know.
    pub fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub fn number(self) -> u32 {
        self.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateIdx(pub(crate) u32);

impl StateIdx {
    /// The state of that number; whether a definition has it is for the caller to know.
    pub fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub fn number(self) -> u32 {
        self.0
    }
}

/// The value of a `States` field and where to start in it.
#[derive(Debug, PartialEq)]
pub struct Machine {
    pub start: StateIdx,
    /// In the order in which they are written.
    pub states: Vec<StateIdx>,
}

#[derive(Debug, PartialEq)]
pub struct State {
    pub name: Str,
    pub comment: Option<Str>,
    pub flow: Flow,
    /// The variables that are set when the state is left as planned: an object. A Choice rule and a
    /// catcher have their own.
    pub assign: Option<Template>,
    pub kind: Kind,
}

#[derive(Debug, PartialEq)]
pub enum Kind {
    Task(Task),
    Pass(Pass),
    Choice(Choice),
    Wait(Wait),
    Succeed,
    Fail(Fail),
    Parallel(Parallel),
    Map(Map),
}

/// What comes after a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    Next(StateIdx),
    End,
}

#[derive(Debug, PartialEq)]
pub struct Task {
    pub resource: Resource,
    /// In whose name the call is made: an object with `RoleArn`.
    pub credentials: Option<Template>,
    pub timeout_seconds: Option<Number>,
    pub heartbeat_seconds: Option<Number>,
    pub recovery: Recovery,
    pub next: Transition,
}

#[derive(Debug)]
pub struct Pass {
    pub result: Option<Payload>,
    pub next: Transition,
}

#[derive(Debug, PartialEq)]
pub struct Wait {
    pub until: WaitUntil,
    pub next: Transition,
}

impl PartialEq for Pass {
    fn eq(&self, other: &Self) -> bool {
        let results = [self, other].map(|pass| pass.result.as_ref().map(Payload::value));
        results[0] == results[1] && self.next == other.next
    }
}

/// The ways to say how long to wait.
#[derive(Debug, PartialEq)]
pub enum WaitUntil {
    Seconds(u64),
    SecondsPath(Path),
    SecondsJsonata(Expression),
    Timestamp(Timestamp),
    TimestampPath(Path),
    TimestampJsonata(Expression),
}

#[derive(Debug, PartialEq)]
pub struct Fail {
    pub error: Option<Text>,
    pub cause: Option<Text>,
}

/// A text that is written down or computed.
#[derive(Debug, PartialEq)]
pub enum Text {
    Literal(Str),
    Path(Path),
    Intrinsic(Call),
    Jsonata(Expression),
}

#[derive(Debug, PartialEq)]
pub struct Parallel {
    pub branches: Vec<MachineIdx>,
    pub recovery: Recovery,
    pub next: Transition,
}

impl Definition {
    /// Reads the definition of a Standard machine, or says everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_as(text, MachineType::Standard)
    }

    /// Reads a definition for a machine of that type, or says everything that is wrong with it.
    pub fn parse_as(text: &str, machine_type: MachineType) -> Result<Self, Vec<Diagnostic>> {
        let (definition, mut diagnostics) = Self::read(text, machine_type);
        definition.ok_or_else(|| {
            diagnostics.retain(Diagnostic::is_error);
            diagnostics
        })
    }

    /// Reads a definition and gives all findings, warnings included, in the service's order. There
    /// is a definition if and only if no finding is an error.
    pub fn read(text: &str, machine_type: MachineType) -> (Option<Self>, Vec<Diagnostic>) {
        parse::definition(text, machine_type)
    }

    /// Reads the definition of one state, to be tested: the result has a machine of that state alone.
    ///
    /// The state is called `StateName`, and findings are placed below `/States/StateName`. What its
    /// transitions lead to is not there: each target stands in the definition as a Succeed state of
    /// its name, which belongs to no machine.
    pub fn parse_state(text: &str) -> Result<Self, Vec<Diagnostic>> {
        parse::state(text)
    }

    /// The outermost machine.
    pub fn root(&self) -> MachineIdx {
        self.root
    }

    pub fn machine(&self, machine: MachineIdx) -> &Machine {
        &self.machines[machine.0 as usize]
    }

    pub fn state(&self, state: StateIdx) -> &State {
        &self.states[state.0 as usize]
    }

    /// A state by its name, which is unique in the whole definition.
    pub fn find(&self, name: &str) -> Option<StateIdx> {
        self.states().find(|(_, state)| &*state.name == name).map(|(idx, _)| idx)
    }

    /// Every state, those of nested machines included.
    pub fn states(&self) -> impl Iterator<Item = (StateIdx, &State)> {
        (0..).map(StateIdx).zip(&self.states)
    }
}
