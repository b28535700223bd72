//! What a state can see: its frame, the variables, and the context object `$$`.
//!
//! The context object is built only when an expression asks for it.

use std::cell::{OnceCell, RefCell};

use stepwell_asl::{State, Timestamp};
use stepwell_value::{Object, Str, Value};

use crate::execution::Running;
use crate::frame::{Activity, ChildKind, ForkKind, Frame, Phase, Visit};
use crate::{Entropy, Env, Failure, FrameId, Limits, error_name};

/// What a step may see of the world. Randomness is drawn through a shared reference, because
/// expressions draw while the execution is being looked at.
pub(crate) struct World<'a> {
    pub now: Timestamp,
    pub limits: &'a Limits,
    entropy: RefCell<&'a mut dyn Entropy>,
}

impl<'a> World<'a> {
    pub(crate) fn new(env: Env<'a>) -> Self {
        let Env { now, entropy, limits } = env;
        Self { now, limits, entropy: RefCell::new(entropy) }
    }

    pub(crate) fn draw(&self) -> u64 {
        self.entropy.draw()
    }
}

trait Draw {
    fn draw(&self) -> u64;
}

impl Draw for RefCell<&mut dyn Entropy> {
    fn draw(&self) -> u64 {
        self.borrow_mut().next_u64()
    }
}

/// A state in the eyes of its expressions.
pub(crate) struct Scope<'a> {
    pub running: &'a Running,
    pub frame: FrameId,
    pub visit: &'a Visit,
    pub state: &'a State,
    pub now: Timestamp,
    pub limits: &'a Limits,
    entropy: &'a dyn Draw,
    /// `$$.Task.Token`, where there is one.
    pub token: Option<Str>,
    /// `$$.Map.Item` of an iteration that is about to begin.
    pub item: Option<(u32, &'a Value)>,
    context: OnceCell<Value>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        running: &'a Running,
        frame: FrameId,
        visit: &'a Visit,
        state: &'a State,
        world: &'a World<'_>,
    ) -> Self {
        Self {
            running,
            frame,
            visit,
            state,
            now: world.now,
            limits: world.limits,
            entropy: &world.entropy,
            token: None,
            item: None,
            context: OnceCell::new(),
        }
    }

    pub(crate) fn with_token(self, token: Option<Str>) -> Self {
        Self { token, context: OnceCell::new(), ..self }
    }

    pub(crate) fn with_item(self, index: u32, value: &'a Value) -> Self {
        Self { item: Some((index, value)), context: OnceCell::new(), ..self }
    }

    pub(crate) fn draw(&self) -> u64 {
        self.entropy.draw()
    }

    /// The value of a variable: the frame's own, or that of the nearest frame around it.
    pub(crate) fn variable(&self, name: &str) -> Option<&'a Value> {
        let mut frame = self.running.frames.get(&self.frame)?;
        loop {
            if let Some(value) = frame.variables.get(name) {
                return Some(value);
            }
            frame = self.running.frames.get(&frame.parent?.frame)?;
        }
    }

    /// A failure of the state itself, in the service's words.
    pub(crate) fn failure(&self, error: &str, what: impl std::fmt::Display) -> Failure {
        let (name, event) = (&self.state.name, self.visit.entered_event);
        let cause = format!(
            "An error occurred while executing the state '{name}' (entered at the event id \
             #{event}). {what}"
        );
        Failure::new(error, cause)
    }

    pub(crate) fn runtime_failure(&self, what: impl std::fmt::Display) -> Failure {
        self.failure(error_name::RUNTIME, what)
    }

    pub(crate) fn too_deep(&self) -> Failure {
        self.runtime_failure("The state's data nests deeper than a document may.")
    }

    /// The context object.
    pub(crate) fn context(&self) -> &Value {
        self.context.get_or_init(|| {
            let mut context = Object::new();
            context.insert("Execution", self.execution());
            context.insert("StateMachine", self.state_machine());
            context.insert("State", self.state());
            if let Some(token) = &self.token {
                context
                    .insert("Task", [("Token", Str::clone(token))].into_iter().collect::<Object>());
            }
            if let Some((index, value)) = self.map_item() {
                let mut item = Object::new();
                item.insert("Index", index);
                item.insert("Value", value.clone());
                context.insert("Map", [("Item", item)].into_iter().collect::<Object>());
            }
            Value::Object(context)
        })
    }

    fn execution(&self) -> Object {
        let identity = &self.running.identity;
        let mut execution = Object::new();
        execution.insert("Id", Str::clone(&identity.execution_arn));
        execution.insert("Input", self.running.input.value().clone());
        execution.insert("StartTime", self.running.started_at.to_string());
        execution.insert("Name", Str::clone(&identity.execution_name));
        execution.insert("RoleArn", Str::clone(&identity.role_arn));
        execution.insert("RedriveCount", 0_u32);
        execution
    }

    fn state_machine(&self) -> Object {
        let identity = &self.running.identity;
        [("Id", &identity.state_machine_arn), ("Name", &identity.state_machine_name)]
            .into_iter()
            .map(|(name, text)| (name, Str::clone(text)))
            .collect()
    }

    fn state(&self) -> Object {
        let mut state = Object::new();
        state.insert("Name", Str::clone(&self.state.name));
        state.insert("EnteredTime", self.visit.entered_at.to_string());
        if matches!(
            self.state.kind,
            stepwell_asl::Kind::Task(_)
                | stepwell_asl::Kind::Parallel(_)
                | stepwell_asl::Kind::Map(_)
        ) {
            state.insert("RetryCount", self.visit.attempt);
        }
        state
    }

    /// The item of the innermost iteration around this state.
    fn map_item(&self) -> Option<(u32, &'a Value)> {
        if self.item.is_some() {
            return self.item;
        }
        let mut frame = self.running.frames.get(&self.frame)?;
        loop {
            let parent = frame.parent?;
            let outer = self.running.frames.get(&parent.frame)?;
            if parent.kind == ChildKind::Iteration {
                return Some((parent.index, map_items(outer)?.get(parent.index as usize)?));
            }
            frame = outer;
        }
    }
}

fn map_items(frame: &Frame) -> Option<&[Value]> {
    let Phase::Inside(Visit { activity: Activity::Fork(fork), .. }) = &frame.phase else {
        return None;
    };
    match &fork.kind {
        ForkKind::Map { items, .. } => items.value().as_array(),
        ForkKind::Parallel { .. } => None,
    }
}
