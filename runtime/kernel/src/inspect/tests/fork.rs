//! Parallel and Map states, whose work is always mocked.

use super::*;

const KITCHEN: &str = r#"{"Type": "Parallel", "InputPath": "$.order",
    "ResultSelector": {"bread.$": "$[0]"}, "ResultPath": "$.done", "Next": "Serve",
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Apologise"}],
    "Branches": [
        {"StartAt": "Bake", "States": {"Bake": {"Type": "Succeed"}}},
        {"StartAt": "Brew", "States": {"Brew": {"Type": "Succeed"}}}]}"#;

#[test]
fn a_parallel_shows_what_becomes_of_its_result() {
    Given { input: r#"{"order":1}"#, result: Some(r#"["rye","tea"]"#), ..given(KITCHEN) }.comes_to(
        &[
            r#"succeeded {"order":1,"done":{"bread":"rye"}} -> Serve"#,
            r#"ResultSelector {"bread":"rye"}"#,
            r#"ResultPath {"order":1,"done":{"bread":"rye"}}"#,
        ],
    );
}

#[test]
fn a_failure_of_a_branch_is_caught_by_the_parallel() {
    Given { input: r#"{"order":1}"#, failure: Some(("Spilt", "tea")), ..given(KITCHEN) }.comes_to(
        &["caught Spilt: tea", r#"output {"Error":"Spilt","Cause":"tea"} -> Apologise"#, "Catch 0"],
    );
}

#[test]
fn a_parallel_fails_before_its_branches_if_its_input_cannot_be_had() {
    Given { result: Some(r#"["rye","tea"]"#), ..given(KITCHEN) }.comes_to(&[
        "failed States.Runtime: Invalid path '$.order' : No results for path: $['order']",
    ]);
}

const SHELF: &str = r#"{"Type": "Map", "ItemsPath": "$.loaves", "MaxConcurrency": 3,
    "ItemSelector": {"kind.$": "$$.Map.Item.Value", "shelf.$": "$.shelf"}, "End": true,
    "Retry": [{"ErrorEquals": ["Mouldy"], "IntervalSeconds": 5, "MaxAttempts": 1}],
    "ItemProcessor": {"StartAt": "Slice", "States": {"Slice": {"Type": "Succeed"}}}}"#;

#[test]
fn a_map_shows_its_items_and_what_each_iteration_is_given() {
    let input = r#"{"loaves":["rye","oat"],"shelf":2}"#;
    Given { input, result: Some("[8,9]"), ..given(SHELF) }.comes_to(&[
        "succeeded [8,9]",
        r#"InputPath {"loaves":["rye","oat"],"shelf":2}"#,
        r#"ItemsPath ["rye","oat"]"#,
        r#"ItemSelector [{"kind":"rye","shelf":2},{"kind":"oat","shelf":2}]"#,
        "ResultSelector [8,9]",
        "ResultPath [8,9]",
        "MaxConcurrency 3",
    ]);
}

#[test]
fn a_map_without_items_has_a_result_all_the_same() {
    let state = r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": [], "End": true,
        "Output": "{% $count($states.result) %}",
        "ItemProcessor": {"StartAt": "Slice", "States": {"Slice": {"Type": "Succeed"}}}}"#;
    Given { result: Some("[]"), ..given(state) }.comes_to(&["succeeded 0", "MaxConcurrency 0"]);
}

#[test]
fn a_failure_of_an_iteration_may_have_the_map_tried_again() {
    let input = r#"{"loaves":[],"shelf":2}"#;
    Given { input, failure: Some(("Mouldy", "green")), ..given(SHELF) }.comes_to(&[
        "retriable Mouldy: green",
        r#"InputPath {"loaves":[],"shelf":2}"#,
        "ItemsPath []",
        "ItemSelector []",
        "MaxConcurrency 3",
        "Retry 0",
        "backoff 5",
    ]);
}

#[test]
fn a_map_of_what_is_no_array_fails() {
    Given { input: r#"{"loaves":"rye"}"#, result: Some("[1]"), ..given(SHELF) }.comes_to(&[
        "failed States.Runtime: Reference path \"$.loaves\" must point to array.",
        r#"InputPath {"loaves":"rye"}"#,
    ]);
}

#[test]
fn a_map_fails_with_the_input_of_an_iteration() {
    Given { input: r#"{"loaves":["rye"]}"#, result: Some("[1]"), ..given(SHELF) }.comes_to(&[
        "failed States.Runtime: The JSONPath '$.shelf' specified for the field 'shelf.$' could not \
         be found in the input '{\"loaves\":[\"rye\"]}'",
        r#"InputPath {"loaves":["rye"]}"#,
        r#"ItemsPath ["rye"]"#,
        "MaxConcurrency 3",
    ]);
}

/// A Distributed Map with fields that it has alone.
fn distributed(fields: &str) -> String {
    format!(
        r#"{{"Type": "Map", "QueryLanguage": "JSONata", "End": true, {fields},
        "Retry": [{{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "MaxAttempts": 1}}],
        "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED"}},
            "StartAt": "Slice", "States": {{"Slice": {{"Type": "Succeed"}}}}}}}}"#
    )
}

fn failed_iterations(count: u32) -> Configuration {
    Configuration { map_iteration_failure_count: Some(count), ..Configuration::default() }
}

fn read(data: &str) -> Configuration {
    Configuration { map_item_reader_data: Some(data.to_owned()), ..Configuration::default() }
}

const EXCEEDED: &str = "retriable States.ExceedToleratedFailureThreshold: The specified tolerated \
                        failure threshold was exceeded";

#[test]
fn a_map_run_fails_if_more_items_fail_than_it_tolerates() {
    let state = distributed(r#""Items": [1, 2, 3], "ToleratedFailureCount": "{% 1 + 1 %}""#);
    let given = Given { result: Some("[1,2,3]"), ..given(&state) };
    let bounds = ["MaxConcurrency 0", "ToleratedFailureCount 2"];
    Given { configuration: failed_iterations(2), ..given.clone() }.comes_to(&[
        "succeeded [1,2,3]",
        bounds[0],
        bounds[1],
    ]);
    Given { configuration: failed_iterations(3), ..given }.comes_to(&[
        EXCEEDED,
        bounds[0],
        bounds[1],
        "Retry 0",
        "backoff 1",
    ]);
}

#[test]
fn a_map_run_tolerates_a_share_of_its_items() {
    let state = distributed(r#""Items": [1, 2, 3, 4], "ToleratedFailurePercentage": 50"#);
    let given = Given { result: Some("[1,2,3,4]"), ..given(&state) };
    let bounds = ["MaxConcurrency 0", "ToleratedFailurePercentage 50"];
    Given { configuration: failed_iterations(2), ..given.clone() }.comes_to(&[
        "succeeded [1,2,3,4]",
        bounds[0],
        bounds[1],
    ]);
    Given { configuration: failed_iterations(3), ..given }.comes_to(&[
        EXCEEDED,
        bounds[0],
        "Retry 0",
        "backoff 1",
        bounds[1],
    ]);
}

#[test]
fn a_mocked_map_run_without_bounds_tolerates_everything() {
    let state = distributed(r#""Items": [1, 2]"#);
    let configuration = failed_iterations(2);
    Given { result: Some("[1,2]"), configuration, ..given(&state) }
        .comes_to(&["succeeded [1,2]", "MaxConcurrency 0"]);
}

#[test]
fn a_mocked_failure_of_a_map_run_is_not_tolerated() {
    let state = distributed(r#""Items": [1, 2], "ToleratedFailureCount": 2"#);
    let configuration = failed_iterations(1);
    Given { failure: Some(("Mouldy", "green")), configuration, ..given(&state) }.comes_to(&[
        "failed Mouldy: green",
        "MaxConcurrency 0",
        "ToleratedFailureCount 2",
    ]);
}

#[test]
fn a_map_run_shows_what_each_execution_is_given() {
    let state = distributed(
        r#""Items": "{% $states.input.loaves %}",
           "ItemSelector": {"nr": "{% $states.context.Map.Item.Index + $first %}",
                            "kind": "{% $states.context.Map.Item.Value %}"},
           "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"oven": "{% $oven %}"}}"#,
    );
    let (input, variables) = (r#"{"loaves":["rye","oat","corn"]}"#, r#"{"first":1,"oven":"B"}"#);
    Given { input, variables, result: Some("[]"), ..given(&state) }.comes_to(&[
        "succeeded []",
        "ItemSelector [{\"nr\":1,\"kind\":\"rye\"},{\"nr\":2,\"kind\":\"oat\"},{\"nr\":3,\
         \"kind\":\"corn\"}]",
        "ItemBatcher [{\"BatchInput\":{\"oven\":\"B\"},\"Items\":[{\"nr\":1,\"kind\":\"rye\"},\
         {\"nr\":2,\"kind\":\"oat\"}]},{\"BatchInput\":{\"oven\":\"B\"},\"Items\":[{\"nr\":3,\
         \"kind\":\"corn\"}]}]",
        r#"variables {"first":1,"oven":"B"}"#,
        "MaxConcurrency 0",
    ]);
}

#[test]
fn an_execution_whose_input_cannot_be_made_fails_the_map() {
    let state = distributed(r#""Items": [1], "ItemSelector": "{% $nothing %}""#);
    let given = Given { result: Some("[]"), ..given(&state) };
    let definition = given.definition();
    let tested = done(given.begin(&definition).unwrap());
    let Verdict::Failed { failure } = tested.verdict else { panic!("{:?}", tested.verdict) };
    assert_eq!(failure.error.as_deref(), Some("States.QueryEvaluationError"));
}

const READER: &str = r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "Arguments": {"Bucket": "shop", "Key": "{% $states.input %}"},
        "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/oven~1B/1", "MaxItems": 2}},
    "ItemSelector": "{% $states.context.Map.Item.Value * 10 %}", "ToleratedFailurePercentage": 50"#;

#[test]
fn items_come_from_what_the_reader_has_read() {
    let state = distributed(READER);
    let given = Given { input: r#""loaves""#, result: Some("[1,2]"), ..given(&state) };
    Given { configuration: read(r#"{"oven/B":["rye",[4,5,6]]}"#), ..given.clone() }.comes_to(&[
        "succeeded [1,2]",
        "ItemSelector [40,50]",
        "ItemsPointer [4,5,6]",
        "MaxConcurrency 0",
        "ToleratedFailurePercentage 50",
    ]);
    // What is not JSON, or is not there, gives no items to show.
    for configuration in [read("a,b\n1,2"), Configuration::default()] {
        Given { configuration, ..given.clone() }.comes_to(&[
            "succeeded [1,2]",
            "MaxConcurrency 0",
            "ToleratedFailurePercentage 50",
        ]);
    }
}

#[test]
fn a_map_that_writes_its_results_out_says_where() {
    let state = distributed(
        r#""Items": [1], "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
            "Arguments": {"Bucket": "shop"}}"#,
    );
    let given = given(&state);
    Given { result: Some(r#"{"Key":"k"}"#), ..given.clone() }
        .comes_to(&[r#"succeeded {"Key":"k"}"#, "MaxConcurrency 0"]);
    Given { result: Some("[1]"), ..given }
        .is_refused(&Refusal::MockNotObject, "Mocked result must be a JSON object.");
}
