//! Parallel and Map states: beginning, filling free slots, and gathering results.

use stepwell_asl::{Items, Map, MapMode, Number, Parallel, QueryLanguage, Template};
use stepwell_jsonpath::Path;
use stepwell_value::{Payload, TooDeep, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Fact, FrameId};
use crate::fault::Fault;
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
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    pub(super) fn begin_map(&mut self, frame: FrameId, map: &Map) {
        if let MapMode::Distributed(mode) = &map.mode {
            return self.begin_distributed(frame, map, mode);
        }
        match self.map_started(frame, map) {
            Ok(fact) => self.emit(fact),
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    pub(super) fn map_started(&self, frame: FrameId, map: &Map) -> Result<Fact, Fault> {
        let scope = self.scope(frame);
        let input = flow::enter(&scope)?;
        let (items, length) = items(&scope, &input, map)?;
        let most = self.world.limits.map_concurrency_max;
        let concurrency = concurrency(&scope, &input, map, most)?;
        Ok(Fact::MapStarted { frame, items, length, concurrency, input })
    }

    /// Starts the next child, for which there is a free slot.
    pub(super) fn start_child(&mut self, frame: FrameId, index: u32) {
        match self.child_input(frame, index) {
            Ok(input) => {
                let child = FrameId(self.running().next_frame);
                self.emit(Fact::ChildStarted { frame: child, parent: frame, index, input });
            }
            Err(fault) => {
                self.abort_children(frame, None);
                self.fail_state(frame, fault);
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

    pub(super) fn child_input(&self, frame: FrameId, index: u32) -> Result<Payload, Fault> {
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
                View::new(&self.scope(frame).with_item(index, item), input).fill(template)
            }
        }
    }
}

/// The items of a Map and how many they are.
pub(super) fn items(
    scope: &Scope<'_>,
    input: &Payload,
    map: &Map,
) -> Result<(Payload, u32), Fault> {
    let view = View::new(scope, input);
    let items = match &map.items {
        None => input.clone(),
        Some(Items::Path(path)) => Payload::from(view.find(path)?),
        Some(Items::Template(template)) => view.fill(template)?,
    };
    if let Value::Array(elements) = items.value() {
        scope.note(|seen| seen.after_items_path = Some(items.clone()));
        let length = count(elements.len());
        return Ok((items, length));
    }
    Err(match &map.items {
        Some(Items::Template(Template::Jsonata { expression, field })) => {
            view.wrong_type(expression, field, "array", items.value())
        }
        None if scope.state.flow.query_language() == QueryLanguage::Jsonata => {
            let what = format!("Map state input must be an array but was: {items}");
            scope.evaluation_fault(None, what)
        }
        Some(Items::Template(_)) => {
            view.fault_of("Items", format!("Map state items must be an array but was: {items}"))
        }
        None => not_an_array(scope, "$"),
        Some(Items::Path(path)) => not_an_array(scope, &path.to_string()),
    })
}

fn not_an_array(scope: &Scope<'_>, path: &str) -> Fault {
    // The service shows a path into the context object as if it led into the input.
    let path = path.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(path);
    scope.runtime_failure(format_args!("Reference path \"{path}\" must point to array.")).into()
}

/// How many iterations may run at once; the author's 0 leaves it to us.
pub(super) fn concurrency(
    scope: &Scope<'_>,
    input: &Payload,
    map: &Map,
    most: u32,
) -> Result<u32, Fault> {
    let view = View::new(scope, input);
    let wanted = match &map.max_concurrency {
        Number::Literal(wanted) => *wanted,
        Number::Jsonata(expression) => {
            let whole = |value: &Value| value.as_int().and_then(|n| u64::try_from(n).ok());
            view.jsonata_as(expression, "MaxConcurrency", "number", whole)?
        }
        Number::Path(path) => concurrency_at(scope, &view, path)?,
    };
    scope.note(|seen| seen.max_concurrency = Some(wanted));
    Ok(match u32::try_from(wanted) {
        Ok(0) | Err(_) => most,
        Ok(wanted) => wanted.min(most),
    })
}

fn concurrency_at(scope: &Scope<'_>, view: &View<'_>, path: &Path) -> Result<u64, Failure> {
    let value = view.find(path)?;
    let Some(wanted) = value.as_int() else {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Err(scope.runtime_failure(format_args!(
            "The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid \
             integer: {path}"
        )));
    };
    u64::try_from(wanted)
        .map_err(|_negative| scope.runtime_failure("MaxConcurrency cannot be negative."))
}

/// Children are elements of a document or branches of a definition, both limited in size.
fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a document has fewer elements than bytes")
}
