//! Asking a person for the answer to a task token.

use std::io::{self, IsTerminal};

use stepwell::Value;
use tokio::task::{JoinHandle, spawn_blocking};

use super::answers::{Answer, parse_answer};
use super::observe::Wait;
use crate::printer;
use crate::visible::Visible;

/// A question that was asked, or will be.
#[derive(Debug)]
pub(super) enum Prompt {
    Idle,
    /// The thread that reads the answer. Nothing can interrupt it, so there is one at a time.
    Reading(JoinHandle<io::Result<Option<String>>>),
}

/// What came of a question.
#[derive(Debug)]
pub(super) enum Reply {
    Answer(Answer),
    /// The line was no answer, and why.
    Unclear(String),
    /// Nobody will answer: the input has ended.
    Ended,
}

/// Whether there is a person who can be asked.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

impl Prompt {
    pub(super) fn explain(wait: &Wait) {
        let state = Visible(&wait.state);
        printer::ask(format_args!(
            "state `{state}` waits for its task token. Its task was given\n"
        ));
        printer::ask(format_args!("  {}\n", Visible(&shown_input(wait))));
    }

    pub(super) fn read(&mut self) {
        printer::ask("answer (JSON, or: fail NAME CAUSE)> ");
        if matches!(self, Self::Idle) {
            *self = Self::Reading(spawn_blocking(read_line));
        }
    }

    /// Ends the line of a question to which no answer is wanted any more.
    pub(super) fn close_line(&self) {
        if matches!(self, Self::Reading(_)) {
            printer::ask("\n");
        }
    }

    /// Waits for the reply; for ever, if nothing was asked.
    pub(super) async fn reply(&mut self) -> Reply {
        let Self::Reading(reading) = self else { return std::future::pending().await };
        let read = reading.await;
        *self = Self::Idle;
        match read {
            Ok(Ok(Some(line))) => match parse_answer(&line) {
                Ok(answer) => Reply::Answer(answer),
                Err(message) => Reply::Unclear(message),
            },
            Ok(Ok(None) | Err(_)) | Err(_) => {
                printer::ask("\n");
                Reply::Ended
            }
        }
    }
}

fn read_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let length = io::stdin().read_line(&mut line)?;
    Ok((length > 0).then_some(line))
}

/// The input without the token, which is long and says nothing.
fn shown_input(wait: &Wait) -> String {
    wait.input.text().replace(&Value::from(&*wait.token).to_string(), "\"(the token)\"")
}
