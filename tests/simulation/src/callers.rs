//! Those who call from outside: they start executions, report with tokens, work for activities, stop
//! and redrive. A caller who gets no answer asks again.

use anyhow::{Result, ensure};
use stepwell_engine::{Command, Taken, TokenReport, What};
use stepwell_journal::{Ending, ExecutionId, Journal};
use stepwell_kernel::{Execution, Failure, Input};
use stepwell_value::{Payload, Str};

use crate::chance::address;
use crate::children::identity;
use crate::loops::{Message, Offer, Told};
use crate::run::{Errand, Simulation};

/// What somebody outside wants.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// Start one of the executions of the plan.
    Start(usize),
    Token {
        token: Str,
        output: Option<Payload>,
    },
    Take(Offer),
    Stop(usize),
    Redrive(usize),
}

/// An execution that somebody starts.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    pub workflow: &'static crate::Workflow,
    pub input: Payload,
    /// Once its start was acknowledged.
    pub execution: Option<ExecutionId>,
    /// Whether it was stopped from outside.
    pub is_disturbed: bool,
}

impl Call {
    pub(crate) fn heartbeat(token: &Str) -> Self {
        Self::Token { token: Str::clone(token), output: None }
    }

    pub(crate) fn report(token: &Str, output: Payload) -> Self {
        Self::Token { token: Str::clone(token), output: Some(output) }
    }
}

impl Simulation {
    pub(crate) fn call(&mut self, call: Call) -> Result<()> {
        match &call {
            Call::Start(nth) => {
                let nth = *nth;
                return self.start(nth, call);
            }
            Call::Token { token, output } => {
                let Some((execution, task)) = address(token) else { return Ok(()) };
                let report = match output {
                    Some(output) => TokenReport::Outcome(Ok(output.clone())),
                    None => TokenReport::Heartbeat,
                };
                let what = What::Token { task, token: Str::clone(token), report };
                self.ask(Command { execution, what }, call);
            }
            Call::Take(offer) => {
                let input = Input::ActivityStarted { task: offer.task, worker: None };
                self.ask(Command::input(offer.execution, input), call);
            }
            Call::Stop(nth) => {
                let Some(execution) = self.started[*nth].execution else { return Ok(()) };
                self.started[*nth].is_disturbed = true;
                let failure = Failure::named("Stopped");
                self.ask(Command::input(execution, Input::Stop { failure }), call);
            }
            Call::Redrive(nth) => {
                let Some(execution) = self.started[*nth].execution else { return Ok(()) };
                let events = self.journal.read(execution)?;
                let replayed = Execution::replay(&events)?;
                if replayed.redrivability(&self.policy.limits).is_ok() {
                    self.started[*nth].is_disturbed = true;
                    self.ask(Command::input(execution, Input::Redrive), call);
                }
            }
        }
        Ok(())
    }

    fn ask(&mut self, command: Command, call: Call) {
        let question = self.open_question(call);
        self.give(command.execution, Message::Ask(command, question));
    }

    fn open_question(&mut self, call: Call) -> u64 {
        self.questions += 1;
        self.asked.insert(self.questions, call);
        self.questions
    }

    /// As whoever starts an execution by name does: one that is there already is as good.
    fn start(&mut self, nth: usize, call: Call) -> Result<()> {
        let Started { workflow, input, .. } = self.started[nth].clone();
        let identity = identity(workflow, &format!("run-{nth}"));
        let arn = Str::clone(&identity.execution_arn);
        if !self.process.names.insert(Str::clone(&arn)) {
            self.outside(1, Errand::Call(call));
            return Ok(());
        }
        if let Some(known) = self.newest(&arn)? {
            self.process.names.remove(&arn);
            self.started[nth].execution = Some(known.execution);
            return Ok(());
        }
        let execution = self.process.draw_execution();
        self.note(|| format!("{} is started as {execution}", workflow.name));
        let question = self.open_question(call);
        let program = workflow.program()?;
        let what = What::Start { program, identity, input, parent: None };
        let told = Told::Asker { question, claimed: Some(arn) };
        self.starting.insert(question, execution);
        self.give(execution, Message::Start(Command { execution, what }, told));
        Ok(())
    }

    /// What is answered must be true after any crash, so it must be kept by now.
    pub(crate) fn answer(&mut self, question: u64, answer: Result<(), Taken>) -> Result<()> {
        if self.is_down {
            return Ok(());
        }
        let Some(call) = self.asked.remove(&question) else { return Ok(()) };
        self.note(|| format!("{call:?} is answered by {answer:?}"));
        if answer == Err(Taken::Lost) && !matches!(call, Call::Take(_)) {
            let pause = 1_000 + self.a_while();
            self.outside(pause, Errand::Call(call));
            return Ok(());
        }
        match (call, answer) {
            (Call::Start(nth), answer) => {
                ensure!(answer.is_ok(), "a start was refused: {answer:?}");
                let execution = self.starting.remove(&question);
                self.started[nth].execution = execution;
                let is_kept = execution
                    .is_some_and(|id| self.journal.read(id).is_ok_and(|events| !events.is_empty()));
                ensure!(is_kept, "the acknowledged start of {execution:?} is not kept");
            }
            (Call::Token { token, output: Some(_) }, answer) => {
                let Some((execution, task)) = address(&token) else { return Ok(()) };
                let waits = self.waits_with(execution, task, &token)?;
                ensure!(!waits, "token {token} was answered by {answer:?} and still waits");
            }
            (Call::Token { output: None, .. }, _) => {}
            (Call::Take(Offer { token, input, .. }), Ok(())) => {
                self.hand_token_on(&token, &input, false);
            }
            (Call::Take(_), Err(_)) => {}
            (Call::Stop(nth), _) => {
                let execution = self.started[nth].execution.unwrap_or(ExecutionId(0));
                let is_over = Ending::of(&self.journal.read(execution)?).is_some();
                ensure!(
                    is_over,
                    "execution {execution} was stopped ({answer:?}) and its end is not kept"
                );
                let pause = self.a_while();
                self.outside(pause, Errand::Call(Call::Redrive(nth)));
            }
            (Call::Redrive(_), _) => {}
        }
        Ok(())
    }

    /// Nobody will answer: the process has ended.
    pub(crate) fn ask_again(&mut self) {
        self.starting.clear();
        for (_, call) in std::mem::take(&mut self.asked) {
            if !matches!(call, Call::Take(_)) {
                let pause = self.a_while();
                self.outside(pause, Errand::Call(call));
            }
        }
    }

    /// A worker takes the oldest offer of an activity.
    pub(crate) fn work(&mut self, activity: &Str) -> Result<()> {
        let offer =
            self.process.offers.get_mut(activity).and_then(std::collections::VecDeque::pop_front);
        offer.map_or(Ok(()), |offer| self.call(Call::Take(offer)))
    }
}
