//! Parallel and Map states: beginning, filling free slots, and gathering results.

use stepwell_asl::{Map, Number, Parallel};
use stepwell_value::{Payload, TooDeep, Value};

use crate::context::Scope;
use crate::event::{Fact, FrameId};
use crate::frame::{Activity, Fork, ForkKind};
use crate::{Failure, flow};

use super::Step;

impl Step<'_> {
    pub(super) fn begin_parallel(&mut self, frame: FrameId, parallel: &Parallel) {
        match flow::enter(&self.scope(frame)) {
            Ok(input) => {
                let branches = count(parallel.branches.len());
                self.emit(Fact::ParallelStarted { frame, branches, input });
            }
            Err(failure) => self.emit(Fact::StateFailed { frame, failure }),
        }
    }

    pub(super) fn begin_map(&mut self, frame: FrameId, map: &Map) {
        let scope = self.scope(frame);
        let most = self.env.limits.map_concurrency_max;
        let begun = flow::enter(&scope).and_then(|input| {
            let (items, length) = items(&scope, &input, map)?;
            let concurrency = concurrency(&scope, &input, map, most)?;
            Ok(Fact::MapStarted { frame, items, length, concurrency, input })
        });
        self.emit(begun.unwrap_or_else(|failure| Fact::StateFailed { frame, failure }));
    }

    /// Starts the next child, for which there is a free slot.
    pub(super) fn start_child(&mut self, frame: FrameId, index: u32) {
        match self.child_input(frame, index) {
            Ok(input) => {
                let child = FrameId(self.running().next_frame);
                self.emit(Fact::ChildStarted { frame: child, parent: frame, index, input });
            }
            Err(failure) => {
                self.abort_children(frame, None);
                self.emit(Fact::StateFailed { frame, failure });
            }
        }
    }

    /// Joins the results of children that have all succeeded.
    pub(super) fn gather(&mut self, frame: FrameId) {
        let results = self.fork(frame).results.iter();
        let results = results.map(|result| result.as_ref().expect("every child has succeeded"));
        let fact = match Payload::array(results) {
            Ok(output) => Fact::ForkSucceeded { frame, output },
            Err(TooDeep) => Fact::StateFailed { frame, failure: self.scope(frame).too_deep() },
        };
        self.emit(fact);
    }

    fn fork(&self, frame: FrameId) -> &Fork {
        match &self.visit(frame).activity {
            Activity::Fork(fork) => fork,
            activity => unreachable!("the state has children, not {activity:?}"),
        }
    }

    fn child_input(&self, frame: FrameId, index: u32) -> Result<Payload, Failure> {
        let (items, input) = match &self.fork(frame).kind {
            ForkKind::Parallel { input } => return Ok(input.clone()),
            ForkKind::Map { items, input } => (items, input),
        };
        let items = items.value().as_array().expect("a Map iterates over an array");
        let item = &items[index as usize];
        let stepwell_asl::Kind::Map(map) = &self.state(frame).kind else {
            unreachable!("a Map's fork belongs to a Map state")
        };
        match &map.item_selector {
            None => Ok(Payload::from(item.clone())),
            Some(template) => {
                flow::fill(&self.scope(frame).with_item(index, item), template, input)
            }
        }
    }
}

fn items(scope: &Scope<'_>, input: &Payload, map: &Map) -> Result<(Payload, u32), Failure> {
    let items = match &map.items {
        None => input.clone(),
        Some(path) => Payload::from(flow::find(scope, path, input)?),
    };
    match items.value() {
        Value::Array(elements) => {
            let length = count(elements.len());
            Ok((items, length))
        }
        other => {
            let path = map.items.as_ref().map_or_else(|| "$".into(), ToString::to_string);
            Err(scope.runtime_failure(format_args!(
                "Reference path \"{path}\" must point to array, got {}.",
                other.kind()
            )))
        }
    }
}

/// How many iterations may run at once; the author's 0 leaves it to us.
fn concurrency(scope: &Scope<'_>, input: &Payload, map: &Map, most: u32) -> Result<u32, Failure> {
    let wanted = match &map.max_concurrency {
        Number::Literal(wanted) => *wanted,
        Number::Path(path) => {
            let value = flow::find(scope, path, input)?;
            let Some(wanted) = value.as_int() else {
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                return Err(scope.runtime_failure(format_args!(
                    "The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid \
                     integer: {path}"
                )));
            };
            u64::try_from(wanted)
                .map_err(|_negative| scope.runtime_failure("MaxConcurrency cannot be negative."))?
        }
    };
    Ok(match u32::try_from(wanted) {
        Ok(0) | Err(_) => most,
        Ok(wanted) => wanted.min(most),
    })
}

/// Children are elements of a document or branches of a definition, both limited in size.
fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a document has fewer elements than bytes")
}
