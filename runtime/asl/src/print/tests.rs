//! What is printed reads back as what was printed, whatever is in it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stepwell_value::Value;

use super::number;
use crate::{Definition, Timestamp};

use generator::{Choices, FIELDS};

mod generator;

fn parse(text: &str) -> Definition {
    Definition::parse(text).unwrap_or_else(|found| panic!("{found:?} in {text}"))
}

fn check(text: &str) -> Definition {
    let definition = parse(text);
    let printed = definition.to_string();
    let again = parse(&printed);
    assert_eq!(again, definition, "{text}\nis printed as\n{printed}");
    assert_eq!(again.to_string(), printed);
    definition
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_print_of_a_definition_reads_as_that_definition(
        choices in prop::collection::vec(any::<u32>(), 0..400),
    ) {
        check(&generator::definition(&mut Choices::new(choices)));
    }
}

#[test]
fn every_field_of_the_language_is_printed() {
    let mut printed = BTreeSet::new();
    // A linear congruential generator: the same definitions every time.
    let mut seed = 1_u32;
    for _ in 0..2000 {
        let choices = (0..300).map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 8
        });
        let definition = check(&generator::definition(&mut Choices::new(choices.collect())));
        names(&definition.to_value(), &mut printed);
    }
    let missing: Vec<_> = FIELDS.iter().filter(|field| !printed.contains(**field)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            found.insert(name.to_string());
            names(member, found);
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}

#[test]
fn fields_come_in_the_order_of_the_documentation_and_without_defaults() {
    let text = r#"{"States":{"A":{"Retry":[{"BackoffRate":2,"ErrorEquals":["X"],"MaxAttempts":3,
        "IntervalSeconds":1,"JitterStrategy":"NONE"}],"ResultPath":"$","InputPath":"$","End":true,
        "Iterator":{"States":{"I":{"Type":"Succeed"}},"ProcessorConfig":{"Mode":"INLINE"},
        "StartAt":"I"},"Parameters":{"v.$":"$"},"MaxConcurrency":0,"QueryLanguage":"JSONPath",
        "Type":"Map","Comment":"c"}},"Version":"1.0","QueryLanguage":"JSONPath","StartAt":"A"}"#;
    assert_eq!(
        check(text).to_string(),
        r#"{"StartAt":"A","States":{"A":{"Type":"Map","End":true,"Comment":"c","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"ItemSelector":{"v.$":"$"},"Retry":[{"ErrorEquals":["X"]}]}}}"#
    );
}

#[test]
fn definitions_that_differ_in_any_text_are_different() {
    let pass = |path: &str| {
        parse(&format!(
            r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","InputPath":"{path}","End":true}}}}}}"#
        ))
    };
    assert_eq!(pass("$.a"), pass("$.a"));
    assert_ne!(pass("$.a"), pass("$.b"));
    assert_ne!(pass("$.a"), pass("$['a']"));
}

#[test]
fn a_timestamp_is_printed_to_the_nanosecond_and_within_four_digits_of_year() {
    for (text, printed) in [
        ("2026-03-01T12:00Z", "2026-03-01T12:00:00Z"),
        ("2026-03-01T12:00:00.120+01:00", "2026-03-01T11:00:00.12Z"),
        ("2026-03-01T12:00:00.000000001Z", "2026-03-01T12:00:00.000000001Z"),
        ("0000-01-01T00:00:00+18:59", "0000-01-01T00:00:00+18:59"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.5-18:59", "9999-12-31T23:59:59.5-18:59"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ] {
        let timestamp = Timestamp::parse(text).unwrap();
        assert_eq!(timestamp.to_exact_text(), printed);
        assert_eq!(Timestamp::parse(printed), Some(timestamp));
    }
}

#[test]
fn a_whole_number_is_printed_without_a_fraction() {
    let printed = [2.0, 1.5, 1e15, 1e300].map(|rate| number(rate).to_string());
    assert_eq!(printed, ["2", "1.5", "1000000000000000", "1e300"]);
}
