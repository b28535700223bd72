use stepwell::Value;

use super::Moment;
use crate::printer::Style;
use crate::tree::{Extent, Look, render};

/// What a server tells of a Parallel state with a Map, a retry and a failure.
const EVENTS: &str = r#"[
  {"timestamp": 100.0, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
   "executionStartedEventDetails": {"input": "{}", "roleArn": "r"}},
  {"timestamp": 100.0, "type": "ParallelStateEntered", "id": 2, "previousEventId": 0,
   "stateEnteredEventDetails": {"name": "Both", "input": "{}"}},
  {"timestamp": 100.0, "type": "ParallelStateStarted", "id": 3, "previousEventId": 2},
  {"timestamp": 100.0, "type": "MapStateEntered", "id": 4, "previousEventId": 3,
   "stateEnteredEventDetails": {"name": "Each", "input": "[1]"}},
  {"timestamp": 100.0, "type": "MapStateStarted", "id": 5, "previousEventId": 4,
   "mapStateStartedEventDetails": {"length": 1}},
  {"timestamp": 100.0, "type": "MapIterationStarted", "id": 6, "previousEventId": 5,
   "mapIterationStartedEventDetails": {"name": "Each", "index": 0}},
  {"timestamp": 100.0, "type": "TaskStateEntered", "id": 7, "previousEventId": 6,
   "stateEnteredEventDetails": {"name": "Charge", "input": "1"}},
  {"timestamp": 100.0, "type": "LambdaFunctionScheduled", "id": 8, "previousEventId": 7,
   "lambdaFunctionScheduledEventDetails": {"resource": "charge", "input": "1"}},
  {"timestamp": 100.0, "type": "LambdaFunctionStarted", "id": 9, "previousEventId": 8},
  {"timestamp": 100.25, "type": "LambdaFunctionFailed", "id": 10, "previousEventId": 9,
   "lambdaFunctionFailedEventDetails": {"error": "Busy", "cause": "come back"}},
  {"timestamp": 101.25, "type": "LambdaFunctionScheduled", "id": 11, "previousEventId": 10,
   "lambdaFunctionScheduledEventDetails": {"resource": "charge", "input": "1"}},
  {"timestamp": 101.25, "type": "LambdaFunctionStarted", "id": 12, "previousEventId": 11},
  {"timestamp": 101.5, "type": "LambdaFunctionSucceeded", "id": 13, "previousEventId": 12,
   "lambdaFunctionSucceededEventDetails": {"output": "1"}},
  {"timestamp": 101.5, "type": "TaskStateExited", "id": 14, "previousEventId": 13,
   "stateExitedEventDetails": {"name": "Charge", "output": "1"}},
  {"timestamp": 101.5, "type": "MapIterationSucceeded", "id": 15, "previousEventId": 14,
   "mapIterationSucceededEventDetails": {"name": "Each", "index": 0}},
  {"timestamp": 101.5, "type": "MapStateSucceeded", "id": 16, "previousEventId": 15},
  {"timestamp": 101.5, "type": "MapStateExited", "id": 17, "previousEventId": 16,
   "stateExitedEventDetails": {"name": "Each", "output": "[1]"}},
  {"timestamp": 101.5, "type": "SomethingNew", "id": 18, "previousEventId": 17},
  {"timestamp": 101.5, "type": "FailStateEntered", "id": 19, "previousEventId": 3,
   "stateEnteredEventDetails": {"name": "Give up", "input": "{}"}},
  {"timestamp": 101.5, "type": "ParallelStateFailed", "id": 20, "previousEventId": 19},
  {"timestamp": 102.0, "type": "ExecutionFailed", "id": 21, "previousEventId": 20,
   "executionFailedEventDetails": {"error": "Enough", "cause": "it was enough"}}
]"#;

#[test]
fn a_history_of_a_server_gives_the_same_tree_as_one_of_this_process() {
    let events = Value::parse(EVENTS).unwrap();
    let moments: Vec<Moment> = events.as_array().unwrap().iter().map(Moment::of_json).collect();
    let tree = render(&moments, Look { style: Style::Plain, extent: Extent::Folded });
    let expected = "  \
  failed   Both                 Parallel       2.00 s  Enough: it was enough
  ok         branch 1: Each     Map            1.50 s  1 item
  ok           item 0: Charge   Task           1.50 s  2 attempts, after Busy: come back
  failed     branch 2: Give up  Fail             0 ms
failed after 2.00 s: Enough: it was enough
";
    assert!(tree == expected, "{tree}");
}
