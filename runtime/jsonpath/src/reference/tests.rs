use proptest::prelude::*;
use stepwell_value::Value;

use crate::{Problem, ReferencePath, Root};

#[track_caller]
fn write(path: &str, document: &str, value: &str) -> String {
    let document = Value::parse(document).unwrap();
    let before = document.to_string();
    let path = ReferencePath::parse(path).unwrap();
    let written = path.write(&document, Value::parse(value).unwrap());
    assert_eq!(document.to_string(), before, "the document itself stays");
    written.map_or_else(|error| error.to_string(), |value| value.to_string())
}

#[test]
fn names_one_place_and_nothing_else() {
    for text in ["$", "$.a", "$['a b'].c", "$.a[0][2].b", "$$.Task.Token", "$v.a", "$['a,b:c?@']"] {
        let path = ReferencePath::parse(text).unwrap();
        assert_eq!(path.to_string(), text);
    }
    for (text, offset) in [
        ("$.a[0,1]", 5),
        ("$.a[0:1]", 5),
        ("$.a[?(@.b)]", 4),
        ("$.a@b", 3),
        ("$.a.length()", 10),
        ("$['a','b']", 5),
        ("$[(@.length-1)]", 3),
        ("$..a", 0),
        ("$.a[*]", 0),
        ("$.*", 0),
    ] {
        let error = ReferencePath::parse(text).unwrap_err();
        assert_eq!((error.offset, error.problem), (offset, Problem::NotAReference), "{text}");
    }
    assert_eq!(
        ReferencePath::parse("$.a b").unwrap_err().problem,
        Problem::Blank,
        "what is no path at all keeps its own error"
    );
    assert_eq!(ReferencePath::parse("$$.a").unwrap().root(), &Root::Context);
}

#[test]
fn reads_as_a_path_does() {
    let document = Value::parse(r#"{"a":[{"b":1}]}"#).unwrap();
    let read = |text| ReferencePath::parse(text).unwrap();
    assert_eq!(read("$.a[0].b").read(&document), Ok(&Value::Int(1)));
    assert_eq!(
        read("$.a[0].c").read(&document).unwrap_err().to_string(),
        "No results for path: $['a'][0]['c']"
    );
}

#[test]
fn writes_and_makes_the_objects_that_are_missing() {
    for (path, document, written) in [
        ("$", r#"{"a":1}"#, "7"),
        ("$.a", r#"{"a":1,"b":2}"#, r#"{"a":7,"b":2}"#),
        ("$.c", r#"{"a":1}"#, r#"{"a":1,"c":7}"#),
        ("$.c.d.e", r#"{"a":1}"#, r#"{"a":1,"c":{"d":{"e":7}}}"#),
        ("$.a.b", r#"{"a":{"c":1}}"#, r#"{"a":{"c":1,"b":7}}"#),
        ("$.a[1]", r#"{"a":[1,2,3]}"#, r#"{"a":[1,7,3]}"#),
        ("$[0].x", "[{},{}]", r#"[{"x":7},{}]"#),
    ] {
        assert_eq!(write(path, document, "7"), written, "{path} of {document}");
    }
}

#[test]
fn refuses_a_place_that_cannot_be() {
    for (path, document, message) in [
        ("$.a", "[1]", "cannot set a member of $: it is array, not an object"),
        ("$.a.b", r#"{"a":1}"#, "cannot set a member of $['a']: it is number, not an object"),
        ("$.a.b", r#"{"a":null}"#, "cannot set a member of $['a']: it is null, not an object"),
        ("$.a[0]", r#"{"a":{}}"#, "cannot set an element of $['a']: it is object, not an array"),
        ("$.a[0]", "{}", "cannot set an element of $['a']: it is missing, not an array"),
        ("$.a.b[0].c", "{}", "cannot set an element of $['a']['b']: it is missing, not an array"),
        ("$.a[2]", r#"{"a":[1,2]}"#, "cannot set $['a'][2]: the array has 2 elements"),
        ("$.a[-1]", r#"{"a":[1,2]}"#, "cannot set $['a'][-1]: the array has 2 elements"),
    ] {
        assert_eq!(write(path, document, "7"), message, "{path} of {document}");
    }
}

#[test]
fn what_lies_beside_the_way_is_shared() {
    let document = Value::parse(r#"{"a":{"b":1},"big":[1,2,3]}"#).unwrap();
    let written = ReferencePath::parse("$.a.b").unwrap().write(&document, Value::Null).unwrap();
    let address = |value: &Value| value.get("big").unwrap().as_array().unwrap().as_ptr();
    assert_eq!(address(&written), address(&document));
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        steps in r"(\.[abc]|\[[01]\]){0,5}",
        document in prop::sample::select(vec![
            "{}", r#"{"a":{"b":{}}}"#, r#"[{"a":1},[]]"#, r#"{"a":[{"c":{}},[1,2]]}"#, "null",
        ]),
        value in any::<i64>(),
    ) {
        let path = ReferencePath::parse(&format!("${steps}")).unwrap();
        let document = Value::parse(document).unwrap();
        let value = Value::from(value);
        if let Ok(written) = path.write(&document, value.clone()) {
            prop_assert_eq!(path.read(&written), Ok(&value));
        } else {
            prop_assert!(path.read(&document).is_err());
        }
    }
}
