//! A state's data flow, from its raw input to its output.
//!
//! In JSONPath `InputPath → Parameters → (work) → ResultSelector → ResultPath → OutputPath`, in
//! `JSONata` `Arguments → (work) → Output`. A step that is left out hands its payload on as it is:
//! no parse, no copy.

use stepwell_asl::{Catcher, Flow, JsonataFlow, Kind, PathFlow, ResultPath, Selection, Template};
use stepwell_value::{Object, Payload, Value};

use crate::context::Scope;
use crate::evaluate::{View, seal};
use crate::fault::Fault;
use crate::{Failure, error_name};

/// What a state leaves behind.
pub(crate) struct Left {
    pub output: Payload,
    /// The variables that were set, an object; none if there are none.
    pub assigned: Option<Payload>,
}

/// The fields that decide what is left behind: a state's own, or those of a Choice rule.
#[derive(Clone, Copy)]
pub(crate) struct Exit<'a> {
    /// `Output`, in `JSONata`.
    pub output: Option<&'a Template>,
    pub assign: Option<&'a Template>,
}

impl<'a> Exit<'a> {
    pub(crate) fn of_state(scope: &Scope<'a>) -> Self {
        let output = match &scope.state.flow {
            Flow::Path(_) => None,
            Flow::Jsonata(flow) => flow.output.as_ref(),
        };
        Self { output, assign: scope.state.assign.as_ref() }
    }
}

/// From the raw input to what the state works on.
pub(crate) fn enter(scope: &Scope<'_>) -> Result<Payload, Fault> {
    let raw = &scope.visit.input;
    match &scope.state.flow {
        Flow::Path(flow) => {
            let after_input_path = select(scope, &flow.input, raw)?;
            scope.note(|seen| seen.after_input_path = Some(after_input_path.clone()));
            let after_parameters = match &flow.parameters {
                None => after_input_path,
                Some(template) => View::new(scope, &after_input_path).fill(template)?,
            };
            scope.note(|seen| seen.after_parameters = Some(after_parameters.clone()));
            Ok(after_parameters)
        }
        Flow::Jsonata(JsonataFlow { arguments, .. }) => {
            let after_arguments = match arguments {
                None => raw.clone(),
                Some(template) => View::new(scope, raw).fill(template)?,
            };
            scope.note(|seen| seen.after_arguments = Some(after_arguments.clone()));
            Ok(after_arguments)
        }
    }
}

/// From the result of the state's work to its output.
pub(crate) fn leave(scope: &Scope<'_>, result: &Payload) -> Result<Left, Fault> {
    leave_by(scope, Exit::of_state(scope), result)
}

/// As [`leave`], through a Choice rule's own fields.
pub(crate) fn leave_by(scope: &Scope<'_>, exit: Exit<'_>, result: &Payload) -> Result<Left, Fault> {
    scope.note(|seen| seen.result = Some(result.clone()));
    let left = match &scope.state.flow {
        Flow::Path(flow) => leave_path(scope, flow, exit, result)?,
        Flow::Jsonata(_) => {
            let works =
                matches!(scope.state.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_));
            let view = View::new(scope, result);
            let view = if works { view.with_result(result) } else { view };
            leave_jsonata(&view, exit, result)?
        }
    };
    check(scope, left)
}

fn leave_path(
    scope: &Scope<'_>,
    flow: &PathFlow,
    exit: Exit<'_>,
    result: &Payload,
) -> Result<Left, Fault> {
    let after_selector = match &flow.result_selector {
        None => result.clone(),
        Some(template) => View::new(scope, result).fill(template)?,
    };
    scope.note(|seen| seen.after_result_selector = Some(after_selector.clone()));
    let assigned = assign(&View::new(scope, &after_selector), exit.assign)?;
    let after_result_path = combine(scope, &flow.result, &after_selector)?;
    scope.note(|seen| seen.after_result_path = Some(after_result_path.clone()));
    let output = select(scope, &flow.output, &after_result_path)?;
    Ok(Left { output, assigned })
}

fn leave_jsonata(view: &View<'_>, exit: Exit<'_>, default: &Payload) -> Result<Left, Fault> {
    let assigned = assign(view, exit.assign)?;
    let output = match exit.output {
        None => default.clone(),
        Some(template) => view.fill(template)?,
    };
    Ok(Left { output, assigned })
}

/// From a failure to the output of a state that catches it.
pub(crate) fn catch(
    scope: &Scope<'_>,
    catcher: &Catcher,
    failure: &Payload,
) -> Result<Left, Fault> {
    let view = View::new(scope, failure).with_error(failure);
    let left = match &scope.state.flow {
        Flow::Path(_) => {
            let assigned = assign(&view, catcher.assign.as_ref())?;
            Left { output: combine(scope, &catcher.result, failure)?, assigned }
        }
        Flow::Jsonata(_) => {
            let exit = Exit { output: catcher.output.as_ref(), assign: catcher.assign.as_ref() };
            leave_jsonata(&view, exit, failure)?
        }
    };
    check(scope, left)
}

fn assign(view: &View<'_>, template: Option<&Template>) -> Result<Option<Payload>, Fault> {
    let Some(template) = template else { return Ok(None) };
    let assigned = view.fill(template)?;
    let sets_any = assigned.value().as_object().is_some_and(|variables| !variables.is_empty());
    Ok(sets_any.then_some(assigned))
}

/// Puts a result into the state's raw input.
fn combine(
    scope: &Scope<'_>,
    result_path: &ResultPath,
    result: &Payload,
) -> Result<Payload, Fault> {
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

fn select(scope: &Scope<'_>, selection: &Selection, document: &Payload) -> Result<Payload, Fault> {
    match selection {
        Selection::Whole => Ok(document.clone()),
        Selection::Empty => Ok(Payload::from(Value::Object(Object::new()))),
        Selection::Path(path) => seal(scope, View::new(scope, document).find(path)?),
    }
}

/// What is over a quota fails the state; a payload that is handed on was checked before.
fn check(scope: &Scope<'_>, left: Left) -> Result<Left, Fault> {
    let limits = scope.limits;
    let passes_on = left.output.is_same(&scope.visit.input);
    let variables_fit = left.assigned.as_ref().is_none_or(|assigned| {
        assigned.fits(limits.assign_bytes_max)
            && scope.variables_bytes_with(assigned) <= limits.variables_bytes_max
    });
    if !variables_fit || !(passes_on || left.output.fits(limits.payload_bytes_max)) {
        return Err(too_large(&scope.state.name).into());
    }
    Ok(left)
}

/// The service's words for a result over the quota.
pub(crate) fn too_large(name: &str) -> Failure {
    let cause = format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of \
         bytes service limit."
    );
    Failure::new(error_name::DATA_LIMIT_EXCEEDED, cause)
}
