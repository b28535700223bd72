use std::borrow::Cow;

use proptest::prelude::*;
use stepwell_value::{DEPTH_MAX, Value};

use crate::{Path, ReadError, STEPS_MAX};

fn read(path: &str, document: &str) -> Result<Value, ReadError> {
    Path::parse(path).unwrap().read(&Value::parse(document).unwrap())
}

#[track_caller]
fn check(path: &str, document: &str, answer: &str) {
    let printed = match read(path, document) {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(printed, answer, "{path} of {document}");
}

#[test]
fn a_definite_path_gives_the_value() {
    for (path, document, answer) in [
        ("$", "[1]", "[1]"),
        ("$.", "[1]", "[1]"),
        ("$.shelf.book", r#"{"shelf":{"book":null}}"#, "null"),
        ("$['shelf'].['a book']", r#"{"shelf":{"a book":2}}"#, "2"),
        ("$.grid[1][0]", r#"{"grid":[[1],[2]]}"#, "2"),
        ("$[(@.length-2)]", "[4,5,6]", "5"),
        ("$[(@.size() - 1)].x", r#"[0,{"x":1}]"#, "1"),
        ("$['b','z','a']", r#"{"a":1,"b":2,"c":3}"#, r#"{"b":2,"a":1}"#),
        ("$.it's", r#"{"it's":1}"#, "1"),
    ] {
        check(path, document, answer);
        let (path, document) = (Path::parse(path).unwrap(), Value::parse(document).unwrap());
        assert!(path.is_definite(), "{path}");
        let borrowed = matches!(path.find(&document).unwrap(), Cow::Borrowed(_));
        assert_eq!(borrowed, !path.to_string().contains(','), "only a union is built: {path}");
    }
}

#[test]
fn a_definite_path_without_a_value_says_where_it_ends() {
    for (path, document, message) in [
        ("$.top", "{}", "No results for path: $['top']"),
        ("$.top.next", r#"{"top":{}}"#, "No results for path: $['top']['next']"),
        ("$.top.next.last", "{}", "Missing property in path $['top']"),
        ("$.t.n", r#"{"t":[1]}"#, "Property ['n'] not found in path $['t']"),
        ("$['a','b']", "7", "Property ['a', 'b'] not found in path $"),
        ("$.t[3]", r#"{"t":[0]}"#, "Index out of bounds when evaluating path $['t'][3]"),
        ("$[-1]", "[1]", "Index out of bounds when evaluating path $[-1]"),
        ("$[(@.length-3)]", "[1]", "Index out of bounds when evaluating path $[-2]"),
        ("$.t[0]", r#"{"t":null}"#, "The path $['t'] is null"),
        (
            "$.x['a','b'].c",
            r#"{"x":{"a":{"c":1}}}"#,
            "Multi properties can only be used as path leafs: $['x']['a', 'b']",
        ),
        (
            "$.t[2].u['v']",
            r#"{"t":{"k":[1,"s",null,true,{}]}}"#,
            "Filter: [2]['u']['v'] can only be applied to arrays. \
             Current context is: {k=[1, s, null, true, {}]}",
        ),
        (
            "$[(@.length-1)]",
            "1e10",
            "Filter: [@.size()-1] can only be applied to arrays. Current context is: 1.0E10",
        ),
        ("$[0]", "1.5", "Filter: [0] can only be applied to arrays. Current context is: 1.5"),
    ] {
        check(path, document, message);
    }
}

#[test]
fn any_other_path_gives_an_array() {
    for (path, document, answer) in [
        ("$[*]", r#"{"a":1,"b":[2]}"#, "[1,[2]]"),
        ("$.*.*", r#"{"a":{"b":1},"c":{"d":2}}"#, "[1,2]"),
        ("$.n[*].m[*]", r#"{"n":[{"m":[1,2]},{"m":[]},{"m":[3]}]}"#, "[1,2,3]"),
        ("$.n[*]", r#"{"n":"text"}"#, "[]"),
        ("$[2,0,2]", "[7,8,9]", "[9,7,9]"),
        ("$..k", r#"{"k":{"k":1},"l":[{"k":2},[{"k":3}]]}"#, r#"[{"k":1},1,2,3]"#),
        ("$..['k','l']", r#"{"k":1,"l":{"k":2}}"#, r#"[{"k":1,"l":{"k":2}}]"#),
        ("$..[1]", "[[1,2],[3,4]]", "[[3,4],2,4]"),
        ("$..[?(@.k > 1)]", r#"[{"k":1},{"k":2,"m":{"k":3}}]"#, r#"[{"k":2,"m":{"k":3}},{"k":3}]"#),
        ("$.a..b..c", r#"{"a":{"b":{"x":{"c":1}}}}"#, "[1]"),
    ] {
        check(path, document, answer);
        assert!(!Path::parse(path).unwrap().is_definite(), "{path}");
    }
}

#[test]
fn only_an_open_slice_counts_from_the_end() {
    for (slice, answer) in [
        ("[1:3]", "[1,2]"),
        ("[3:1]", "[]"),
        ("[2:99]", "[2,3,4]"),
        ("[-2:]", "[3,4]"),
        ("[-99:]", "[0,1,2,3,4]"),
        ("[5:]", "[]"),
        ("[:2]", "[0,1]"),
        ("[:-2]", "[0,1,2]"),
        ("[:-99]", "[]"),
        ("[1:-1]", "[]"),
        ("[0:4:2]", "[0,1,2,3]"),
        ("[-2:4]", "Index out of bounds when evaluating path $[-2]"),
    ] {
        check(&format!("${slice}"), "[0,1,2,3,4]", answer);
    }
    check("$[0:2]", "[]", "[]");
    check("$[-3:-1]", "[]", "[]");
}

#[test]
fn a_name_missing_on_the_way_of_an_indefinite_path_is_passed_over() {
    check("$.far.away[0:2]", "{}", "[]");
    check("$.far.away[?(@.x)].y", "{}", "[]");
    check("$.l[0:2].a.b", r#"{"l":[{},{"a":{"b":1}}]}"#, "[1]");
}

#[test]
fn the_last_name_may_be_missing_in_the_elements_of_an_array_only() {
    check("$[*].n", r#"[{"n":1},{},7,{"n":2}]"#, "[1,2]");
    check("$[*][2]", "[[1],[1,2,3],null]", "[3]");
    check("$[*].n", r#"{"a":{"n":1},"b":{}}"#, "No results for path: $['b']['n']");
    check("$[0:2].n", r#"[{"n":1},{}]"#, "No results for path: $[1]['n']");
    check("$[?(@.m)].n", r#"[{"n":1},{"m":1}]"#, "No results for path: $[1]['n']");
    check("$..m.n", r#"[{"m":{"n":1}},{"m":{}}]"#, "No results for path: $[1]['m']['n']");
    // What was found before the error stays, and the trail is back where it was.
    check("$.l[*][0,9]", r#"{"l":[[1],[2]]}"#, "[1,2]");
    check("$[*][*].n", r#"[[{}],{"a":{}},[{"n":1}]]"#, "[1]");
    check("$[*].*.n", r#"[7,{"n":7},{"p":{}}]"#, "[]");
    check(
        "$[*].a['x','y'].z",
        r#"[7,{"a":{}}]"#,
        "Multi properties can only be used as path leafs: $[1]['a']['x', 'y']",
    );
    // A misuse is not a missing value.
    check(
        "$[*][0]",
        r#"[[1],"s"]"#,
        "Filter: [0] can only be applied to arrays. Current context is: s",
    );
}

#[test]
fn work_is_bounded() {
    let wide = format!("[{}0]", "0,".repeat(2000));
    let path = format!("$[*]{}", "[0,0,0,0]".repeat(30));
    let nested = format!("[{}1{}]", "[".repeat(40), "]".repeat(40));
    assert_eq!(read(&path, &nested), Err(ReadError::TooMuchWork));
    check("$[?(@.x)]", &wide, "[]");
    let costly = format!("$[?({}@.x)]", "@.x || ".repeat(600));
    assert_eq!(read(&costly, &wide), Err(ReadError::TooMuchWork));
}

#[test]
fn a_deep_document_is_scanned_to_its_end() {
    let depth = DEPTH_MAX;
    let document = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let all = read("$..a", &document).unwrap();
    assert_eq!(all.as_array().unwrap().len(), depth);
    assert_eq!(all.as_array().unwrap().last(), Some(&Value::Int(1)));
    assert_eq!(read("$..a..zz", &document), Ok(Value::from(vec![])));
    assert_eq!(read("$..a..a..zz", &document), Err(ReadError::TooMuchWork));
}

#[test]
fn the_longest_path_fits_on_the_stack() {
    let document = format!("{}1{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
    for (step, count) in [("[*]", STEPS_MAX), ("..[0]", STEPS_MAX / 2), ("[?(!@.a)]", STEPS_MAX)] {
        match read(&format!("${}", step.repeat(count)), &document) {
            Ok(value) => assert_eq!(value.as_array().unwrap().len(), 1, "{step}"),
            Err(error) => assert_eq!(error, ReadError::TooMuchWork, "{step}"),
        }
    }
    let depth = DEPTH_MAX - 1;
    let error = read("$[0]", &format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)));
    assert!(matches!(error, Err(ReadError::NotAnArray { .. })), "{error:?}");
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from)];
    leaf.prop_recursive(4, 32, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[abc]", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// `read` and `find` agree, and the naive walk is the model of a definite path.
    #[test]
    fn a_definite_path_is_a_walk(document in document(), steps in "(\\.[abc]|\\[[012]\\]){0,4}") {
        let path = Path::parse(&format!("${steps}")).unwrap();
        let mut walk = Some(&document);
        for step in steps.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
            walk = match step.parse::<usize>() {
                Ok(index) => walk.and_then(Value::as_array).and_then(|items| items.get(index)),
                Err(_) => walk.and_then(|value| value.get(step)),
            };
        }
        prop_assert_eq!(path.read(&document).ok(), walk.cloned());
        prop_assert_eq!(path.find(&document).ok().map(Cow::into_owned), walk.cloned());
    }

    #[test]
    fn any_path_of_any_document_answers(
        document in document(),
        steps in r"(\.[abc]|\.\.[abc*]|\[[012]\]|\[\*\]|\[-?[0-3]:\]|\[0,1\]|\['a','b'\]|\[\?\(@\.a>1\|\|!@\)\]){0,6}",
    ) {
        let path = Path::parse(&format!("${steps}")).unwrap();
        if let Ok(value) = path.read(&document) {
            prop_assert!(path.is_definite() || value.as_array().is_some());
        }
    }
}
