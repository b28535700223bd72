use stepwell_value::Value;

use super::{exact, subset};

fn compared(
    how: fn(&Value, &Value) -> Option<String>,
    expected: &str,
    actual: &str,
) -> Option<String> {
    how(&Value::parse(expected).unwrap(), &Value::parse(actual).unwrap())
}

#[test]
fn the_order_of_members_and_the_notation_of_numbers_do_not_count() {
    assert_eq!(compared(exact, r#"{"a": 1, "b": [2.0]}"#, r#"{"b": [2], "a": 1.0}"#), None);
    assert!(compared(exact, "[1, 2]", "[2, 1]").is_some());
    assert!(compared(exact, "1", "1.5").is_some());
    assert!(compared(exact, "1", "\"1\"").is_some());
}

#[test]
fn a_difference_is_shown_with_the_lines_around_it() {
    let diff = compared(exact, r#"{"b": 1, "a": {"c": 2}}"#, r#"{"a": {"c": 3}, "b": 1}"#);
    let expected = "  {\n    \"a\": {\n-     \"c\": 2\n+     \"c\": 3\n    },\n    \"b\": 1\n  }";
    assert_eq!(diff.as_deref(), Some(expected));
}

#[test]
fn a_subset_leaves_out_members_of_objects_alone() {
    let actual = r#"{"id": 7, "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]}"#;
    assert_eq!(compared(subset, "{}", actual), None);
    assert_eq!(compared(subset, r#"{"lines": [{"sku": "a"}, {}]}"#, actual), None);
    assert!(compared(subset, r#"{"lines": [{"sku": "a"}]}"#, actual).is_some());
    let diff = compared(subset, r#"{"id": 8, "other": 1}"#, actual);
    let expected = "  {\n-   \"id\": 8,\n-   \"other\": 1\n+   \"id\": 7\n  }";
    assert_eq!(diff.as_deref(), Some(expected));
}
