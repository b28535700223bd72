//! What a Task state calls.

use stepwell_value::Str;

/// The `Resource` of a Task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A task by its name in the registry (`credit-check`, `credit-check@1.2.0`,
    /// `credit-check:prod`) or by a Lambda function's ARN; the state's effective input is the
    /// task's input, and the task's output is the state's result.
    Function(Str),
    /// `arn:aws:states:::lambda:invoke`: the effective input says in `FunctionName` whom to call
    /// and in `Payload` with what.
    Invoke(Completion),
}

/// When an integration's call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// When the task returns.
    Response,
    /// `.waitForTaskToken`: when the token comes back that the call was given.
    TaskToken,
}

impl Resource {
    /// None for a resource that this runtime does not have.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(integration) = text.strip_prefix("arn:").and_then(states_integration) {
            return match integration {
                "lambda:invoke" => Some(Self::Invoke(Completion::Response)),
                "lambda:invoke.waitForTaskToken" => Some(Self::Invoke(Completion::TaskToken)),
                _ => None,
            };
        }
        is_function(text).then(|| Self::Function(text.into()))
    }
}

/// The part behind `arn:aws:states:::`, in whatever partition.
fn states_integration(arn: &str) -> Option<&str> {
    let (_partition, rest) = arn.split_once(':')?;
    rest.strip_prefix("states:::")
}

/// A Lambda function's ARN, or what can stand for a name with its version or alias. Whether the
/// registry knows it is the registry's to say.
fn is_function(text: &str) -> bool {
    if let Some(arn) = text.strip_prefix("arn:") {
        let parts: Vec<&str> = arn.split(':').collect();
        return matches!(
            parts.as_slice(),
            [_, "lambda", _, _, "function", name] | [_, "lambda", _, _, "function", name, _]
                if !name.is_empty()
        );
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.@:+$".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && text.chars().all(allowed)
}

#[cfg(test)]
mod tests;
