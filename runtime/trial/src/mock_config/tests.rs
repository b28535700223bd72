use stepwell_asl::Definition;
use stepwell_kernel::Failure;
use stepwell_value::{Payload, Str};

use super::{Answer, Invocations, MockConfig, split_test_case};

/// As AWS documents it.
const FILE: &str = r#"{
    "StateMachines": {"Orders": {"TestCases": {
        "Happy": {"Charge": "Paid", "Ship": "Shipped"},
        "Retry": {"Charge": "Late"},
        "Real": {}
    }}},
    "MockedResponses": {
        "Paid": {"0": {"Return": {"StatusCode": 200, "Payload": {"id": 7}}}},
        "Shipped": {"0": {"Return": "any JSON"}, "1": {"Return": null}},
        "Empty": {},
        "Late": {
            "0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "not ready"}},
            "1-2": {"Throw": {"Error": "Lambda.TimeoutException"}},
            "3": {"Return": {"StatusCode": 200}}
        }
    }
}"#;

fn answers(case: &str, state: &str, invocations: u32) -> Vec<Answer> {
    let config = MockConfig::parse(FILE).unwrap();
    let case = config.test_case("Orders", case).unwrap();
    (0..invocations).map(|nth| case.answer(state, nth).unwrap()).collect()
}

fn returned(text: &str) -> Answer {
    Answer::Return(Payload::parse(text).unwrap())
}

#[test]
fn every_invocation_takes_the_answer_of_its_number() {
    let late = Answer::Throw(Failure::named("Lambda.TimeoutException"));
    let expected = [
        Answer::Throw(Failure::new("Lambda.ResourceNotReadyException", "not ready")),
        late.clone(),
        late,
        returned(r#"{"StatusCode": 200}"#),
    ];
    assert_eq!(answers("Retry", "Charge", 4), expected);
    assert_eq!(answers("Happy", "Ship", 2), [returned("\"any JSON\""), returned("null")]);
}

#[test]
fn an_invocation_without_an_answer_fails_and_says_what_to_add() {
    let cause = "The mocked response 'Paid' has no answer for invocation 1: add it under \"1\"";
    assert_eq!(
        answers("Happy", "Charge", 2)[1],
        Answer::Throw(Failure::new("States.Runtime", cause))
    );
}

#[test]
fn a_state_that_is_not_named_is_not_mocked() {
    let config = MockConfig::parse(FILE).unwrap();
    for (case, state) in [("Retry", "Ship"), ("Real", "Charge")] {
        assert_eq!(config.test_case("Orders", case).unwrap().answer(state, 0), None, "{case}");
    }
}

#[test]
fn the_names_of_a_file_are_known() {
    let config = MockConfig::parse(FILE).unwrap();
    assert_eq!(config.machines().map(|name| &**name).collect::<Vec<_>>(), ["Orders"]);
    let cases: Vec<&str> = config.test_cases("Orders").map(|name| &**name).collect();
    assert_eq!(cases, ["Happy", "Real", "Retry"]);
    assert!(config.test_case("Orders", "Other").is_none());
    assert!(config.test_case("Other", "Happy").is_none());
}

#[test]
fn a_test_case_is_held_against_its_definition() {
    let definition = Definition::parse(
        r#"{"StartAt": "Charge", "States": {
            "Charge": {"Type": "Task", "Resource": "charge", "Next": "Each"},
            "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Inner", "States":
                {"Inner": {"Type": "Task", "Resource": "inner", "End": true}}}}}}"#,
    );
    let config = MockConfig::parse(
        r#"{"StateMachines": {"M": {"TestCases": {"C":
                {"Charge": "R", "Inner": "R", "Each": "R", "Chrage": "R", "Nowhere": "R"}}}},
            "MockedResponses": {"R": {}}}"#,
    );
    let config = config.unwrap();
    let problems = config.test_case("M", "C").unwrap().check(&definition.unwrap());
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        "/StateMachines/M/TestCases/C/Chrage: the definition has no state `Chrage`; did you mean \
         `Charge`?",
        "/StateMachines/M/TestCases/C/Each: `Each` is no Task; only what a Task calls can be \
         mocked, also inside of a Map or Parallel state",
        "/StateMachines/M/TestCases/C/Nowhere: the definition has no state `Nowhere`",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn invocations_are_counted_by_state() {
    let mut invocations = Invocations::default();
    let (a, b) = (Str::from("a"), Str::from("b"));
    let counted = [&a, &b, &a, &a].map(|state| invocations.next(state));
    assert_eq!(counted, [0, 0, 1, 2]);
}

#[test]
fn a_machine_is_split_from_its_test_case() {
    assert_eq!(split_test_case("arn:m#Happy"), ("arn:m", Some("Happy")));
    assert_eq!(split_test_case("arn:m"), ("arn:m", None));
}

/// Checks what is said about a file with that response for the one state of the one case.
#[track_caller]
fn check_response(response: &str, expected: &[&str]) {
    check_file(
        &format!(
            r#"{{"StateMachines": {{"M": {{"TestCases": {{"C": {{"S": "R"}}}}}}}},
                "MockedResponses": {{"R": {response}}}}}"#
        ),
        expected,
    );
}

#[track_caller]
fn check_file(text: &str, expected: &[&str]) {
    let problems = MockConfig::parse(text).err().unwrap_or_default();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected, "{text}");
}

#[test]
fn what_is_wrong_with_a_response_is_told_with_its_place() {
    let ok = r#"{"Return": 1}"#;
    check_response(&format!(r#"{{"0": {ok}, "1-2": {ok}, "3": {ok}}}"#), &[]);
    check_response("{}", &[]);
    check_response(
        &format!(r#"{{"0": {ok}, "2": {ok}}}"#),
        &[
            "/MockedResponses/R: there is no answer for invocation 1: \"2\" comes next; invocations \
           are counted from 0 without gaps",
        ],
    );
    check_response(
        &format!(r#"{{"1": {ok}}}"#),
        &[
            "/MockedResponses/R: there is no answer for invocation 0: \"1\" comes next; invocations \
           are counted from 0 without gaps",
        ],
    );
    check_response(
        &format!(r#"{{"0-2": {ok}, "2-3": {ok}}}"#),
        &["/MockedResponses/R: invocation 2 has more than one answer; keep one"],
    );
    for name in ["first", "2-1", "+0", "-1", "", "0-", "99999999999"] {
        let place = format!("/MockedResponses/R/{name}");
        check_response(
            &format!(r#"{{"{name}": {ok}}}"#),
            &[&format!(
                "{place}: `{name}` is no invocation; an answer is called by its invocation, \
                 `\"0\"`, or by the first and the last one, `\"1-2\"`"
            )],
        );
    }
    let at = "/MockedResponses/R/0";
    let neither = format!("{at}: an answer has either `Return` or `Throw`; add one");
    check_response(r#"{"0": {}}"#, &[&neither]);
    let both = format!("{at}: an answer has either `Return` or `Throw`, and not both");
    check_response(r#"{"0": {"Return": 1, "Throw": {"Error": "E"}}}"#, &[&both]);
    let unknown = format!("{at}/return: `return` is not known here; did you mean `Return`?");
    check_response(r#"{"0": {"return": 1}}"#, &[&unknown, &neither]);
    let nameless = format!("{at}/Throw: `Error` is missing");
    check_response(r#"{"0": {"Throw": {"Cause": "c"}}}"#, &[&nameless]);
    let number = format!("{at}/Throw/Error: this has to be a text, but it is a number");
    check_response(r#"{"0": {"Throw": {"Error": 1}}}"#, &[&number]);
    check_response("[]", &["/MockedResponses/R: this has to be an object, but it is an array"]);
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place() {
    check_file(
        "{",
        &[
            "this is not JSON: the text ends where a member's name in double quotes was expected (line 1, column 2)",
        ],
    );
    check_file("{}", &["`MockedResponses` is missing", "`StateMachines` is missing"]);
    check_file(
        r#"{"StateMachines": {}, "MockedResponse": {}}"#,
        &[
            "/MockedResponse: `MockedResponse` is not known here; did you mean `MockedResponses`?",
            "`MockedResponses` is missing",
        ],
    );
    check_file(
        r#"{"StateMachines": {"M": {"TestCases": {"C": {"S": "Piad", "T": "Other"}}}},
            "MockedResponses": {"Paid": {}}}"#,
        &[
            "/StateMachines/M/TestCases/C/S: there is no mocked response `Piad`; did you mean \
             `Paid`?",
            "/StateMachines/M/TestCases/C/T: there is no mocked response `Other`; add it to \
             `MockedResponses`",
        ],
    );
    check_file(
        r#"{"StateMachines": {"M": {"Cases": {}}}, "MockedResponses": {"R": {}, "R": {}}}"#,
        &[
            "/MockedResponses/R: `R` stands here more than once; keep one",
            "/StateMachines/M/Cases: `Cases` is not known here; did you mean `TestCases`?",
            "/StateMachines/M: `TestCases` is missing",
        ],
    );
}
