use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{DEPTH_MAX, Duplicate, Object, Step, Value, scan};

fn parse(text: &str) -> Value {
    scan(text).expect("the scan agrees with the parser");
    Value::parse(text).unwrap()
}

#[track_caller]
fn refuse(text: &str, message: &str) {
    let error = Value::parse(text).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(scan(text).unwrap_err(), error, "scan and parser agree");
}

#[test]
fn keeps_the_order_of_members_and_the_exactness_of_integers() {
    let text = r#"{"z":9223372036854775807,"a":-9223372036854775808,"m":[1,1.0,-0.5,1e400]}"#;
    let value = parse(text);
    assert_eq!(value.get("z"), Some(&Value::Int(i64::MAX)));
    assert_eq!(
        value.to_string(),
        r#"{"z":9223372036854775807,"a":-9223372036854775808,"m":[1,1.0,-0.5,1.7976931348623157e308]}"#
    );
}

#[test]
fn minus_zero_is_an_integer_unless_it_has_a_fraction() {
    assert_eq!(parse("-0"), Value::Int(0));
    assert_eq!(parse("[-0.0,-0e0]").to_string(), "[-0.0,-0.0]");
}

#[test]
fn reads_every_escape() {
    let text = r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 plain""#;
    assert_eq!(parse(text), Value::from("\"\\/\u{8}\u{c}\n\r\té😀 plain"));
    assert_eq!(parse(text).to_string(), r#""\"\\/\b\f\n\r\té😀 plain""#);
    assert_eq!(parse(r#""\u0001""#).to_string(), r#""\u0001""#);
}

#[test]
fn the_last_of_equal_names_counts() {
    assert_eq!(parse(r#"{"a":1,"b":2,"a":3}"#).to_string(), r#"{"a":3,"b":2}"#);
}

#[test]
fn tells_what_is_wrong_and_where() {
    refuse("", "the text ends where a value was expected (line 1, column 1)");
    refuse("{\n  \"é\": x}", "found 'x' where a value was expected (line 2, column 8)");
    refuse("[1 2]", "found '2' where `,` or `]` was expected (line 1, column 4)");
    refuse(
        "{a:1}",
        "found 'a' where a member's name in double quotes was expected (line 1, column 2)",
    );
    refuse("[1,]", "found ']' where a value was expected (line 1, column 4)");
    refuse(
        "{\"a\":1,}",
        "found '}' where a member's name in double quotes was expected (line 1, column 8)",
    );
    refuse("1 1", "found '1' after the end of the document (line 1, column 3)");
    refuse("01", "this is not a number in JSON's notation (line 1, column 3)");
    refuse("-", "this is not a number in JSON's notation (line 1, column 2)");
    refuse("1.", "this is not a number in JSON's notation (line 1, column 3)");
    refuse("1e", "this is not a number in JSON's notation (line 1, column 3)");
    refuse("nul", "the text ends where null was expected (line 1, column 4)");
    refuse(r#""\x""#, "this escape is not one of JSON's (line 1, column 2)");
    refuse(r#""\u00g0""#, "this escape is not one of JSON's (line 1, column 2)");
    refuse(r#""\ud800x""#, "half of a surrogate pair stands alone (line 1, column 8)");
    refuse("\"a\nb\"", "a control character inside a string has to be escaped (line 1, column 3)");
    refuse(
        "\"longer than eight\u{1}\"",
        "a control character inside a string has to be escaped (line 1, column 19)",
    );
    refuse("\"abc", "the text ends where the string's end was expected (line 1, column 5)");
}

#[test]
fn nests_up_to_the_limit_and_no_deeper() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    parse(&nested(DEPTH_MAX));
    refuse(
        &nested(DEPTH_MAX + 1),
        "arrays and objects nest deeper than 1000 (line 1, column 1001)",
    );
    scan(&"[".repeat(1_000_000)).unwrap_err();
    assert_eq!(scan("[{\"a\":[]},1]"), Ok(3));
    assert_eq!(scan("1"), Ok(0));
    let nested = parse("[{\"a\":[]},1]");
    assert!(nested.nests_within(3) && !nested.nests_within(2));
}

#[test]
fn a_text_that_is_too_long_is_not_read() {
    assert_eq!(Value::parse_within("[1]", 3), Ok(Value::from(vec![Value::Int(1)])));
    let error = Value::parse_within("[1,", 2).unwrap_err();
    assert_eq!(error.to_string(), "the text has 3 bytes, and 2 are the most");
}

#[test]
fn numbers_at_the_borders_of_their_kinds() {
    let ints =
        ["0", "7", "-7", "999999999999999999", "9223372036854775807", "-9223372036854775808"];
    for text in ints {
        assert_eq!(parse(text), Value::Int(text.parse().unwrap()), "{text}");
    }
    for (text, number) in [
        ("-0.0", -0.0),
        ("0.0", 0.0),
        ("9223372036854775808", 9_223_372_036_854_775_808.0),
        ("-9223372036854775809", -9_223_372_036_854_775_808.0),
        ("1e400", f64::MAX),
        ("-1e400", f64::MIN),
        ("1e-400", 0.0),
        ("1E2", 100.0),
    ] {
        let Value::Float(found) = parse(text) else { panic!("{text} is no integer") };
        assert_eq!(found.to_bits(), number.to_bits(), "{text}");
    }
}

#[test]
fn equal_names_are_found_however_they_are_written_and_however_many_there_are() {
    assert_eq!(parse(r#"{"a":1,"\u0061":2}"#).to_string(), r#"{"a":2}"#);
    let members: Vec<String> =
        (0..400).map(|nth| format!("\"name {}\":{nth}", nth % 300)).collect();
    let value = parse(&format!("{{{}}}", members.join(",")));
    assert_eq!(value.as_object().map(Object::len), Some(300));
    assert_eq!(value.get("name 99"), Some(&Value::Int(399)));
    assert_eq!(value.get("name 100"), Some(&Value::Int(100)));
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::float),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn parsing_what_was_printed_gives_the_same_value(value in document()) {
        prop_assert_eq!(&parse(&value.to_string()), &value);
        prop_assert_eq!(&parse(&format!("{value:#}")), &value);
    }

    #[test]
    fn decimals_are_read_as_the_nearest_number(text in r"-?(0|[1-9][0-9]{0,20})\.[0-9]{1,20}(e-?[0-9]{1,2})?") {
        prop_assert_eq!(parse(&text), Value::Float(text.parse().unwrap()));
    }

    #[test]
    fn integers_are_exact(number in any::<i64>(), shift in 0..63_u32) {
        prop_assert_eq!(parse(&(number >> shift).to_string()), Value::Int(number >> shift));
    }

    /// Names that share their ends, so that the parser's table of names has to compare them.
    #[test]
    fn members_are_those_of_a_second_parser(
        names in prop::collection::vec("(aaaaaaaa|b|)[a-c]{0,2}(zzzzzzzz|yyyy|)", 0..40)
    ) {
        let members: Vec<String> =
            names.iter().enumerate().map(|(nth, name)| format!("{name:?}:{nth}")).collect();
        let text = format!("[{{{0}}},{{{0}}}]", members.join(","));
        let value = parse(&text);
        let model: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(nth, name)| (&**name, nth)).collect();
        for object in value.as_array().unwrap() {
            prop_assert_eq!(object.as_object().map(Object::len), Some(model.len()));
            for (name, nth) in &model {
                prop_assert_eq!(object.get(name).and_then(Value::as_int), i64::try_from(*nth).ok());
            }
        }
    }

    /// Texts with something special anywhere in them, longer than a block of the search.
    #[test]
    fn special_characters_are_found_anywhere(
        before in "[a-zé😀]{0,80}",
        special in r#"(\\n|\\"|\\u00e9|\\ud83d\\ude00|[\u{1}\n"]|)"#,
        after in "[a-zé😀]{0,80}",
    ) {
        let text = format!("\"{before}{special}{after}\"");
        let model = serde_json::from_str::<String>(&text).ok();
        prop_assert_eq!(Value::parse(&text).ok(), model.map(Value::from));
    }

    /// `serde_json` is the model of what JSON is.
    #[test]
    fn accepts_what_a_second_parser_accepts(text in r#"[\[\]{}",:0-9eE.+\\ua-f \-tn-]{0,24}"#) {
        let model = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(Value::parse(&text).is_ok(), model.is_ok(), "{}", text);
        prop_assert_eq!(scan(&text).is_ok(), model.is_ok(), "{}", text);
    }

    #[test]
    fn scan_and_parser_agree_on_any_text(text in ".{0,64}") {
        prop_assert_eq!(Value::parse(&text).err(), scan(&text).err());
        if let (Ok(value), Ok(depth)) = (Value::parse(&text), scan(&text)) {
            prop_assert!(value.nests_within(depth));
            prop_assert!(depth == 0 || !value.nests_within(depth - 1));
        }
    }
}

/// The duplicates as `way: name`, one behind the other.
fn shown_duplicates(text: &str) -> String {
    let (_, found) = Value::parse_written(text).unwrap();
    let shown = found.into_iter().map(|Duplicate { way, name }| {
        let way = way.into_iter().map(|step| match step {
            Step::Name(name) => format!("/{name}"),
            Step::Index(nth) => format!("[{nth}]"),
        });
        format!("{}: {name}", way.collect::<String>())
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn names_that_come_again_are_told_with_the_way_to_them() {
    let table = [
        (r#"{"a":1,"b":{"a":1}}"#, ""),
        (r#"{"a":1,"a":1}"#, ": a"),
        (r#"{"a":1,"a":1,"a":2}"#, ": a, : a"),
        (r#"{"a":{"b":[0,{"c":1,"d":2,"\u0063":3}]},"e":1,"e":2}"#, "/a/b[1]: c, : e"),
        (r#"[[],[{},{"x":1,"x":2}]]"#, "[1][1]: x"),
    ];
    for (text, expected) in table {
        assert_eq!(shown_duplicates(text), expected, "{text}");
    }
    let many = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(200));
    assert_eq!(Value::parse_written(&many).unwrap().1.len(), 100);
}
