//! What a Task state calls.

use std::fmt;

use stepwell_value::Str;

mod integrations;

/// The `Resource` of a Task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A task by its name in the registry (`credit-check`, `credit-check@1.2.0`,
    /// `credit-check:prod`) or by a Lambda function's ARN; the state's effective input is the
    /// task's input, and the task's output is the state's result.
    Function(Str),
    /// An activity by its ARN: somebody outside fetches the work and reports its end.
    Activity(Str),
    /// An action of a service; the effective input has the action's parameters.
    Integration(Integration),
}

/// `arn:aws:states:::SERVICE:ACTION`, and after it how the call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// `lambda`, or `aws-sdk:dynamodb` for an action that goes to a service's own interface.
    pub service: Str,
    pub action: Str,
    pub completion: Completion,
}

/// When an integration's call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// When the service answers.
    Response,
    /// `.sync`: when the work that the call began has ended.
    Sync,
    /// `.sync:2`: as `.sync`, with the output as JSON and not as a text of it.
    Sync2,
    /// `.waitForTaskToken`: when the token comes back that the call was given.
    TaskToken,
}

impl Resource {
    /// None for what is no resource at all. Whether this runtime can call it is not asked.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_shared(&text.into())
    }

    pub(crate) fn parse_shared(text: &Str) -> Option<Self> {
        let Some(arn) = text.strip_prefix("arn:") else {
            return is_registry_name(text).then(|| Self::Function(Str::clone(text)));
        };
        let (_partition, arn) = arn.split_once(':')?;
        if let Some(integration) = arn.strip_prefix("states:::") {
            return Integration::parse(integration).map(Self::Integration);
        }
        match arn.split(':').collect::<Vec<_>>().as_slice() {
            ["lambda", _, _, "function", name] | ["lambda", _, _, "function", name, _]
                if !name.is_empty() =>
            {
                Some(Self::Function(Str::clone(text)))
            }
            ["states", _, _, "activity", name] if !name.is_empty() => {
                Some(Self::Activity(Str::clone(text)))
            }
            _ => None,
        }
    }

    /// `lambda:invoke` in any of its forms: the effective input says in `FunctionName` whom to call
    /// and in `Payload` with what.
    pub fn is_lambda_invoke(&self) -> bool {
        matches!(self, Self::Integration(integration) if integration.is("lambda", "invoke"))
    }

    /// How the call ends. A function and an activity answer for themselves.
    pub fn completion(&self) -> Completion {
        match self {
            Self::Function(_) | Self::Activity(_) => Completion::Response,
            Self::Integration(integration) => integration.completion,
        }
    }
}

impl Integration {
    /// Reads what follows `arn:aws:states:::`.
    fn parse(text: &str) -> Option<Self> {
        let (text, completion) = Completion::split(text);
        let (service, action) = text.rsplit_once(':')?;
        integrations::are_known(service, action, completion).then(|| Self {
            service: service.into(),
            action: action.into(),
            completion,
        })
    }
}

impl Integration {
    /// The action as histories print it, with how the call ends.
    pub fn resource(&self) -> String {
        format!("{}{}", self.action, self.completion.suffix())
    }

    /// The task of the registry that stands in for the action: `sqs.sendMessage`, and
    /// `aws-sdk.dynamodb.getItem` for an action of a service's own interface.
    pub fn stand_in(&self) -> Str {
        format!("{}.{}", self.service.replace(':', "."), self.action).into()
    }

    /// The action, in any of its forms.
    pub fn is(&self, service: &str, action: &str) -> bool {
        (&*self.service, &*self.action) == (service, action)
    }
}

impl fmt::Display for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}{}", self.service, self.action, self.completion.suffix())
    }
}

impl Completion {
    const WITH_SUFFIX: [Self; 3] = [Self::Sync2, Self::Sync, Self::TaskToken];

    /// What a resource of this completion ends in.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Response => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::TaskToken => ".waitForTaskToken",
        }
    }

    fn split(text: &str) -> (&str, Self) {
        let found = Self::WITH_SUFFIX.into_iter().find_map(|completion| {
            text.strip_suffix(completion.suffix()).map(|rest| (rest, completion))
        });
        found.unwrap_or((text, Self::Response))
    }
}

/// What can stand for a task with its version or alias. Whether the registry has it is the
/// registry's to say.
fn is_registry_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.@:+$".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && text.chars().all(allowed)
}

#[cfg(test)]
mod tests;
