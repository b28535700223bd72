//! A Distributed Map whose run is mocked.
//!
//! The state asks for its run as ever. What the run would give to each execution is made by a run
//! that starts them all and is then dropped, so that it is what a real one would give.

use std::sync::Arc;

use stepwell_asl::{Distributed, Map};
use stepwell_value::{Payload, Value};

use crate::event::{Fact, FrameId};
use crate::evolve::Delta;
use crate::execution::Execution;
use crate::frame::Activity;
use crate::inspect::Mock;
use crate::map_run::{ItemsFrom, MapRunCall, MapRunFact, Tolerance};
use crate::{Failure, Input};

use super::{Mocked, Step};

impl Step<'_> {
    pub(super) fn mock_map_run(&mut self, map: &Map, mode: &Distributed, mocked: Mocked<'_>) {
        let frame = FrameId::ROOT;
        self.begin_distributed(frame, map, mode);
        let Activity::MapRun { run, .. } = &self.visit(frame).activity else {
            // The state has failed before.
            return;
        };
        let run = Arc::clone(run);
        self.emit(match self.outcome(map, mode, &run, mocked) {
            Ok(output) => Fact::MapRunSucceeded { frame, output },
            Err(failure) => Fact::MapRunFailed { frame, failure },
        });
    }

    fn outcome(
        &self,
        map: &Map,
        mode: &Distributed,
        run: &MapRunCall,
        (mock, configuration): Mocked<'_>,
    ) -> Result<Payload, Failure> {
        let items = match &run.items {
            ItemsFrom::Input(items) => Some(items.clone()),
            ItemsFrom::Reader { max_items, .. } => {
                let data = configuration.map_item_reader_data.as_deref();
                data.and_then(|data| self.read(mode, data, *max_items))
            }
        };
        if let Some(items) = &items {
            self.note_inputs(map, run, items)?;
        }
        let failed = configuration.map_iteration_failure_count.unwrap_or(0);
        match mock {
            Mock::Error(failure) => Err(failure.clone()),
            Mock::Result { .. }
                if run.tolerance.is_exceeded(failed.into(), length(items.as_ref())) =>
            {
                Err(Tolerance::failure())
            }
            Mock::Result { result, .. } => Ok(result.clone()),
        }
    }

    /// The items in what the reader has read. Only JSON is read here.
    fn read(&self, mode: &Distributed, data: &str, max_items: Option<u64>) -> Option<Payload> {
        let data = Payload::parse(data).ok()?;
        let pointer = mode.reader.as_ref().and_then(|reader| reader.items_pointer.as_deref());
        let found = match pointer {
            None => data.value(),
            Some(pointer) => {
                let found = at(data.value(), pointer)?;
                let seen = Payload::from(found.clone());
                self.scope(FrameId::ROOT).note(|inspection| {
                    inspection.after_items_pointer = Some(seen);
                });
                found
            }
        };
        let most = max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let items: Vec<Value> = found.as_array()?.iter().take(most).cloned().collect();
        Some(Payload::from(Value::from(items)))
    }

    /// Shows what each execution would be given.
    fn note_inputs(&self, map: &Map, run: &MapRunCall, items: &Payload) -> Result<(), Failure> {
        let run = MapRunCall {
            items: ItemsFrom::Input(items.clone()),
            max_concurrency: u32::MAX,
            ..run.clone()
        };
        let scope = self.scope(FrameId::ROOT);
        if map.item_selector.is_some() {
            let selected = self.inputs(MapRunCall { batching: None, ..run.clone() })?;
            scope.note(|seen| seen.after_item_selector = Some(selected));
        }
        if run.batching.is_some() {
            let batches = self.inputs(run)?;
            scope.note(|seen| seen.after_item_batcher = Some(batches));
        }
        Ok(())
    }

    /// The inputs of all executions of a run.
    fn inputs(&self, call: MapRunCall) -> Result<Payload, Failure> {
        let identity = Arc::clone(&self.running().identity);
        let mut execution = Execution::default();
        let mut entropy = self.world.entropy();
        let mut step = Step {
            definition: self.definition,
            world: self.world.lend(&mut **entropy),
            execution: &mut execution,
            events: Vec::new(),
            delta: Delta::default(),
        };
        step.accept(Input::StartMapRun { identity, call: Arc::new(call) })
            .expect("an execution may begin as a map run");
        while matches!(&*step.execution, Execution::MapRun(run) if run.is_ready()) {
            step.run_map();
        }
        let mut inputs = Vec::new();
        for event in step.events {
            match event.fact {
                Fact::MapRun(MapRunFact::ItemStarted { child, .. }) => {
                    inputs.push(child.input.clone());
                }
                Fact::ExecutionFailed { failure } => return Err(failure),
                _ => {}
            }
        }
        Payload::array(&inputs).map_err(|_deep| self.scope(FrameId::ROOT).too_deep())
    }
}

fn length(items: Option<&Payload>) -> Option<u64> {
    let items = items?.value().as_array()?;
    Some(items.len() as u64)
}

/// Follows a JSON pointer (RFC 6901).
fn at<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').skip(1).try_fold(document, |value, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            value => value.get(&part),
        }
    })
}
