//! Map states in distributed mode: what their run is asked for, and what it gives.

use std::sync::Arc;

use stepwell_asl::{Distributed, ItemBatcher, ItemReader, Map, Number, Percentage};
use stepwell_value::{Object, Payload, Str, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Fact, FrameId, TaskId};
use crate::execution::Outcome;
use crate::fault::Fault;
use crate::frame::Activity;
use crate::map_run::{Batching, ItemsFrom, MapRunCall, Tolerance};
use crate::{Failure, Stale, error_name, flow};

use super::Step;
use super::fork;

/// What is known of a Map state's items before the run begins.
struct Items {
    input: Payload,
    given: Option<Payload>,
    length: u32,
    concurrency: u32,
}

impl Step<'_> {
    pub(super) fn begin_distributed(&mut self, frame: FrameId, map: &Map, mode: &Distributed) {
        let items = match known_items(&self.scope(frame), map, mode) {
            Ok(items) => items,
            Err(fault) => return self.fail_state(frame, fault),
        };
        self.emit(Fact::DistributedMapStarted { frame, length: items.length });
        let arn = self.map_run_arn(mode);
        let (run, unreadable) = match call(&self.scope(frame), mode, items, arn) {
            Ok(call) => call,
            Err(fault) => return self.fail_state(frame, fault),
        };
        let task = TaskId(self.running().next_task);
        self.emit(Fact::MapRunStarted { frame, task, run: Arc::new(run) });
        if let Some(failure) = unreadable {
            self.emit(Fact::MapRunFailed { frame, failure });
        }
    }

    pub(super) fn child_ended(&mut self, task: TaskId, outcome: Outcome) -> Result<(), Stale> {
        let frame = *self.running().tasks.get(&task).ok_or(Stale)?;
        let Activity::MapRun { .. } = &self.visit(frame).activity else {
            return self.execution_ended(task, outcome);
        };
        let fact = match outcome {
            Outcome::Succeeded { output } => Fact::MapRunSucceeded { frame, output },
            Outcome::Failed { failure }
            | Outcome::TimedOut { failure }
            | Outcome::Aborted { failure } => Fact::MapRunFailed { frame, failure },
        };
        self.emit(fact);
        Ok(())
    }

    /// `…:mapRun:MACHINE/LABEL:ID`
    fn map_run_arn(&self, mode: &Distributed) -> Str {
        let label = mode.label.as_ref().map_or_else(|| self.world.draw_uuid(), Str::clone);
        let id = self.world.draw_uuid();
        let machine = &self.running().identity.state_machine_arn;
        format!("{}/{label}:{id}", machine.replacen(":stateMachine:", ":mapRun:", 1)).into()
    }
}

fn known_items(scope: &Scope<'_>, map: &Map, mode: &Distributed) -> Result<Items, Fault> {
    let input = flow::enter(scope)?;
    let (given, length) = match &mode.reader {
        Some(_) => (None, 0),
        None => {
            let (items, length) = fork::items(scope, &input, map)?;
            (Some(items), length)
        }
    };
    let most = scope.limits.distributed_map_concurrency_max;
    let concurrency = fork::concurrency(scope, &input, map, most)?;
    Ok(Items { input, given, length, concurrency })
}

/// The call, and why nothing can be read if that is known already.
fn call(
    scope: &Scope<'_>,
    mode: &Distributed,
    items: Items,
    map_run_arn: Str,
) -> Result<(MapRunCall, Option<Failure>), Fault> {
    let view = View::new(scope, &items.input);
    let tolerance = tolerance(&view, mode)?;
    let (from, unreadable) = match (&mode.reader, items.given) {
        (Some(reader), _) => read_from(&view, reader)?,
        (None, given) => (ItemsFrom::Input(given.unwrap_or_else(empty_object)), None),
    };
    let batching = mode.batcher.as_ref().map(|batcher| batching(&view, batcher)).transpose()?;
    let writer = mode.writer.as_ref().and_then(|writer| writer.arguments.as_ref());
    let writer = writer.map(|arguments| view.fill(arguments)).transpose()?;
    let call = MapRunCall {
        map_run_arn,
        state: scope.visit.state,
        raw_input: scope.visit.input.clone(),
        entered_at: scope.visit.entered_at,
        entered_event: scope.visit.entered_event,
        context: Payload::from(scope.context().clone()),
        variables: Payload::from(Value::Object(scope.variables())),
        items: from,
        max_concurrency: items.concurrency,
        tolerance,
        batching,
        writer,
        input: items.input.clone(),
    };
    Ok((call, unreadable))
}

fn read_from(view: &View<'_>, reader: &ItemReader) -> Result<(ItemsFrom, Option<Failure>), Fault> {
    let arguments = match &reader.arguments {
        Some(template) => view.fill(template)?,
        None => empty_object(),
    };
    let max_items = match &reader.max_items {
        Some(number) => Some(whole_number(view, number, "MaxItems")?),
        None => None,
    };
    let unreadable = max_items.filter(|most| *most < 0).map(|_negative| {
        Failure::new(error_name::ITEM_READER_FAILED, "field MaxItems must be positive")
    });
    if unreadable.is_some() {
        // It says that there never was a run, so that none is redriven.
        return Ok((ItemsFrom::Input(Payload::from(Value::Null)), unreadable));
    }
    let max_items = max_items.and_then(|most| u64::try_from(most).ok());
    Ok((ItemsFrom::Reader { arguments, max_items }, unreadable))
}

fn batching(view: &View<'_>, batcher: &ItemBatcher) -> Result<Batching, Fault> {
    let positive = |number: &Option<Number>, name: &str| match number {
        None => Ok(None),
        Some(number) => match u64::try_from(whole_number(view, number, name)?) {
            Ok(most) if most > 0 => Ok(Some(most)),
            _ => Err(Fault::from(
                view.scope().runtime_failure(format_args!("{name} must be positive.")),
            )),
        },
    };
    Ok(Batching {
        items_max: positive(&batcher.max_items_per_batch, "MaxItemsPerBatch")?,
        bytes_max: positive(&batcher.max_input_bytes_per_batch, "MaxInputBytesPerBatch")?,
        batch_input: batcher.batch_input.as_ref().map(|input| view.fill(input)).transpose()?,
    })
}

fn tolerance(view: &View<'_>, mode: &Distributed) -> Result<Tolerance, Fault> {
    let refuse = |what: &str| Err(Fault::from(view.scope().runtime_failure(what)));
    let name = "ToleratedFailureCount";
    let count = match &mode.tolerated_failure_count {
        None => None,
        Some(number) => match u32::try_from(whole_number(view, number, name)?) {
            Ok(count) => Some(count),
            Err(_) => return refuse("ToleratedFailureCount cannot be negative."),
        },
    };
    let percentage = match &mode.tolerated_failure_percentage {
        None => None,
        Some(percentage) => Some(percentage_of(view, percentage)?),
    };
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return refuse("ToleratedFailurePercentage must be between 0 and 100.");
    }
    view.scope().note(|seen| {
        seen.tolerated_failure_count = count;
        seen.tolerated_failure_percentage = percentage;
    });
    Ok(Tolerance { count, percentage })
}

fn percentage_of(view: &View<'_>, percentage: &Percentage) -> Result<f64, Fault> {
    let name = "ToleratedFailurePercentage";
    let path = match percentage {
        Percentage::Literal(percentage) => return Ok(*percentage),
        Percentage::Jsonata(expression) => {
            return view.jsonata_as(expression, name, "number", Value::as_f64);
        }
        Percentage::Path(path) => path,
    };
    let value = view.find(path)?;
    let text = plain(&value);
    text.parse().map_err(|_not_a_number| {
        let what = format!(
            "The {name}Path field refers to value \"{text}\" which is not a valid float: {path}"
        );
        view.scope().runtime_failure(what).into()
    })
}

/// A whole number that is written down or computed; texts are read as numbers, as the service does.
fn whole_number(view: &View<'_>, number: &Number, name: &str) -> Result<i64, Fault> {
    let path = match number {
        Number::Literal(number) => return Ok(i64::try_from(*number).unwrap_or(i64::MAX)),
        Number::Jsonata(expression) => {
            return view.jsonata_as(expression, name, "number", Value::as_int);
        }
        Number::Path(path) => path,
    };
    let value = view.find(path)?;
    let text = plain(&value);
    text.parse().map_err(|_not_a_number| {
        let what = format!(
            "The {name}Path field refers to value \"{text}\" which is not a valid integer: {path}"
        );
        view.scope().runtime_failure(what).into()
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn empty_object() -> Payload {
    Payload::from(Value::Object(Object::new()))
}
