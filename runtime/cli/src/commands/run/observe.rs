//! What of an execution's events the command acts on while it runs.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use stepwell::{Definition, Event, ExecutionId, Fact, Observer, Payload, Str, Token};
use stepwell_kernel::{FrameId, MapRunFact};
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

/// Events of any execution of the store.
pub(super) type Seen = (ExecutionId, Vec<Event>);

/// Sends what the loops see to whoever follows an execution.
pub(super) fn observer(seen: mpsc::UnboundedSender<Seen>) -> Observer {
    Arc::new(move |execution, events| {
        // Nobody listens any more once the command has its outcome.
        let _unheard = seen.send((execution, events.to_vec()));
    })
}

/// Finds what concerns one execution: its own events, and those of its map runs and their items.
/// A store may have others, of other definitions.
#[derive(Debug)]
pub(super) struct Watched {
    printer: Printer,
    definition: Arc<Definition>,
    executions: HashSet<ExecutionId>,
    /// The ARNs of executions that belong to it and have not been seen yet.
    expected: HashSet<Str>,
    frames: HashMap<(ExecutionId, FrameId), Frame>,
}

/// What is known of a line of control.
#[derive(Debug, Default)]
struct Frame {
    state: String,
    wait: Option<Wait>,
}

impl Watched {
    pub(super) fn new(
        printer: Printer,
        definition: Arc<Definition>,
        execution: ExecutionId,
        arn: &Str,
    ) -> Self {
        Self {
            printer,
            definition,
            executions: HashSet::from([execution]),
            expected: HashSet::from([Str::clone(arn)]),
            frames: HashMap::new(),
        }
    }

    /// The states that have begun to wait for a token. Each state that is entered is told of.
    pub(super) fn see(&mut self, execution: ExecutionId, events: &[Event]) -> Vec<Wait> {
        if !self.executions.contains(&execution) && !self.is_expected(events) {
            return Vec::new();
        }
        self.executions.insert(execution);
        events.iter().filter_map(|event| self.take(execution, &event.fact)).collect()
    }

    fn is_expected(&self, events: &[Event]) -> bool {
        let first = events.first().map(|event| &event.fact);
        let arn = match first {
            Some(Fact::ExecutionStarted { identity, .. }) => &identity.execution_arn,
            Some(Fact::MapRun(MapRunFact::Started { identity, .. })) => &identity.execution_arn,
            _ => return false,
        };
        self.expected.contains(arn)
    }

    fn take(&mut self, execution: ExecutionId, fact: &Fact) -> Option<Wait> {
        match fact {
            Fact::MapRun(MapRunFact::ItemStarted { child, .. }) => {
                self.expected.insert(Str::clone(&child.identity.execution_arn));
                None
            }
            Fact::StateEntered { frame, state, .. } => {
                let state = self.definition.state(*state).name.to_string();
                self.printer.detail(format_args!("-> {}", Visible(&state)));
                self.frames.insert((execution, *frame), Frame { state, wait: None });
                None
            }
            Fact::TaskScheduled { frame, call, .. } => {
                let frame = self.frames.entry((execution, *frame)).or_default();
                frame.wait = call.token.as_ref().map(|token| Wait {
                    state: frame.state.clone(),
                    token: Token::clone(token),
                    input: call.input.clone(),
                });
                None
            }
            // The token may be answered once the task has had the chance to pass it on.
            Fact::TaskSubmitted { frame, .. } => {
                self.frames.get_mut(&(execution, *frame)).and_then(|frame| frame.wait.take())
            }
            _ => None,
        }
    }
}
