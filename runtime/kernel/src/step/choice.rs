//! Choice states: the first rule that holds decides.

use std::borrow::Cow;
use std::cmp::Ordering;

use stepwell_asl::{Choice, Comparison, Condition, Operand, StateIdx, Timestamp, TypeTest};
use stepwell_jsonpath::Path;
use stepwell_value::{Payload, Str, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::FrameId;
use crate::fault::Fault;
use crate::flow::Exit;
use crate::{Failure, Way, error_name, flow};

use super::Step;

impl Step<'_> {
    pub(super) fn choose(&mut self, frame: FrameId, choice: &Choice) {
        let scope = self.scope(frame);
        let decided = flow::enter(&scope).and_then(|input| {
            let (next, exit) = decide(&scope, &input, choice)?;
            Ok((flow::leave_by(&scope, exit, &input)?, next))
        });
        match decided {
            Ok((left, next)) => self.exit(frame, Ok(left), Some(next)),
            Err(fault) => self.fail_state(frame, fault),
        }
    }
}

fn decide<'s>(
    scope: &Scope<'s>,
    input: &Payload,
    choice: &'s Choice,
) -> Result<(StateIdx, Exit<'s>), Fault> {
    for (nth, rule) in choice.rules.iter().enumerate() {
        let holds = match &rule.condition {
            Condition::Jsonata(expression) => {
                let view = View::new(scope, input);
                let field = format!("Choices[{nth}]/Condition");
                view.jsonata_as(expression, &field, "boolean", Value::as_bool)?
            }
            condition => holds(scope, input, condition)?,
        };
        if holds {
            scope.note_way(Way::Rule(nth));
            let exit = Exit { output: rule.output.as_ref(), assign: rule.assign.as_ref() };
            return Ok((rule.next, exit));
        }
    }
    match choice.default {
        Some(next) => {
            scope.note_way(Way::Default);
            Ok((next, Exit::of_state(scope)))
        }
        None => {
            let what =
                "Failed to transition out of the state. The state does not point to a next state.";
            Err(scope.failure(error_name::NO_CHOICE_MATCHED, what).into())
        }
    }
}

fn holds(scope: &Scope<'_>, input: &Payload, condition: &Condition) -> Result<bool, Failure> {
    match condition {
        Condition::And(conditions) => {
            for condition in conditions {
                if !holds(scope, input, condition)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(conditions) => {
            for condition in conditions {
                if holds(scope, input, condition)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(condition) => holds(scope, input, condition).map(|holds| !holds),
        Condition::Compare {
            variable,
            comparison: Comparison::Is(TypeTest::Present, expected),
        } => Ok(View::new(scope, input).read(variable).is_ok() == *expected),
        Condition::Literal(holds) => Ok(*holds),
        Condition::Jsonata(_) => unreachable!("an expression stands alone in its rule"),
        Condition::Compare { variable, comparison } => {
            let value = find(scope, input, variable)?;
            compare(scope, input, &value, comparison)
        }
    }
}

fn find(scope: &Scope<'_>, input: &Payload, path: &Path) -> Result<Value, Failure> {
    View::new(scope, input).read(path).map(Cow::into_owned).map_err(|_missing| {
        scope.runtime_failure(format_args!(
            "Invalid path '{path}': The choice state's condition path references an invalid value."
        ))
    })
}

/// Values of different types do not compare: the comparison does not hold.
fn compare(
    scope: &Scope<'_>,
    input: &Payload,
    value: &Value,
    comparison: &Comparison,
) -> Result<bool, Failure> {
    let ordering = match comparison {
        Comparison::String(_, operand) => {
            let other =
                operand_value(scope, input, operand, |text| Value::String(Str::clone(text)))?;
            value.as_str().zip(other.as_str()).map(|(left, right)| left.cmp(right))
        }
        Comparison::Numeric(_, operand) => {
            let other = operand_value(scope, input, operand, Value::clone)?;
            compare_numbers(value, &other)
        }
        Comparison::Boolean(operand) => {
            let other = operand_value(scope, input, operand, |flag| Value::Bool(*flag))?;
            value.as_bool().zip(other.as_bool()).map(|(left, right)| left.cmp(&right))
        }
        Comparison::Timestamp(_, Operand::Literal(timestamp)) => {
            as_timestamp(value).map(|value| value.cmp(timestamp))
        }
        Comparison::Timestamp(_, Operand::Path(path)) => {
            let other = as_timestamp(&find(scope, input, path)?);
            as_timestamp(value).zip(other).map(|(left, right)| left.cmp(&right))
        }
        Comparison::StringMatches(pattern) => {
            return Ok(value.as_str().is_some_and(|text| pattern.matches(text)));
        }
        Comparison::Is(test, expected) => return Ok(is_of_type(value, *test) == *expected),
    };
    Ok(match comparison {
        Comparison::String(order, _)
        | Comparison::Numeric(order, _)
        | Comparison::Timestamp(order, _) => ordering.is_some_and(|ordering| order.holds(ordering)),
        Comparison::Boolean(_) => ordering.is_some_and(Ordering::is_eq),
        Comparison::StringMatches(_) | Comparison::Is(..) => unreachable!("answered above"),
    })
}

fn operand_value<T>(
    scope: &Scope<'_>,
    input: &Payload,
    operand: &Operand<T>,
    literal: impl FnOnce(&T) -> Value,
) -> Result<Value, Failure> {
    match operand {
        Operand::Literal(value) => Ok(literal(value)),
        Operand::Path(path) => find(scope, input, path),
    }
}

/// Integers compare exactly, anything else as `f64`.
fn compare_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn as_timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(Timestamp::parse)
}

fn is_of_type(value: &Value, test: TypeTest) -> bool {
    match test {
        TypeTest::Null => value.is_null(),
        TypeTest::Present => true,
        TypeTest::String => value.as_str().is_some(),
        TypeTest::Numeric => value.as_f64().is_some(),
        TypeTest::Boolean => value.as_bool().is_some(),
        TypeTest::Timestamp => as_timestamp(value).is_some(),
    }
}
