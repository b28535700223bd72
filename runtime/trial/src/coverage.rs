//! How much of a workflow its cases have gone through.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use stepwell_asl::{Definition, Kind, State, StateIdx};
use stepwell_kernel::{Turn, Way};
use stepwell_value::{Object, Str, Value};

use crate::rehearsal::Record;

/// What there is to go through in one workflow, and how often it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// In the order in which the workflow has them.
    pub features: Vec<Feature>,
}

/// One part of a workflow that a case can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    pub state: Str,
    pub part: Part,
    pub hits: u64,
}

/// Which part of a state. Rules, retriers and catchers are counted from 0, as in findings of a
/// definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The state as a whole: it was entered.
    State,
    Rule(usize),
    Default,
    Retrier(usize),
    Catcher(usize),
}

/// The kinds of parts, as they are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    States,
    /// Rules and `Default` of Choice states.
    Choices,
    Retriers,
    Catchers,
}

/// How many parts there are, and how many were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub reached: usize,
    pub total: usize,
}

impl Kinds {
    pub const ALL: [Self; 4] = [Self::States, Self::Choices, Self::Retriers, Self::Catchers];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::States => "states",
            Self::Choices => "choices",
            Self::Retriers => "retriers",
            Self::Catchers => "catchers",
        }
    }
}

impl Part {
    pub fn kind(self) -> Kinds {
        match self {
            Self::State => Kinds::States,
            Self::Rule(_) | Self::Default => Kinds::Choices,
            Self::Retrier(_) => Kinds::Retriers,
            Self::Catcher(_) => Kinds::Catchers,
        }
    }
}

/// As a place in the definition: `Charge/Catch[0]`.
impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.state)?;
        match self.part {
            Part::State => Ok(()),
            Part::Rule(nth) => write!(f, "/Choices[{nth}]"),
            Part::Default => f.write_str("/Default"),
            Part::Retrier(nth) => write!(f, "/Retry[{nth}]"),
            Part::Catcher(nth) => write!(f, "/Catch[{nth}]"),
        }
    }
}

impl Share {
    pub fn is_full(self) -> bool {
        self.reached == self.total
    }
}

impl Coverage {
    pub fn share(&self, kind: Kinds) -> Share {
        self.features.iter().filter(|feature| feature.part.kind() == kind).fold(
            Share::default(),
            |share, feature| Share {
                reached: share.reached + usize::from(feature.hits > 0),
                total: share.total + 1,
            },
        )
    }

    /// What no case has reached. What a state that was never entered has is not listed again.
    pub fn missed(&self) -> impl Iterator<Item = &Feature> {
        let missed = self.features.iter().filter(|feature| feature.hits == 0);
        let is_state = |feature: &&Feature| feature.part == Part::State;
        let states = missed.clone().filter(is_state).map(|feature| &*feature.state);
        let states: BTreeSet<&str> = states.collect();
        missed
            .filter(move |feature| feature.part == Part::State || !states.contains(&*feature.state))
    }

    /// For programs: the shares, and each part with how often it was reached.
    pub fn to_json(&self) -> Value {
        let shares = Kinds::ALL.map(|kind| (kind.as_str(), self.share(kind).to_json()));
        let parts = self.features.iter().map(|feature| (feature.to_string(), feature.hits_json()));
        let mut object: Object = shares.into_iter().collect();
        object.insert("hits", parts.collect::<Object>());
        Value::from(object)
    }
}

impl Share {
    pub(crate) fn to_json(self) -> Value {
        let number = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let members = [("reached", number(self.reached)), ("total", number(self.total))];
        Value::from(members.into_iter().collect::<Object>())
    }
}

impl Feature {
    fn hits_json(&self) -> Value {
        Value::Int(i64::try_from(self.hits).unwrap_or(i64::MAX))
    }
}

/// Counts what the cases of one workflow reach.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    hits: BTreeMap<(StateIdx, Part), u64>,
}

impl Counter {
    pub(crate) fn add(&mut self, record: &Record) {
        for state in &record.path {
            *self.hits.entry((*state, Part::State)).or_default() += 1;
        }
        for Turn { state, way } in &record.turns {
            let part = match *way {
                Way::Rule(nth) => Part::Rule(nth),
                Way::Default => Part::Default,
                Way::Catcher(nth) => Part::Catcher(nth),
                Way::Retrier(nth) => Part::Retrier(nth),
            };
            *self.hits.entry((*state, part)).or_default() += 1;
        }
    }

    pub(crate) fn coverage(&self, definition: &Definition) -> Coverage {
        let features = definition.states().flat_map(|(idx, state)| {
            parts(state).into_iter().map(move |part| Feature {
                state: Str::clone(&state.name),
                part,
                hits: self.hits.get(&(idx, part)).copied().unwrap_or(0),
            })
        });
        Coverage { features: features.collect() }
    }
}

/// What there is to reach in a state.
fn parts(state: &State) -> Vec<Part> {
    let mut parts = vec![Part::State];
    let recovery = match &state.kind {
        Kind::Choice(choice) => {
            parts.extend((0..choice.rules.len()).map(Part::Rule));
            parts.extend(choice.default.map(|_| Part::Default));
            return parts;
        }
        Kind::Task(task) => &task.recovery,
        Kind::Parallel(parallel) => &parallel.recovery,
        Kind::Map(map) => &map.recovery,
        Kind::Pass(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_) => return parts,
    };
    parts.extend((0..recovery.retry.len()).map(Part::Retrier));
    parts.extend((0..recovery.catch.len()).map(Part::Catcher));
    parts
}
