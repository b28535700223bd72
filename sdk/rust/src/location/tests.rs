//! The path that a reader's complaint is about.

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the shape matters")]
struct Order {
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default, rename = "ship-to")]
    ship_to: Option<Address>,
    note: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the shape matters")]
struct Item {
    price: u8,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the shape matters")]
struct Address {
    lines: (String, String),
}

#[track_caller]
fn check(input: &str, path: &str, message: &str) {
    let error = serde_json::from_str::<Order>(input).unwrap_err();
    assert!(error.to_string().starts_with(message), "{error}");
    assert_eq!(path_at(input, error.line(), error.column()), path);
}

#[test]
fn a_number_too_large_is_found_by_index_and_name() {
    let input = r#"{"items": [{"price": 1}, {"price": 300}], "note": ""}"#;
    check(input, "$.items[1].price", "invalid value: integer `300`, expected u8");
}

#[test]
fn a_value_of_another_type_is_found_on_its_line() {
    let input = "{\n  \"items\": [\n    {\n      \"price\": \"two, {2}\"\n    }\n  ]\n}";
    check(input, "$.items[0].price", "invalid type: string \"two, {2}\", expected u8 at line 4");
}

#[test]
fn an_object_where_a_text_belongs_is_the_value_meant() {
    check(r#"{"items": [], "note": {"a": 1}}"#, "$.note", "invalid type: map, expected a string");
    check(r#"{"items": [], "note": ["a"]}"#, "$.note", "invalid type: sequence");
    check(r#"{"items": [], "note": null}"#, "$.note", "invalid type: null");
}

#[test]
fn a_missing_member_is_missing_from_its_object() {
    check(r#"{"items": [{"price": 1}, {"cost": 1}]}"#, "$.items[1]", "missing field `price`");
    check(r#"{"items": [{"price": 1}]}"#, "$", "missing field `note`");
    check("{}", "$", "missing field `note`");
}

#[test]
fn an_unknown_member_is_unknown_to_its_object() {
    check(r#"{"items": [], "colour": 1}"#, "$", "unknown field `colour`");
}

#[test]
fn a_tuple_of_the_wrong_length_is_the_value_meant() {
    check(r#"{"ship-to": {"lines": ["a"]}}"#, "$['ship-to'].lines", "invalid length 1");
}

#[test]
fn quotes_and_brackets_inside_texts_do_not_confuse() {
    let input = r#"{"ship-to": {"lines": ["\"[{,\\", 7]}}"#;
    check(input, "$['ship-to'].lines[1]", "invalid type: integer `7`");
}

#[test]
fn another_type_at_the_top_is_the_input_itself() {
    check("17", "$", "invalid type: integer `17`, expected struct Order");
    check("\"x\"", "$", "invalid type: string");
}
