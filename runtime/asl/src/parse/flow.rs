//! The fields of a state's data flow, and payload templates.

use stepwell_value::{Str, Value};

use crate::{Flow, PathFlow, ResultPath, Selection, Template};

use super::Draft;
use super::fields::{Fields, compile_path};

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
    match fields.object.get(name) {
        Some(Value::Null) => {
            fields.ignore(name);
            Selection::Empty
        }
        Some(Value::String(text)) if &**text == "$" => {
            fields.ignore(name);
            Selection::Whole
        }
        _ => fields.path(draft, name).map_or(Selection::Whole, Selection::Path),
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
            let unused: Option<()> =
                fields.wrong_type(draft, "ResultPath", "a string or null", other);
            unused.map_or(ResultPath::Whole, |()| ResultPath::Whole)
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
    let invalid = format!(
        "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
    );
    let path = match value {
        Value::String(text) if text.starts_with('$') => compile_path(draft, location.into(), text),
        Value::String(text) if text.starts_with("States.") => {
            draft.schema_with_hint(
                location,
                invalid,
                "intrinsic functions are not available in this version",
            );
            None
        }
        _ => {
            draft.schema(location, invalid);
            None
        }
    };
    let part = path.map_or(Template::Literal(Value::Null), |path| Template::Path {
        path,
        field: Str::clone(name),
    });
    (plain, part)
}
