use stepwell_jsonpath::Path;
use stepwell_value::Value;

use crate::{Call, Failure, PARTITION_BYTES_MAX, Reason, TEXT_BYTES_MAX};

/// A path reads a text that is as long as the name of the path says, or an array of such texts.
fn fail(text: &str) -> (Call, Failure) {
    let call = Call::parse(text).unwrap();
    let mut read = |path: &Path| {
        Ok::<_, Failure>(match path.to_string().as_str() {
            "$.long" => "x".repeat(TEXT_BYTES_MAX).into(),
            "$.large" => Value::from(vec!["x".repeat(PARTITION_BYTES_MAX).into()]),
            "$.huge" => Value::from(vec![Value::from("x".repeat(TEXT_BYTES_MAX)); 17]),
            _ => Value::Null,
        })
    };
    let failure = call.evaluate(&mut read, &mut || 0).unwrap_err();
    (call, failure)
}

#[test]
fn a_failure_names_the_function_that_failed_and_its_cause_the_whole_call() {
    let (call, failure) = fail("States.Format('{}', States.MathAdd(1,'x'))");
    assert_eq!(
        call.cause(&failure),
        "The function 'States.Format('{}', States.MathAdd(1,'x'))' had the following error: \
         Invalid arguments in States.MathAdd: argument 2 has to be a number, not a string"
    );
}

#[test]
fn every_reason_is_one_that_a_call_can_have() {
    let merge = "States.JsonMerge(States.StringToJson('{}'), States.StringToJson('{}'), true)";
    let calls = [
        "States.ArrayLength($.missing)",
        "States.MathAdd(2147483648, 0)",
        "States.MathAdd(2147483647, 1)",
        "States.ArrayPartition(States.Array(), 0)",
        "States.ArrayRange(0, 1, 0)",
        "States.ArrayRange(0, 1000, 1)",
        "States.ArrayGetItem(States.Array(), 0)",
        "States.ArrayPartition($.large, 1)",
        "States.ArrayUnique($.huge)",
        "States.MathRandom(1, 1)",
        "States.Hash($.long, 'MD5')",
        "States.JsonToString($.long)",
        "States.Hash('', '')",
        "States.Base64Decode('A')",
        "States.StringToJson('x')",
        merge,
        "States.Format('{')",
        "States.Format(States.StringToJson('\"\\\\\\\\\"'))",
        "States.Format('{}')",
    ];
    let found: Vec<usize> = calls.iter().map(|call| ordinal(&fail(call).1.reason)).collect();
    assert_eq!(found, (0..calls.len()).collect::<Vec<_>>());
}

/// Exhaustive, so that a reason that is added asks for a call above.
fn ordinal(reason: &Reason) -> usize {
    match reason {
        Reason::WrongKind { .. } => 0,
        Reason::NotInRange { .. } => 1,
        Reason::SumNotInRange => 2,
        Reason::NotPositive { .. } => 3,
        Reason::ZeroStep => 4,
        Reason::TooManyItems => 5,
        Reason::NoSuchItem { .. } => 6,
        Reason::ArrayTooLarge => 7,
        Reason::TooMuchToCompare => 8,
        Reason::NothingBetween { .. } => 9,
        Reason::TextTooLong { .. } => 10,
        Reason::ResultTooLong => 11,
        Reason::UnknownAlgorithm(_) => 12,
        Reason::NotBase64 => 13,
        Reason::NotJson(_) => 14,
        Reason::DeepMerge => 15,
        Reason::LoneBrace { .. } => 16,
        Reason::OpenBackslash { .. } => 17,
        Reason::ArgumentCount { .. } => 18,
    }
}
