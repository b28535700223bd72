use std::sync::Arc;

use stepwell_asl::Timestamp;
use stepwell_journal::{Ending, ExecutionId, Opening, Parent, Redrives, Summary};
use stepwell_kernel::{ExecutionCall, Identity, Outcome, TaskId};
use stepwell_value::Payload;

use super::{JoinedEnd, Meeting, Redriving, Starting};

const ASKING: Parent = Parent { execution: ExecutionId(1), task: TaskId(3) };

fn payload(text: &str) -> Payload {
    Payload::parse(text).unwrap()
}

fn call(is_awaited: bool) -> ExecutionCall {
    let identity = Identity {
        execution_arn: "asking".into(),
        execution_name: "asking".into(),
        state_machine_arn: "m".into(),
        state_machine_name: "m".into(),
        role_arn: "r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    ExecutionCall {
        state_machine_arn: "m".into(),
        name: "shared".into(),
        input: payload("1"),
        role_arn: None,
        is_awaited,
        identity: Arc::new(identity),
    }
}

fn known(parent: Option<Parent>, has_ended: bool) -> Summary {
    let started_at = Timestamp::from_unix_millis(5);
    let outcome = Outcome::Succeeded { output: payload("7") };
    Summary {
        execution: ExecutionId(9),
        opening: Opening {
            arn: "e".into(),
            name: "shared".into(),
            machine_arn: Some("m".into()),
            version_arn: None,
            alias_arn: None,
            started_at,
        },
        revision: None,
        parent,
        redrives: Redrives::default(),
        ending: has_ended.then_some(Ending { ended_at: started_at, outcome }),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    First,
    Again,
}

#[track_caller]
fn check(is_awaited: bool, asked: Asked, known: Summary, input: &str, expected: &str) {
    let is_again = asked == Asked::Again;
    let input_of = |_| Some(payload(input));
    let meeting = Meeting::of(ASKING, &call(is_awaited), is_again, known, input_of);
    let came_to = match meeting {
        Meeting::Refused(_) => "refused",
        Meeting::Over { .. } => "over",
        Meeting::Joined { end: JoinedEnd::Unawaited, .. } => "unawaited",
        Meeting::Joined { end: JoinedEnd::Known(_), .. } => "known",
        Meeting::Joined { end: JoinedEnd::OfChild(_), .. } => "of child",
        Meeting::Joined { end: JoinedEnd::OfOther(_), .. } => "of other",
    };
    assert_eq!(came_to, expected);
}

#[test]
fn one_that_runs_with_the_same_input_is_as_good() {
    check(true, Asked::First, known(None, false), "1", "of other");
    check(false, Asked::First, known(None, false), "1", "unawaited");
    check(true, Asked::First, known(None, false), "2", "refused");
    check(true, Asked::First, known(None, true), "1", "refused");
}

#[test]
fn the_tasks_own_child_is_found_again() {
    check(true, Asked::Again, known(Some(ASKING), false), "2", "of child");
    check(true, Asked::Again, known(Some(ASKING), true), "2", "known");
    check(false, Asked::Again, known(Some(ASKING), true), "2", "unawaited");
}

#[test]
fn after_a_crash_a_task_is_told_how_the_one_ended_that_it_may_have_joined() {
    check(true, Asked::Again, known(None, true), "1", "over");
    check(false, Asked::Again, known(None, true), "1", "refused");
    check(true, Asked::Again, known(None, false), "1", "of other");
}

#[test]
fn a_child_is_started_once() {
    assert!(matches!(Starting::of(None), Starting::New));
    let running = known(Some(ASKING), false);
    assert!(matches!(Starting::of(Some(running)), Starting::Running(ExecutionId(9))));
    let ended = known(Some(ASKING), true);
    assert!(matches!(Starting::of(Some(ended.clone())), Starting::Ended(_)));
    assert!(matches!(Redriving::of(Some(&ended), None), Redriving::Ended(ExecutionId(9))));
    assert!(matches!(Redriving::of(None, None), Redriving::Start));
    let on_its_way = Redriving::of(None, Some(ExecutionId(9)));
    assert!(matches!(on_its_way, Redriving::Running(ExecutionId(9))));
}
