//! A state's data flow, from its raw input to its output.
//!
//! `InputPath → Parameters → (work) → ResultSelector → ResultPath → OutputPath`. A step that is left
//! out hands its payload on as it is: no parse, no copy.

use stepwell_asl::{Flow, PathFlow, ResultPath, Selection, Template};
use stepwell_jsonpath::Path;
use stepwell_value::{Object, Payload, Str, TooDeep, Value};

use crate::context::Scope;
use crate::{Failure, error_name};

/// From the raw input to what the state works on.
pub(crate) fn enter(scope: &Scope<'_>) -> Result<Payload, Failure> {
    let Flow::Path(flow) = &scope.state.flow;
    let after_input_path = select(scope, &flow.input, &scope.visit.input)?;
    match &flow.parameters {
        None => Ok(after_input_path),
        Some(template) => fill(scope, template, &after_input_path),
    }
}

/// From the result of the state's work to its output.
pub(crate) fn leave(scope: &Scope<'_>, result: &Payload) -> Result<Payload, Failure> {
    let Flow::Path(PathFlow { result_selector, result: result_path, output, .. }) =
        &scope.state.flow;
    let after_selector = match result_selector {
        None => result.clone(),
        Some(template) => fill(scope, template, result)?,
    };
    let after_result_path = combine(scope, result_path, &after_selector)?;
    let output = select(scope, output, &after_result_path)?;
    check_size(scope, &output)?;
    Ok(output)
}

/// From a failure to the output of a state that catches it.
pub(crate) fn catch(
    scope: &Scope<'_>,
    result_path: &ResultPath,
    failure: &Payload,
) -> Result<Payload, Failure> {
    let output = combine(scope, result_path, failure)?;
    check_size(scope, &output)?;
    Ok(output)
}

/// Puts a result into the state's raw input.
fn combine(
    scope: &Scope<'_>,
    result_path: &ResultPath,
    result: &Payload,
) -> Result<Payload, Failure> {
    let raw = &scope.visit.input;
    match result_path {
        ResultPath::Whole => Ok(result.clone()),
        ResultPath::Discard => Ok(raw.clone()),
        ResultPath::Into(path) => {
            let combined = path.write(raw.value(), result.value().clone()).map_err(|error| {
                let what = format!("Unable to apply ResultPath '{path}' to input '{raw}': {error}");
                scope.failure(error_name::RESULT_PATH_MATCH_FAILURE, what)
            })?;
            seal(scope, combined)
        }
    }
}

/// The value of a payload template.
pub(crate) fn fill(
    scope: &Scope<'_>,
    template: &Template,
    document: &Payload,
) -> Result<Payload, Failure> {
    seal(scope, evaluate(scope, template, document)?)
}

/// What a path finds, for the fields whose failure the service words as an invalid path.
pub(crate) fn find(scope: &Scope<'_>, path: &Path, document: &Payload) -> Result<Value, Failure> {
    scope
        .read(path, document)
        .map_err(|error| scope.runtime_failure(format_args!("Invalid path '{path}' : {error}")))
}

fn select(
    scope: &Scope<'_>,
    selection: &Selection,
    document: &Payload,
) -> Result<Payload, Failure> {
    match selection {
        Selection::Whole => Ok(document.clone()),
        Selection::Empty => Ok(Payload::from(Value::Object(Object::new()))),
        Selection::Path(path) => seal(scope, find(scope, path, document)?),
    }
}

fn evaluate(scope: &Scope<'_>, template: &Template, document: &Payload) -> Result<Value, Failure> {
    Ok(match template {
        Template::Literal(value) => value.clone(),
        Template::Path { path, field } => scope.read(path, document).map_err(|_missing| {
            scope.runtime_failure(format_args!(
                "The JSONPath '{path}' specified for the field '{field}' could not be found \
                     in the input '{document}'"
            ))
        })?,
        Template::Array(items) => {
            let items = items.iter().map(|item| evaluate(scope, item, document));
            Value::from(items.collect::<Result<Vec<_>, _>>()?)
        }
        Template::Object(members) => {
            let mut object = Object::new();
            for (name, member) in members {
                object.insert(Str::clone(name), evaluate(scope, member, document)?);
            }
            Value::Object(object)
        }
    })
}

/// Refuses a value that nests too deep to be a document.
fn seal(scope: &Scope<'_>, value: Value) -> Result<Payload, Failure> {
    Payload::new(value).map_err(|TooDeep| scope.too_deep())
}

/// A payload over the quota fails the state; one that is handed on was checked before.
fn check_size(scope: &Scope<'_>, output: &Payload) -> Result<(), Failure> {
    if output.is_same(&scope.visit.input) || output.size_bytes() <= scope.limits.payload_bytes_max {
        return Ok(());
    }
    Err(too_large(&scope.state.name))
}

/// The service's words for a result over the quota.
pub(crate) fn too_large(name: &str) -> Failure {
    let cause = format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of \
         bytes service limit."
    );
    Failure::new(error_name::DATA_LIMIT_EXCEEDED, cause)
}
