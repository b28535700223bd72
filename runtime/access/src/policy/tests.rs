use proptest::prelude::*;

use super::{Decision, Policy};

const ORDER: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Order";
const ALLOWED: Decision = Decision::Allowed;
const DENIED: Decision = Decision::Denied { explicit: false };
const FORBIDDEN: Decision = Decision::Denied { explicit: true };

fn policy(statements: &str) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
    Policy::parse(&text).unwrap()
}

#[track_caller]
fn decides(statements: &str, cases: &[(&str, &str, Decision)]) {
    let policy = policy(statements);
    for (action, resource, expected) in cases {
        assert_eq!(policy.decide(action, resource), *expected, "{action} on {resource}");
    }
}

#[test]
fn nothing_is_allowed_that_no_statement_allows() {
    decides(
        r#"{"Effect":"Allow","Action":"states:StartExecution",
            "Resource":"arn:aws:states:us-east-1:123456789012:stateMachine:Order"}"#,
        &[
            ("states:StartExecution", ORDER, ALLOWED),
            ("STATES:startexecution", ORDER, ALLOWED),
            ("states:StopExecution", ORDER, DENIED),
            ("states:StartExecution", &format!("{ORDER}s"), DENIED),
            ("states:StartExecution", &ORDER.to_lowercase(), DENIED),
            ("states:StartExecution", "*", DENIED),
        ],
    );
}

#[test]
fn a_denial_wins_wherever_it_stands() {
    let allow = r#"{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"}"#;
    let deny =
        r#"{"Effect":"Deny","Action":["states:Delete*","states:StopExecution"],"Resource":"*"}"#;
    for statements in [format!("[{allow},{deny}]"), format!("[{deny},{allow}]")] {
        decides(
            &statements,
            &[
                ("states:StartExecution", ORDER, ALLOWED),
                ("states:DeleteStateMachine", ORDER, FORBIDDEN),
                ("states:stopexecution", ORDER, FORBIDDEN),
                ("states:ListStateMachines", "*", ALLOWED),
            ],
        );
    }
}

#[test]
fn wildcards_widen_actions_and_resources() {
    let orders = "arn:aws:states:eu-west-1:123456789012:execution:Orders:1";
    let others = "arn:aws:states:eu-west-1:999999999999:execution:Orders:1";
    decides(
        r#"{"Effect":"Allow","Action":["states:describe*","states:List???Runs"],
            "Resource":["arn:aws:states:*:123456789012:*:Order*"]}"#,
        &[
            ("states:DescribeExecution", ORDER, ALLOWED),
            ("states:DescribeStateMachine", &format!("{ORDER}:3"), ALLOWED),
            ("states:ListMapRuns", ORDER, ALLOWED),
            ("states:ListExecutions", ORDER, DENIED),
            ("states:DescribeExecution", orders, ALLOWED),
            ("states:DescribeExecution", others, DENIED),
        ],
    );
}

#[test]
fn an_action_without_a_resource_needs_the_star() {
    let list = ("states:ListStateMachines", "*", DENIED);
    decides(r#"{"Effect":"Allow","Action":"states:*","Resource":"arn:*"}"#, &[list]);
    let list = ("states:ListStateMachines", "*", ALLOWED);
    decides(r#"{"Effect":"Allow","Action":"states:*","Resource":"*"}"#, &[list]);
}

#[test]
fn not_action_and_not_resource_mean_all_the_others() {
    decides(
        r#"[{"Effect":"Allow","NotAction":"states:Delete*","Resource":"*"},
            {"Effect":"Deny","Action":"states:*",
             "NotResource":["arn:aws:states:*:*:stateMachine:Order",
                            "arn:aws:states:*:*:activity:*"]}]"#,
        &[
            ("states:StartExecution", ORDER, ALLOWED),
            ("states:DeleteStateMachine", ORDER, DENIED),
            ("states:GetActivityTask", "arn:aws:states:r:1:activity:a", ALLOWED),
            ("states:StartExecution", "arn:aws:states:r:1:stateMachine:Other", FORBIDDEN),
            ("states:ListStateMachines", "*", FORBIDDEN),
        ],
    );
}

#[test]
fn actions_of_other_services_grant_nothing_here() {
    let statement = r#"{"Effect":"Allow","Action":["lambda:*","iam:PassRole"],"Resource":"*"}"#;
    decides(statement, &[("states:StartExecution", ORDER, DENIED)]);
}

/// Each document is refused at a place, with a fault and its remedy.
#[track_caller]
fn refuses(table: &[(&str, &str, &str)]) {
    for (text, place, fault) in table {
        let error = Policy::parse(text).unwrap_err();
        assert_eq!((error.place.as_str(), error.fault.to_string().as_str()), (*place, *fault));
        let gap = if place.is_empty() { "" } else { ": " };
        assert_eq!(error.to_string(), format!("policy: {place}{gap}{fault}"));
    }
}

#[test]
fn documents_of_another_shape_are_refused() {
    refuses(&[
        (
            "{",
            "",
            "the document is not JSON: the text ends where a member's name in double quotes was \
             expected (line 1, column 2)",
        ),
        ("[]", "", "this must be an object"),
        ("{}", "Statement", "the member is missing; add a statement or a list of them"),
        (
            r#"{"Statement":[]}"#,
            "Statement",
            "the list is empty; name at least one, or take the statement out",
        ),
        (r#"{"Statement":["a"]}"#, "Statement[0]", "this must be an object"),
        (r#"{"Id":"a","Statement":{}}"#, "Id", "the member is not understood; take it out"),
        (
            r#"{"Version":"2020-01-01","Statement":{}}"#,
            "Version",
            "`2020-01-01` is not a version; write \"2012-10-17\"",
        ),
        (r#"{"Version":1,"Statement":{}}"#, "Version", "this must be a string"),
        (
            r#"{"Statement":[{"Effect":"Deny","Effect":"Allow"}]}"#,
            "Statement[0].Effect",
            "the member stands here twice; keep one",
        ),
    ]);
}

#[test]
fn members_that_are_not_understood_are_refused() {
    let principal = "a policy belongs to the principal of its key; take the member out";
    refuses(&[
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Condition":{}}]}"#,
            "Statement[1].Condition",
            "conditions are not understood; take it out, and narrow Action or Resource instead",
        ),
        (r#"{"Statement":{"Principal":"*"}}"#, "Statement.Principal", principal),
        (r#"{"Statement":{"NotPrincipal":"*"}}"#, "Statement.NotPrincipal", principal),
        (
            r#"{"Statement":{"effect":"Deny"}}"#,
            "Statement.effect",
            "the member is not understood; take it out",
        ),
        (r#"{"Statement":{"Sid":3}}"#, "Statement.Sid", "this must be a string"),
    ]);
}

#[test]
fn a_statement_has_one_effect_and_one_of_each_pair() {
    let missing = "the member is missing; add it as a string or a list of strings";
    refuses(&[
        (
            r#"{"Statement":{"Action":"*","Resource":"*"}}"#,
            "Statement.Effect",
            "the member is missing; add \"Allow\" or \"Deny\"",
        ),
        (
            r#"{"Statement":{"Effect":"allow"}}"#,
            "Statement.Effect",
            "`allow` is not an effect; write \"Allow\" or \"Deny\"",
        ),
        (r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#, "Statement.Action", missing),
        (r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#, "Statement.Resource", missing),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*"}}"#,
            "Statement.NotAction",
            "it stands beside Action; keep one of the two",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}}"#,
            "Statement.NotResource",
            "it stands beside Resource; keep one of the two",
        ),
    ]);
}

#[test]
fn patterns_that_could_match_nothing_are_refused() {
    refuses(&[
        (
            r#"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#,
            "Statement.Action",
            "the list is empty; name at least one, or take the statement out",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Action":["*",null],"Resource":"*"}}"#,
            "Statement.Action[1]",
            "this must be a string",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"StartExecution","Resource":"*"}}"#,
            "Statement.Action",
            "`StartExecution` is not an action; write \"states:StartExecution\", \"states:*\" or \
             \"*\"",
        ),
        (
            r#"{"Statement":{"Effect":"Deny","NotAction":["states:StratExecution"]}}"#,
            "Statement.NotAction[0]",
            "`states:StratExecution` matches no action of the service; check the spelling",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"Order"}}"#,
            "Statement.Resource",
            "`Order` is not a resource; write an ARN, which may have wildcards, or \"*\"",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${aws:username}"}}"#,
            "Statement.Resource",
            "`arn:${aws:username}` has a policy variable, and those are not understood; write the \
             value itself",
        ),
    ]);
}

proptest! {
    #[test]
    fn parsing_any_text_does_not_panic(text in ".*") {
        prop_assert!(Policy::parse(&text).is_err());
    }

    #[test]
    fn parsing_almost_a_policy_does_not_panic(
        members in prop::collection::vec(
            (
                "Statement|Effect|Action|Resource|NotAction|Sid",
                r#""[*?a-z:$\{\}]{0,5}"|\[\]|\{\}|null"#,
            ),
            0..5,
        ),
    ) {
        let members: Vec<String> =
            members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let _read = Policy::parse(&format!("{{\"Statement\":[{{{}}}]}}", members.join(",")));
    }
}
