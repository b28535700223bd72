//! The fields of a state's data flow.

use stepwell_value::Value;

use crate::{Flow, JsonataFlow, PathFlow, QueryLanguage, ResultPath, Selection, Template};

use super::Draft;
use super::fields::{Fields, compile_path};
use super::template::{Stage, template};

/// Task and Parallel have every field.
pub(super) fn whole(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    if draft.language == QueryLanguage::Jsonata {
        let arguments = template(draft, fields, "Arguments", Stage::Before);
        return jsonata_flow(draft, fields, arguments, Stage::After);
    }
    let parameters = template(draft, fields, "Parameters", Stage::Before);
    let result_selector = template(draft, fields, "ResultSelector", Stage::After);
    path_flow(draft, fields, parameters, result_selector)
}

/// A Map's `Parameters` are its item selector, and not part of its flow.
pub(super) fn without_parameters(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    if draft.language == QueryLanguage::Jsonata {
        return jsonata_flow(draft, fields, None, Stage::After);
    }
    let result_selector = template(draft, fields, "ResultSelector", Stage::After);
    path_flow(draft, fields, None, result_selector)
}

/// Pass has no `ResultSelector`.
pub(super) fn without_selector(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    if draft.language == QueryLanguage::Jsonata {
        return jsonata_flow(draft, fields, None, Stage::Before);
    }
    let parameters = template(draft, fields, "Parameters", Stage::Before);
    path_flow(draft, fields, parameters, None)
}

/// Choice, Wait and Succeed have only the ends.
pub(super) fn input_and_output(draft: &mut Draft, fields: &mut Fields<'_>) -> Flow {
    if draft.language == QueryLanguage::Jsonata {
        return jsonata_flow(draft, fields, None, Stage::Before);
    }
    let input = selection(draft, fields, "InputPath");
    let output = selection(draft, fields, "OutputPath");
    Flow::Path(Box::new(PathFlow { input, output, ..PathFlow::default() }))
}

fn jsonata_flow(
    draft: &mut Draft,
    fields: &mut Fields<'_>,
    arguments: Option<Template>,
    stage: Stage,
) -> Flow {
    let output = template(draft, fields, "Output", stage);
    Flow::Jsonata(JsonataFlow { arguments, output })
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
    Flow::Path(Box::new(PathFlow { input, parameters, result_selector, result, output }))
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
