//! What a state can see: its frame, the variables, and the context object `$$`.
//!
//! The context object is built only when an expression asks for it.

use std::cell::{OnceCell, RefCell, RefMut};

use stepwell_asl::{Kind, State, Timestamp};
use stepwell_value::{Object, Payload, Str, Value};

use crate::execution::Running;
use crate::frame::{Activity, ChildKind, ForkKind, Frame, Phase, Visit};
use crate::inspect::Probe;
use crate::{Entropy, Env, Failure, FrameId, Inspection, Limits, Turn, Turns, Way, error_name};

/// What a step may see of the world. Randomness is drawn through a shared reference, because
/// expressions draw while the execution is being looked at.
pub(crate) struct World<'a> {
    pub now: Timestamp,
    pub limits: &'a Limits,
    entropy: RefCell<&'a mut dyn Entropy>,
    /// What looks on, if a state is tested.
    probe: Option<&'a Probe>,
    /// Where the ways are noted that states go, if somebody asks.
    turns: Option<&'a Turns>,
}

impl<'a> World<'a> {
    pub(crate) fn new(env: Env<'a>) -> Self {
        let Env { now, entropy, limits } = env;
        Self { now, limits, entropy: RefCell::new(entropy), probe: None, turns: None }
    }

    pub(crate) fn with_probe(self, probe: &'a Probe) -> Self {
        Self { probe: Some(probe), ..self }
    }

    pub(crate) fn with_turns(self, turns: &'a Turns) -> Self {
        Self { turns: Some(turns), ..self }
    }

    pub(crate) fn entropy(&self) -> RefMut<'_, &'a mut dyn Entropy> {
        self.entropy.borrow_mut()
    }

    /// The same world for another step, with its entropy lent.
    pub(crate) fn lend<'w>(&'w self, entropy: &'w mut dyn Entropy) -> World<'w> {
        let Self { now, limits, probe, turns, .. } = *self;
        World { now, limits, entropy: RefCell::new(entropy), probe, turns }
    }

    pub(crate) fn draw(&self) -> u64 {
        self.entropy.draw()
    }

    pub(crate) fn draw_uuid(&self) -> Str {
        self.entropy.draw_uuid()
    }
}

trait Draw {
    fn draw(&self) -> u64;

    /// A random UUID (RFC 9562, version 4).
    fn draw_uuid(&self) -> Str {
        let (high, low) = (self.draw(), self.draw());
        let (high, low) = (high & !0xf000 | 0x4000, low & !(0b11 << 62) | 1 << 63);
        let digits = format!("{high:016x}{low:016x}");
        let mut uuid = String::with_capacity(36);
        for (position, digit) in digits.char_indices() {
            if [8, 12, 16, 20].contains(&position) {
                uuid.push('-');
            }
            uuid.push(digit);
        }
        uuid.into()
    }
}

impl Draw for RefCell<&mut dyn Entropy> {
    fn draw(&self) -> u64 {
        self.borrow_mut().next_u64()
    }
}

/// Where variables and the context object come from.
#[derive(Clone, Copy)]
enum Surroundings<'a> {
    /// The frame that is in the state, and those around it.
    Live { running: &'a Running, frame: FrameId },
    /// What a state saw when it started a map run.
    Kept { variables: &'a Value, context: &'a Value },
}

/// A state in the eyes of its expressions.
pub(crate) struct Scope<'a> {
    surroundings: Surroundings<'a>,
    pub visit: &'a Visit,
    pub state: &'a State,
    pub now: Timestamp,
    pub limits: &'a Limits,
    entropy: &'a dyn Draw,
    /// `$$.Task.Token`, where there is one.
    pub token: Option<Str>,
    /// `$$.Map.Item` of an iteration that is about to begin.
    pub item: Option<(u32, &'a Value)>,
    probe: Option<&'a Probe>,
    turns: Option<&'a Turns>,
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
        Self::within(Surroundings::Live { running, frame }, visit, state, world)
    }

    /// A state whose variables and context object were kept.
    pub(crate) fn kept(
        variables: &'a Value,
        context: &'a Value,
        visit: &'a Visit,
        state: &'a State,
        world: &'a World<'_>,
    ) -> Self {
        Self::within(Surroundings::Kept { variables, context }, visit, state, world)
    }

    fn within(
        surroundings: Surroundings<'a>,
        visit: &'a Visit,
        state: &'a State,
        world: &'a World<'_>,
    ) -> Self {
        Self {
            surroundings,
            visit,
            state,
            now: world.now,
            limits: world.limits,
            entropy: &world.entropy,
            token: None,
            item: None,
            probe: world.probe,
            turns: world.turns,
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

    /// Shows a value on its way to whoever looks on.
    pub(crate) fn note(&self, note: impl FnOnce(&mut Inspection)) {
        if let Some(probe) = self.probe {
            probe.note(note);
        }
    }

    /// Tells whoever asks which way the state goes.
    pub(crate) fn note_way(&self, way: Way) {
        if let Some(turns) = self.turns {
            turns.note(Turn { state: self.visit.state, way });
        }
    }

    pub(crate) fn draw_uuid(&self) -> Str {
        self.entropy.draw_uuid()
    }

    /// The value of a variable: the frame's own, or that of the nearest frame around it.
    pub(crate) fn variable(&self, name: &str) -> Option<&'a Value> {
        match self.surroundings {
            Surroundings::Live { running, frame } => {
                let mut frames = running.outwards(frame);
                frames.find_map(|frame| frame.variables.get(name))
            }
            Surroundings::Kept { variables, .. } => variables.get(name),
        }
    }

    /// What all variables of the execution take as text once these are set. Each is counted by its
    /// value alone.
    pub(crate) fn variables_bytes_with(&self, assigned: &Payload) -> usize {
        match self.surroundings {
            Surroundings::Live { running, frame } => {
                let own = &running.frames[&frame];
                running.variables_bytes - own.variables_bytes + own.variables_bytes_with(assigned)
            }
            Surroundings::Kept { .. } => 0,
        }
    }

    /// All variables that are seen.
    pub(crate) fn variables(&self) -> Object {
        let Surroundings::Live { running, frame } = self.surroundings else {
            return Object::new();
        };
        let mut frames: Vec<_> = running.outwards(frame).collect();
        frames.reverse();
        let variables = frames.into_iter().flat_map(|frame| frame.variables.iter());
        variables.map(|(name, value)| (Str::clone(name), value.clone())).collect()
    }

    /// A failure of the state itself, in the service's words.
    pub(crate) fn failure(&self, error: &str, what: impl std::fmt::Display) -> Failure {
        if self.probe.is_some() {
            // A state that is tested stands alone: no history, and no name that would help.
            return Failure::new(error, what.to_string());
        }
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
            let mut context = match self.surroundings {
                Surroundings::Live { running, .. } => match self.probe.and_then(Probe::context) {
                    Some(given) => given.as_object().cloned().unwrap_or_default(),
                    None => self.live_context(running),
                },
                Surroundings::Kept { context, .. } => {
                    context.as_object().cloned().unwrap_or_default()
                }
            };
            if let Some(token) = &self.token
                && !context.contains_key("Task")
            {
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

    fn live_context(&self, running: &Running) -> Object {
        let mut context = Object::new();
        context.insert("Execution", running.execution_context());
        context.insert("StateMachine", running.state_machine_context());
        context.insert("State", self.state_context());
        context
    }

    fn state_context(&self) -> Object {
        let mut state = Object::new();
        state.insert("Name", Str::clone(&self.state.name));
        state.insert("EnteredTime", self.visit.entered_at.to_string());
        if matches!(self.state.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_)) {
            state.insert("RetryCount", self.visit.attempt);
        }
        state
    }

    /// The item of the innermost iteration around this state.
    fn map_item(&self) -> Option<(u32, &'a Value)> {
        if self.item.is_some() {
            return self.item;
        }
        let Surroundings::Live { running, frame } = self.surroundings else { return None };
        let mut frame = running.frames.get(&frame)?;
        loop {
            let parent = frame.parent?;
            let outer = running.frames.get(&parent.frame)?;
            if parent.kind == ChildKind::Iteration {
                return Some((parent.index, map_items(outer)?.get(parent.index as usize)?));
            }
            frame = outer;
        }
    }
}

impl Running {
    /// A frame and those around it, from the inside out.
    fn outwards(&self, frame: FrameId) -> impl Iterator<Item = &Frame> {
        std::iter::successors(self.frames.get(&frame), |frame| {
            self.frames.get(&frame.parent?.frame)
        })
    }

    fn execution_context(&self) -> Object {
        let identity = &self.identity;
        let mut execution = Object::new();
        execution.insert("Id", Str::clone(&identity.execution_arn));
        execution.insert("Input", self.input.value().clone());
        execution.insert("StartTime", self.started_at.to_string());
        execution.insert("Name", Str::clone(&identity.execution_name));
        execution.insert("RoleArn", Str::clone(&identity.role_arn));
        // Express executions cannot be redriven.
        if !identity.execution_arn.contains(":express:") {
            execution.insert("RedriveCount", self.redrives.count);
        }
        if let Some(at) = self.redrives.last_at {
            execution.insert("RedriveTime", at.to_string());
        }
        execution
    }

    fn state_machine_context(&self) -> Object {
        let identity = &self.identity;
        [("Id", &identity.state_machine_arn), ("Name", &identity.state_machine_name)]
            .into_iter()
            .map(|(name, text)| (name, Str::clone(text)))
            .collect()
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
