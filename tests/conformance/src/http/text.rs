//! Documents as the recorder sent them: as Python prints JSON.

use std::fmt::Write as _;

use stepwell_value::Value;

/// A value as `json.dumps` prints it: blanks behind `,` and `:`, and ASCII alone.
pub(super) fn python_json(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", joined(items.iter().map(python_json).collect())),
        Value::Object(object) => {
            let members = object.iter().map(|(name, member)| {
                format!("{}: {}", python_json(&Value::from(&**name)), python_json(member))
            });
            format!("{{{}}}", joined(members.collect()))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            ascii(&value.to_string())
        }
    }
}

/// JSON text with every other character as one or two `\uXXXX`.
fn ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A text takes what is written to it.
            let _written = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
