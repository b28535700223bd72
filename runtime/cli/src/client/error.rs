//! Why a call was not answered, or not as was hoped.

use stepwell::Value;

use super::text;
use crate::complaint::Complaint;
use crate::visible::{Visible, one_line};

const TEXT_CHARS_MAX: usize = 200;

#[derive(Debug)]
pub(crate) enum CallError {
    /// No server was reached, or the connection broke.
    Unreachable { endpoint: String, problem: String },
    /// The server says no.
    Refused { name: String, message: String },
    /// Whoever answered does not speak the protocol.
    Unreadable { endpoint: String, status: u16, text: String },
    /// The request could not be signed.
    Unsigned(String),
}

impl CallError {
    /// The exception of an answer in JSON.
    pub(crate) fn refused(answer: &Value, status: u16) -> Self {
        let kind = text(answer, "__type");
        let name = kind.rsplit('#').next().filter(|name| !name.is_empty());
        let message = [text(answer, "message"), text(answer, "Message")];
        let message = message.into_iter().find(|message| !message.is_empty());
        Self::Refused {
            name: name.map_or_else(|| format!("HTTP status {status}"), str::to_owned),
            message: message.unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn is_refused_as(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { name, .. } if name == wanted)
    }
}

impl From<CallError> for Complaint {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unreachable { endpoint, problem } if problem.contains("certificate") => {
                Self::new(format_args!("the server at {endpoint} is not trusted: {problem}"))
                    .hint("`client.ca` of the configuration, or AWS_CA_BUNDLE, names what to trust")
            }
            CallError::Unreachable { endpoint, problem } => {
                Self::new(format_args!("no server answers at {endpoint}: {problem}"))
                    .hint("start one with `stepwell serve`, or name another one with --endpoint")
            }
            CallError::Unreadable { endpoint, status, text } => {
                let text = one_line(&text, TEXT_CHARS_MAX);
                Self::new(format_args!(
                    "{endpoint} answers with status {status} and no JSON: {text}"
                ))
                .hint("is there another program at this address?")
            }
            CallError::Unsigned(problem) => {
                Self::new(format_args!("the request cannot be signed: {problem}"))
            }
            CallError::Refused { name, message } => {
                let complaint = if message.is_empty() {
                    Self::new(Visible(&name))
                } else {
                    Self::new(format_args!("{}: {}", Visible(&name), Visible(&message)))
                };
                match hint(&name) {
                    Some(hint) => complaint.hint(hint),
                    None => complaint,
                }
            }
        }
    }
}

fn hint(name: &str) -> Option<&'static str> {
    Some(match name {
        "StateMachineDoesNotExist" => "`stepwell machine list` shows what is there",
        "ExecutionDoesNotExist" => "`stepwell exec list` shows what is there",
        "ActivityDoesNotExist" => "`stepwell activity list` shows what is there",
        "ExecutionAlreadyExists" => "give this one another --name",
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => {
            "the server wants signed requests: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        }
        "UnrecognizedClientException" | "InvalidSignatureException" => {
            "the server knows its keys by `access.keys` of its configuration"
        }
        "AccessDeniedException" => "the key's policy does not allow it",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
