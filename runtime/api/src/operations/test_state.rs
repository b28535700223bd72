//! `TestState`: one state by itself.

use std::sync::Arc;
use std::time::Duration;

use stepwell::{Chance, Failure, Identity, Limits};
use stepwell_asl::{Definition, StateIdx, Timestamp};
use stepwell_kernel::{
    Configuration, Env, Input, Mock, Obligation, Progress, Refusal, TaskCall, Test, Tested,
    Validation,
};
use stepwell_value::{Object, Payload, Str};
use tokio::time::timeout;

use crate::api::{Answer, Api};
use crate::clock::now;
use crate::exception::Exception;
use crate::request::{Members, Request, Words};

/// "The `TestState` API can run for up to five minutes."
const TIME_MAX: Duration = Duration::from_mins(5);
/// How often a state may ask for something.
const REPORTS_MAX: usize = 1000;
const DEFINITION_LENGTH_MAX: usize = 1_048_576;
const PAYLOAD_LENGTH_MAX: usize = 262_144;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Info,
    Debug,
    Trace,
}

static LEVELS: Words<Level> = Words {
    names: &["INFO", "DEBUG", "TRACE"],
    values: &[Level::Info, Level::Debug, Level::Trace],
};

static VALIDATIONS: Words<Validation> = Words {
    names: &["STRICT", "PRESENT", "NONE"],
    values: &[Validation::Strict, Validation::Present, Validation::None],
};

/// A request, read.
struct Asked {
    definition: Str,
    state_name: Option<Str>,
    role_arn: Option<Str>,
    input: Str,
    variables: Option<Str>,
    context: Option<Str>,
    level: Level,
    reveals_secrets: bool,
    mock: Option<AskedMock>,
    configuration: Configuration,
}

struct AskedMock {
    result: Option<Str>,
    error: Option<Failure>,
    validation: Validation,
}

impl Asked {
    fn read(asked: &Members<'_>) -> Self {
        let document = |name| asked.secret(name, 0..=PAYLOAD_LENGTH_MAX);
        Self {
            definition: asked.required_secret("definition", 1..=DEFINITION_LENGTH_MAX),
            state_name: asked.secret("stateName", 1..=80),
            role_arn: asked.text_within("roleArn", 1..=256),
            // Without an input the service assumes an empty object.
            input: document("input").unwrap_or_else(|| "{}".into()),
            variables: document("variables"),
            context: document("context"),
            level: asked.word("inspectionLevel", &LEVELS).unwrap_or(Level::Info),
            reveals_secrets: asked.flag("revealSecrets").unwrap_or(false),
            mock: asked.structure("mock").map(|mock| AskedMock::read(&mock)),
            configuration: configuration(asked),
        }
    }
}

impl AskedMock {
    fn read(asked: &Members<'_>) -> Self {
        let failure = |error: Members<'_>| Failure {
            error: error.secret("error", 0..=256),
            cause: error.secret("cause", 0..=32_768),
        };
        Self {
            result: asked.secret("result", 0..=PAYLOAD_LENGTH_MAX),
            error: asked.structure("errorOutput").map(failure),
            validation: asked.word("fieldValidationMode", &VALIDATIONS).unwrap_or_default(),
        }
    }

    fn mock(self) -> Result<Option<Mock>, Refusal> {
        Mock::parse(self.result.as_deref(), self.error, self.validation)
    }
}

fn configuration(asked: &Members<'_>) -> Configuration {
    let Some(given) = asked.structure("stateConfiguration") else {
        return Configuration::default();
    };
    let count = |name| {
        let number = given.int_within(name, 0..=i64::from(i32::MAX));
        number.and_then(|number| u32::try_from(number).ok())
    };
    let text = |name, max| given.secret(name, 0..=max).map(|text| text.to_string());
    Configuration {
        retrier_retry_count: count("retrierRetryCount"),
        map_iteration_failure_count: count("mapIterationFailureCount"),
        error_caused_by_state: text("errorCausedByState", 80),
        map_item_reader_data: text("mapItemReaderData", PAYLOAD_LENGTH_MAX),
    }
}

pub(super) async fn test(api: &Api, request: Request) -> Answer {
    let asked = Asked::read(&request.members());
    request.finish()?;
    drop(request);
    let level = asked.level;
    let (definition, state) = definition(&asked)?;
    let test = begin(api, &definition, state, asked)?;
    let tested = run(api, &definition, test).await?;
    Ok(stepwell_wire::tested(&definition, &tested, level != Level::Info))
}

/// The definition and its state that is tested.
fn definition(asked: &Asked) -> Result<(Arc<Definition>, StateIdx), Exception> {
    let parsed = match asked.state_name {
        Some(_) => Definition::parse(&asked.definition),
        None => Definition::parse_state(&asked.definition),
    };
    let definition = parsed.map_err(|diagnostics| {
        let found: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        let message = format!("Invalid State Machine Definition: '{}'", found.join(", "));
        Exception::new("InvalidDefinition", message)
    })?;
    let state = match &asked.state_name {
        Some(name) => definition.find(name).ok_or_else(|| refused(&Refusal::StateNotFound))?,
        None => definition.machine(definition.root()).start,
    };
    Ok((Arc::new(definition), state))
}

fn begin<'d>(
    api: &Api,
    definition: &'d Definition,
    state: StateIdx,
    asked: Asked,
) -> Result<Test<'d>, Exception> {
    let mock = asked.mock.map(AskedMock::mock).transpose();
    let mock = mock.map_err(|refusal| refused(&refusal))?.flatten();
    let input = Payload::parse(&*asked.input).map_err(|_malformed| {
        let reason = stepwell_asl::malformed(&asked.input).unwrap_or_default();
        let message = format!("Invalid State Machine Execution Input: '{reason}'");
        Exception::new("InvalidExecutionInput", message)
    })?;
    let variables = match document("variables", asked.variables.as_ref())? {
        Some(variables) => variables
            .value()
            .as_object()
            .cloned()
            .ok_or_else(|| Exception::validation("The variables must be a JSON object"))?,
        None => Object::new(),
    };
    Ok(Test {
        definition,
        state,
        input,
        variables,
        context: document("context", asked.context.as_ref())?,
        mock,
        configuration: asked.configuration,
        reveals_secrets: asked.reveals_secrets,
        identity: identity(api, asked.role_arn),
    })
}

/// A member that holds a document as text.
fn document(name: &str, text: Option<&Str>) -> Result<Option<Payload>, Exception> {
    let document = text.map(|text| Payload::parse(&**text)).transpose();
    document.map_err(|error| Exception::validation(format!("Invalid {name}: '{error}'")))
}

/// The state believes to be part of an Express execution of a machine that nobody has named.
fn identity(api: &Api, role_arn: Option<Str>) -> Identity {
    let machine: Str = uuid::Uuid::new_v4().to_string().into();
    let name: Str = uuid::Uuid::new_v4().to_string().into();
    let arn = |rest: String| Str::from(format!("{}:{rest}", api.arn_prefix()));
    Identity {
        execution_arn: arn(format!("express:{machine}:{name}")),
        execution_name: name,
        state_machine_arn: arn(format!("stateMachine:{machine}")),
        state_machine_name: machine,
        role_arn: role_arn.unwrap_or_default(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

/// How a refusal is answered.
fn refused(refusal: &Refusal) -> Exception {
    Exception::new(stepwell_wire::refusal_name(refusal), refusal.to_string())
}

/// Runs what has to run. Waiting takes no time; a task takes as long as it takes.
async fn run(api: &Api, definition: &Arc<Definition>, test: Test<'_>) -> Result<Tested, Exception> {
    let limits = Limits::default();
    let mut at = now();
    let begun = test.begin(Env { now: at, entropy: &mut Chance, limits: &limits });
    let mut progress = begun.map_err(|refusal| refused(&refusal))?;
    for _ in 0..REPORTS_MAX {
        let pending = match progress {
            Progress::Done(tested) => return Ok(*tested),
            Progress::Pending(pending) => pending,
        };
        let owed = pending.obligations();
        let input = answer(api, definition, owed, &mut at).await?;
        progress = pending.report(input, Env { now: at, entropy: &mut Chance, limits: &limits });
    }
    Err(Exception::internal("nothing comes of the state"))
}

/// What the world does next: it runs the task, or time goes by.
async fn answer(
    api: &Api,
    definition: &Arc<Definition>,
    owed: Vec<Obligation>,
    at: &mut Timestamp,
) -> Result<Input, Exception> {
    let due = owed.iter().find_map(|obligation| match obligation {
        Obligation::WakeAt(due) => Some(*due),
        _ => None,
    });
    let call = owed.into_iter().find_map(|obligation| match obligation {
        Obligation::RunTask(call) => Some(call),
        _ => None,
    });
    match (call, due) {
        (Some(call), due) => Ok(call_task(api, definition, call, due, at).await),
        (None, Some(due)) => {
            *at = due;
            Ok(Input::Wake)
        }
        (None, None) => Err(Exception::internal("the state waits for nothing")),
    }
}

async fn call_task(
    api: &Api,
    definition: &Arc<Definition>,
    call: TaskCall,
    due: Option<Timestamp>,
    at: &mut Timestamp,
) -> Input {
    let task = call.task;
    let patience = due.map_or(TIME_MAX, |due| due.saturating_since(*at).min(TIME_MAX));
    let outcome = timeout(patience, api.stepwell().call_task(definition, call)).await;
    match (outcome, due) {
        (Ok(outcome), _) => {
            *at = now().max(*at);
            Input::TaskReported { task, outcome }
        }
        (Err(_elapsed), Some(due)) if due.saturating_since(*at) <= TIME_MAX => {
            *at = due;
            Input::Wake
        }
        (Err(_elapsed), _) => {
            *at = at.saturating_add(TIME_MAX);
            let cause = "The state ran longer than the five minutes that TestState has.";
            Input::TaskReported { task, outcome: Err(Failure::new("States.Timeout", cause)) }
        }
    }
}
