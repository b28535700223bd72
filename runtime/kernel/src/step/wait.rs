//! Wait states, and the declared failure of a Fail state.

use std::time::Duration;

use stepwell_asl::{Expression, Fail, Text, Timestamp, Wait, WaitUntil};
use stepwell_jsonpath::Path;
use stepwell_value::{Payload, Str, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Fact, FrameId};
use crate::fault::Fault;
use crate::{Failure, flow};

use super::Step;

impl Step<'_> {
    pub(super) fn begin_wait(&mut self, frame: FrameId, wait: &Wait) {
        let now = self.world.now;
        let scope = self.scope(frame);
        let due = flow::enter(&scope).and_then(|input| due(&scope, &input, wait, now));
        match due {
            Ok(due) => {
                self.emit(Fact::WaitStarted { frame, due });
                if due <= now {
                    self.emit(Fact::WaitElapsed { frame });
                }
            }
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    /// What a Fail state declares, or why that cannot be told.
    pub(super) fn declared_failure(&self, frame: FrameId, fail: &Fail) -> Fault {
        let scope = self.scope(frame);
        let parts = text(&scope, fail.error.as_ref(), "Error").and_then(|error| {
            let cause = text(&scope, fail.cause.as_ref(), "Cause")?;
            Ok(Failure { error, cause })
        });
        parts.map_or_else(|fault| fault, Fault::Silent)
    }
}

fn due(
    scope: &Scope<'_>,
    input: &Payload,
    wait: &Wait,
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let view = View::new(scope, input);
    let after = |seconds| now.saturating_add(Duration::from_secs(seconds));
    let due = match &wait.until {
        WaitUntil::Seconds(seconds) => after(*seconds),
        WaitUntil::SecondsPath(path) => after(seconds(scope, &view, path)?),
        WaitUntil::SecondsJsonata(expression) => after(seconds_of(&view, expression)?),
        WaitUntil::Timestamp(timestamp) => *timestamp,
        WaitUntil::TimestampPath(path) => timestamp(scope, &view, path)?,
        WaitUntil::TimestampJsonata(expression) => timestamp_of(&view, expression)?,
    };
    if due.saturating_since(now) > scope.limits.wait_max {
        return Err(scope.runtime_failure("Wait state delay is too long.").into());
    }
    Ok(due)
}

fn seconds_of(view: &View<'_>, expression: &Expression) -> Result<u64, Fault> {
    let whole = |value: &Value| value.as_int().and_then(|seconds| u64::try_from(seconds).ok());
    view.jsonata_as(expression, "Seconds", "number", whole)
}

fn timestamp_of(view: &View<'_>, expression: &Expression) -> Result<Timestamp, Fault> {
    let field = "Timestamp";
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let text = view.jsonata_as(expression, field, "string", text)?;
    Timestamp::parse(&text).ok_or_else(|| {
        let what = format!(
            "The {field} field cannot be parsed as an ISO-8601 extended offset date-time format \
             string: {text}"
        );
        view.fault_of(field, what)
    })
}

fn seconds(scope: &Scope<'_>, view: &View<'_>, path: &Path) -> Result<u64, Failure> {
    let value = view.read(path).map_err(|_missing| {
        scope.runtime_failure(format_args!(
            "The SecondsPath parameter does not reference an input value: {path}"
        ))
    })?;
    match value.as_int().map(u64::try_from) {
        Some(Ok(seconds)) => Ok(seconds),
        Some(Err(_negative)) => Err(scope.runtime_failure(format_args!(
            "The SecondsPath parameter references a negative value: {path} == {value}"
        ))),
        None => Err(scope.runtime_failure(format_args!(
            "The SecondsPath parameter cannot be parsed as a long value: {path} == {value}"
        ))),
    }
}

fn timestamp(scope: &Scope<'_>, view: &View<'_>, path: &Path) -> Result<Timestamp, Failure> {
    let value = view.read(path).map_err(|_missing| {
        scope.runtime_failure(format_args!(
            "The TimestampPath parameter does not reference an input value: {path}"
        ))
    })?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Timestamp::parse(&text).ok_or_else(|| {
        scope.runtime_failure(format_args!(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset \
             date-time format string: {path} == {text}"
        ))
    })
}

/// The text of `Error` or `Cause`.
fn text(scope: &Scope<'_>, text: Option<&Text>, field: &str) -> Result<Option<Str>, Fault> {
    let input = &scope.visit.input;
    let view = View::new(scope, input);
    match text {
        None => Ok(None),
        Some(Text::Literal(text)) => Ok(Some(Str::clone(text))),
        Some(Text::Path(path)) => match view.member(path, &format!("{field}Path"))? {
            Value::String(text) => Ok(Some(text)),
            other => Err(scope
                .runtime_failure(format_args!(
                    "The {field}Path parameter does not reference a string: {path} == {other}"
                ))
                .into()),
        },
        Some(Text::Intrinsic(call)) => match view.intrinsic(call)? {
            Value::String(text) => Ok(Some(text)),
            other => Ok(Some(other.to_string().into())),
        },
        Some(Text::Jsonata(expression)) => {
            let text = |value: &Value| match value {
                Value::String(text) => Some(Str::clone(text)),
                _ => None,
            };
            view.jsonata_as(expression, field, "string", text).map(Some)
        }
    }
}
