//! Functions among values.
//!
//! A function can be bound to a variable, put into an array and passed on, so it has to fit into a
//! [`Value`]. JSON has no number that is "not a number", hence the spare bit patterns of NaN are
//! free: one of them with an index in its low bits stands for a function, and the evaluator keeps
//! the function itself in a table. So arrays and objects that contain functions are ordinary
//! arrays and objects, nothing is converted on the way in or out, and closures that refer to
//! themselves through their scope are freed with the table instead of leaking.
//!
//! Such values never leave an evaluation: results are checked before they are handed out.

use stepwell_value::Value;

/// A quiet NaN with a bit set that the machine's own NaN does not have.
const TAG: u64 = 0x7ffc_0000_0000_0000;
const INDEX: u64 = 0xffff_ffff;

/// The value that stands for a function.
pub(crate) fn handle(index: usize) -> Value {
    Value::Float(f64::from_bits(TAG | (index as u64 & INDEX)))
}

/// The function's place in the table, if the value stands for one.
pub(crate) fn index_of(value: &Value) -> Option<usize> {
    match value {
        Value::Float(number) if number.is_nan() => {
            let bits = number.to_bits();
            (bits & !INDEX == TAG).then_some((bits & INDEX) as usize)
        }
        _ => None,
    }
}

pub(crate) fn is_function(value: &Value) -> bool {
    index_of(value).is_some()
}

#[cfg(test)]
mod tests;
