//! Executions that other executions ask for, as the engine starts them.

use anyhow::{Context, Result};
use stepwell_engine::{Command, JoinedEnd, Meeting, Program, Redriving, Starting, What};
use stepwell_journal::{ExecutionId, Journal, Parent, Query, Subject, Summary};
use stepwell_kernel::{Child, ExecutionCall, Fact, Failure, Identity};
use stepwell_value::{Payload, Str};

use crate::loops::{Message, Told};
use crate::run::{Errand, Simulation};
use crate::workflows::Workflow;

impl Simulation {
    pub(crate) fn start_child(
        &mut self,
        parent: Parent,
        program: Program,
        child: Child,
        is_again: bool,
    ) -> Result<()> {
        let known = if is_again { self.child_of(parent)? } else { None };
        let key = (parent.execution, parent.task);
        match Starting::of(known) {
            Starting::New => {
                let execution = self.process.draw_execution();
                let looped = self.process.of(parent.execution);
                looped.children.insert(key, execution);
                looped.sent.insert(key, execution);
                self.send(Command { execution, what: What::StartChild { program, parent, child } });
            }
            Starting::Running(child) => {
                self.process.of(parent.execution).children.insert(key, child);
            }
            Starting::Ended(outcome) => self.send(Command::child_ended(parent, outcome)),
        }
        Ok(())
    }

    pub(crate) fn redrive_child(
        &mut self,
        parent: Parent,
        program: Program,
        child: Child,
        count: u32,
    ) -> Result<()> {
        let key = (parent.execution, parent.task);
        let sent = self.process.of(parent.execution).sent.get(&key).copied();
        match Redriving::of(self.child_of(parent)?.as_ref(), sent) {
            Redriving::Start => self.start_child(parent, program, child, false)?,
            Redriving::Running(execution) => {
                self.process.of(parent.execution).children.insert(key, execution);
            }
            Redriving::Ended(execution) => {
                self.process.of(parent.execution).children.insert(key, execution);
                self.send(Command { execution, what: What::RedriveChild { count } });
            }
        }
        Ok(())
    }

    pub(crate) fn start_execution(
        &mut self,
        parent: Parent,
        call: ExecutionCall,
        is_again: bool,
    ) -> Result<()> {
        if is_again && let Some(known) = self.child_of(parent)? {
            self.meet(parent, &call, is_again, known);
            return Ok(());
        }
        let machine = call.state_machine_arn.rsplit(':').next().unwrap_or_default();
        let workflow = Workflow::named(machine).context("there is such a machine")?;
        let identity = identity(workflow, &call.name);
        let arn = Str::clone(&identity.execution_arn);
        if !self.process.names.insert(Str::clone(&arn)) {
            self.later(1, Errand::StartExecution { parent, call, is_again });
            return Ok(());
        }
        match self.newest(&arn)? {
            Some(known) => {
                self.process.names.remove(&arn);
                self.meet(parent, &call, is_again, known);
                Ok(())
            }
            None => self.begin(parent, workflow, identity, call),
        }
    }

    fn begin(
        &mut self,
        parent: Parent,
        workflow: &Workflow,
        identity: Identity,
        call: ExecutionCall,
    ) -> Result<()> {
        let execution = self.process.draw_execution();
        let is_awaited = call.is_awaited;
        let execution_arn = Str::clone(&identity.execution_arn);
        let told = Told::Parent { parent, execution_arn, at: self.now() };
        let program = workflow.program()?;
        let what = What::Start { program, identity, input: call.input, parent: Some(parent) };
        self.give(execution, Message::Start(Command { execution, what }, told));
        if is_awaited {
            let pause = self.a_while();
            self.later(pause, Errand::Link { parent, child: execution });
        }
        Ok(())
    }

    fn meet(&mut self, parent: Parent, call: &ExecutionCall, is_again: bool, known: Summary) {
        let journal = std::sync::Arc::clone(&self.journal);
        let meeting = Meeting::of(parent, call, is_again, known, |id| input_of(&*journal, id));
        let (execution_arn, started_at, end) = match meeting {
            Meeting::Refused(failure) => {
                self.fail(parent, failure);
                return;
            }
            Meeting::Over { outcome, failure } => {
                self.send(Command::child_ended(parent, outcome));
                self.fail(parent, failure);
                return;
            }
            Meeting::Joined { execution_arn, started_at, end } => (execution_arn, started_at, end),
        };
        if let JoinedEnd::OfChild(child) = end {
            self.give(parent.execution, Message::Link { parent, child });
        }
        self.send(Command::child_started(parent, execution_arn, started_at));
        match end {
            JoinedEnd::Unawaited | JoinedEnd::OfChild(_) => {}
            JoinedEnd::Known(outcome) => self.send(Command::child_ended(parent, outcome)),
            JoinedEnd::OfOther(execution) => {
                self.give(execution, Message::Watch(execution, parent));
            }
        }
    }

    fn fail(&mut self, parent: Parent, failure: Failure) {
        self.send(Command::reported(parent.execution, parent.task, Err(failure)));
    }

    fn child_of(&self, parent: Parent) -> Result<Option<Summary>> {
        let found = self.journal.list(&Query::newest(Subject::ChildrenOf(parent), 1))?;
        Ok(found.into_iter().next())
    }

    pub(crate) fn newest(&self, arn: &Str) -> Result<Option<Summary>> {
        let found = self.journal.list(&Query::newest(Subject::Arn(Str::clone(arn)), 1))?;
        Ok(found.into_iter().next())
    }
}

fn input_of(journal: &dyn Journal, execution: ExecutionId) -> Option<Payload> {
    match &journal.read(execution).ok()?.first()?.fact {
        Fact::ExecutionStarted { input, .. } => Some(input.clone()),
        _ => None,
    }
}

pub(crate) fn identity(workflow: &Workflow, name: &str) -> Identity {
    let arn =
        |kind: &str, rest: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}:{rest}");
    let machine = workflow.name;
    Identity {
        execution_arn: arn("execution", &format!("{machine}:{name}")).into(),
        execution_name: name.into(),
        state_machine_arn: arn("stateMachine", machine).into(),
        state_machine_name: machine.into(),
        role_arn: "arn:aws:iam::123456789012:role/simulated".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}
