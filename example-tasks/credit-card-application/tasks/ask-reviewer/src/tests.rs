//! The reviewer learns all that the decision needs.

use stepwell_task::testing;

use super::*;

#[test]
fn the_notice_names_the_applicant_and_the_token() {
    let input = r#"{"applicant": "Tomas Lind", "requested_limit": 9000, "score": 611,
                    "TaskToken": "AAbb=="}"#;
    assert_eq!(
        testing::call_json(input, ask_reviewer).unwrap(),
        r#"{"message":"Tomas Lind asks for a limit of 9000 with a score of 611. Decide with the task token AAbb=="}"#
    );
}

#[test]
fn a_state_that_passes_no_token_is_told_so() {
    let input = r#"{"applicant": "Tomas Lind", "requested_limit": 9000, "score": 611}"#;
    let failure = testing::call_json(input, ask_reviewer).unwrap_err();
    assert_eq!(failure.error(), TaskError::INVALID_INPUT);
    assert!(failure.cause().starts_with("$: missing field `TaskToken`"), "{failure}");
}
