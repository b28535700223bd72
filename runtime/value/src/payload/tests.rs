use crate::{DEPTH_MAX, Payload, TooDeep, Value};

#[test]
fn keeps_the_text_it_was_made_from() {
    let payload = Payload::parse("{ \"a\" : 1.50 }").unwrap();
    assert_eq!(payload.value().get("a"), Some(&Value::Float(1.5)));
    assert_eq!(payload.text(), "{ \"a\" : 1.50 }");
}

#[test]
fn builds_no_tree_until_somebody_asks() {
    let payload = Payload::parse("[1]").unwrap();
    assert_eq!((payload.text(), payload.is_parsed()), ("[1]", false));
    let shared = payload.clone();
    payload.value();
    assert!(shared.is_parsed(), "clones share the tree");
}

#[test]
fn equal_documents_are_equal_payloads() {
    let text = Payload::parse("[ 1, 2 ]").unwrap();
    let value = Payload::from(Value::from(vec![Value::Int(1), Value::Int(2)]));
    assert_eq!(text, value);
    assert_ne!(text, Payload::from(Value::Null));
    assert_eq!(value.text(), "[1,2]");
}

#[test]
fn tells_whether_it_fits_without_printing_what_does_not() {
    let payload = Payload::from(Value::parse(r#"{"a":[1,"é"]}"#).unwrap());
    assert!(payload.fits(14) && !payload.fits(13));
    assert_eq!(payload.size_bytes(), 14);
    assert!(payload.fits(14) && !payload.fits(13));
    // Two to the power of 200 of them have no text that a machine could hold.
    let mut shared = Value::from("x");
    for _ in 0..200 {
        shared = Value::from(vec![shared.clone(), shared]);
    }
    assert!(!Payload::from(shared).fits(1_000_000));
}

#[test]
fn refuses_what_is_not_json() {
    assert_eq!(
        Payload::parse("{]").unwrap_err().to_string(),
        "found ']' where a member's name in double quotes was expected (line 1, column 2)"
    );
}

#[test]
fn joins_documents_without_touching_their_texts() {
    let parts = [Payload::parse("[1, 2]").unwrap(), Payload::from(Value::from("x"))];
    let array = Payload::array(&parts).unwrap();
    assert_eq!(array.text(), r#"[[1, 2],"x"]"#);
    let object = Payload::object([("a \"b\"", &array), ("c", &parts[1])]).unwrap();
    assert_eq!(object.text(), r#"{"a \"b\"":[[1, 2],"x"],"c":"x"}"#);
    assert_eq!(object.value().get("c"), Some(&Value::from("x")));
    assert_eq!(Payload::array([]).unwrap().text(), "[]");
}

#[test]
fn joining_stops_at_the_depth_limit() {
    let mut payload = Payload::from(Value::from(vec![]));
    for _ in 1..DEPTH_MAX {
        payload = Payload::array([&payload]).unwrap();
    }
    payload.value();
    assert_eq!(Payload::array([&payload]), Err(TooDeep));
    let too_deep = Value::from(vec![payload.value().clone()]);
    assert_eq!(Payload::new(too_deep), Err(TooDeep));
}

#[test]
fn refuses_a_text_that_is_too_long() {
    assert_eq!(Payload::parse_within("[1]", 3).unwrap().text(), "[1]");
    assert_eq!(
        Payload::parse_within("[12]", 3).unwrap_err().to_string(),
        "the text has 4 bytes, and 3 are the most"
    );
}
