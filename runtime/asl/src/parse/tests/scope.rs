//! Variables of machines inside of each other.

use super::{check_schema, state};

#[test]
fn an_inner_machine_does_not_assign_what_an_outer_one_does() {
    let text = |outer: &str, inner: &str| {
        format!(
            r#"{{"StartAt":"A","States":{{
            "A":{{"Type":"Map","Next":"B","ItemProcessor":{{"StartAt":"P","States":{{
                "P":{{"Type":"Pass","End":true,"Assign":{{{inner}}}}}}}}}}},
            "B":{{"Type":"Choice",{outer},"Default":"C"}},
            "C":{{"Type":"Succeed"}}}}}}"#
        )
    };
    let rule = r#""Variable":"$.a","IsNull":true,"Next":"C""#;
    let refused = "Variable 'x' is assigned in an outer scope already at \
                   /States/A/ItemProcessor/States/P/Assign";
    let table: [(String, &str, &[&str]); 5] = [
        (format!(r#""Assign":{{"x":1}},"Choices":[{{{rule}}}]"#), r#""x":2"#, &[refused]),
        (format!(r#""Assign":{{"x.$":"$"}},"Choices":[{{{rule}}}]"#), r#""x":2"#, &[refused]),
        (format!(r#""Choices":[{{"Assign":{{"x":1}},{rule}}}]"#), r#""x.$":"$""#, &[refused]),
        (format!(r#""Assign":{{"y":1}},"Choices":[{{{rule}}}]"#), r#""x":2"#, &[]),
        (format!(r#""Choices":[{{{rule}}}]"#), r#""x":2"#, &[]),
    ];
    for (outer, inner, expected) in table {
        check_schema(&text(&outer, inner), expected);
    }
}

#[test]
fn machines_side_by_side_may_assign_the_same() {
    let branch = |name: &str| {
        format!(
            r#"{{"StartAt":"{name}","States":{{
            "{name}":{{"Type":"Pass","End":true,"Assign":{{"x":1}}}}}}}}"#
        )
    };
    let (one, other) = (branch("P"), branch("Q"));
    let parallel = format!(r#""Type":"Parallel","End":true,"Branches":[{one},{other}]"#);
    check_schema(&state(&parallel), &[]);
}

#[test]
fn a_variable_is_known_at_every_depth() {
    let inner = r#"{"StartAt":"C","States":{"C":{"Type":"Pass","End":true,"Assign":{"x":1}}}}"#;
    let middle = format!(
        r#"{{"StartAt":"B","States":{{"B":{{"Type":"Map","End":true,"ItemProcessor":{inner}}}}}}}"#
    );
    let text =
        state(&format!(r#""Type":"Parallel","End":true,"Assign":{{"x":1}},"Branches":[{middle}]"#));
    check_schema(
        &text,
        &["Variable 'x' is assigned in an outer scope already at \
           /States/A/Branches[0]/States/B/ItemProcessor/States/C/Assign"],
    );
}
