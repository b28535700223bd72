//! A recorded request, read into a test.

use anyhow::{Context as _, Result};
use stepwell_asl::{Definition, StateIdx};
use stepwell_kernel::{Configuration, Failure, Identity, Mock, Refusal, Test, Validation};
use stepwell_value::{Object, Payload, Value};

use crate::answer::Exception;
use crate::field;

/// The definition and its state that is tested.
pub(super) fn definition(case: &Value) -> Result<Result<(Definition, StateIdx), Exception>> {
    let text = field::member(case, "definition")?;
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    let name = field::optional_text(field::member(case, "request")?, "stateName");
    let definition =
        if name.is_some() { Definition::parse(&text) } else { Definition::parse_state(&text) };
    let definition = match definition {
        Ok(definition) => definition,
        Err(diagnostics) => {
            let found: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
            let message = format!("Invalid State Machine Definition: '{}'", found.join(", "));
            return Ok(Err(Exception::new("InvalidDefinition", message)));
        }
    };
    let state = match name {
        Some(name) => definition.find(name),
        None => Some(definition.machine(definition.root()).start),
    };
    Ok(state.map(|state| (definition, state)).ok_or_else(|| refused(&Refusal::StateNotFound)))
}

/// The test of that state, or why it is not made.
pub(super) fn test<'d>(
    case: &Value,
    (definition, state): (&'d Definition, StateIdx),
) -> Result<Result<Test<'d>, Exception>> {
    let request = field::member(case, "request")?;
    let mock = match mock(request) {
        Ok(mock) => mock,
        Err(refusal) => return Ok(Err(refused(&refusal))),
    };
    let variables = match document(request, "variables")? {
        Some(variables) => {
            variables.value().as_object().context("variables are no object")?.clone()
        }
        None => Object::new(),
    };
    let role_given = field::member(case, "role_given")?.as_bool() == Some(true);
    Ok(Ok(Test {
        definition,
        state,
        // Without an input the service assumes an empty object.
        input: Payload::parse(case.get("input").map_or_else(|| "{}".to_owned(), Value::to_string))?,
        variables,
        context: document(request, "context")?,
        mock,
        configuration: configuration(request)?,
        reveals_secrets: request.get("revealSecrets").and_then(Value::as_bool) == Some(true),
        identity: identity(role_given),
    }))
}

/// How a refusal is answered.
pub(super) fn refused(refusal: &Refusal) -> Exception {
    Exception::new(stepwell_wire::refusal_name(refusal), refusal.to_string())
}

fn mock(request: &Value) -> Result<Option<Mock>, Refusal> {
    let Some(mock) = request.get("mock") else { return Ok(None) };
    let validation = match field::optional_text(mock, "fieldValidationMode") {
        Some("NONE") => Validation::None,
        Some("PRESENT") => Validation::Present,
        _ => Validation::Strict,
    };
    let error = mock.get("errorOutput").map(|error| Failure {
        error: field::optional_text(error, "error").map(Into::into),
        cause: field::optional_text(error, "cause").map(Into::into),
    });
    Mock::parse(field::optional_text(mock, "result"), error, validation)
}

fn configuration(request: &Value) -> Result<Configuration> {
    let Some(given) = request.get("stateConfiguration") else {
        return Ok(Configuration::default());
    };
    let count = |name| {
        let number = given.get(name).and_then(Value::as_int);
        number.map(u32::try_from).transpose().with_context(|| format!("{name} is negative"))
    };
    let text = |name| field::optional_text(given, name).map(str::to_owned);
    Ok(Configuration {
        retrier_retry_count: count("retrierRetryCount")?,
        map_iteration_failure_count: count("mapIterationFailureCount")?,
        error_caused_by_state: text("errorCausedByState"),
        map_item_reader_data: text("mapItemReaderData"),
    })
}

/// A member that holds a document as text.
fn document(request: &Value, name: &str) -> Result<Option<Payload>> {
    let text = field::optional_text(request, name);
    let document = text.map(Payload::parse).transpose();
    document.with_context(|| format!("the field `{name}` is not JSON"))
}

fn identity(role_given: bool) -> Identity {
    const EXECUTION: &str = "11111111-2222-4333-8444-555555555555";
    const MACHINE: &str = "66666666-7777-4888-8999-aaaaaaaaaaaa";
    let arn = |rest: String| format!("arn:aws:states:us-east-1:000000000000:{rest}").into();
    let role_arn = if role_given { "arn:aws:iam::000000000000:role/sfn-role" } else { "" };
    Identity {
        execution_arn: arn(format!("express:{MACHINE}:{EXECUTION}")),
        execution_name: EXECUTION.into(),
        state_machine_arn: arn(format!("stateMachine:{MACHINE}")),
        state_machine_name: MACHINE.into(),
        role_arn: role_arn.into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}
