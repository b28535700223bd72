use crate::testing::{check, check_on};

const SHOP: &str =
    r#"{"shop":{"goods":[{"n":"a","p":[1,2],"t":[[1],[2]]},{"n":"b","p":3},{"x":null}]}}"#;

#[test]
fn steps_map_over_arrays_and_flatten_what_they_find() {
    check_on(
        SHOP,
        &[
            ("shop.goods.n", r#"["a","b"]"#),
            ("shop.goods.p", "[1,2,3]"),
            ("shop.goods.t", "[[1],[2]]"),
            ("shop.goods.x", "null"),
            ("shop.goods.y", "undefined"),
            ("shop.n.y", "undefined"),
            ("shop.goods.(p)", "[1,2,3]"),
            ("shop.goods.[p]", "[[1,2],[3],[]]"),
            ("shop.goods.$string(n)", r#"["a","b"]"#),
            ("shop.goods.(n & '!')", r#"["a!","b!","!"]"#),
            ("shop.'goods'.`n`", r#"["a","b"]"#),
        ],
    );
}

#[test]
fn one_found_item_is_no_array_unless_it_is_asked_for() {
    check_on(
        r#"{"a":[{"b":1}],"c":[[5]],"d":[6]}"#,
        &[
            ("a.b", "1"),
            ("a.b[]", "[1]"),
            ("a[].b", "[1]"),
            ("a[b=1]", r#"{"b":1}"#),
            ("a[b=1][]", r#"[{"b":1}]"#),
            ("a[b=2][]", "undefined"),
            ("c", "[[5]]"),
            ("d", "[6]"),
            ("($v := a.b[]; $v)", "[1]"),
        ],
    );
}

#[test]
fn predicates_filter_or_pick() {
    check_on(
        SHOP,
        &[
            ("shop.goods[0].n", "\"a\""),
            ("shop.goods[-1]", r#"{"x":null}"#),
            ("shop.goods[5]", "undefined"),
            ("shop.goods[1.9].n", "\"b\""),
            ("shop.goods[[0,1]].n", r#"["a","b"]"#),
            ("shop.goods[n='b'].p", "3"),
            ("shop.goods.p[0]", "[1,3]"),
            ("(shop.goods.p)[0]", "1"),
            ("shop.goods[n][0].n", "\"a\""),
            ("shop.goods[[]]", "undefined"),
            ("shop.goods[[1,0,1]].n", r#"["a","b","b"]"#),
        ],
    );
    check(&[
        ("[1..5][[1..2]]", "[2,3]"),
        ("[1..5][$ % 2 = 0]", "[2,4]"),
        ("'abc'[0]", "\"abc\""),
        ("'abc'[1]", "undefined"),
        ("[[1,2],[3]][0]", "[1,2]"),
    ]);
}

#[test]
fn a_predicate_is_asked_even_where_nothing_is_found() {
    let refusal = "T2010: The expressions either side of operator \">\" must evaluate to numeric \
                   or string values";
    check_on(
        SHOP,
        &[
            ("nothing[1 > true]", refusal),
            ("shop.nothing[1 > true]", refusal),
            ("(nothing)[1 > true]", refusal),
            ("nothing[price > 1]", "undefined"),
            ("nothing[true]", "undefined"),
            ("nothing[0]", "undefined"),
            ("nothing[0][1 > true]", "undefined"),
            ("(nothing)[true][1 > true]", "undefined"),
        ],
    );
}

#[test]
fn wildcards_lay_arrays_flat() {
    check_on(
        r#"{"a":{"x":1,"y":[2,[3]]},"b":[{"x":4}]}"#,
        &[
            ("a.*", "[1,2,3]"),
            ("*.x", "[1,4]"),
            ("**.x", "[1,4]"),
            ("b.*", "4"),
            ("a.x.*", "undefined"),
            ("$count(**)", "7"),
        ],
    );
}

#[test]
fn the_whole_input_counts_as_one_item() {
    check_on(
        "[{\"a\":1},{\"a\":2}]",
        &[
            ("a", "[1,2]"),
            ("$.a", "[1,2]"),
            ("$[1].a", "2"),
            ("$count($)", "2"),
            ("{'n': $count($)}", r#"{"n":2}"#),
            ("$$[0]", r#"{"a":1}"#),
            ("a[0]", "1"),
            ("$.a[0]", "[1,2]"),
        ],
    );
}

#[test]
fn paths_from_variables_follow_names_as_any_other_path() {
    check_on(
        SHOP,
        &[
            ("($s := shop; $s.goods.n)", r#"["a","b"]"#),
            ("($s := shop; $s.goods[0].p)", "[1,2]"),
            ("($s := shop.goods; $s.n)", r#"["a","b"]"#),
            ("($s := shop; $s.goods.p[])", "[1,2,3]"),
            ("($s := {'a':{'b':1}}; $s.a.b[])", "[1]"),
            ("($s := {'a':{'b':1}}; $s.a.b.c)", "undefined"),
            ("($s := {'a':[[1]]}; $s.a)", "[[1]]"),
            ("$nothing.a", "undefined"),
        ],
    );
}

#[test]
fn what_was_sorted_is_an_array_that_nobody_collected() {
    check_on(
        r#"{"s":[3,3],"a":[{"b":1},{"b":2}]}"#,
        &[
            ("$distinct(s^($))", "[3]"),
            ("$distinct(s)", "[3]"),
            ("$distinct(a.(1))", "1"),
            ("$distinct((a.(1))^($))", "[1]"),
            ("s^($)[0]", "3"),
            ("a^(b)[b=1]", r#"{"b":1}"#),
            ("a^(b)[b=1].b", "1"),
            ("a.b^($)", "[1,2]"),
            ("s^($).[$]", "[[3],[3]]"),
            ("s^($){'x': $}", r#"{"x":[3,3]}"#),
        ],
    );
}
