//! Functions on JSON as a whole: text to value, value to text, two objects to one.

use stepwell_value::Value;

use crate::arguments::Arguments;
use crate::failure::Reason;
use crate::{TEXT_BYTES_MAX, java_map, print};

/// A text of blanks, or of nothing, is null.
pub(crate) fn parse(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let text = arguments.text(1)?;
    if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
        return Ok(Value::Null);
    }
    Value::parse(text).map_err(Reason::NotJson)
}

pub(crate) fn to_string(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let text = print::within(TEXT_BYTES_MAX, arguments.value(1));
    text.map(Value::from).ok_or(Reason::ResultTooLong)
}

/// Members of the second object replace those of the first. What is inside members is not merged.
pub(crate) fn merge(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (first, second) = (arguments.object(1)?, arguments.object(2)?);
    if arguments.boolean(3)? {
        return Err(Reason::DeepMerge);
    }
    Ok(java_map::merged(first, second).into())
}

#[cfg(test)]
mod tests;
