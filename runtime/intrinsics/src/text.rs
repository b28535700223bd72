//! Functions on texts: putting together and taking apart.

use std::fmt::Write;

use stepwell_jsonpath::JavaText;
use stepwell_value::Value;

use crate::TEXT_BYTES_MAX;
use crate::arguments::Arguments;
use crate::failure::Reason;
use crate::print::Bounded;
use crate::template::{Part, parts};

/// Values appear as Java prints them: texts without quotes, objects as `{a=1, b=[x]}`.
pub(crate) fn format(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let parts = parts(arguments.text(1)?)?;
    let values = arguments.behind(1);
    let places = parts.iter().filter(|part| **part == Part::Place).count();
    if places != values.len() {
        return Err(Reason::ArgumentCount { places, found: values.len() });
    }
    let mut values = values.iter();
    let mut out = Bounded::new(TEXT_BYTES_MAX);
    for part in parts {
        let written = match part {
            Part::Text(text) => out.write_str(text),
            Part::Place => {
                write!(out, "{}", JavaText(values.next().expect("there is one for each place")))
            }
        };
        written.ok().ok_or(Reason::ResultTooLong)?;
    }
    Ok(out.into_text().into())
}

/// Every character of the second text separates, and empty parts are dropped, as by Java's
/// `StringTokenizer`. Without separators the text is one part.
pub(crate) fn split(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (text, separators) = (arguments.text(1)?, arguments.text(2)?);
    let separators: std::collections::BTreeSet<char> = separators.chars().collect();
    let parts = text.split(|letter| separators.contains(&letter));
    Ok(parts.filter(|part| !part.is_empty()).map(Value::from).collect::<Vec<_>>().into())
}

#[cfg(test)]
mod tests;
