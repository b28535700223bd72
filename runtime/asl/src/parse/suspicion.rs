//! What is allowed and probably not meant: texts that look as if they were to be computed.

use stepwell_value::Value;

use crate::{Code, QueryLanguage};

use super::Draft;
use super::fields::Fields;
use super::place::{At, Way, Within};

/// A path or the call of an intrinsic function.
pub(super) fn looks_computed(text: &str) -> bool {
    let is_call = text.starts_with("States.") && text.contains('(') && text.ends_with(')');
    looks_like_path(text) || is_call
}

fn looks_like_path(text: &str) -> bool {
    let path = text.strip_prefix("$$").or_else(|| text.strip_prefix('$'));
    path.is_some_and(|rest| rest.starts_with(['.', '[']) && !rest.contains(' '))
}

/// A part of a template, which may be all of it: then its name is not its own.
pub(super) fn no_dollar(draft: &mut Draft, template: At<'_>, way: &Way<'_>, text: &str) {
    let (within, location) = (way.inside(), Within { template, way });
    if within.is_empty() {
        return;
    }
    let message = format!(
        "The value of '{within}' looks like a path or an intrinsic function and is taken as it is: \
         {text}"
    );
    draft.push(
        crate::Severity::Warning,
        Code::NoDollar,
        location.to_string(),
        message,
        Some("end the field's name in `.$` to have the value computed".into()),
    );
}

/// A field that is a text and has a form with `Path`.
pub(super) fn no_path(draft: &mut Draft, fields: &Fields<'_>, name: &str) {
    let Some(Value::String(text)) = fields.object.get(name) else { return };
    if draft.language == QueryLanguage::JsonPath && looks_like_path(text) {
        let message =
            format!("The value of '{name}' looks like a path and is taken as it is: {text}");
        draft.push(
            crate::Severity::Warning,
            Code::NoPath,
            fields.at(name).to_string(),
            message,
            Some(format!("use `{name}Path` to have the value looked up")),
        );
    }
}

/// The `Result` of a Pass is no template.
pub(super) fn pass_result(draft: &mut Draft, fields: &Fields<'_>) {
    if let Some(result) = fields.object.get("Result")
        && draft.language == QueryLanguage::JsonPath
        && has_computed(result)
    {
        let message = "The Result of a Pass is not computed, and a part of it looks like a path";
        draft.push(
            crate::Severity::Warning,
            Code::PassResultIsStatic,
            fields.at("Result").to_string(),
            message.into(),
            Some("use `Parameters` to have parts computed".into()),
        );
    }
}

fn has_computed(value: &Value) -> bool {
    match value {
        Value::String(text) => looks_computed(text),
        Value::Array(items) => items.iter().any(has_computed),
        Value::Object(members) => members.values().any(has_computed),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
    }
}
