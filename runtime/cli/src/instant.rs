//! Instants as the API writes them: seconds since 1970, with a fraction.

use stepwell::{Timestamp, Value};

/// The instant, without going through a floating-point number where its text is exact.
pub(crate) fn of_json(value: &Value) -> Option<Timestamp> {
    let text = match value {
        Value::Int(_) | Value::Float(_) => value.to_string(),
        _ => return None,
    };
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    Timestamp::from_unix(seconds.parse().ok()?, digits.parse().ok()?)
}

/// The instant for people, or a dash.
pub(crate) fn shown(value: Option<&Value>) -> String {
    value.and_then(of_json).map_or_else(|| "-".to_owned(), |at| at.to_string())
}

#[cfg(test)]
mod tests;
