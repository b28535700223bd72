//! What is executed, and what has to come of it.
//!
//! Every execution is given `{"label": NAME, "salt": TEXT, "value": N, "until": TIME, "items": [...]}`. Its tasks
//! add one to the value and keep the label, so what comes out can be told from what went in.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use stepwell_asl::Timestamp;
use stepwell_engine::{Effect, Program};
use stepwell_kernel::Outcome;
use stepwell_value::{Payload, Value};

use crate::names;

mod definitions;

pub(crate) use definitions::ITEMS;

pub(crate) struct Workload {
    pub name: &'static str,
    pub definition: fn() -> String,
    pub check: fn(&Ended<'_>) -> bool,
}

/// An execution that has ended, for its check.
pub(crate) struct Ended<'a> {
    pub name: &'a str,
    /// What it began with.
    pub value: i64,
    pub outcome: &'a Outcome,
}

pub(crate) const ALL: &[Workload] = &[
    Workload { name: "pure", definition: definitions::pure, check: |end| end.gives(5) },
    Workload { name: "loop", definition: definitions::expressions, check: |end| end.counted() },
    Workload { name: "once", definition: definitions::once, check: |end| end.once() },
    Workload { name: "caught", definition: definitions::caught, check: |end| end.caught() },
    Workload { name: "retried", definition: definitions::retried, check: |end| end.gives(2) },
    Workload { name: "mixed", definition: definitions::mixed, check: |end| end.gives(5) },
    Workload { name: "repeated", definition: definitions::repeated, check: |end| end.gives(3) },
    Workload { name: "parallel", definition: definitions::parallel, check: |end| end.each(3) },
    Workload { name: "callback", definition: definitions::callback, check: |end| end.answered() },
    Workload { name: "activity", definition: definitions::activity, check: |end| end.answered() },
    Workload { name: "parent", definition: definitions::parent, check: |end| end.gives(2) },
    Workload {
        name: "spawning",
        definition: definitions::spawning,
        check: |end| end.has_spawned(),
    },
    Workload { name: "run", definition: definitions::map_run, check: |end| end.each(ITEMS) },
    Workload { name: "map", definition: definitions::map, check: |end| end.each(ITEMS) },
    Workload { name: "wait", definition: definitions::wait, check: |end| end.gives(1) },
    Workload { name: "flaky", definition: definitions::flaky, check: |end| end.gives(1) },
    Workload { name: "redriven", definition: definitions::redriven, check: |end| end.gives(2) },
    Workload { name: "stopped", definition: definitions::stopped, check: |end| end.was_stopped() },
];

/// A machine that others start executions of, and nobody else.
pub(crate) const CHILD: Workload =
    Workload { name: "child", definition: definitions::retried, check: |end| end.gives(2) };

/// An execution that waits for a token that nobody reports before it is told to.
pub(crate) const KEPT_WAITING: &str = "callback";

impl Workload {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        const OTHER: &[Workload] = &[CHILD];
        ALL.iter().chain(OTHER).find(|workload| workload.name == name)
    }

    pub(crate) fn program(&self) -> Program {
        let parsed = Program::parse((self.definition)());
        parsed.unwrap_or_else(|wrong| panic!("the workload `{}` is wrong: {wrong:?}", self.name))
    }
}

/// What an execution of that name is given.
pub(crate) fn input(name: &str, now: Timestamp) -> Payload {
    let value = names::value(name).unwrap_or_default();
    let until = now.saturating_add(Duration::from_millis(value.unsigned_abs() % 700));
    let items: Vec<String> = (0..ITEMS)
        .map(|nth| format!(r#"{{"label":"{name}/item-{nth}","value":{value}}}"#))
        .collect();
    let items = items.join(",");
    let salt = salt(name);
    let text = format!(
        r#"{{"label":"{name}","salt":"{salt}","value":{value},"until":"{until}","items":[{items}]}}"#
    );
    Payload::parse(text).unwrap_or_else(|wrong| panic!("the input is wrong: {wrong}"))
}

/// A text that only the input of that execution has.
pub(crate) fn salt(name: &str) -> String {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What the tasks of a name do to the world.
pub(crate) fn effect(function: &str) -> Effect {
    match function {
        "add" => Effect::None,
        "repeat" | "flaky" | "hand-out" | "hang" => Effect::Repeatable,
        _ => Effect::Once,
    }
}

pub(crate) const INTERRUPTED: &str = "Task.Interrupted";

impl Ended<'_> {
    fn output(&self) -> Option<&Value> {
        match self.outcome {
            Outcome::Succeeded { output } => Some(output.value()),
            _ => None,
        }
    }

    fn error(&self) -> Option<&str> {
        match self.outcome {
            Outcome::Failed { failure } | Outcome::Aborted { failure } => failure.error.as_deref(),
            _ => None,
        }
    }

    fn gives(&self, more: i64) -> bool {
        self.output().and_then(value) == Some(self.value + more)
    }

    fn counted(&self) -> bool {
        self.output().and_then(Value::as_int) == Some(self.value + 10)
    }

    fn once(&self) -> bool {
        self.gives(3)
            || matches!(self.outcome, Outcome::Failed { .. }) && self.error() == Some(INTERRUPTED)
    }

    fn caught(&self) -> bool {
        let error = self.output().and_then(|output| output.get("caught")?.get("Error")?.as_str());
        self.gives(if error == Some(INTERRUPTED) { 1 } else { 2 })
    }

    /// A list, each of it one more than the execution began with.
    fn each(&self, count: usize) -> bool {
        let results = self.output().and_then(Value::as_array);
        results.is_some_and(|results| {
            let is_right = |result| value(result) == Some(self.value + 1);
            results.len() == count && results.iter().all(is_right)
        })
    }

    fn answered(&self) -> bool {
        self.output().and_then(Value::as_str) == Some("yes")
    }

    fn has_spawned(&self) -> bool {
        let arn = self.output().and_then(|output| output.get("ExecutionArn")?.as_str());
        arn == Some(&names::execution_arn(&format!("child.{}", self.name)))
    }

    fn was_stopped(&self) -> bool {
        matches!(self.outcome, Outcome::Aborted { .. }) && self.error() == Some("Enough")
    }
}

fn value(output: &Value) -> Option<i64> {
    output.get("value")?.as_int()
}
