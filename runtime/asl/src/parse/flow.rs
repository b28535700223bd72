//! The fields of a state's data flow, and payload templates.

use stepwell_jsonpath::Path;
use stepwell_value::{Str, Value};

use crate::{Code, Flow, PathFlow, ResultPath, Selection, Template};

use super::Draft;
use super::fields::{Fields, compile_path, without_variable};

/// Task and Parallel have every field.
pub(super) fn whole(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    let parameters = template(draft, fields, "Parameters");
    let result_selector = template(draft, fields, "ResultSelector");
    path_flow(draft, fields, parameters, result_selector)
}

/// A Map's `Parameters` are its item selector, and not part of its flow.
pub(super) fn without_parameters(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    let result_selector = template(draft, fields, "ResultSelector");
    path_flow(draft, fields, None, result_selector)
}

/// Pass has no `ResultSelector`.
pub(super) fn without_selector(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    let parameters = template(draft, fields, "Parameters");
    path_flow(draft, fields, parameters, None)
}

/// Choice, Wait and Succeed have only the ends.
pub(super) fn input_and_output(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    let input = selection(draft, fields, "InputPath");
    let output = selection(draft, fields, "OutputPath");
    Flow::Path(PathFlow { input, output, ..PathFlow::default() })
}

fn path_flow(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    parameters: Option<Template>,
    result_selector: Option<Template>,
) -> Flow {
    let input = selection(draft, fields, "InputPath");
    let result = result_path(draft, fields);
    let output = selection(draft, fields, "OutputPath");
    Flow::Path(PathFlow { input, parameters, result_selector, result, output })
}

fn selection(draft: &mut Draft, fields: &mut Fields<'_>, name: &'static str) -> Selection {
    match fields.value(name) {
        None => Selection::Whole,
        Some(Value::Null) => Selection::Empty,
        Some(Value::String(text)) if &**text == "$" => Selection::Whole,
        Some(Value::String(text)) => {
            compile_path(draft, fields.at(name), text).map_or(Selection::Whole, Selection::Path)
        }
        Some(other) => {
            let refused: Option<Selection> =
                fields.wrong_type(draft, name, "a string or null", other);
            refused.unwrap_or_default()
        }
    }
}

pub(super) fn result_path(draft: &mut Draft, fields: &mut Fields<'_>) -> ResultPath {
    match fields.value("ResultPath") {
        None => ResultPath::Whole,
        Some(Value::Null) => ResultPath::Discard,
        Some(Value::String(text)) if &**text == "$" => ResultPath::Whole,
        Some(Value::String(text)) => {
            let path = fields.reference_path(draft, "ResultPath", text);
            path.map_or(ResultPath::Whole, ResultPath::Into)
        }
        Some(other) => {
            let refused: Option<ResultPath> =
                fields.wrong_type(draft, "ResultPath", "a string or null", other);
            refused.unwrap_or_default()
        }
    }
}

/// A template's parts that hold nothing to compute become literals, so that they cost nothing.
pub(super) fn template(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    name: &'static str,
) -> Option<Template> {
    let value = fields.value(name)?;
    Some(build(draft, &fields.at(name), value))
}

fn build(draft: &mut Draft, location: &str, value: &Value) -> Template {
    match value {
        Value::Object(object) => {
            let members: Vec<_> =
                object.iter().map(|(name, value)| member(draft, location, name, value)).collect();
            if members.iter().all(|(_, part)| matches!(part, Template::Literal(_))) {
                Template::Literal(value.clone())
            } else {
                Template::Object(members)
            }
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| build(draft, location, item)).collect();
            if items.iter().all(|part| matches!(part, Template::Literal(_))) {
                Template::Literal(value.clone())
            } else {
                Template::Array(items)
            }
        }
        scalar => Template::Literal(scalar.clone()),
    }
}

fn member(draft: &mut Draft, location: &str, name: &Str, value: &Value) -> (Str, Template) {
    let Some(plain) = name.strip_suffix(".$") else {
        return (Str::clone(name), build(draft, location, value));
    };
    let plain = Str::from(plain);
    let path = match value {
        Value::String(text) => template_path(draft, location, name, text),
        _ => {
            report_uncomputable(draft, location, name, None);
            None
        }
    };
    let part = path.map_or(Template::Literal(Value::Null), |path| Template::Path {
        path,
        field: Str::clone(name),
    });
    (plain, part)
}

fn template_path(draft: &mut Draft, location: &str, name: &str, text: &str) -> Option<Path> {
    let hint = match Path::parse(text) {
        Ok(path) => return without_variable(draft, location.into(), path),
        Err(_) if text.starts_with("States.") => {
            Some("intrinsic functions are not available in this version".into())
        }
        Err(error) if text.starts_with('$') => Some(error.to_string()),
        Err(_) => None,
    };
    report_uncomputable(draft, location, name, hint);
    None
}

fn report_uncomputable(draft: &mut Draft, location: &str, name: &str, hint: Option<String>) {
    let message = format!(
        "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
    );
    draft.report(Code::SchemaValidationFailed, location, message, hint);
}
