//! What a map run does next.

use std::sync::Arc;

use stepwell_asl::{ExecutionType, Kind, Map, MapMode, OutputType, StateIdx, Transformation};
use stepwell_value::{Object, Payload, Str, TooDeep, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Fact, TaskId};
use crate::execution::Execution;
use crate::fault::Fault;
use crate::step::Step;
use crate::{Identity, Input, Stale, flow};

use super::{ItemChild, MapRun, MapRunFact, Tolerance};

impl Step<'_> {
    pub(crate) fn accept_for_map_run(&mut self, input: Input) -> Result<(), Stale> {
        let run = self.map_run();
        match input {
            Input::ItemsRead { from, outcome } => {
                if !run.wants_items() || from != run.items_read() {
                    return Err(Stale);
                }
                self.emit(match outcome {
                    Ok(read) => Fact::MapRun(MapRunFact::ItemsRead {
                        items: read.items,
                        is_last: read.is_last,
                    }),
                    Err(failure) => Fact::ExecutionFailed { failure },
                });
            }
            Input::ChildEnded { task, outcome } => {
                if !run.open.contains_key(&task) {
                    return Err(Stale);
                }
                self.emit(Fact::MapRun(MapRunFact::ItemEnded { task, outcome }));
            }
            Input::ResultsWritten { outcome } => {
                if !run.wants_results_written() {
                    return Err(Stale);
                }
                self.emit(match outcome {
                    Ok(output) => Fact::ExecutionSucceeded { output },
                    Err(failure) => Fact::ExecutionFailed { failure },
                });
            }
            Input::UpdateMapRun { max_concurrency, tolerance } => {
                self.emit(Fact::MapRun(MapRunFact::Updated { max_concurrency, tolerance }));
            }
            Input::Stop { failure } => self.emit(Fact::ExecutionAborted { failure }),
            Input::Continue if run.is_ready() => {}
            _ => return Err(Stale),
        }
        Ok(())
    }

    /// Goes on until nothing is left to decide or the budget is spent.
    pub(crate) fn run_map(&mut self) {
        for _ in 0..self.world.limits.decisions_per_step {
            let Execution::MapRun(run) = &*self.execution else { return };
            if run.exceeds_tolerance() {
                let failure = Tolerance::failure();
                return self.emit(Fact::ExecutionFailed { failure });
            }
            if run.has_free_slot() {
                match run.to_redrive.first_key_value() {
                    Some((task, _)) => self.redrive_item(*task),
                    None => self.start_item(),
                }
            } else if run.is_done() && run.keeps_results() {
                return self.hand_on_results();
            } else {
                return;
            }
        }
    }

    fn hand_on_results(&mut self) {
        let run = self.map_run();
        let results = run.results.iter().flatten();
        let fact = match handed_on(results, map_of(self, run.call.state)) {
            Ok(output) => Fact::ExecutionSucceeded { output },
            Err(TooDeep) => {
                let failure = flow::too_large(&self.definition.state(run.call.state).name);
                Fact::ExecutionFailed { failure }
            }
        };
        self.emit(fact);
    }

    fn start_item(&mut self) {
        match self.next_input() {
            Ok((input, items)) => {
                let run = self.map_run();
                let (task, machine) =
                    (TaskId(run.next_task), map_of(self, run.call.state).processor);
                let identity = self.child_identity();
                let child = Arc::new(ItemChild { identity, machine, input, items });
                self.emit(Fact::MapRun(MapRunFact::ItemStarted { task, child }));
            }
            Err(Fault::Silent(failure) | Fault::Evaluation { failure, .. }) => {
                self.emit(Fact::ExecutionFailed { failure });
            }
        }
    }

    /// The input of the next execution, and how many items are in it.
    fn next_input(&self) -> Result<(Payload, u32), Fault> {
        let run = self.map_run();
        let Some(batching) = &run.call.batching else {
            let input = self.selected(0)?;
            return Ok((self.bounded(input)?, 1));
        };
        let most = batching.items_max.unwrap_or(u64::MAX);
        let bytes_max = batching
            .bytes_max
            .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let bytes_max = bytes_max.min(self.world.limits.payload_bytes_max);
        let mut batch = Batch::new(batching.batch_input.as_ref());
        for nth in 0..run.waiting.len() {
            if batch.items.len() as u64 == most {
                break;
            }
            let item = self.selected(nth)?;
            // A batch has at least one item, too large or not.
            if !batch.items.is_empty() && batch.bytes + item.size_bytes() + 1 > bytes_max {
                break;
            }
            batch.push(item);
        }
        let count = u32::try_from(batch.items.len()).unwrap_or(u32::MAX);
        Ok((self.bounded(batch.into_payload())?, count))
    }

    /// What `ItemSelector` makes of a waiting item.
    fn selected(&self, nth: usize) -> Result<Payload, Fault> {
        let run = self.map_run();
        let item = &run.waiting[nth];
        match &map_of(self, run.call.state).item_selector {
            None => Ok(Payload::from(item.clone())),
            Some(template) => {
                let state = self.definition.state(run.call.state);
                let index = u32::try_from(run.started + nth as u64).unwrap_or(u32::MAX);
                let (variables, context) = (run.call.variables.value(), run.call.context.value());
                let scope = Scope::kept(variables, context, &run.visit, state, &self.world);
                View::new(&scope.with_item(index, item), &run.call.input).fill(template)
            }
        }
    }

    fn bounded(&self, input: Payload) -> Result<Payload, Fault> {
        if input.size_bytes() > self.world.limits.payload_bytes_max {
            let name = &self.definition.state(self.map_run().call.state).name;
            return Err(flow::too_large(name).into());
        }
        Ok(input)
    }

    /// An execution of the machine `NAME/LABEL`, with a drawn name.
    pub(super) fn child_identity(&self) -> Identity {
        let name = self.world.draw_uuid();
        let run = self.map_run();
        let label = run.call.label();
        let parent = &run.identity;
        let state_machine_arn = format!("{}/{label}", parent.state_machine_arn);
        let execution_arn =
            format!("{}:{name}", state_machine_arn.replacen(":stateMachine:", ":execution:", 1));
        Identity {
            execution_arn: execution_arn.into(),
            execution_name: name,
            state_machine_name: format!("{}/{label}", parent.state_machine_name).into(),
            state_machine_arn: state_machine_arn.into(),
            role_arn: Str::clone(&parent.role_arn),
            version_arn: None,
            alias_arn: None,
            test_case: parent.test_case.clone(),
            trace_header: parent.trace_header.clone(),
        }
    }

    pub(super) fn items_are_express(&self) -> bool {
        match &map_of(self, self.map_run().call.state).mode {
            MapMode::Distributed(mode) => mode.execution_type == ExecutionType::Express,
            MapMode::Inline => false,
        }
    }

    pub(super) fn map_run(&self) -> &MapRun {
        match &*self.execution {
            Execution::MapRun(run) => run,
            other => unreachable!("it is a map run, not {other:?}"),
        }
    }
}

fn map_of<'d>(step: &Step<'d>, state: StateIdx) -> &'d Map {
    match &step.definition.state(state).kind {
        Kind::Map(map) => map,
        kind => unreachable!("a map run belongs to a Map state, not to {kind:?}"),
    }
}

/// The results in the form that a `ResultWriter` without a place asks for.
fn handed_on<'a>(
    results: impl Iterator<Item = &'a Payload>,
    map: &Map,
) -> Result<Payload, TooDeep> {
    let writer = match &map.mode {
        MapMode::Distributed(mode) => mode.writer.as_ref(),
        MapMode::Inline => None,
    };
    let Some(writer) = writer else { return Payload::array(results) };
    let records: Vec<Payload> = match writer.transformation {
        Transformation::None | Transformation::Compact => results.cloned().collect(),
        Transformation::Flatten => results.flat_map(elements).collect(),
    };
    match writer.output_type {
        OutputType::Json => Payload::array(&records),
        OutputType::JsonLines => {
            let mut lines = String::new();
            for record in &records {
                lines.push_str(&record.value().to_string());
                lines.push('\n');
            }
            Ok(Payload::from(Value::from(lines)))
        }
    }
}

/// The elements of an array, or the document itself.
fn elements(result: &Payload) -> Vec<Payload> {
    match result.value().as_array() {
        Some(elements) => elements.iter().cloned().map(Payload::from).collect(),
        None => vec![result.clone()],
    }
}

/// A batch in the making.
struct Batch<'a> {
    /// `BatchInput`
    common: Option<&'a Payload>,
    items: Vec<Payload>,
    bytes: usize,
}

impl<'a> Batch<'a> {
    fn new(common: Option<&'a Payload>) -> Self {
        const FRAME: &str = r#"{"BatchInput":,"Items":[]}"#;
        let bytes = FRAME.len() + common.map_or(0, Payload::size_bytes);
        Self { common, items: Vec::new(), bytes }
    }

    fn push(&mut self, item: Payload) {
        self.bytes += item.size_bytes() + 1;
        self.items.push(item);
    }

    fn into_payload(self) -> Payload {
        let mut batch = Object::new();
        if let Some(input) = self.common {
            batch.insert("BatchInput", input.value().clone());
        }
        let items: Vec<Value> = self.items.iter().map(|item| item.value().clone()).collect();
        batch.insert("Items", Value::from(items));
        Payload::from(Value::Object(batch))
    }
}

impl super::MapRunCall {
    /// The label in the run's ARN.
    pub fn label(&self) -> &str {
        let machine_and_label = self.map_run_arn.rsplit(':').nth(1).unwrap_or_default();
        machine_and_label.rsplit('/').next().unwrap_or_default()
    }

    /// The run's own identifier, the last part of its ARN.
    pub fn run_id(&self) -> &str {
        self.map_run_arn.rsplit(':').next().unwrap_or_default()
    }
}
