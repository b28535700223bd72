//! The functions that the cases call, by what their recordings say of them.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use stepwell_kernel::Failure;
use stepwell_value::{Object, Payload, Str, Value};

use crate::field;

/// What a function does with what it is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Behaviour {
    Echo,
    Return(Payload),
    SleepThenEcho(Duration),
    Raise {
        error: Str,
        message: Str,
        stack_trace: Value,
    },
    /// Answers a text in which `{event}` stands for what was given, as Python prints it.
    Format {
        template: String,
    },
}

/// An answer and how long it takes.
pub(crate) type Answer = (Duration, Result<Payload, Failure>);

impl Behaviour {
    pub(crate) fn parse(function: &Value) -> Result<Self> {
        Ok(match field::text(function, "kind")? {
            "echo" => Self::Echo,
            "return" => Self::Return(Payload::from(field::member(function, "value")?.clone())),
            "return_repeat" => {
                let count = usize::try_from(whole(function, "count")?)?;
                let text = field::text(function, "char")?.repeat(count);
                Self::Return(Payload::from(Value::from(text)))
            }
            "sleep_then_echo" => {
                Self::SleepThenEcho(Duration::from_secs(whole(function, "seconds")?))
            }
            "raise" => Self::Raise {
                error: field::text(function, "errorType")?.into(),
                message: field::text(function, "errorMessage")?.into(),
                stack_trace: field::member(function, "stackTrace")?.clone(),
            },
            "format" => Self::Format { template: field::text(function, "template")?.to_owned() },
            other => bail!("`{other}` is not a behaviour that is known"),
        })
    }

    /// `nth` tells this call from the others of the execution.
    pub(crate) fn answer(&self, input: &Payload, nth: u64) -> Answer {
        let outcome = match self {
            Self::Echo => Ok(input.clone()),
            Self::Return(output) => Ok(output.clone()),
            Self::SleepThenEcho(pause) => return (*pause, Ok(input.clone())),
            Self::Raise { error, message, stack_trace } => {
                Err(Failure::new(Str::clone(error), cause(error, message, stack_trace, nth)))
            }
            Self::Format { template } => {
                let text = template.replace("{event}", &python_text(input.value()));
                Ok(Payload::from(Value::from(text)))
            }
        };
        (Duration::ZERO, outcome)
    }
}

/// What the service answers where no function has the name.
pub(crate) fn no_such_function(name: &str, nth: u64) -> Failure {
    let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{name}:$LATEST");
    let cause = format!(
        "Function not found: {arn} (Service: AWSLambda; Status Code: 404; \
         Error Code: ResourceNotFoundException; Request ID: {}; Proxy: null)",
        request_id(nth)
    );
    Failure::new("Lambda.ResourceNotFoundException", cause)
}

/// A function that fails answers a document, and its text becomes the cause.
pub(crate) fn cause(error: &Str, message: &Str, stack_trace: &Value, nth: u64) -> String {
    let mut document = Object::new();
    document.insert("errorMessage", Str::clone(message));
    document.insert("errorType", Str::clone(error));
    document.insert("requestId", request_id(nth));
    document.insert("stackTrace", stack_trace.clone());
    Value::from(document).to_string()
}

pub(crate) fn request_id(nth: u64) -> String {
    format!("00000000-0000-4000-8000-{nth:012}")
}

fn whole(function: &Value, name: &str) -> Result<u64> {
    let number = field::member(function, name)?.as_int();
    let number = number.with_context(|| format!("the field `{name}` is not a whole number"))?;
    u64::try_from(number).with_context(|| format!("the field `{name}` is negative"))
}

/// A value as Python's `str` prints it.
fn python_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Array(_)
        | Value::Object(_) => python_literal(value),
    }
}

fn python_literal(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(_) | Value::Float(_) => value.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
        }
        Value::Array(items) => format!("[{}]", joined(items.iter().map(python_literal).collect())),
        Value::Object(object) => {
            let member = |(name, value): (&Str, &Value)| {
                let name = python_literal(&Value::from(Str::clone(name)));
                format!("{name}: {}", python_literal(value))
            };
            format!("{{{}}}", joined(object.iter().map(member).collect()))
        }
    }
}

#[cfg(test)]
mod tests;
