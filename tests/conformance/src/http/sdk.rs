//! Tasks that call the service's own interface: workers and callers written as state machines.
//!
//! `arn:aws:states:::aws-sdk:sfn:getActivityTask` is the task `aws-sdk.sfn.getActivityTask`. It calls
//! the server to which its execution belongs, as any client does.

use std::net::SocketAddr;

use anyhow::Result;
use stepwell::{Failure, Object, Payload, Value};

use super::client::Client;
use crate::answer::Exception;

/// The operation that a task's name stands for, such as `GetActivityTask`.
pub(super) fn operation(function: &str) -> Option<String> {
    function.strip_prefix("aws-sdk.sfn.").map(|action| with_first(action, char::to_ascii_uppercase))
}

/// Waits until the server answers.
pub(super) fn call(
    address: SocketAddr,
    operation: &str,
    parameters: &Value,
) -> Result<Payload, Failure> {
    let reply = Client::new(address).call(operation, &as_sent(parameters));
    match reply.map(|reply| reply.answer) {
        Ok(Ok(answer)) => Ok(Payload::from(as_shown(&answer))),
        Ok(Err(Exception { name, message })) => Err(Failure::new(format!("Sfn.{name}"), message)),
        Err(error) => Err(Failure::new("Sfn.SdkClientException", format!("{error:#}"))),
    }
}

/// Members begin with small letters, and nothing is sent of those that are null.
fn as_sent(parameters: &Value) -> Value {
    let members = parameters.as_object().into_iter().flat_map(Object::iter);
    let members = members.filter(|(_, member)| !member.is_null());
    let sent =
        members.map(|(name, member)| (with_first(name, char::to_ascii_lowercase), member.clone()));
    Value::from(sent.collect::<Object>())
}

/// Members begin with capitals.
fn as_shown(answer: &Value) -> Value {
    let members = answer.as_object().into_iter().flat_map(Object::iter);
    let shown =
        members.map(|(name, member)| (with_first(name, char::to_ascii_uppercase), member.clone()));
    Value::from(shown.collect::<Object>())
}

fn with_first(word: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| change(&letter));
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests;
