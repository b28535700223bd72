//! A definition as JSON, in one form for each definition.
//!
//! Reading the print gives an equal definition. Fields come in the order of the service's
//! documentation: first what every state has, then what its type has. A field that says what holds
//! without it is left out, and so is what a definition does not keep: `Version`, the comments inside
//! of a state, and the older names of fields.

use std::fmt;

use stepwell_value::{Object, Str, Value};

use crate::{Definition, Flow, Kind, MachineIdx, QueryLanguage, State, StateIdx, Transition};

mod choice;
mod flow;
mod kinds;
mod map;
mod recovery;

/// Prints compact JSON; `{:#}` prints it indented, for people.
impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl Definition {
    /// The definition as a JSON document that reads back as an equal definition.
    pub fn to_value(&self) -> Value {
        let mut fields = Fields::default();
        fields.set_some("Comment", self.comment.as_ref().map(Str::clone));
        if self.query_language == QueryLanguage::Jsonata {
            fields.set("QueryLanguage", self.query_language.as_str());
        }
        let machine = self.machine(self.root);
        fields.set("StartAt", self.name(machine.start));
        fields.set_some("TimeoutSeconds", self.timeout_seconds.map(whole));
        fields.set("States", self.states_of(self.root));
        fields.into()
    }

    /// A machine inside of a state, with what its field has besides.
    fn print_machine(&self, mut fields: Fields, machine: MachineIdx) -> Value {
        fields.set("StartAt", self.name(self.machine(machine).start));
        fields.set("States", self.states_of(machine));
        fields.into()
    }

    fn states_of(&self, machine: MachineIdx) -> Object {
        let states = self.machine(machine).states.iter();
        states.map(|idx| (self.name(*idx), self.print_state(self.state(*idx)))).collect()
    }

    fn print_state(&self, state: &State) -> Value {
        let mut fields = Fields::default();
        fields.set("Type", state.kind.name());
        let language = state.flow.query_language();
        if language != self.query_language {
            fields.set("QueryLanguage", language.as_str());
        }
        match state.kind.transition() {
            Some(Transition::Next(next)) => fields.set("Next", self.name(next)),
            Some(Transition::End) => fields.set("End", true),
            None => {}
        }
        fields.set_some("Comment", state.comment.as_ref().map(Str::clone));
        fields.set_template("Assign", state.assign.as_ref());
        match &state.flow {
            Flow::Path(flow) => {
                fields.set_selection("InputPath", &flow.input);
                fields.set_selection("OutputPath", &flow.output);
            }
            Flow::Jsonata(flow) => fields.set_template("Output", flow.output.as_ref()),
        }
        self.print_kind(&mut fields, state);
        fields.into()
    }

    fn name(&self, state: StateIdx) -> Str {
        Str::clone(&self.state(state).name)
    }
}

impl Kind {
    /// As `Type` spells it.
    fn name(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Pass(_) => "Pass",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
        }
    }

    fn transition(&self) -> Option<Transition> {
        match self {
            Self::Task(task) => Some(task.next),
            Self::Pass(pass) => Some(pass.next),
            Self::Wait(wait) => Some(wait.next),
            Self::Parallel(parallel) => Some(parallel.next),
            Self::Map(map) => Some(map.next),
            Self::Choice(_) | Self::Succeed | Self::Fail(_) => None,
        }
    }
}

/// An object in the making.
#[derive(Default)]
struct Fields(Object);

impl Fields {
    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name, value);
    }

    fn set_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// An object that says nothing is left out.
    fn set_unless_empty(&mut self, name: &str, inner: Self) {
        if !inner.0.is_empty() {
            self.set(name, inner.0);
        }
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Object(fields.0)
    }
}

/// Every whole number of a definition has a bound far below that of the value's integers.
fn whole(number: u64) -> Value {
    Value::Int(number.try_into().unwrap_or(i64::MAX))
}

/// A number as people write it: `2` and `1.5`.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers of 53 bits are cast")]
fn number(number: f64) -> Value {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT_MAX {
        Value::Int(number as i64)
    } else {
        Value::float(number)
    }
}

#[cfg(test)]
mod tests;
