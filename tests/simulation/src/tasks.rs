//! What tasks do, and what map runs read and write.

use anyhow::{Result, ensure};
use stepwell_engine::{Command, Effect, ItemResult};
use stepwell_journal::{ExecutionId, Journal};
use stepwell_kernel::{Execution, Fact, Failure, Input, ItemsRead, TaskCall, TaskId};
use stepwell_value::{Payload, Str, Value};

use crate::callers::Call;
use crate::run::{Errand, Simulation};
use crate::workflows;

/// How many items there are to read, and how many at a time.
const ITEMS: u64 = 5;
const ITEMS_AT_A_TIME: u64 = 2;

impl Simulation {
    /// A task begins, and so does what it can do to the world.
    pub(crate) fn run_task(
        &mut self,
        execution: ExecutionId,
        call: &TaskCall,
        is_ahead: bool,
    ) -> Result<()> {
        let (task, effect) = (call.task, workflows::effect(&call.call.function));
        let key = format!("{}#{}", call.identity.execution_arn, task.0);
        self.note(|| format!("task {key} ({}, ahead: {is_ahead})", call.call.function));
        // A number may come again for another task, if the first one was never kept.
        let work = format!("{key} {}", call.call.function);
        let count = self.performed.entry(work).or_insert(0);
        *count += 1;
        ensure!(effect != Effect::Once || *count == 1, "task {key} has run twice");
        ensure!(effect == Effect::None || !is_ahead, "task {key} ran ahead");
        ensure!(
            effect == Effect::None || self.is_scheduled(execution, task)?,
            "task {key} ran before its record was kept"
        );
        if self.pass("after an effect") {
            return Ok(());
        }
        if let Some(token) = &call.call.token {
            self.hand_token_on(token, &call.call.input, true);
        }
        self.process.of(execution).running.insert((execution, task));
        let name = call.call.function.rsplit(['-', ':']).next().unwrap_or_default();
        let outcome = match name {
            "hang" => return Ok(()),
            "flaky" if call.attempt < 2 => Err(Failure::named("Busy")),
            "answer" => {
                self.answer_parent(&call.call.input);
                Ok(count_of(&call.call.input)?)
            }
            _ => Ok(count_of(&call.call.input)?),
        };
        let copies = 1 + u64::from(self.is_chaotic() && self.dice.is_one_in(10));
        for _ in 0..copies {
            let pause = self.a_while();
            let outcome = outcome.clone();
            self.later(pause, Errand::TaskDone { execution, task, outcome });
        }
        Ok(())
    }

    /// A second report of the same is late, and taken for what it is.
    pub(crate) fn task_done(
        &mut self,
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) {
        if !self.pass("before a report") {
            self.send(Command::reported(execution, task, outcome));
        }
    }

    fn is_scheduled(&self, execution: ExecutionId, task: TaskId) -> Result<bool> {
        let events = self.journal.read(execution)?;
        Ok(events.iter().any(
            |event| matches!(&event.fact, Fact::TaskScheduled { task: of, .. } if *of == task),
        ))
    }

    /// Somebody outside has been given a token.
    pub(crate) fn hand_token_on(&mut self, token: &Str, input: &Payload, is_certain: bool) {
        let Ok(output) = count_of(input) else { return };
        let mut pause = self.a_while();
        if !is_certain && self.is_chaotic() && self.dice.is_one_in(8) {
            return;
        }
        if self.dice.is_one_in(2) {
            self.outside(pause, Errand::Call(Call::heartbeat(token)));
            pause += self.a_while();
        }
        let copies = 1 + u64::from(self.is_chaotic() && self.dice.is_one_in(6));
        for _ in 0..copies {
            self.outside(pause, Errand::Call(Call::report(token, output.clone())));
            pause += self.dice.below(100);
        }
    }

    /// A child was given the token of the task that asked for it.
    fn answer_parent(&mut self, input: &Payload) {
        if let Some(Value::String(token)) = input.value().get("token") {
            let token = Str::clone(token);
            self.hand_token_on(&token, input, true);
        }
    }

    pub(crate) fn read_items(&mut self, execution: ExecutionId, from: u64) -> Result<()> {
        let until = (from + ITEMS_AT_A_TIME).min(ITEMS);
        let items: Vec<String> = (from..until).map(|n| format!("{{\"n\":{n}}}")).collect();
        let items = Payload::parse(format!("[{}]", items.join(",")))?;
        let read = ItemsRead { items, is_last: until == ITEMS };
        self.send(Command::items_read(execution, from, Ok(read)));
        Ok(())
    }

    pub(crate) fn write_results(&mut self, execution: ExecutionId) -> Result<()> {
        let results = ItemResult::of_journal(&self.journal.read(execution)?);
        let outcomes: Vec<_> =
            results.iter().map(|result| format!("{:?}", result.outcome)).collect();
        let outcome = Ok(Payload::parse(format!("{{\"n\":{}}}", hash(&outcomes.join(" "))))?);
        self.send(Command::input(execution, Input::ResultsWritten { outcome }));
        Ok(())
    }

    /// Whether a task still waits, as far as anything is kept of it.
    pub(crate) fn waits_with(
        &self,
        execution: ExecutionId,
        task: TaskId,
        token: &str,
    ) -> Result<bool> {
        let events = self.journal.read(execution)?;
        let execution = Execution::replay(&events)?;
        Ok(execution.token(task).is_some_and(|waiting| **waiting == *token))
    }
}

/// What a task makes of its input: a number that follows from the one it is given.
fn count_of(input: &Payload) -> Result<Payload> {
    let text = match input.value().get("n") {
        Some(n) => n.to_string(),
        None => input.text().to_owned(),
    };
    Ok(Payload::parse(format!("{{\"n\":{}}}", hash(&text)))?)
}

/// FNV-1a, below a thousand million.
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step) % 1_000_000_000
}
