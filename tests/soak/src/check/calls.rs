//! The calls that journals speak of, and the effects that the witness saw.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_asl::{Definition, Timestamp};
use stepwell_engine::Effect;
use stepwell_kernel::{Event, Fact, FrameId};
use stepwell_value::{Str, Value};

use super::is_witnessed;
use crate::workloads::INTERRUPTED;

#[derive(Debug, Default)]
pub(super) struct Calls {
    by_key: BTreeMap<String, Known>,
    /// Pieces of work that have succeeded: a state's of an execution, an item, or a child.
    succeeded: BTreeSet<String>,
}

#[derive(Debug)]
struct Known {
    effect: Effect,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Succeeded,
    Interrupted,
    Failed,
}

/// What the witness saw, compared with the journals.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub seen: u64,
    pub twice: u64,
    pub repeated: u64,
    pub interrupted_before: u64,
    pub interrupted_after: u64,
}

/// A call that a frame waits for.
struct Waiting {
    key: String,
    label: String,
    effect: Effect,
    since: Timestamp,
}

impl Calls {
    /// Takes in the journal of an execution, and gives what is wrong with it.
    pub(super) fn read(
        &mut self,
        arn: &str,
        definition: &Definition,
        events: &[Event],
        ends: &[Timestamp],
    ) -> Vec<String> {
        let mut waiting: BTreeMap<FrameId, Waiting> = BTreeMap::new();
        let mut states = BTreeMap::new();
        let mut wrong = Vec::new();
        for Event { at, fact } in events {
            match fact {
                Fact::StateEntered { frame, state, .. } => {
                    states.insert(*frame, Str::clone(&definition.state(*state).name));
                }
                Fact::TaskScheduled { frame, task, call } => {
                    waiting.remove(frame);
                    let Some(effect) = is_witnessed(&call.function) else { continue };
                    let key = format!("{arn}#{}", task.0);
                    let label = call.input.value().get("label").and_then(Value::as_str);
                    let state = states.get(frame).map_or("", |name| &**name);
                    let label = format!("{}/{state}", label.unwrap_or_default());
                    self.by_key.insert(key.clone(), Known { effect, end: None });
                    waiting.insert(*frame, Waiting { key, label, effect, since: *at });
                }
                Fact::TaskSucceeded { frame, .. } => {
                    let Some(call) = waiting.remove(frame) else { continue };
                    self.end(&call.key, End::Succeeded);
                    if !self.succeeded.insert(call.label.clone()) {
                        wrong.push(format!("the work `{}` has succeeded twice", call.label));
                    }
                }
                Fact::TaskFailed { frame, failure } => {
                    let Some(call) = waiting.remove(frame) else { continue };
                    let is_interrupted = failure.error.as_deref() == Some(INTERRUPTED);
                    self.end(
                        &call.key,
                        if is_interrupted { End::Interrupted } else { End::Failed },
                    );
                    let has_ended = ends.iter().any(|end| call.since <= *end && end <= at);
                    if is_interrupted && (call.effect != Effect::Once || !has_ended) {
                        wrong.push(format!("`{}` was interrupted for no reason", call.key));
                    }
                }
                _ => {}
            }
        }
        wrong
    }

    fn end(&mut self, key: &str, end: End) {
        if let Some(known) = self.by_key.get_mut(key) {
            known.end = Some(end);
        }
    }

    /// What was seen has to be what the journals say.
    pub(super) fn compare(
        &self,
        seen: &BTreeMap<String, u32>,
        forgetful: &BTreeSet<String>,
        wrong: &mut Vec<String>,
    ) -> Effects {
        let mut effects = Effects::default();
        for (key, count) in seen {
            effects.seen += u64::from(*count);
            let again = u64::from(*count - 1);
            let arn = key.rsplit_once('#').map_or(&**key, |(arn, _)| arn);
            let is_excused = forgetful.contains(arn);
            match self.by_key.get(key) {
                None if !is_excused => wrong.push(format!("`{key}` had an effect and no record")),
                None => {}
                Some(Known { effect: Effect::Once, .. }) => {
                    effects.twice += again;
                    if again > 0 && !is_excused {
                        wrong.push(format!("`{key}` had its effect {count} times"));
                    }
                }
                Some(_) => effects.repeated += again,
            }
        }
        for (key, Known { end, .. }) in &self.by_key {
            match (end, seen.contains_key(key)) {
                (Some(End::Succeeded), false) => {
                    wrong.push(format!("`{key}` has succeeded without its effect"));
                }
                (Some(End::Interrupted), false) => effects.interrupted_before += 1,
                (Some(End::Interrupted), true) => effects.interrupted_after += 1,
                _ => {}
            }
        }
        effects
    }
}
