//! The service as a function from calls to answers, whatever carries them.

use std::sync::Arc;

use bytes::Bytes;
use stepwell::{HistoryEvent, Library, Query, Stepwell, Subject, Summary};
use stepwell_catalog::Site;
use stepwell_value::{Object, Str};
use tokio::sync::watch;

use crate::exception::Exception;
use crate::operation::Operation;
use crate::operations;
use crate::pollers::Pollers;
use crate::redrives::Redrives;
use crate::request::Request;

/// "The maximum length of nextToken is 1024", but for one operation.
pub(crate) const PAGE_TOKEN_LENGTH_MAX: usize = 1024;

/// "Maximum input or output size for a task, state, or execution": 256 KiB of UTF-8.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 262_144;

/// A page of history ends early rather than being larger than about that.
pub(crate) const PAGE_BYTES_MAX: usize = 4 << 20;

/// What an operation comes to.
pub(crate) type Answer = Result<Object, Exception>;

/// AWS Step Functions' operations on one runtime. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Api {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    stepwell: Stepwell,
    pollers: Pollers,
    redrives: Redrives,
    /// Says to those who wait for work that there will be none.
    closing: watch::Sender<bool>,
}

/// What is answered: a status and a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: String,
}

impl Api {
    pub fn new(stepwell: Stepwell) -> Self {
        let (pollers, redrives) = (Pollers::default(), Redrives::default());
        let closing = watch::Sender::new(false);
        Self { shared: Arc::new(Shared { stepwell, pollers, redrives, closing }) }
    }

    /// Sends those away who wait for work. Other calls go on being answered.
    pub fn close(&self) {
        self.shared.closing.send_replace(true);
    }

    /// Ends when the API is being closed.
    pub(crate) async fn closed(&self) {
        let mut closing = self.shared.closing.subscribe();
        // The sender is ours, so it is there.
        let _gone = closing.wait_for(|is_closing| *is_closing).await;
    }

    /// Why executions do not get on at the moment; nothing if they do.
    pub(crate) fn unreadiness(&self) -> Option<&'static str> {
        if *self.shared.closing.borrow() {
            return Some("the server is being stopped");
        }
        self.stepwell().standard().unreadiness()
    }

    /// Answers a call: the operation's name, as `X-Amz-Target` has it behind the point, and the
    /// request's body.
    pub async fn call(&self, operation: &str, body: Bytes) -> Reply {
        let answer = match Operation::named(operation) {
            None => Err(Exception::unknown_operation()),
            Some(operation) => match Request::parse(&body) {
                Ok(request) => self.perform(operation, request).await,
                Err(exception) => Err(exception),
            },
        };
        Reply::of(answer)
    }

    pub(crate) async fn perform(&self, operation: Operation, request: Request) -> Answer {
        operations::perform(self, operation, request).await
    }

    pub fn stepwell(&self) -> &Stepwell {
        &self.shared.stepwell
    }

    pub(crate) fn library(&self) -> &Library {
        self.shared.stepwell.library()
    }

    pub(crate) fn pollers(&self) -> &Pollers {
        &self.shared.pollers
    }

    pub(crate) fn redrives(&self) -> &Redrives {
        &self.shared.redrives
    }

    pub(crate) fn region(&self) -> Str {
        Str::clone(&self.library().catalog().site().region)
    }

    /// What every ARN of this runtime begins with.
    pub(crate) fn arn_prefix(&self) -> String {
        let catalog = self.library().catalog();
        let Site { partition, region, account } = catalog.site();
        format!("arn:{partition}:states:{region}:{account}")
    }

    /// What an execution's or a map run's ARN means: the newest one that has it.
    pub(crate) fn newest(&self, arn: &str) -> Result<Option<Summary>, Exception> {
        let query = Query::newest(Subject::Arn(arn.into()), 1);
        Ok(self.stepwell().list(&query)?.pop())
    }

    /// The ARN of the map run that an execution belongs to, if it does.
    pub(crate) fn map_run_of(&self, summary: &Summary) -> Result<Option<Str>, Exception> {
        let Some(parent) = summary.parent else { return Ok(None) };
        let query = Query::newest(Subject::One(parent.execution), 1);
        let parent = self.stepwell().list(&query)?.pop();
        let run = parent.filter(|parent| parent.opening.machine_arn.is_none());
        Ok(run.map(|run| run.opening.arn))
    }

    /// The text of the definition with which an execution was started.
    pub(crate) fn definition_of(&self, summary: &Summary) -> Result<Option<Str>, Exception> {
        Ok(self.stepwell().revision_of(summary)?.map(|revision| Str::clone(revision.text())))
    }

    pub(crate) fn history_of(&self, summary: &Summary) -> Result<Vec<HistoryEvent>, Exception> {
        Ok(self.stepwell().history_of(summary)?)
    }
}

impl Reply {
    pub(crate) fn of(answer: Answer) -> Self {
        match answer {
            Ok(answer) => {
                Self { status: 200, body: stepwell_value::Value::from(answer).to_string() }
            }
            Err(Exception { name, status, message, details }) => {
                let mut body = Object::new();
                body.insert("__type", name);
                body.insert("message", message);
                for (name, value) in details {
                    body.insert(name, value);
                }
                Self { status, body: stepwell_value::Value::from(body).to_string() }
            }
        }
    }
}
