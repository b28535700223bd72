//! Wait states, and the declared failure of a Fail state.

use std::time::Duration;

use stepwell_asl::{Fail, Text, Timestamp, Wait, WaitUntil};
use stepwell_jsonpath::Path;
use stepwell_value::{Payload, Str, Value};

use crate::context::Scope;
use crate::event::{Fact, FrameId};
use crate::{Failure, flow};

use super::Step;

/// The longest wait that the service accepts: it counts seconds in 31 bits.
const WAIT_MAX: Duration = Duration::from_secs(2_147_483_647);

impl Step<'_> {
    pub(super) fn begin_wait(&mut self, frame: FrameId, wait: &Wait) {
        let now = self.env.now;
        let scope = self.scope(frame);
        let due = flow::enter(&scope).and_then(|input| due(&scope, &input, wait, now));
        match due {
            Ok(due) => {
                self.emit(Fact::WaitStarted { frame, due });
                if due <= now {
                    self.emit(Fact::WaitElapsed { frame });
                }
            }
            Err(failure) => self.emit(Fact::StateFailed { frame, failure }),
        }
    }

    pub(super) fn declared_failure(&self, frame: FrameId, fail: &Fail) -> Failure {
        let scope = self.scope(frame);
        let parts = text(&scope, fail.error.as_ref(), "ErrorPath").and_then(|error| {
            let cause = text(&scope, fail.cause.as_ref(), "CausePath")?;
            Ok(Failure { error, cause })
        });
        parts.unwrap_or_else(|failure| failure)
    }
}

fn due(
    scope: &Scope<'_>,
    input: &Payload,
    wait: &Wait,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    let due = match &wait.until {
        WaitUntil::Seconds(seconds) => now.saturating_add(Duration::from_secs(*seconds)),
        WaitUntil::SecondsPath(path) => {
            now.saturating_add(Duration::from_secs(seconds(scope, input, path)?))
        }
        WaitUntil::Timestamp(timestamp) => *timestamp,
        WaitUntil::TimestampPath(path) => timestamp(scope, input, path)?,
    };
    if due.saturating_since(now) > WAIT_MAX {
        return Err(scope.runtime_failure("Wait state delay is too long."));
    }
    Ok(due)
}

fn seconds(scope: &Scope<'_>, input: &Payload, path: &Path) -> Result<u64, Failure> {
    let value = scope.read(path, input).map_err(|_missing| {
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

fn timestamp(scope: &Scope<'_>, input: &Payload, path: &Path) -> Result<Timestamp, Failure> {
    let value = scope.read(path, input).map_err(|_missing| {
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

/// The text of `Error` or `Cause`, found by a path if need be.
fn text(scope: &Scope<'_>, text: Option<&Text>, field: &str) -> Result<Option<Str>, Failure> {
    let path = match text {
        None => return Ok(None),
        Some(Text::Literal(text)) => return Ok(Some(Str::clone(text))),
        Some(Text::Path(path)) => path,
    };
    let input = &scope.visit.input;
    match scope.read(path, input) {
        Ok(Value::String(text)) => Ok(Some(text)),
        Ok(other) => Err(scope.runtime_failure(format_args!(
            "The {field} parameter does not reference a string: {path} == {other}"
        ))),
        Err(_missing) => Err(scope.runtime_failure(format_args!(
            "The JSONPath '{path}' specified for the field '{field}' could not be found in the \
             input '{input}'"
        ))),
    }
}
