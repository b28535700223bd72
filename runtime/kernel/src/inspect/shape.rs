//! What the services answer that a mock is held against.
//!
//! A field that the tables do not have may hold anything; so may the answer of an action that is not
//! in them.

use stepwell_asl::{Completion, Integration, Resource};
use stepwell_value::{Object, Value};

use super::Validation;
use super::refusal::{FieldFault, Mismatch};

mod answers;

#[derive(Debug)]
enum Shape {
    Structure(&'static [Member]),
    List(&'static Self),
    /// Timestamps and binary data are text too.
    Text {
        length: (usize, usize),
    },
    Number {
        range: (i64, i64),
    },
    Boolean,
    OneOf(&'static [&'static str]),
}

#[derive(Debug)]
struct Member {
    name: &'static str,
    shape: &'static Shape,
    is_required: bool,
}

pub(super) fn check(
    resource: &Resource,
    result: &Value,
    validation: Validation,
) -> Result<(), Mismatch> {
    let must_be_complete = match validation {
        Validation::Strict => true,
        Validation::Present => false,
        Validation::None => return Ok(()),
    };
    let Some(members) = action(resource).and_then(answers::of) else { return Ok(()) };
    let object = result.as_object().ok_or(Mismatch::NotAnObject)?;
    check_members(members, object, must_be_complete)
}

/// The service and the action whose answer is the task's result.
fn action(resource: &Resource) -> Option<(&str, &str)> {
    let Resource::Integration(Integration { service, action, completion: Completion::Response }) =
        resource
    else {
        return None;
    };
    Some(match &**service {
        // The service's integration with itself has another name than its SDK.
        "states" => ("sfn", action),
        service => (service.strip_prefix("aws-sdk:").unwrap_or(service), action),
    })
}

fn check_members(
    members: &[Member],
    object: &Object,
    must_be_complete: bool,
) -> Result<(), Mismatch> {
    for Member { name, shape, is_required } in members {
        match object.get(name) {
            Some(value) => check_value(name, shape, value, must_be_complete)?,
            None if *is_required && must_be_complete => {
                return Err(Mismatch::Missing { field: name });
            }
            None => {}
        }
    }
    Ok(())
}

fn check_value(
    field: &'static str,
    shape: &Shape,
    value: &Value,
    must_be_complete: bool,
) -> Result<(), Mismatch> {
    let fault = |fault| Mismatch::Field { field, fault };
    match shape {
        Shape::Structure(members) => {
            let object = value.as_object().ok_or_else(|| fault(FieldFault::NotObject))?;
            check_members(members, object, must_be_complete)
        }
        Shape::List(element) => {
            let elements = value.as_array().ok_or_else(|| fault(FieldFault::NotArray))?;
            elements
                .iter()
                .try_for_each(|value| check_value(field, element, value, must_be_complete))
        }
        Shape::Text { length: (least, most) } => {
            let text = value.as_str().ok_or_else(|| fault(FieldFault::NotText))?;
            match text.chars().count() {
                count if count < *least => Err(fault(FieldFault::TooShort)),
                count if count > *most => Err(fault(FieldFault::TooLong)),
                _ => Ok(()),
            }
        }
        Shape::Number { range: (least, most) } => {
            let number = value.as_f64().ok_or_else(|| fault(FieldFault::NotNumber))?;
            check_range(number, *least, *most).map_err(fault)
        }
        Shape::Boolean => value.as_bool().map(drop).ok_or_else(|| fault(FieldFault::NotBoolean)),
        Shape::OneOf(expected) => {
            let text = value.as_str().ok_or_else(|| fault(FieldFault::NotText))?;
            if expected.contains(&text) { Ok(()) } else { Err(fault(FieldFault::Unexpected)) }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "the bounds are small, or there are none")]
fn check_range(number: f64, least: i64, most: i64) -> Result<(), FieldFault> {
    if number < least as f64 {
        Err(FieldFault::TooSmall)
    } else if number > most as f64 {
        Err(FieldFault::TooLarge)
    } else {
        Ok(())
    }
}
