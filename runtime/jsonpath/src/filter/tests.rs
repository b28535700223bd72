use stepwell_value::Value;

use crate::Path;

/// The numbers `n` of the items that pass.
#[track_caller]
fn check(filter: &str, items: &str, passing: &str) {
    let path = Path::parse(&format!("$.l[?({filter})].n")).unwrap();
    let document = Value::parse(&format!(r#"{{"l":{items},"limit":2,"word":"b"}}"#)).unwrap();
    let printed = match path.read(&document) {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(printed, passing, "{filter} of {items}");
}

#[test]
fn compares_by_the_kind_of_the_value_in_the_document() {
    let numbers = r#"[{"n":1,"x":1},{"n":2,"x":2.0},{"n":3,"x":"2"},{"n":4,"x":10},{"n":5}]"#;
    for (filter, passing) in [
        ("@.x == 2", "[2,3]"),
        ("@.x == '2'", "[2,3]"),
        ("@.x != 2", "[1,4]"),
        ("@.x < 2", "[1]"),
        ("@.x <= 2", "[1,2,3]"),
        ("@.x>2", "[4]"),
        ("@.x >= 2.0", "[2,4]"),
        ("2 < @.x", "[]"),
        ("@.x == 1e0", "[1]"),
        ("@.x == $.limit", "[2]"),
        ("@.x == @.n", "[1,2]"),
        ("@.x == 'inf'", "[]"),
        ("@.x == true", "[]"),
    ] {
        check(filter, numbers, passing);
    }
}

#[test]
fn compares_texts_booleans_and_null() {
    let items = r#"[{"n":1,"x":"a"},{"n":2,"x":"b"},{"n":3,"x":true},{"n":4,"x":"TRUE"},
        {"n":5,"x":null},{"n":6,"x":{"y":1}},{"n":7}]"#;
    for (filter, passing) in [
        ("@.x == 'a'", "[1]"),
        ("@.x == a", "[1]"),
        ("@.x == \"a\"", "[]"),
        ("@.x >= 'b'", "[2,3]"),
        ("@.x == $.word", "[2]"),
        ("@.x == true", "[3]"),
        ("@.x == null", "[5]"),
        ("@.x != null", "[1,2,3,4,6]"),
        ("@.x > null", "[1,2,3,4,6]"),
        ("@.x <= null", "[]"),
        ("@.x.y == 1", "[6]"),
        ("@['x']['y'] != 2", "[6]"),
        ("@.x == $.missing", "[]"),
    ] {
        check(filter, items, passing);
    }
    check(r"@.x == 'it\'s'", r#"[{"n":1,"x":"it's"}]"#, "[1]");
    // Java orders texts by their UTF-16 units.
    check("@.x < '\u{ffff}'", r#"[{"n":1,"x":"😀"}]"#, "[1]");
}

#[test]
fn existence_is_false_for_null() {
    let items = r#"[{"n":1,"x":0},{"n":2,"x":null},{"n":3},{"n":4,"x":{"y":false}}]"#;
    check("@.x", items, "[1,4]");
    check("!@.x", items, "[2,3]");
    check("@.x.y", items, "[4]");
    check("$.limit", items, "[1,2,3,4]");
    check("!@", items, "[]");
}

#[test]
fn and_binds_closer_than_or_and_parentheses_mean_nothing() {
    let items = r#"[{"n":1,"a":1},{"n":2,"b":1},{"n":3,"b":1,"c":1},{"n":4,"a":1,"c":1}]"#;
    check("@.a || @.b && @.c", items, "[1,3,4]");
    check("@.b && @.c || @.a", items, "[1,3,4]");
    check("(@.a || @.b) && @.c", items, "[1,3,4]");
    check("@.a&&@.c||@.b&&!@.c", items, "[2,4]");
}

#[test]
fn a_pattern_matches_the_whole_text() {
    let items = r#"[{"n":1,"x":"ab"},{"n":2,"x":"AB"},{"n":3,"x":"abc"},{"n":4,"x":17},{"n":5}]"#;
    for (filter, passing) in [
        ("@.x =~ /ab/", "[1]"),
        ("@.x =~ /ab/i", "[1,2]"),
        ("@.x =~ /[ab]+c?/", "[1,3]"),
        (r"@.x =~ /\d(7|8)/", "[4]"),
        ("/ab.*/ =~ @.x", "[1,3]"),
        ("@.x =~ /a|b/", "[]"),
        ("@.x =~ /(a||b)*/ && @.n > 0", "[1]"),
    ] {
        check(filter, items, passing);
    }
}

#[test]
fn signs_inside_quotes_are_text() {
    let items = r#"[{"n":1,"x":"a&&b"},{"n":2,"x":"<=)]"},{"n":3,"x y":"||"}]"#;
    check("@.x == 'a&&b'", items, "[1]");
    check("@.x == '<=)]'", items, "[2]");
    check("@['x y'] == '||'", items, "[3]");
}

#[test]
fn an_object_is_filtered_itself() {
    check("@.n > 1", r#"{"n":2}"#, "[2]");
    check("@.n > 1", r#"{"n":1}"#, "[]");
    check(
        "@.n > 1",
        "7",
        "Filter: [?]['n'] can not be applied to primitives. Current context is: 7",
    );
}

#[test]
fn a_misused_path_in_a_filter_is_an_error() {
    check(
        "@.x[0] == 1",
        r#"[{"n":1,"x":[1]},{"n":2,"x":"s"}]"#,
        "Filter: [0] can only be applied to arrays. Current context is: s",
    );
}
