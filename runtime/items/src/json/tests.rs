use stepwell_value::{DEPTH_MAX, Value};

use crate::{Format, Items, JsonConfig, ObjectItems, Pointer, ReaderConfig};

/// The items of a document, and the cause if it failed.
fn read(file: &str, pointer: &str, objects: ObjectItems) -> (Vec<String>, Option<String>) {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    let config = ReaderConfig::new(Format::Json(JsonConfig { pointer, objects }));
    let (mut items, mut cause) = (Vec::new(), None);
    for item in Items::new(config, file.as_bytes()) {
        match item {
            Ok(item) => items.push(item.to_string()),
            Err(failure) => cause = Some(failure.to_string()),
        }
    }
    (items, cause)
}

#[test]
fn the_elements_of_an_array_are_the_items() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("[]", "", &[]),
        (" [ ] \n", "", &[]),
        ("\u{feff}[1]", "", &["1"]),
        (
            r#"[1, "two", [3, {}], {"a": [null]}]"#,
            "",
            &["1", "\"two\"", "[3,{}]", "{\"a\":[null]}"],
        ),
        (r#"["\u00e9\n", "]"]"#, "", &["\"é\\n\"", "\"]\""]),
        (r#"{"a": {"b": [1, 2]}}"#, "/a/b", &["1", "2"]),
        (r#"{"skip": [{"a": "}]"}], "a": [[1], [2, 3]]}"#, "/a/1", &["2", "3"]),
        (r#"{"": [1]}"#, "/", &["1"]),
        (r#"{"a/b": {"c~d": [1]}}"#, "/a~1b/c~0d", &["1"]),
        (r#"{"\u0061": [1]}"#, "/a", &["1"]),
        // The first of two members is meant, and nothing behind the items is looked at.
        (r#"{"a": [1], "a": [2]} what?"#, "/a", &["1"]),
    ];
    for (file, pointer, items) in cases {
        let items = items.iter().map(ToString::to_string).collect();
        assert_eq!(read(file, pointer, ObjectItems::Refused), (items, None), "{file}");
    }
}

#[test]
fn the_members_of_an_object_are_items_when_asked_for() {
    let file = r#"{"b": {"x": 1, "y\n": [2], "x": null}, "c": 0}"#;
    let items =
        [r#"{"Key":"x","Value":1}"#, r#"{"Key":"y\n","Value":[2]}"#, r#"{"Key":"x","Value":null}"#];
    let items = items.map(str::to_owned).to_vec();
    assert_eq!(read(file, "/b", ObjectItems::Members), (items, None));
    assert_eq!(read("{}", "", ObjectItems::Members), (vec![], None));
    let refused = Some("Attempting to map over non-iterable node.".to_owned());
    assert_eq!(read(file, "", ObjectItems::Refused), (vec![], refused.clone()));
    assert_eq!(read("1", "", ObjectItems::Members), (vec![], refused));
}

#[test]
fn what_is_not_json_is_a_failure_that_says_where() {
    let cases = [
        ("", "", 0, "it ends where a value was expected (at byte 0)"),
        ("[1 2]", "", 1, "found '2' where `,` or `]` was expected (at byte 3)"),
        ("[1:", "", 1, "found ':' where `,` or `]` was expected (at byte 2)"),
        ("[1,", "", 1, "it ends where a value was expected (at byte 3)"),
        ("[1] 2", "", 1, "found '2' where the end of the document was expected (at byte 4)"),
        ("[01]", "", 0, "in the value that ends here, this is not a number in JSON's notation"),
        ("[nul]", "", 0, "in the value that ends here, the text ends where null was expected"),
        ("[\"a", "", 0, "it ends where the end of a string was expected (at byte 3)"),
        ("[\"\n\"]", "", 0, "a control character inside a string has to be escaped (at byte 2)"),
        ("[{\"a\" 1}]", "", 0, "found '1' where `:` was expected"),
        ("[{1}]", "", 0, "found '1' where a member's name in double quotes was expected"),
        ("[{\"a\":1]", "", 0, "found ']' where `,` or `}` was expected"),
        ("[\"\\x\"]", "", 0, "in the value that ends here, this escape is not one of JSON's"),
        ("\u{7f}", "", 0, "found the byte 0x7f where a value was expected"),
        ("{\"b\": [}, \"a\": []}", "/a", 0, "found '}' where a value was expected"),
    ];
    for (file, pointer, items, cause) in cases {
        let (read, failure) = read(file, pointer, ObjectItems::Refused);
        let failure = failure.unwrap_or_default();
        assert_eq!(read.len(), items, "{file}");
        assert!(failure.starts_with("the file is not JSON: "), "{file}: {failure}");
        assert!(failure.contains(cause), "{file}: {failure}");
    }
}

#[test]
fn a_pointer_that_leads_nowhere_is_a_failure() {
    let file = r#"{"a": [[1], "x"], "b": {}, "": 1}"#;
    for pointer in ["/c", "/a/2", "/a/-", "/a/01", "/a/+0", "/a/1/0", "/b/c", "/a/0/0/0", "//x"] {
        let cause = Some(format!("the ItemsPointer points at nothing: {pointer}"));
        assert_eq!(read(file, pointer, ObjectItems::Members), (vec![], cause));
    }
}

#[test]
fn a_name_of_any_length_is_passed_on_the_way() {
    let long = "x".repeat(100_000);
    let file = format!(r#"{{"{long}": [0], "a": [1]}}"#);
    assert_eq!(read(&file, "/a", ObjectItems::Refused), (vec!["1".to_owned()], None));
}

#[test]
fn items_nest_as_deep_as_values_do() {
    let nested = |depth: usize| format!("[{}{}]", "[".repeat(depth), "]".repeat(depth));
    let (items, failure) = read(&nested(DEPTH_MAX), "", ObjectItems::Refused);
    assert_eq!((items.len(), failure), (1, None));
    assert_eq!(Value::parse(&items[0]).expect("a value").depth(), DEPTH_MAX);
    let cause = read(&nested(DEPTH_MAX + 1), "", ObjectItems::Refused).1.unwrap_or_default();
    assert!(cause.contains("nest deeper than 1000"), "{cause}");
    let passed = |depth| format!("{{\"b\": {}, \"a\": [1]}}", nested(depth));
    let item = (vec!["1".to_owned()], None);
    assert_eq!(read(&passed(DEPTH_MAX - 1), "/a", ObjectItems::Refused), item);
    assert!(read(&passed(DEPTH_MAX), "/a", ObjectItems::Refused).1.is_some());
    let cause = read(&nested(1_000_000), "/0", ObjectItems::Refused).1.unwrap_or_default();
    assert!(cause.contains("nest deeper than 1000"), "{cause}");
}

#[test]
fn an_item_has_to_be_utf8() {
    let mut items =
        Items::new(ReaderConfig::new(Format::Json(JsonConfig::array())), &b"[\"\xff\"]"[..]);
    let cause = items.next().and_then(Result::err).map(|failure| failure.to_string());
    assert_eq!(cause.as_deref(), Some("the file is not JSON: it is not UTF-8 (at byte 4)"));
}
