//! Definitions nobody would write: whatever the text is, it is read or refused, and soon.

use std::fmt::Write as _;

use proptest::prelude::*;
use stepwell_value::{Object, Str, Value};

use super::{check, findings, parse, state};

/// A definition that has nearly every field of the language, to be damaged.
const RICH: &str = r#"{"Comment":"c","Version":"1.0","TimeoutSeconds":60,"StartAt":"Choose","States":{
    "Choose":{"Type":"Choice","InputPath":"$.a","Default":"Work","Choices":[
        {"And":[{"Variable":"$.a","StringEquals":"x"},{"Not":{"Variable":"$.b","IsNull":true}}],
         "Next":"Fan"},
        {"Or":[{"Variable":"$.n","NumericLessThanPath":"$.m"}],"Next":"Rest"}]},
    "Work":{"Type":"Task","Resource":"charge","TimeoutSeconds":9,"HeartbeatSeconds":3,
        "Parameters":{"a.$":"$.a","b":[{"c.$":"$$.State.Name"}]},"ResultSelector":{"d.$":"$"},
        "ResultPath":"$.e","OutputPath":null,
        "Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2,"BackoffRate":1.5,"MaxDelaySeconds":9}],
        "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"Broken"}],"Next":"Fan"},
    "Fan":{"Type":"Parallel","Next":"Each","Branches":[
        {"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"x":1},"End":true}}},
        {"StartAt":"Q","States":{"Q":{"Type":"Succeed"}}}]},
    "Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":4,"ItemSelector":{"v.$":"$"},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"M",
            "States":{"M":{"Type":"Wait","SecondsPath":"$.s","End":true}}},"Next":"Rest"},
    "Rest":{"Type":"Wait","Timestamp":"2026-03-01T12:00:00Z","End":true},
    "Broken":{"Type":"Fail","ErrorPath":"$.error","Cause":"because"}}}"#;

/// How many values a document has, itself included.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(object) => 1 + object.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => 1,
    }
}

/// The document with its n-th value, counted from the root, replaced.
fn replaced(value: &Value, nth: &mut usize, new: &Value) -> Value {
    if *nth == 0 {
        *nth = usize::MAX;
        return new.clone();
    }
    *nth -= 1;
    match value {
        Value::Array(items) => {
            items.iter().map(|item| replaced(item, nth, new)).collect::<Vec<_>>().into()
        }
        Value::Object(object) => {
            let members =
                object.iter().map(|(name, value)| (Str::clone(name), replaced(value, nth, new)));
            Value::Object(members.collect())
        }
        scalar => scalar.clone(),
    }
}

/// Values that mean something somewhere in a definition.
fn fragment() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "",
        "$",
        "$$",
        "$.a",
        "$.a[*]",
        "$..",
        "$x",
        "States.ALL",
        "States.Format('{}')",
        "Work",
        "P",
        "Task",
        "Pass",
        "Choice",
        "Wait",
        "Map",
        "Parallel",
        "Succeed",
        "Fail",
        "FULL",
        "INLINE",
        "DISTRIBUTED",
        "JSONata",
        "JSONPath",
        "2026-03-01T12:00:00Z",
        "é\u{0}",
    ]);
    let name = prop::sample::select(vec![
        "Type",
        "Next",
        "End",
        "States",
        "StartAt",
        "Branches",
        "ItemProcessor",
        "Iterator",
        "Choices",
        "Variable",
        "IsNull",
        "And",
        "Not",
        "Retry",
        "Catch",
        "ErrorEquals",
        "Parameters",
        "a.$",
        "ResultPath",
        "InputPath",
        "Seconds",
        "Resource",
        "QueryLanguage",
        "Error",
        "",
    ]);
    let leaf = prop_oneof![
        3 => text.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop::sample::select(vec![0, 1, -1, i64::MAX]).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::float),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn any_document_is_read_or_refused_with_a_reason(document in fragment()) {
        findings(&document.to_string());
    }

    #[test]
    fn a_damaged_definition_is_read_or_refused_with_a_reason(
        damages in prop::collection::vec((any::<prop::sample::Index>(), fragment()), 1..4),
    ) {
        let mut document = Value::parse(RICH).unwrap();
        for (place, new) in damages {
            document = replaced(&document, &mut place.index(size(&document)), &new);
        }
        findings(&document.to_string());
    }

    #[test]
    fn a_definition_cut_short_is_refused(end in 0..RICH.len()) {
        prop_assert_eq!(findings(RICH.get(..end).unwrap()).len(), 1);
    }
}

#[test]
fn the_definition_to_be_damaged_is_whole() {
    parse(RICH);
}

#[test]
fn every_single_value_of_a_definition_may_be_null() {
    let whole = Value::parse(RICH).unwrap();
    for nth in 0..size(&whole) {
        findings(&replaced(&whole, &mut nth.clone(), &Value::Null).to_string());
    }
}

#[test]
fn a_thousand_states_are_no_burden() {
    let mut states = Object::new();
    for nth in 0..1000 {
        let next = format!("State {}", nth + 1);
        states.insert(
            format!("State {nth}"),
            Value::parse(&format!(r#"{{"Type":"Pass","Next":"{next}"}}"#)).unwrap(),
        );
    }
    states.insert("State 1000", Value::parse(r#"{"Type":"Succeed"}"#).unwrap());
    let text =
        Object::from_iter([("StartAt", Value::from("State 0")), ("States", Value::Object(states))]);
    assert_eq!(parse(&Value::Object(text).to_string()).states().count(), 1001);
}

/// A definition has a megabyte at most; what takes quadratic time there takes minutes.
#[test]
fn a_megabyte_of_small_states_is_soon_read() {
    let mut text = String::from(r#"{"StartAt":"s0","States":{"#);
    for nth in 0..30_000 {
        write!(text, r#""s{nth}":{{"Type":"Pass","Next":"s{}"}},"#, nth + 1).unwrap();
    }
    text.push_str(r#""s30000":{"Type":"Succeed"}}}"#);
    assert_eq!(parse(&text).states().count(), 30_001);
}

#[test]
fn suggestions_for_a_megabyte_of_mistakes_are_soon_found() {
    let mut text = String::from(r#"{"StartAt":"s","States":{"#);
    for nth in 0..5000 {
        let name = format!("{nth:080}");
        write!(text, r#""{name}":{{"Type":"Pass","Next":"{name}x"}},"#).unwrap();
    }
    text.push_str(r#""s":{"Type":"Succeed"}}}"#);
    let found = findings(&text);
    assert_eq!(
        found.iter().filter(|finding| finding.contains("Missing 'Next' target")).count(),
        5000
    );
}

#[test]
fn a_suggestion_for_an_endless_name_is_not_sought() {
    let long = "x".repeat(400_000);
    let other = "y".repeat(400_000);
    let text =
        format!(r#"{{"StartAt":"{long}","States":{{"{other}":{{"Type":"Succeed","{long}":1}}}}}}"#);
    assert_eq!(findings(&text).len(), 4);
}

#[test]
fn machines_nest_up_to_a_limit_and_no_deeper() {
    let nested = |depth: usize| {
        let mut machine = String::from(r#"{"StartAt":"s0","States":{"s0":{"Type":"Succeed"}}}"#);
        for nth in 1..depth {
            machine = format!(
                r#"{{"StartAt":"s{nth}","States":{{"s{nth}":
                    {{"Type":"Map","End":true,"ItemProcessor":{machine}}}}}}}"#
            );
        }
        machine
    };
    assert_eq!(parse(&nested(64)).states().count(), 64);
    let places: Vec<_> =
        (1..=64).rev().map(|nth| format!("/States/s{nth}/ItemProcessor")).collect();
    let place = places.concat();
    check(
        &nested(65),
        &[&format!("TOO_DEEPLY_NESTED: State machines nest deeper than 64 at {place}")],
    );
    assert_eq!(findings(&nested(320)).len(), 1);
}

#[test]
fn machines_that_stand_side_by_side_do_not_nest() {
    let branches: Vec<_> = (0..200)
        .map(|nth| format!(r#"{{"StartAt":"s{nth}","States":{{"s{nth}":{{"Type":"Succeed"}}}}}}"#))
        .collect();
    let branches = branches.join(",");
    let text = state(&format!(r#""Type":"Parallel","End":true,"Branches":[{branches}]"#));
    assert_eq!(parse(&text).states().count(), 201);
}

#[test]
fn templates_nest_as_deep_as_json_may() {
    let (open, close) = (r#"{"a":"#.repeat(990), "}".repeat(990));
    let template = format!(r#"{open}{{"b.$":"$"}}{close}"#);
    parse(&state(&format!(r#""Type":"Pass","End":true,"Parameters":{template}"#)));
}
