//! Tells a human reviewer about an application that needs a decision.
//!
//! The message goes to the log, where a real task would send it to a queue or a chat. The state
//! does not go on when this task returns: it waits for the token to come back with the decision.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

#[derive(Deserialize)]
pub struct Request {
    applicant: String,
    requested_limit: u32,
    score: u32,
    #[serde(rename = "TaskToken")]
    task_token: String,
}

#[derive(Serialize)]
pub struct Notice {
    message: String,
}

#[task]
fn ask_reviewer(request: Request) -> Result<Notice, TaskError> {
    let Request { applicant, requested_limit, score, task_token } = request;
    let message = format!(
        "{applicant} asks for a limit of {requested_limit} with a score of {score}. \
         Decide with the task token {task_token}"
    );
    log::info!("{message}");
    Ok(Notice { message })
}

#[cfg(test)]
mod tests;
