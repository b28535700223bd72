//! Plays workflows in virtual time, with the kernel alone.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{
    Call, Entropy, Env, Event, Execution, Fact, Failure, Identity, Input, Limits, Obligation,
};
use stepwell_value::Payload;

/// Friday, the second of January 2026, at noon.
pub(crate) const START_MILLIS: i64 = 1_767_355_200_000;

/// How long every task takes.
const TASK: Duration = Duration::from_secs(1);

/// Nobody waits for longer: an execution may run for a year.
const PAUSE_MAX: Duration = Duration::from_hours(24);

/// What a task answers.
pub(crate) type Answer = Result<&'static str, Failure>;

/// A workflow that is being played.
pub(crate) struct Play {
    pub definition: Arc<Definition>,
    pub journal: Vec<Event>,
    execution: Execution,
    now: Timestamp,
    inputs: VecDeque<Input>,
    limits: Limits,
}

impl Play {
    /// Starts, and goes on until nothing more happens. `answer` is asked what each task comes to.
    pub(crate) fn run(definition: &str, input: &str, answer: impl Fn(&Call) -> Answer) -> Self {
        let definition = Arc::new(Definition::parse(definition).unwrap());
        let now = Timestamp::from_unix_millis(START_MILLIS);
        let input = Payload::parse(input).unwrap();
        let mut play = Self {
            definition,
            journal: Vec::new(),
            execution: Execution::default(),
            now,
            inputs: VecDeque::from([Input::Start { identity: identity(), input }]),
            limits: Limits::default(),
        };
        play.go_on(answer);
        play
    }

    pub(crate) fn redrive(&mut self, answer: impl Fn(&Call) -> Answer) {
        self.give(Input::Redrive, answer);
    }

    pub(crate) fn give(&mut self, input: Input, answer: impl Fn(&Call) -> Answer) {
        self.inputs.push_back(input);
        self.go_on(answer);
    }

    pub(crate) fn identity(&self) -> Arc<Identity> {
        match &self.journal[0].fact {
            Fact::ExecutionStarted { identity, .. } => Arc::clone(identity),
            other => unreachable!("an execution begins with its start: {other:?}"),
        }
    }

    fn go_on(&mut self, answer: impl Fn(&Call) -> Answer) {
        while let Some(input) = self.next_input() {
            for obligation in self.hand_over(input) {
                match obligation {
                    Obligation::RunTask(call) => {
                        let outcome = answer(&call.call);
                        let outcome = outcome.map(|output| Payload::parse(output).unwrap());
                        self.inputs.push_back(Input::TaskReported { task: call.task, outcome });
                    }
                    Obligation::OfferActivity { task, .. } => {
                        let worker = Some("worker-1".into());
                        self.inputs.push_back(Input::ActivityStarted { task, worker });
                    }
                    _ => {}
                }
            }
        }
    }

    fn next_input(&mut self) -> Option<Input> {
        if self.execution.wants_to_continue() {
            return Some(Input::Continue);
        }
        let input = self.inputs.pop_front();
        if input.is_some() {
            self.now = self.now.saturating_add(TASK);
            return input;
        }
        let wake_at = self.execution.wake_at()?;
        if wake_at.saturating_since(self.now) > PAUSE_MAX {
            return None;
        }
        self.now = wake_at;
        Some(Input::Wake)
    }

    fn hand_over(&mut self, input: Input) -> Vec<Obligation> {
        let env = Env { now: self.now, entropy: &mut Dice, limits: &self.limits };
        let Ok(batch) = self.execution.handle(&self.definition, input, env) else {
            return Vec::new();
        };
        let Ok(committed) = batch.commit(|events| {
            self.journal.extend_from_slice(events);
            Ok::<_, Infallible>(())
        });
        committed.obligations
    }
}

fn identity() -> Identity {
    let arn = |rest: &str| format!("arn:aws:states:eu-west-1:123456789012:{rest}").into();
    Identity {
        execution_arn: arn("execution:orders:run-1"),
        execution_name: "run-1".into(),
        state_machine_arn: arn("stateMachine:orders"),
        state_machine_name: "orders".into(),
        role_arn: "arn:aws:iam::123456789012:role/orders".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

struct Dice;

impl Entropy for Dice {
    fn next_u64(&mut self) -> u64 {
        7
    }
}

/// Two branches, of which one fails when `refuse` does, and a Map whose task is tried twice.
pub(crate) const BRANCHES: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Both",
  "States": {
    "Both": {
      "Type": "Parallel",
      "Branches": [
        {"StartAt": "Pack", "States": {"Pack": {
          "Type": "Task", "Resource": "pack", "End": true,
          "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3}]
        }}},
        {"StartAt": "Each", "States": {"Each": {
          "Type": "Map", "Items": [10, 20], "End": true,
          "ItemProcessor": {"StartAt": "Weigh", "States": {"Weigh": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "weigh", "Payload": "{% $states.input %}"},
            "End": true
          }}}
        }}}
      ],
      "Catch": [{"ErrorEquals": ["Broken"], "Next": "Sorry"}],
      "Next": "Done"
    },
    "Sorry": {"Type": "Fail", "Error": "Sorry", "Cause": "it broke"},
    "Done": {"Type": "Succeed"}
  }
}"#;

/// A task, a Wait and the end.
pub(crate) const LINE: &str = r#"{
  "StartAt": "Ask",
  "States": {
    "Ask": {"Type": "Task", "Resource": "ask", "Next": "Rest"},
    "Rest": {"Type": "Wait", "Seconds": 60, "Next": "End"},
    "End": {"Type": "Succeed"}
  }
}"#;
