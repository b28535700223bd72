//! What an execution answers when it is asked.

use std::convert::Infallible;
use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_value::Payload;

use crate::execution::Ended;
use crate::{
    Entropy, Env, Execution, Failure, Identity, Input, Limits, NotRedrivable, Obligation, Outcome,
    Stale, TaskId, Token, Turns, Way,
};

struct Zeros;

impl Entropy for Zeros {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Makes tokens that tell the task.
struct Telling;

impl Entropy for Telling {
    fn next_u64(&mut self) -> u64 {
        unreachable!("nothing is drawn")
    }

    fn token(&mut self, task: TaskId) -> Token {
        format!("token of {}", task.0).into()
    }
}

fn identity() -> Identity {
    Identity {
        execution_arn: "arn:aws:states:eu-west-1:1:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:1:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

/// Hands an input over at a second, and gives what the world owes since.
fn hand_over(
    execution: &mut Execution,
    definition: &Definition,
    second: i64,
    input: Input,
) -> Vec<Obligation> {
    let now = Timestamp::from_unix_millis(second * 1000);
    let env = Env { now, entropy: &mut Telling, limits: &Limits::default() };
    let batch = execution.handle(definition, input, env).unwrap();
    batch.commit(|_| Ok::<_, Infallible>(())).unwrap().obligations
}

fn started(definition: &Definition) -> (Execution, Vec<Obligation>) {
    let mut execution = Execution::default();
    let start = Input::Start { identity: identity(), input: Payload::parse("{}").unwrap() };
    let owed = hand_over(&mut execution, definition, 0, start);
    (execution, owed)
}

#[test]
fn the_driver_makes_the_tokens_and_may_ask_for_them() {
    let definition = Definition::parse(
        r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:eu-west-1:1:activity:ask"}}},
            {"StartAt": "Do", "States": {"Do": {"Type": "Task", "Resource": "do", "End": true}}}
        ]}}}"#,
    );
    let (execution, owed) = started(&definition.unwrap());
    let offered = owed.iter().find_map(|owed| match owed {
        Obligation::OfferActivity { task, token, .. } => Some((*task, &**token)),
        _ => None,
    });
    assert_eq!(offered, Some((TaskId(0), "token of 0")));
    assert_eq!(execution.token(TaskId(0)).map(|token| &**token), Some("token of 0"));
    assert_eq!(execution.token(TaskId(1)), None);
    assert_eq!(execution.token(TaskId(2)), None);
}

fn distributed() -> Definition {
    let text = r#"{"TimeoutSeconds": 60, "StartAt": "All", "States": {"All": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Do", "States": {"Do": {"Type": "Task", "Resource": "do", "End": true}}}}}}"#;
    Definition::parse(text).unwrap()
}

/// Starts an execution at second 5 and checks when it has to be woken.
#[track_caller]
fn check_deadline(start: Input, limits: &Limits, second: Option<i64>) {
    let mut execution = Execution::default();
    let now = Timestamp::from_unix_millis(5000);
    let env = Env { now, entropy: &mut Zeros, limits };
    let batch = execution.handle(&distributed(), start, env);
    let deadline = second.map(|second| Timestamp::from_unix_millis(second * 1000));
    assert_eq!((execution.wake_at(), batch.is_ok()), (deadline, true));
}

#[test]
fn an_execution_has_the_shorter_of_its_own_time_and_the_limit() {
    let start = || Input::Start { identity: identity(), input: Payload::parse("[1]").unwrap() };
    let limits = |most| Limits { execution_duration_max: most, ..Limits::default() };
    check_deadline(start(), &limits(Duration::from_secs(20)), Some(25));
    check_deadline(start(), &limits(Duration::from_secs(100)), Some(65));
    check_deadline(start(), &limits(Duration::MAX), Some(65));
}

#[test]
fn an_execution_of_a_map_run_has_the_limit_alone() {
    let definition = distributed();
    let state = definition.state(definition.find("All").unwrap());
    let stepwell_asl::Kind::Map(map) = &state.kind else { panic!("it is a Map") };
    let input = Payload::parse("1").unwrap();
    let start = Input::StartItem { identity: identity(), machine: map.processor, input };
    check_deadline(start.clone(), &Limits::express(), Some(305));
    check_deadline(start, &Limits::unbounded(), None);
}

fn task() -> Definition {
    let state = r#"{"Type": "Task", "Resource": "do", "End": true}"#;
    Definition::parse(&format!(r#"{{"StartAt": "Do", "States": {{"Do": {state}}}}}"#)).unwrap()
}

fn reported(task: u32, outcome: Result<&str, &str>) -> Input {
    let outcome = outcome.map(|output| Payload::parse(output).unwrap()).map_err(Failure::named);
    Input::TaskReported { task: TaskId(task), outcome }
}

#[test]
fn an_execution_tells_whether_it_may_be_redriven_and_how_often_it_was() {
    let (definition, limits) = (task(), Limits::default());
    let (mut execution, _) = started(&definition);
    assert_eq!(execution.redrivability(&limits), Err(NotRedrivable::Running));
    hand_over(&mut execution, &definition, 1, reported(0, Err("Broken")));
    assert_eq!(execution.redrivability(&limits), Ok(()));
    assert_eq!((execution.redrive_count(), execution.redriven_at()), (0, None));
    let owed = hand_over(&mut execution, &definition, 2, Input::Redrive);
    let is_run = |owed: &Obligation| owed.task() == Some(TaskId(1));
    assert!(owed.iter().any(is_run), "{owed:?}");
    assert_eq!(execution.redrivability(&limits), Err(NotRedrivable::Running));
    let at = Timestamp::from_unix_millis(2000);
    assert_eq!((execution.redrive_count(), execution.redriven_at()), (1, Some(at)));
    hand_over(&mut execution, &definition, 3, reported(1, Ok("7")));
    let refused = execution.redrivability(&limits).unwrap_err();
    assert_eq!(refused.to_string(), "Execution is SUCCEEDED and cannot be redriven");
    assert_eq!((execution.redrive_count(), execution.redriven_at()), (1, Some(at)));
}

#[test]
fn what_has_succeeded_keeps_nothing_to_go_on_with() {
    let definition = task();
    let (mut execution, _) = started(&definition);
    hand_over(&mut execution, &definition, 1, reported(0, Ok("7")));
    let Execution::Ended(Ended { rest, .. }) = execution else { panic!("it has ended") };
    assert_eq!(rest, None);
}

#[test]
fn a_history_with_room_for_the_redrive_and_the_end_is_not_full() {
    let definition = task();
    let (mut execution, _) = started(&definition);
    hand_over(&mut execution, &definition, 1, reported(0, Err("Broken")));
    // Six events: the start, the state's, three of the task, and the end.
    let limits = |history_events_max| Limits { history_events_max, ..Limits::default() };
    assert_eq!(execution.redrivability(&limits(8)), Ok(()));
    assert_eq!(execution.redrivability(&limits(7)), Err(NotRedrivable::HistoryFull));
    let env =
        Env { now: Timestamp::from_unix_millis(2000), entropy: &mut Zeros, limits: &limits(7) };
    let refused = execution.handle(&definition, Input::Redrive, env);
    assert_eq!(refused.map(drop), Err(Stale));
}

#[test]
fn what_is_made_up_is_the_result_as_it_is() {
    let resources = [
        "::lambda:invoke",
        "::lambda:invoke.waitForTaskToken",
        "::states:startExecution.sync",
        "eu-west-1:1:activity:ask",
    ];
    for resource in resources {
        let definition = Definition::parse(&format!(
            r#"{{"StartAt": "Do", "States": {{"Do": {{"Type": "Task", "End": true,
                "Resource": "arn:aws:states:{resource}", "Parameters":
                    {{"FunctionName": "f", "StateMachineArn": "m", "Name": "e"}}}}}}}}"#
        ));
        let definition = definition.unwrap();
        let (mut execution, _) = started(&definition);
        let outcome = Ok(Payload::parse("7").unwrap());
        let mocked = Input::TaskMocked { task: TaskId(0), outcome };
        hand_over(&mut execution, &definition, 1, mocked);
        let output = Payload::parse("7").unwrap();
        assert_eq!(execution.outcome(), Some(&Outcome::Succeeded { output }), "{resource}");
    }
}

#[test]
fn whoever_asks_is_told_which_way_the_states_go() {
    let definition = Definition::parse(
        r#"{"StartAt": "Do", "States": {
            "Do": {"Type": "Task", "Resource": "do", "Next": "Which",
                "Retry": [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["Busy"], "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["Other"], "Next": "Which"},
                    {"ErrorEquals": ["States.ALL"], "Next": "Which"}]},
            "Which": {"Type": "Choice", "Default": "Over", "Choices": [
                {"Variable": "$.n", "IsPresent": true, "Next": "Over"},
                {"Variable": "$.Error", "IsPresent": true, "Next": "Again"}]},
            "Again": {"Type": "Choice", "Default": "Over", "Choices": [
                {"Variable": "$.n", "IsPresent": true, "Next": "Over"}]},
            "Over": {"Type": "Succeed"}}}"#,
    );
    let definition = definition.unwrap();
    let (mut execution, _) = started(&definition);
    let turns = Turns::default();
    let inputs = [reported(0, Err("Busy")), Input::Wake, reported(1, Err("Busy"))];
    for (second, input) in (1..).zip(inputs) {
        let now = Timestamp::from_unix_millis(second * 1000);
        let env = Env { now, entropy: &mut Zeros, limits: &Limits::default() };
        let batch = execution.handle_watched(&definition, input, env, &turns).unwrap();
        batch.commit(|_| Ok::<_, Infallible>(())).unwrap();
    }
    let named = turns.into_inner().into_iter().map(|turn| {
        let name = definition.state(turn.state).name.to_string();
        (name, turn.way)
    });
    let expected = [
        ("Do", Way::Retrier(1)),
        ("Do", Way::Catcher(1)),
        ("Which", Way::Rule(1)),
        ("Again", Way::Default),
    ];
    let expected = expected.map(|(name, way)| (name.to_owned(), way));
    assert_eq!(named.collect::<Vec<_>>(), expected);
}
