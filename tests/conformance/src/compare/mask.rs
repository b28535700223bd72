//! Does to a response what the recorder did to the recording.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use stepwell_value::{Object, Str, Value};

/// The account and the region in which cases are played.
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";

static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    let date = "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    let time = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?";
    let zone = "(?:Z|[+-][01][0-9]:?(?:[0-5][0-9])?)";
    pattern(&format!("{date}T{time}{zone}"))
});
static REQUEST: LazyLock<Regex> =
    LazyLock::new(|| pattern("(Extended )Request ID: [a-zA-Z0-9/=+-]+|Request ID: [a-zA-Z0-9-]+"));
static PARTITION: LazyLock<Regex> = LazyLock::new(|| pattern("arn:aws(?:-[a-z-]+)?:"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is written down here")
}

/// A response as the recorder would have stored it.
pub(super) fn actual(response: &Value) -> Value {
    masked(&unfolded(response))
}

/// Puts the document in place of every member that is the text of an object, one level deep: texts
/// inside of that document stay, and so do arrays.
fn unfolded(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.iter().map(|(name, member)| {
                let text = member.as_str().filter(|text| text.starts_with('{'));
                let document = text.and_then(|text| Value::parse(text).ok());
                (Str::clone(name), document.unwrap_or_else(|| unfolded(member)))
            });
            Value::from(members.collect::<Object>())
        }
        Value::Array(items) => Value::from(items.iter().map(unfolded).collect::<Vec<_>>()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            value.clone()
        }
    }
}

fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(masked_text(text)),
        Value::Array(items) => Value::from(items.iter().map(masked).collect::<Vec<_>>()),
        Value::Object(object) => {
            let members = object.iter().filter(|(name, _)| &***name != "ResponseMetadata");
            let members = members.map(|(name, member)| (Str::clone(name), masked(member)));
            Value::from(members.collect::<Object>())
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.clone(),
    }
}

fn masked_text(text: &str) -> String {
    let text = MOMENT.replace_all(text, "date");
    let text = REQUEST.replace_all(&text, |found: &Captures<'_>| match found.get(1) {
        Some(_) => "Extended Request ID: <extended_request_id>",
        None => "Request ID: <request_id>",
    });
    let text = PARTITION.replace_all(&text, "arn:<partition>:");
    text.replace(ACCOUNT, "111111111111").replace(REGION, "<region>")
}

#[cfg(test)]
mod tests;
