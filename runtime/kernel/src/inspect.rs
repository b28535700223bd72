//! Testing one state by itself: what comes of it, and every value on the way there.
//!
//! [`Test::begin`] enters a state with the input, variables and context that a caller makes up, and
//! works on it with the code that executions run. A [`Mock`] stands in for what the state would call
//! or repeat. A test ends where the state is left, is to be tried again, or fails: nothing follows.
//!
//! A state that needs the world, which is a Task without a mock or a Wait, gives a [`Pending`]. It
//! owes and takes the same things as an execution, so whoever drives executions can drive it.
//!
//! Nothing is computed for the sake of looking: a [`Probe`] is shown the values that the data flow
//! makes anyway, and without one showing costs nothing.

use std::cell::RefCell;
use std::time::Duration;

use stepwell_asl::{Definition, Flow, Kind, State, StateIdx};
use stepwell_value::{Object, Payload, Value};

use crate::step::bench::{Bench, Entry, Stop};
use crate::{Env, Failure, Identity, Input, Obligation, Stale};

pub use refusal::{ContextFault, FieldFault, Mismatch, Refusal, Setting};

mod check;
mod context;
mod refusal;
mod shape;

/// A state and what to test it with.
#[derive(Debug)]
pub struct Test<'d> {
    pub definition: &'d Definition,
    pub state: StateIdx,
    pub input: Payload,
    /// The variables that states before this one would have set.
    pub variables: Object,
    /// The context object, instead of the one that follows from the identity.
    pub context: Option<Payload>,
    pub mock: Option<Mock>,
    pub configuration: Configuration,
    /// Whether the caller asked to see secrets. There are none to hide, but a mock excludes it.
    pub reveals_secrets: bool,
    /// Who the state believes to be part of. A role may be left empty if there is a mock.
    pub identity: Identity,
}

/// What is to come of the state's work.
#[derive(Clone, Debug)]
pub enum Mock {
    Result { result: Payload, validation: Validation },
    Error(Failure),
}

/// How strictly a mocked result is held against what the service would answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// Everything that must be there is, and what is there has its type.
    #[default]
    Strict,
    /// What is there has its type.
    Present,
    None,
}

/// Where in its life the state is tested. Everything here needs a mock.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// How often the retrier that covers the failure has been used.
    pub retrier_retry_count: Option<u32>,
    /// How many iterations of a Map have failed.
    pub map_iteration_failure_count: Option<u32>,
    /// Inside a Map or Parallel state, whose failure is mocked.
    pub error_caused_by_state: Option<String>,
    /// What a Map's reader has read.
    pub map_item_reader_data: Option<String>,
}

/// How far a test has come.
#[derive(Debug)]
pub enum Progress<'d> {
    Done(Box<Tested>),
    /// The state waits for the world.
    Pending(Box<Pending<'d>>),
}

#[derive(Debug)]
pub struct Tested {
    pub verdict: Verdict,
    pub inspection: Inspection,
}

/// What came of a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Succeeded {
        output: Payload,
        /// The state that follows; none at the end.
        next: Option<StateIdx>,
    },
    CaughtError {
        failure: Failure,
        output: Payload,
        next: Option<StateIdx>,
    },
    /// A retrier would try the state again.
    Retriable {
        failure: Failure,
    },
    Failed {
        failure: Failure,
    },
}

/// The values on the way through a state: those that the service shows for its type, as far as it
/// came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    pub input: Option<Payload>,
    pub after_input_path: Option<Payload>,
    pub after_parameters: Option<Payload>,
    pub after_arguments: Option<Payload>,
    pub after_items_path: Option<Payload>,
    /// What each iteration of a Map is given, in an array.
    pub after_item_selector: Option<Payload>,
    /// What each execution of a Distributed Map is given, in an array, if it is given batches.
    pub after_item_batcher: Option<Payload>,
    /// What a reader's pointer points to.
    pub after_items_pointer: Option<Payload>,
    pub result: Option<Payload>,
    pub after_result_selector: Option<Payload>,
    pub after_result_path: Option<Payload>,
    /// All variables after the state.
    pub variables: Option<Payload>,
    pub max_concurrency: Option<u64>,
    pub tolerated_failure_count: Option<u32>,
    pub tolerated_failure_percentage: Option<f64>,
    pub error_details: ErrorDetails,
}

/// Who has a say about the state's failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorDetails {
    pub catch_index: Option<usize>,
    pub retry_index: Option<usize>,
    /// How long to wait, if the state is to be tried again.
    pub retry_backoff: Option<Duration>,
}

/// A state that waits for the world.
#[derive(Debug)]
pub struct Pending<'d> {
    definition: &'d Definition,
    state: StateIdx,
    bench: Bench<'d>,
}

impl Mock {
    /// A mock as a caller writes it: a result in JSON or a failure, and not both.
    pub fn parse(
        result: Option<&str>,
        error: Option<Failure>,
        validation: Validation,
    ) -> Result<Option<Self>, Refusal> {
        match (result, error) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(Refusal::MockOfBoth),
            (None, Some(failure)) => Ok(Some(Self::Error(failure))),
            (Some(text), None) => {
                let result = Payload::parse(text).map_err(|_invalid| Refusal::MockNotJson)?;
                Ok(Some(Self::Result { result, validation }))
            }
        }
    }
}

impl<'d> Test<'d> {
    /// Enters the state and goes as far as it goes without the world.
    pub fn begin(self, env: Env<'_>) -> Result<Progress<'d>, Refusal> {
        check::request(&self)?;
        let Self { definition, state, input, variables, mock, configuration, identity, .. } = self;
        let probe = Probe::new(self.context, input.clone());
        let retries = configuration.retrier_retry_count.unwrap_or(0);
        let entry = Entry { definition, state, identity, input, variables, retries };
        let mock = mock.as_ref().map(|mock| (mock, &configuration));
        let (bench, stop) = Bench::enter(entry, probe, mock, env);
        Ok(Pending { definition, state, bench }.after(stop))
    }
}

impl<'d> Pending<'d> {
    /// What the world owes the state.
    pub fn obligations(&self) -> Vec<Obligation> {
        self.bench.obligations()
    }

    /// Goes on with what the world reports. A report that does not apply changes nothing.
    pub fn report(mut self, input: Input, env: Env<'_>) -> Progress<'d> {
        match self.bench.report(input, env) {
            Ok(stop) => self.after(stop),
            Err(Stale) => Progress::Pending(Box::new(self)),
        }
    }

    fn after(self, stop: Option<Stop>) -> Progress<'d> {
        let Some(stop) = stop else { return Progress::Pending(Box::new(self)) };
        let mut inspection = self.bench.into_probe().seen.into_inner();
        let verdict = match stop {
            Stop::Left { output, next, caught: None } => Verdict::Succeeded { output, next },
            Stop::Left { output, next, caught: Some(failure) } => {
                Verdict::CaughtError { failure, output, next }
            }
            Stop::Retried { failure, pause } => {
                inspection.error_details.retry_backoff = Some(pause);
                Verdict::Retriable { failure }
            }
            Stop::Failed(failure) => Verdict::Failed { failure },
        };
        inspection.keep_what_is_shown(self.definition.state(self.state));
        Progress::Done(Box::new(Tested { verdict, inspection }))
    }
}

impl Inspection {
    /// Leaves out the steps that the service does not show for a state of its type.
    fn keep_what_is_shown(&mut self, state: &State) {
        match &state.kind {
            Kind::Task(_) => {}
            Kind::Pass(pass) if pass.result.is_some() => self.hide_entry(),
            Kind::Pass(_) => {
                self.after_arguments = None;
                self.result = None;
            }
            Kind::Parallel(_) => {
                self.hide_entry();
                self.result = None;
            }
            Kind::Map(_) => {
                self.after_parameters = None;
                self.after_arguments = None;
                self.result = None;
            }
            Kind::Fail(_) => {
                let is_path = matches!(state.flow, Flow::Path(_));
                self.after_input_path = self.input.clone().filter(|_| is_path);
            }
            Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed => {
                let after_input_path = self.after_input_path.take();
                self.hide_entry();
                self.after_input_path = after_input_path;
                self.result = None;
                self.after_result_selector = None;
                self.after_result_path = None;
            }
        }
        if matches!(state.flow, Flow::Jsonata(_)) {
            self.after_items_path = None;
        }
    }

    fn hide_entry(&mut self) {
        self.after_input_path = None;
        self.after_parameters = None;
        self.after_arguments = None;
    }
}

/// Looks on while a state is tested, and may put a context object in place of the state's own.
#[derive(Debug)]
pub(crate) struct Probe {
    context: Option<Payload>,
    seen: RefCell<Inspection>,
}

impl Probe {
    fn new(context: Option<Payload>, input: Payload) -> Self {
        let seen = Inspection { input: Some(input), ..Inspection::default() };
        Self { context, seen: RefCell::new(seen) }
    }

    pub(crate) fn note(&self, note: impl FnOnce(&mut Inspection)) {
        note(&mut self.seen.borrow_mut());
    }

    pub(crate) fn note_variables(&self, variables: &Object) {
        if !variables.is_empty() {
            let variables = Payload::from(Value::Object(variables.clone()));
            self.note(|seen| seen.variables = Some(variables));
        }
    }

    pub(crate) fn context(&self) -> Option<&Value> {
        self.context.as_ref().map(Payload::value)
    }
}

#[cfg(test)]
mod tests;
