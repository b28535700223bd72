use super::*;
use crate::testing::{check, check_on};

#[test]
fn terms_sort_stably_and_what_is_missing_goes_last() {
    check_on(
        r#"[{"n":"b","v":1},{"n":"a","v":2},{"n":"c"},{"n":"d","v":1}]"#,
        &[
            ("$^(v).n", r#"["b","d","a","c"]"#),
            ("$^(>v).n", r#"["a","b","d","c"]"#),
            ("$^(v, >n).n", r#"["d","b","a","c"]"#),
            ("$^(n)[0].n", "\"a\""),
        ],
    );
    check(&[
        ("[3,1,2]^($)", "[1,2,3]"),
        ("['b','a']^(>$)", r#"["b","a"]"#),
        ("[1]^(nothing)", "1"),
        (
            "[1,'a']^($)",
            "T2007: Type mismatch when comparing values 1 and \"a\" in order-by clause",
        ),
        (
            "[[1],[2]]^($)",
            "T2008: The expressions within an order-by clause must evaluate to numeric or string values",
        ),
    ]);
}

#[test]
fn the_merge_keeps_equals_in_their_order() {
    let items: Vec<(i32, usize)> = [3, 1, 2, 1, 3, 2, 1, 0, 3].into_iter().zip(0..).collect();
    let mut model = items.clone();
    model.sort_by_key(|(key, _)| *key);
    let sorted = merge_sort(items, &mut |left, right| Ok(left.0 > right.0));
    assert_eq!(sorted, Ok(model));
}
