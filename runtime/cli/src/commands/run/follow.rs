//! Following an execution to its end: its tokens are answered, and Ctrl-C stops it.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;

use stepwell::{Execution, Failure, Lost, Outcome, Stepwell};
use tokio::signal;
use tokio::sync::mpsc;

use super::answers::{Answer, Answers};
use super::observe::{Seen, Wait, Watched};
use super::prompt::{self, Prompt, Reply};
use crate::Exit;
use crate::printer::Printer;
use crate::visible::Visible;

/// How the execution ended.
pub(super) type End = Result<Outcome, Lost>;

#[derive(Debug)]
pub(super) struct Followed<'s> {
    pub printer: Printer,
    pub stepwell: &'s Stepwell,
    pub execution: Execution,
    pub answers: Answers,
    pub watched: Watched,
    pub seen: mpsc::UnboundedReceiver<Seen>,
}

impl Followed<'_> {
    pub(super) async fn run_to_the_end(&mut self) -> End {
        let mut interrupt = pin!(signal::ctrl_c());
        let mut is_stopping = false;
        let mut prompt = Prompt::Idle;
        let mut asked: VecDeque<Wait> = VecDeque::new();
        loop {
            tokio::select! {
                biased;
                end = self.execution.outcome() => {
                    prompt.close_line();
                    // What was seen before the end is told before it; nobody waits any more.
                    while let Ok((execution, events)) = self.seen.try_recv() {
                        self.watched.see(execution, &events);
                    }
                    return end;
                }
                interrupted = &mut interrupt, if !is_stopping => {
                    is_stopping = true;
                    prompt.close_line();
                    self.interrupt(interrupted).await;
                }
                Some((execution, events)) = self.seen.recv() => {
                    for wait in self.watched.see(execution, &events) {
                        let Some(wait) = self.answer_or_ask(wait).await else { continue };
                        asked.push_back(wait);
                        if asked.len() == 1 {
                            Prompt::explain(&asked[0]);
                            prompt.read();
                        }
                    }
                }
                reply = prompt.reply() => {
                    self.take(reply, &mut asked).await;
                    if let Some(wait) = asked.front() {
                        Prompt::explain(wait);
                        prompt.read();
                    }
                }
            }
        }
    }

    /// Gives the answer from the command line. Without one the wait is given back where somebody
    /// can be asked, and ends the execution where nobody can.
    async fn answer_or_ask(&mut self, wait: Wait) -> Option<Wait> {
        if let Some(answer) = self.answers.next(&wait.state) {
            self.report(&wait, answer).await;
            return None;
        }
        if prompt::is_possible() {
            return Some(wait);
        }
        let state = Visible(&wait.state);
        self.printer.error(format_args!(
            "state `{state}` waits for its task token, and there is nobody to ask"
        ));
        self.printer.hint(format_args!("answer it with --answer '{state}=JSON'"));
        self.stop(&format!("nobody answers the task token of state `{}`", wait.state)).await;
        None
    }

    async fn take(&self, reply: Reply, asked: &mut VecDeque<Wait>) {
        match reply {
            Reply::Answer(answer) => {
                if let Some(wait) = asked.pop_front() {
                    self.report(&wait, answer).await;
                }
            }
            Reply::Unclear(message) => self.printer.error(message),
            Reply::Ended => {
                asked.clear();
                self.stop("the task token was left without an answer").await;
            }
        }
    }

    async fn report(&self, wait: &Wait, answer: Answer) {
        match self.stepwell.report_token(&wait.token, answer).await {
            Ok(()) => {}
            Err(error) => {
                let state = Visible(&wait.state);
                self.printer.warning(format_args!("state `{state}`: the answer is late: {error}"));
            }
        }
    }

    /// The first Ctrl-C stops the execution; the second one waits for nothing.
    async fn interrupt(&self, interrupted: io::Result<()>) {
        if let Err(error) = interrupted {
            return self.printer.warning(format_args!("cannot watch for Ctrl-C: {error}"));
        }
        self.printer.say("stopping the execution; Ctrl-C again leaves at once");
        tokio::spawn(async {
            // An error says that no signal will come.
            if signal::ctrl_c().await.is_ok() {
                leave();
            }
        });
        self.stop("stopped by Ctrl-C").await;
    }

    async fn stop(&self, cause: &str) {
        self.execution.stop(Failure { error: None, cause: Some(cause.into()) }).await;
    }
}

#[expect(clippy::exit, reason = "whoever types Ctrl-C twice does not want to wait for anything")]
fn leave() {
    std::process::exit(Exit::Interrupted.code().into());
}
