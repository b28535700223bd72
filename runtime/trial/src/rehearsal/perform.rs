//! What the world owes an execution, made up or done.

use std::sync::Arc;

use stepwell_asl::StateIdx;
use stepwell_buckets::{Reader, Store, write};
use stepwell_engine::{ItemResult, ReadRequest, WriteRequest};
use stepwell_kernel::{
    Child, ExecutionCall, Failure, Input, ItemsRead, MapRunCall, Obligation, TaskCall, TaskId,
};
use stepwell_value::{Payload, Str};

use super::{Life, Program, Rehearsal, identity};
use crate::compare;
use crate::document::Problem;
use crate::real_tasks::RealTask;
use crate::test_file::{Line, Lines, Mock};

/// What was found for a state's work.
enum Cue {
    Line(Line),
    Config(crate::Answer),
    /// Nothing: the work has to be done.
    None,
}

impl Rehearsal<'_> {
    pub(super) fn perform(&mut self, nth: usize, owed: Obligation) -> Result<(), Problem> {
        match owed {
            Obligation::RunTask(call) => self.run_task(nth, &call),
            Obligation::OfferActivity { task, activity, input, .. } => {
                self.offer(nth, task, &activity, &input)
            }
            Obligation::StartExecution { task, call } => self.start_execution(nth, task, call),
            // What a case makes up is looked up where it is needed.
            Obligation::Rehearse { owed, .. } => self.perform(nth, *owed),
            Obligation::StartChild { task, child } => {
                self.start_child(nth, task, child);
                Ok(())
            }
            Obligation::ReadItems { run, from } => self.read_items(nth, run, from),
            Obligation::WriteResults { run } => {
                self.write_results(nth, run);
                Ok(())
            }
            // Nobody asks for a redrive; time and the rest are looked up where they are needed.
            Obligation::RedriveChild { .. }
            | Obligation::AwaitToken { .. }
            | Obligation::WakeAt(_)
            | Obligation::Continue => Ok(()),
        }
    }

    fn run_task(&mut self, nth: usize, call: &TaskCall) -> Result<(), Problem> {
        let state = self.lives[nth].state_name(call.state);
        if self.mock(nth, call.task, &state, &call.call.parameters)? {
            return Ok(());
        }
        let definition = &self.lives[nth].program.definition;
        let task = RealTask { call, state_name: &state, definition };
        let Some(outcome) = self.stage.real.run(&task) else {
            return Err(self.unmocked(nth, &state, format_args!("calls `{}`", call.call.function)));
        };
        self.send(nth, Input::TaskReported { task: call.task, outcome });
        Ok(())
    }

    fn offer(
        &mut self,
        nth: usize,
        task: TaskId,
        activity: &str,
        input: &Payload,
    ) -> Result<(), Problem> {
        let state = self.lives[nth].state_of(task);
        // Whoever answers has to fetch the work first.
        self.send(nth, Input::ActivityStarted { task, worker: None });
        if self.mock(nth, task, &state, input)? {
            return Ok(());
        }
        Err(self.unmocked(nth, &state, format_args!("offers work of the activity `{activity}`")))
    }

    fn start_execution(
        &mut self,
        nth: usize,
        task: TaskId,
        call: ExecutionCall,
    ) -> Result<(), Problem> {
        let state = self.lives[nth].state_of(task);
        if self.mock(nth, task, &state, &call.input)? {
            return Ok(());
        }
        let machine = machine_name(&call.state_machine_arn);
        let program = match self.stage.folder.program(machine) {
            Some(Ok(program)) => program,
            Some(Err(refused)) => return Err(self.problem(refused)),
            None => {
                let does = format_args!(
                    "starts `{machine}`, of which the folder has no `{machine}.asl.json`,"
                );
                return Err(self.unmocked(nth, &state, does));
            }
        };
        let identity = identity(machine, &call.name);
        let execution_arn = Str::clone(&identity.execution_arn);
        self.send(nth, Input::ExecutionStarted { task, execution_arn, at: self.now });
        let start = Input::Start { identity, input: call.input };
        let id = self.give_birth(program, call.is_awaited.then_some((nth, task)));
        self.send(id, start);
        Ok(())
    }

    fn start_child(&mut self, nth: usize, task: TaskId, child: Child) {
        let program = Arc::clone(&self.lives[nth].program);
        let id = self.give_birth(program, Some((nth, task)));
        let start = match child {
            Child::MapRun { identity, call } => Input::StartMapRun { identity, call },
            Child::Item(item) => Input::StartItem {
                identity: item.identity.clone(),
                machine: item.machine,
                input: item.input.clone(),
            },
        };
        self.send(id, start);
    }

    fn give_birth(&mut self, program: Arc<Program>, parent: Option<(usize, TaskId)>) -> usize {
        let id = self.lives.len();
        self.lives.push(Life::new(program, parent));
        if let Some((parent, task)) = parent {
            self.lives[parent].children.insert(task, id);
        }
        id
    }

    /// Has the answer arrive that is made up for a state's task, if there is one.
    fn mock(
        &mut self,
        nth: usize,
        task: TaskId,
        state: &Str,
        input: &Payload,
    ) -> Result<bool, Problem> {
        match self.cue(nth, state)? {
            Cue::None => return Ok(false),
            Cue::Config(answer) => {
                self.send(nth, Input::TaskMocked { task, outcome: answer.into() });
            }
            Cue::Line(line) => {
                if let Some(expected) = &line.input_matches
                    && let Some(diff) = compare::subset(expected, input.value())
                {
                    let message = format!("`{state}` is called with another input:\n{diff}");
                    return Err(line.place.member("inputMatches").problem(message));
                }
                if let Some(answer) = line.answer {
                    let mocked = Input::TaskMocked { task, outcome: answer.into() };
                    self.send_after(line.after, nth, mocked);
                }
            }
        }
        Ok(true)
    }

    /// What comes of the state's next invocation.
    fn cue(&mut self, nth: usize, state: &Str) -> Result<Cue, Problem> {
        let name = self.mock_name(nth, state);
        let invocation = self.invocations.next(&name);
        let Some(Mock { place, lines, .. }) = self.stage.case.mocks.get(&name) else {
            let answer = self.stage.config.and_then(|config| config.answer(&name, invocation));
            if answer.is_some() {
                self.record.used.insert(name);
            }
            return Ok(answer.map_or(Cue::None, Cue::Config));
        };
        self.record.used.insert(name);
        match lines {
            Lines::Always(line) => Ok(Cue::Line(line.clone())),
            Lines::InTurn(lines) => match lines.get(invocation as usize) {
                Some(line) => Ok(Cue::Line(line.clone())),
                None => Err(place.problem(format_args!(
                    "`{state}` is invoked {} times, and this list has {}; add an answer, or write \
                     one without a list, which serves every invocation",
                    invocation + 1,
                    lines.len()
                ))),
            },
            Lines::Items(_) => Ok(Cue::None),
        }
    }

    /// How the case calls a state: by its name, and by its workflow if that is another one.
    fn mock_name(&self, nth: usize, state: &Str) -> Str {
        let program = &self.lives[nth].program;
        if Arc::ptr_eq(program, &self.stage.program) {
            return Str::clone(state);
        }
        format!("{}/{state}", program.name).into()
    }

    fn unmocked(&self, nth: usize, state: &Str, does: std::fmt::Arguments<'_>) -> Problem {
        let name = self.mock_name(nth, state);
        let place = self.stage.case.place.member("mocks");
        let remedy = format!(r#"add "{name}": {{"return": ...}} to the mocks of the case"#);
        place.problem(format_args!("`{state}` {does} and is not mocked; {remedy}"))
    }
}

impl Rehearsal<'_> {
    fn read_items(&mut self, nth: usize, run: Arc<MapRunCall>, from: u64) -> Result<(), Problem> {
        let outcome = match self.given_items(nth, run.state) {
            Some(items) => Ok(ItemsRead { items, is_last: true }),
            None if self.stage.props.has_folder() => self.read_bucket(nth, run, from),
            None => {
                let state = self.lives[nth].state_name(run.state);
                let name = self.mock_name(nth, &state);
                let remedy = format!(
                    r#"add "{name}": {{"items": [...]}} to the mocks of the case, or name a folder of buckets under "buckets" of the file"#
                );
                let place = self.stage.case.place.member("mocks");
                let message = format!("`{state}` reads its items from a bucket; {remedy}");
                return Err(place.problem(message));
            }
        };
        self.send(nth, Input::ItemsRead { from, outcome });
        Ok(())
    }

    fn given_items(&mut self, nth: usize, state: StateIdx) -> Option<Payload> {
        let name = self.mock_name(nth, &self.lives[nth].state_name(state));
        let Lines::Items(items) = &self.stage.case.mocks.get(&name)?.lines else { return None };
        self.record.used.insert(name);
        Some(items.clone())
    }

    fn read_bucket(
        &self,
        nth: usize,
        run: Arc<MapRunCall>,
        from: u64,
    ) -> Result<ItemsRead, Failure> {
        let definition = Arc::clone(&self.lives[nth].program.definition);
        let request = ReadRequest { run, definition, from };
        let store = Arc::new(self.stage.props.clone());
        Reader::open(store, request.mode(), &request.run, from)?.piece()
    }

    fn write_results(&mut self, nth: usize, run: Arc<MapRunCall>) {
        let results = ItemResult::of_journal(&self.lives[nth].map_run);
        let definition = Arc::clone(&self.lives[nth].program.definition);
        let request = WriteRequest { run, definition, results };
        let store: Arc<dyn Store> = Arc::new(self.stage.props.clone());
        let outcome = write(&store, request.mode(), &request.run, &request.results);
        self.send(nth, Input::ResultsWritten { outcome });
    }
}

/// The name in a machine's ARN, without a version or an alias, or the text itself.
fn machine_name(arn: &str) -> &str {
    let name = arn.split_once(":stateMachine:").map_or(arn, |(_, name)| name);
    name.split_once(':').map_or(name, |(name, _)| name)
}
