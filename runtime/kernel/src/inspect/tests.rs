//! What comes of single states, and what is seen on the way.
//!
//! A case is a state with what it is tested with, and lines: the verdict, then every value that was
//! seen. Names of next states need no state behind them.

use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_value::{Object, Payload, Value};

use super::*;
use crate::{Entropy, Limits};

mod fork;
mod plain;
mod refused;
mod shapes;
mod task;

/// A state and the texts with which it is tested.
#[derive(Clone, Debug)]
struct Given<'t> {
    state: &'t str,
    input: &'t str,
    variables: &'t str,
    context: Option<&'t str>,
    result: Option<&'t str>,
    failure: Option<(&'t str, &'t str)>,
    validation: Validation,
    configuration: Configuration,
    reveals_secrets: bool,
    role: &'t str,
}

/// Nothing but the state, with an empty input.
fn given(state: &str) -> Given<'_> {
    Given {
        state,
        input: "{}",
        variables: "{}",
        context: None,
        result: None,
        failure: None,
        validation: Validation::Strict,
        configuration: Configuration::default(),
        reveals_secrets: false,
        role: "arn:aws:iam::123456789012:role/baker",
    }
}

const START_MILLIS: i64 = 1_772_366_400_000;

/// A moment so many seconds after the start.
fn after(seconds: u64) -> Timestamp {
    Timestamp::from_unix_millis(START_MILLIS).saturating_add(Duration::from_secs(seconds))
}

struct Zeros;

impl Entropy for Zeros {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

impl Given<'_> {
    fn definition(&self) -> Definition {
        Definition::parse_state(self.state).unwrap_or_else(|found| panic!("{found:#?}"))
    }

    fn begin<'d>(&self, definition: &'d Definition) -> Result<Progress<'d>, Refusal> {
        let failure = self.failure.map(|(error, cause)| Failure::new(error, cause));
        let test = Test {
            definition,
            state: definition.machine(definition.root()).start,
            input: json(self.input),
            variables: members(self.variables),
            context: self.context.map(json),
            mock: Mock::parse(self.result, failure, self.validation)?,
            configuration: self.configuration.clone(),
            reveals_secrets: self.reveals_secrets,
            identity: Identity {
                execution_arn: "arn:aws:states:eu-west-1:123456789012:express:oven:loaf".into(),
                execution_name: "loaf".into(),
                state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:oven".into(),
                state_machine_name: "oven".into(),
                role_arn: self.role.into(),
                version_arn: None,
                alias_arn: None,
                test_case: None,
                trace_header: None,
            },
        };
        test.begin(Env { now: after(0), entropy: &mut Zeros, limits: &Limits::default() })
    }

    /// Something comes of the state at once.
    #[track_caller]
    fn comes_to(&self, expected: &[&str]) {
        let definition = self.definition();
        let progress = self.begin(&definition).unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(lines(&definition, &done(progress)), expected);
    }

    #[track_caller]
    fn is_refused(&self, expected: &Refusal, text: &str) {
        let definition = self.definition();
        let refusal = self.begin(&definition).unwrap_err();
        assert_eq!((&refusal, refusal.to_string().as_str()), (expected, text));
    }
}

fn json(text: &str) -> Payload {
    Payload::parse(text).unwrap()
}

fn members(text: &str) -> Object {
    json(text).value().as_object().unwrap().clone()
}

#[track_caller]
fn done(progress: Progress<'_>) -> Tested {
    match progress {
        Progress::Done(tested) => *tested,
        Progress::Pending(pending) => panic!("the state waits: {:?}", pending.obligations()),
    }
}

#[track_caller]
fn pending(progress: Progress<'_>) -> Pending<'_> {
    match progress {
        Progress::Pending(pending) => *pending,
        Progress::Done(tested) => panic!("the state does not wait: {tested:?}"),
    }
}

/// Goes on so many seconds after the start.
fn report(pending: Pending<'_>, seconds: u64, input: Input) -> Progress<'_> {
    let (now, limits) = (after(seconds), Limits::default());
    pending.report(input, Env { now, entropy: &mut Zeros, limits: &limits })
}

fn lines(definition: &Definition, tested: &Tested) -> Vec<String> {
    let way = |output: &Payload, next: &Option<StateIdx>| match next {
        None => format!("{output}"),
        Some(next) => format!("{output} -> {}", definition.state(*next).name),
    };
    let mut lines = match &tested.verdict {
        Verdict::Succeeded { output, next } => vec![format!("succeeded {}", way(output, next))],
        Verdict::CaughtError { failure, output, next } => {
            vec![format!("caught {}", shown(failure)), format!("output {}", way(output, next))]
        }
        Verdict::Retriable { failure } => vec![format!("retriable {}", shown(failure))],
        Verdict::Failed { failure } => vec![format!("failed {}", shown(failure))],
    };
    lines.extend(seen(&tested.inspection));
    lines
}

fn shown(failure: &Failure) -> String {
    let part = |part: &Option<stepwell_value::Str>| part.as_deref().unwrap_or("-").to_owned();
    format!("{}: {}", part(&failure.error), part(&failure.cause))
}

/// All values but the input, which is always there.
fn seen(inspection: &Inspection) -> Vec<String> {
    let documents = [
        ("InputPath", &inspection.after_input_path),
        ("Parameters", &inspection.after_parameters),
        ("Arguments", &inspection.after_arguments),
        ("ItemsPath", &inspection.after_items_path),
        ("ItemSelector", &inspection.after_item_selector),
        ("ItemBatcher", &inspection.after_item_batcher),
        ("ItemsPointer", &inspection.after_items_pointer),
        ("result", &inspection.result),
        ("ResultSelector", &inspection.after_result_selector),
        ("ResultPath", &inspection.after_result_path),
        ("variables", &inspection.variables),
    ];
    let documents = documents.into_iter();
    let documents =
        documents.filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    let ErrorDetails { catch_index, retry_index, retry_backoff } = inspection.error_details;
    let numbers = [
        ("MaxConcurrency", inspection.max_concurrency),
        ("ToleratedFailureCount", inspection.tolerated_failure_count.map(u64::from)),
        ("Catch", catch_index.map(|index| index as u64)),
        ("Retry", retry_index.map(|index| index as u64)),
        ("backoff", retry_backoff.map(|pause| pause.as_secs())),
    ];
    let numbers = numbers.into_iter();
    let numbers = numbers.filter_map(|(name, number)| Some(format!("{name} {}", number?)));
    let share = inspection.tolerated_failure_percentage;
    let share = share.map(|share| format!("ToleratedFailurePercentage {share}"));
    documents.chain(numbers).chain(share).collect()
}

#[test]
fn the_raw_input_is_always_seen() {
    let given = Given { input: r#"{"rye": 3}"#, ..given(r#"{"Type": "Succeed"}"#) };
    let definition = given.definition();
    let tested = done(given.begin(&definition).unwrap());
    assert_eq!(tested.inspection.input, Some(json(r#"{"rye": 3}"#)));
}

#[test]
fn a_state_of_a_whole_machine_is_found_by_its_name() {
    let text = r#"{"StartAt": "Mix", "States": {
        "Mix": {"Type": "Pass", "Next": "Bake"},
        "Bake": {"Type": "Pass", "Result": "loaf", "Next": "Sell"},
        "Sell": {"Type": "Succeed"}}}"#;
    let definition = Definition::parse(text).unwrap();
    let state = definition.find("Bake").unwrap();
    let identity = Identity {
        execution_arn: "".into(),
        execution_name: "".into(),
        state_machine_arn: "".into(),
        state_machine_name: "".into(),
        role_arn: "".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    let test = Test {
        definition: &definition,
        state,
        input: json("1"),
        variables: Object::new(),
        context: None,
        mock: None,
        configuration: Configuration::default(),
        reveals_secrets: false,
        identity,
    };
    let env = Env { now: after(0), entropy: &mut Zeros, limits: &Limits::default() };
    let tested = done(test.begin(env).unwrap());
    let next = definition.find("Sell");
    let output = Payload::from(Value::from("loaf"));
    assert_eq!(tested.verdict, Verdict::Succeeded { output, next });
}
