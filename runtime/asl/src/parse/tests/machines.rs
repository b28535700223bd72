//! Parallel and Map: machines inside states, and the names of older definitions.

use super::{check_schema, parse, state};
use crate::{Items, Kind, Map, Number};

const INNER: &str = r#""StartAt":"B","States":{"B":{"Type":"Succeed"}}"#;

fn parallel(fields: &str) -> String {
    state(&format!(r#""Type":"Parallel","End":true{fields}"#))
}

fn map(fields: &str) -> String {
    state(&format!(r#""Type":"Map","End":true{fields}"#))
}

fn with_map<T>(fields: &str, look: impl FnOnce(&Map) -> T) -> T {
    let definition = parse(&map(fields));
    let (_, state) = definition.states().next().expect("a definition has a state");
    let Kind::Map(map) = &state.kind else { panic!("a Map") };
    look(map)
}

#[test]
fn a_parallel_has_branches() {
    let table: [(&str, &[&str]); 6] = [
        ("", &["These fields are required: [Branches] at /States/A"]),
        // The text is the service's.
        (r#","Branches":[]"#, &["Value cannot be empty at /States/A/Branches"]),
        (r#","Branches":{}"#, &["Expected an array, got object at /States/A/Branches"]),
        (r#","Branches":[null]"#, &["Expected an object, got null at /States/A/Branches[0]"]),
        (
            r#","Branches":[{}]"#,
            &[
                "These fields are required: [StartAt] at /States/A/Branches[0]",
                "These fields are required: [States] at /States/A/Branches[0]",
            ],
        ),
        (
            r#","Branches":[{"StartAt":"B","States":{"B":{"Type":"Succeed"}},"Timeout":1}]"#,
            &["Field 'Timeout' is not supported at /States/A/Branches[0]"],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&parallel(fields), expected);
    }
    parse(&parallel(&format!(r#","Branches":[{{{INNER},"Comment":"why"}}]"#)));
}

#[test]
fn a_map_has_a_processor() {
    let table: [(&str, &[&str]); 5] = [
        ("", &["These fields are required: [ItemProcessor] at /States/A"]),
        (r#","ItemProcessor":1"#, &["Expected an object, got number at /States/A/ItemProcessor"]),
        (r#","Iterator":[]"#, &["Expected an object, got array at /States/A/Iterator"]),
        (
            &format!(r#","Iterator":{{{INNER}}},"ItemProcessor":{{{INNER}}}"#),
            &["Only one of these fields is allowed: [ItemProcessor, Iterator] at /States/A"],
        ),
        (
            r#","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass"}},"Retry":[]}"#,
            &[
                "One of these fields is required: [Next, End] at /States/A/ItemProcessor/States/B \
                 (add \"Next\": \"STATE\", or \"End\": true for the last state)",
                "Field 'Retry' is not supported at /States/A/ItemProcessor",
            ],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&map(fields), expected);
    }
}

#[test]
fn a_map_has_defaults() {
    with_map(&format!(r#","ItemProcessor":{{{INNER}}}"#), |map| {
        assert!(map.items.is_none() && map.item_selector.is_none());
        assert!(matches!(map.max_concurrency, Number::Literal(0)));
        assert!(map.recovery.retry.is_empty() && map.recovery.catch.is_empty());
    });
}

#[test]
fn a_maps_older_names_mean_the_same() {
    let fields = [
        format!(r#","ItemProcessor":{{{INNER}}},"ItemSelector":{{"x.$":"$$.Map.Item.Value"}}"#),
        format!(r#","Iterator":{{{INNER}}},"Parameters":{{"x.$":"$$.Map.Item.Value"}}"#),
    ];
    let [new, old] = fields.map(|fields| with_map(&fields, |map| format!("{map:?}")));
    assert!(new.contains("$$.Map.Item.Value") || new.contains("Context"), "{new}");
    assert_eq!(new, old);
    let both = format!(r#","ItemProcessor":{{{INNER}}},"ItemSelector":{{}},"Parameters":{{}}"#);
    check_schema(
        &map(&both),
        &["Only one of these fields is allowed: [ItemSelector, Parameters] at /States/A"],
    );
}

#[test]
fn a_maps_items_and_concurrency_may_come_from_paths() {
    let fields = format!(
        r#","ItemProcessor":{{{INNER}}},"ItemsPath":"$.items","MaxConcurrencyPath":"$.most""#
    );
    with_map(&fields, |map| {
        assert!(matches!(&map.items, Some(Items::Path(path)) if path.to_string() == "$.items"));
        let Number::Path(path) = &map.max_concurrency else { panic!("a path") };
        assert_eq!(path.to_string(), "$.most");
    });
    let table: [(&str, &[&str]); 4] = [
        (r#","ItemsPath":null"#, &["Expected a string, got null at /States/A/ItemsPath"]),
        (
            r#","MaxConcurrency":-1"#,
            &["Expected an integer from 0 to 2147483647, got -1 at /States/A/MaxConcurrency"],
        ),
        (
            r#","MaxConcurrency":1,"MaxConcurrencyPath":"$.most""#,
            &["Only one of these fields is allowed: [MaxConcurrency, MaxConcurrencyPath] at \
               /States/A"],
        ),
        (r#","ItemReader":{}"#, &["Field 'ItemReader' is not supported at /States/A"]),
    ];
    for (fields, expected) in table {
        check_schema(&map(&format!(r#","ItemProcessor":{{{INNER}}}{fields}"#)), expected);
    }
}

#[test]
fn a_maps_mode_is_inline_or_distributed() {
    let with_config =
        |config: &str| map(&format!(r#","ItemProcessor":{{{INNER},"ProcessorConfig":{config}}}"#));
    parse(&with_config("{}"));
    parse(&with_config(r#"{"Mode":"INLINE"}"#));
    let place = "/States/A/ItemProcessor/ProcessorConfig";
    let table = [
        ("1", format!("Expected an object, got number at {place}")),
        (
            r#"{"Mode":"inline"}"#,
            format!(
                "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED] at \
                 {place}/Mode"
            ),
        ),
        (
            r#"{"Mode":"DISTRIBUTED","ExecutionType":"SOME"}"#,
            format!(
                "The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS] \
                 at {place}/ExecutionType"
            ),
        ),
        (
            r#"{"Mode":"INLINE","ExecutionType":"STANDARD"}"#,
            format!("Field 'ExecutionType' is not supported at {place}"),
        ),
    ];
    for (config, expected) in table {
        check_schema(&with_config(config), &[&expected]);
    }
}
