//! What of an execution's events the command acts on while it runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stepwell::{Definition, Event, Fact, Observer, Payload, Token};
use stepwell_kernel::FrameId;
use tokio::sync::mpsc;

use crate::printer::Printer;
use crate::visible::Visible;

/// A state whose task has returned and that now waits for its token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wait {
    pub state: String,
    pub token: Token,
    /// What the task was given.
    pub input: Payload,
}

/// What is known of a line of control.
#[derive(Debug, Default)]
struct Frame {
    state: String,
    wait: Option<Wait>,
}

/// Sends the states that wait for a token, and tells of each state that is entered.
pub(super) fn observer(
    printer: Printer,
    definition: Arc<Definition>,
    waits: mpsc::UnboundedSender<Wait>,
) -> Observer {
    // One execution runs on one loop, so nobody ever waits here.
    let frames = Mutex::new(HashMap::<FrameId, Frame>::new());
    Arc::new(move |_, events| {
        let mut frames = frames.lock().unwrap_or_else(PoisonError::into_inner);
        for Event { fact, .. } in events {
            match fact {
                Fact::StateEntered { frame, state, .. } => {
                    let state = definition.state(*state).name.to_string();
                    printer.detail(format_args!("-> {}", Visible(&state)));
                    frames.insert(*frame, Frame { state, wait: None });
                }
                Fact::TaskScheduled { frame, call, .. } => {
                    let frame = frames.entry(*frame).or_default();
                    frame.wait = call.token.as_ref().map(|token| Wait {
                        state: frame.state.clone(),
                        token: Token::clone(token),
                        input: call.input.clone(),
                    });
                }
                // The token may be answered once the task has had the chance to pass it on.
                Fact::TaskSubmitted { frame, .. } => {
                    if let Some(wait) = frames.get_mut(frame).and_then(|frame| frame.wait.take()) {
                        // Nobody listens any more once the command has its outcome.
                        let _unheard = waits.send(wait);
                    }
                }
                _ => {}
            }
        }
    })
}
