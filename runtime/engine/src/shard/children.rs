//! Executions that other executions ask for.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use stepwell_journal::{Ending, ExecutionId, Journal, Parent, Query, ReadError, Subject, Summary};
use stepwell_kernel::{Child, ExecutionCall, Fact, Failure, Identity, TaskId, error_name};
use stepwell_value::{Payload, Str};
use tokio::sync::oneshot;

use super::{Message, Shard, Told, World, shard_of, wall_clock};
use crate::kin::{JoinedEnd, Meeting, Redriving, Starting};
use crate::machines::Admitted;
use crate::names::Claim;
use crate::program::Program;
use crate::scheduler::{Action, Command, Deed, What};

/// How long to wait before a journal is asked again that could not be read.
const READ_PAUSE: Duration = Duration::from_millis(100);

impl Shard {
    pub(super) fn start_child(
        &mut self,
        (parent, task): (ExecutionId, TaskId),
        program: Program,
        child: Child,
        is_again: bool,
    ) {
        let of = Parent { execution: parent, task };
        let known = if is_again { self.world.child_of(of) } else { Ok(None) };
        let Ok(known) = known else {
            return self.later(parent, Deed::StartChild { program, task, child, is_again });
        };
        match Starting::of(known) {
            Starting::New => {}
            Starting::Running(child) => {
                self.children.insert((parent, task), child);
                return;
            }
            Starting::Ended(outcome) => return self.post(Command::child_ended(of, outcome)),
        }
        let execution = self.world.next_execution();
        self.children.insert((parent, task), execution);
        self.sent.insert((parent, task), execution);
        let what = What::StartChild { program, parent: of, child };
        self.post(Command { execution, what });
    }

    /// Lets a child go on that was started for a task. Its own loop knows whether it has to.
    pub(super) fn redrive_child(
        &mut self,
        (parent, task): (ExecutionId, TaskId),
        program: Program,
        child: Child,
        count: u32,
    ) {
        let Ok(known) = self.world.child_of(Parent { execution: parent, task }) else {
            return self.later(parent, Deed::RedriveChild { program, task, child, count });
        };
        let sent = self.sent.get(&(parent, task)).copied();
        match Redriving::of(known.as_ref(), sent) {
            Redriving::Start => self.start_child((parent, task), program, child, false),
            Redriving::Running(execution) => {
                self.children.insert((parent, task), execution);
            }
            Redriving::Ended(execution) => {
                self.children.insert((parent, task), execution);
                self.post(Command { execution, what: What::RedriveChild { count } });
            }
        }
    }

    /// Asks for an execution of another machine, beside the loop: it may take a while to find out
    /// whether there is one already.
    pub(super) fn start_execution(
        &mut self,
        (execution, task): (ExecutionId, TaskId),
        call: ExecutionCall,
        is_again: bool,
    ) {
        let (parent, world) = (Parent { execution, task }, self.world.clone());
        tokio::spawn(async move {
            let known = if is_again { world.child_of_at_last(parent).await } else { None };
            match known {
                Some(known) => world.meet(parent, &call, is_again, known).await,
                None => world.start_execution(parent, call, is_again).await,
            }
        });
    }

    /// Does it when the journal can be read again: who does not know whether a child is there must
    /// not start another one.
    fn later(&self, execution: ExecutionId, deed: Deed) {
        let (world, action) = (self.world.clone(), Action { execution, deed });
        tokio::spawn(async move {
            tokio::time::sleep(READ_PAUSE).await;
            world.give(execution, Message::Perform(action)).await;
        });
    }
}

impl World {
    pub(crate) fn next_execution(&self) -> ExecutionId {
        ExecutionId(self.gauges.next_execution.fetch_add(1, Ordering::Relaxed))
    }

    /// The execution that another one has started for one of its tasks.
    fn child_of(&self, parent: Parent) -> Result<Option<Summary>, ReadError> {
        let found = self.journal.list(&Query::newest(Subject::ChildrenOf(parent), 1))?;
        Ok(found.into_iter().next())
    }

    /// The same, as soon as the journal can be read.
    async fn child_of_at_last(&self, parent: Parent) -> Option<Summary> {
        loop {
            match self.child_of(parent) {
                Ok(known) => return known,
                Err(_unreadable) => tokio::time::sleep(READ_PAUSE).await,
            }
        }
    }

    async fn start_execution(&self, parent: Parent, call: ExecutionCall, is_again: bool) {
        match self.machines.admit(&call) {
            Err(failure) => self.fail(parent, failure).await,
            Ok(Admitted::Elsewhere(start)) => match start.await {
                Err(failure) => self.fail(parent, failure).await,
                Ok((execution_arn, started_at)) => {
                    self.send(Command::child_started(parent, execution_arn, started_at)).await;
                }
            },
            Ok(Admitted::Here { program, identity }) => {
                let claim = self.names.claim(&identity.execution_arn).await;
                match newest(&*self.journal, &identity.execution_arn) {
                    Err(error) => {
                        let cause = error.to_string();
                        self.fail(parent, Failure::new(error_name::TASK_FAILED, cause)).await;
                    }
                    Ok(None) => self.begin(parent, program, identity, call, claim).await,
                    Ok(Some(known)) => self.meet(parent, &call, is_again, known).await,
                }
            }
        }
    }

    async fn begin(
        &self,
        parent: Parent,
        program: Program,
        identity: Identity,
        call: ExecutionCall,
        claim: Claim,
    ) {
        let execution = self.next_execution();
        let is_awaited = call.is_awaited;
        let (execution_arn, at) = (Str::clone(&identity.execution_arn), wall_clock());
        let started = Told::Parent { parent, execution_arn, at, _claim: claim };
        let what = What::Start { program, identity, input: call.input, parent: Some(parent) };
        let command = Command { execution, what };
        self.give(execution, Message::Start { command, started, ended: None }).await;
        // Behind the start, so that a stop does not come before it.
        if is_awaited {
            self.give(parent.execution, Message::Link { parent, child: execution }).await;
        }
    }

    /// There is an execution of that name: the one that was asked for, or another.
    async fn meet(&self, parent: Parent, call: &ExecutionCall, is_again: bool, known: Summary) {
        let input_of = |execution| input_of(&*self.journal, execution);
        let meeting = Meeting::of(parent, call, is_again, known, input_of);
        let (execution_arn, started_at, end) = match meeting {
            Meeting::Refused(failure) => return self.fail(parent, failure).await,
            Meeting::Over { outcome, failure } => {
                self.send(Command::child_ended(parent, outcome)).await;
                return self.fail(parent, failure).await;
            }
            Meeting::Joined { execution_arn, started_at, end } => (execution_arn, started_at, end),
        };
        if let JoinedEnd::OfChild(child) = end {
            self.give(parent.execution, Message::Link { parent, child }).await;
        }
        self.send(Command::child_started(parent, execution_arn, started_at)).await;
        match end {
            JoinedEnd::Unawaited | JoinedEnd::OfChild(_) => {}
            JoinedEnd::Known(outcome) => self.send(Command::child_ended(parent, outcome)).await,
            JoinedEnd::OfOther(execution) => {
                let (watcher, ended) = oneshot::channel();
                self.give(execution, Message::Watch(execution, watcher)).await;
                if let Ok(Ending { outcome, .. }) = ended.await {
                    self.send(Command::child_ended(parent, outcome)).await;
                }
            }
        }
    }

    async fn fail(&self, parent: Parent, failure: Failure) {
        let Parent { execution, task } = parent;
        self.send(Command::reported(execution, task, Err(failure))).await;
    }

    pub(crate) async fn send(&self, command: Command) {
        self.give(command.execution, Message::Command(command)).await;
    }

    async fn give(&self, execution: ExecutionId, message: Message) {
        let inbox = self.loops[shard_of(execution, self.loops.len())].upgrade();
        if let Some(inbox) = inbox {
            // A loop is gone only when the engine is.
            let _gone = inbox.send(message).await;
        }
    }
}

/// The execution that an ARN means.
pub(crate) fn newest(journal: &dyn Journal, arn: &Str) -> Result<Option<Summary>, ReadError> {
    let found = journal.list(&Query::newest(Subject::Arn(Str::clone(arn)), 1))?;
    Ok(found.into_iter().next())
}

/// What an execution was started with.
pub(crate) fn input_of(journal: &dyn Journal, execution: ExecutionId) -> Option<Payload> {
    beginning_of(journal, execution).map(|(_, input)| input)
}

/// As what an execution was started, and with what.
pub(crate) fn beginning_of(
    journal: &dyn Journal,
    execution: ExecutionId,
) -> Option<(Arc<Identity>, Payload)> {
    match journal.read(execution).ok()?.into_iter().next()?.fact {
        Fact::ExecutionStarted { identity, input, .. } => Some((identity, input)),
        _ => None,
    }
}
