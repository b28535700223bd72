//! Choice states: every comparator, nesting, and what is wrong with rules.

use super::{check, check_schema, parse};
use crate::{Comparison, Condition, Kind, Operand, Order, TypeTest};

/// A Choice of those rules, with an end behind it.
fn choices(rules: &str) -> String {
    choice(&format!(r#""Choices":{rules},"Default":"Z""#))
}

fn choice(fields: &str) -> String {
    format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Choice",{fields}}},"Z":{{"Type":"Succeed"}}}}}}"#
    )
}

/// A Choice of one rule with those fields beside `Next`.
fn rule(fields: &str) -> String {
    choices(&format!(r#"[{{{fields},"Next":"A"}}]"#))
}

fn operand<T: std::fmt::Display>(operand: &Operand<T>) -> String {
    match operand {
        Operand::Literal(literal) => literal.to_string(),
        Operand::Path(path) => format!("<{path}>"),
    }
}

fn order(order: Order) -> &'static str {
    match order {
        Order::Equals => "=",
        Order::LessThan => "<",
        Order::GreaterThan => ">",
        Order::LessThanEquals => "<=",
        Order::GreaterThanEquals => ">=",
    }
}

fn test(test: TypeTest) -> &'static str {
    match test {
        TypeTest::Null => "null",
        TypeTest::Present => "present",
        TypeTest::String => "string",
        TypeTest::Numeric => "numeric",
        TypeTest::Boolean => "boolean",
        TypeTest::Timestamp => "timestamp",
    }
}

fn shown(condition: &Condition) -> String {
    let list =
        |conditions: &[Condition]| conditions.iter().map(shown).collect::<Vec<_>>().join(" ");
    let Condition::Compare { variable, comparison } = condition else {
        return match condition {
            Condition::And(conditions) => format!("(and {})", list(conditions)),
            Condition::Or(conditions) => format!("(or {})", list(conditions)),
            Condition::Not(inner) => format!("(not {})", shown(inner)),
            Condition::Jsonata(expression) => format!("({expression})"),
            Condition::Literal(holds) => holds.to_string(),
            Condition::Compare { .. } => unreachable!("taken care of above"),
        };
    };
    let comparison = match comparison {
        Comparison::String(by, with) => format!("string {} {}", order(*by), operand(with)),
        Comparison::Numeric(by, with) => format!("numeric {} {}", order(*by), operand(with)),
        Comparison::Boolean(with) => format!("boolean = {}", operand(with)),
        Comparison::Timestamp(by, with) => format!("timestamp {} {}", order(*by), operand(with)),
        Comparison::StringMatches(pattern) => format!("matches {pattern:?}"),
        Comparison::Is(kind, expected) => format!("is {} {expected}", test(*kind)),
    };
    format!("{variable} {comparison}")
}

/// The condition of the first rule.
#[track_caller]
fn condition(text: &str) -> String {
    let definition = parse(text);
    let (_, state) = definition.states().next().expect("a definition has a state");
    let Kind::Choice(choice) = &state.kind else { panic!("a Choice") };
    shown(&choice.rules[0].condition)
}

const ORDERS: [(&str, &str); 5] = [
    ("Equals", "="),
    ("LessThan", "<"),
    ("GreaterThan", ">"),
    ("LessThanEquals", "<="),
    ("GreaterThanEquals", ">="),
];

#[test]
fn ordered_comparators_take_a_literal_or_a_path() {
    let time = r#""2026-03-01T12:00:00Z""#;
    let table = [
        ("String", r#""x""#, "string", "x"),
        ("Numeric", "1", "numeric", "1"),
        ("Numeric", "-1.50", "numeric", "-1.5"),
        ("Timestamp", time, "timestamp", "2026-03-01T12:00:00.000Z"),
    ];
    for (kind, literal, shown_kind, shown_literal) in table {
        for (order, sign) in ORDERS {
            let with_literal = rule(&format!(r#""Variable":"$.a","{kind}{order}":{literal}"#));
            let expected = format!("$.a {shown_kind} {sign} {shown_literal}");
            assert_eq!(condition(&with_literal), expected);
            let with_path = rule(&format!(r#""Variable":"$.a","{kind}{order}Path":"$.b""#));
            assert_eq!(condition(&with_path), format!("$.a {shown_kind} {sign} <$.b>"));
        }
    }
}

#[test]
fn the_other_comparators_stand_alone() {
    let table = [
        (r#""BooleanEquals":true"#, "$.a boolean = true"),
        (r#""BooleanEqualsPath":"$.b""#, "$.a boolean = <$.b>"),
        (r#""StringMatches":"log-*""#, r#"$.a matches Pattern { parts: ["log-", ""] }"#),
        (r#""IsNull":true"#, "$.a is null true"),
        (r#""IsPresent":false"#, "$.a is present false"),
        (r#""IsString":true"#, "$.a is string true"),
        (r#""IsNumeric":true"#, "$.a is numeric true"),
        (r#""IsBoolean":true"#, "$.a is boolean true"),
        (r#""IsTimestamp":true"#, "$.a is timestamp true"),
    ];
    for (comparator, expected) in table {
        assert_eq!(condition(&rule(&format!(r#""Variable":"$.a",{comparator}"#))), expected);
    }
}

#[test]
fn a_literal_has_the_comparators_type() {
    let named = |name: &str, literal: &str, expected: &str, found: &str| {
        check_schema(
            &rule(&format!(r#""Variable":"$.a","{name}":{literal}"#)),
            &[&format!("Expected {expected}, got {found} at /States/A/Choices[0]/{name}")],
        );
    };
    for (order, _) in ORDERS {
        named(&format!("String{order}"), "1", "a string", "number");
        named(&format!("String{order}Path"), "1", "a string", "number");
        named(&format!("Numeric{order}"), r#""1""#, "a number", "string");
        named(&format!("Numeric{order}Path"), "1", "a string", "number");
        named(&format!("Timestamp{order}"), "1", "a string", "number");
        named(&format!("Timestamp{order}Path"), "true", "a string", "boolean");
    }
    named("BooleanEquals", r#""true""#, "a boolean", "string");
    named("BooleanEqualsPath", "true", "a string", "boolean");
    named("StringMatches", "null", "a string", "null");
    for name in ["IsNull", "IsPresent", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp"] {
        named(name, r#""yes""#, "a boolean", "string");
    }
}

#[test]
fn conditions_nest() {
    let text = rule(
        r#""And":[{"Not":{"Variable":"$.a","IsNull":true}},
        {"Or":[{"Variable":"$.b","NumericEquals":1,"Comment":"why"},
               {"Variable":"$$.Execution.Name","StringEquals":"x"}]}]"#,
    );
    assert_eq!(
        condition(&text),
        "(and (not $.a is null true) (or $.b numeric = 1 $$.Execution.Name string = x))"
    );
}

#[test]
fn a_choice_has_rules_and_each_a_condition_and_a_target() {
    let table: [(&str, &[&str]); 6] = [
        ("[]", &["Value cannot be empty at /States/A/Choices"]),
        ("{}", &["Expected an array, got object at /States/A/Choices"]),
        ("[1]", &["Expected an object, got number at /States/A/Choices[0]"]),
        (
            r#"[{"Next":"A"}]"#,
            &[
                "These fields are required: [Variable] at /States/A/Choices[0]",
                "A comparison such as StringEquals is required at /States/A/Choices[0]",
            ],
        ),
        (
            r#"[{"Variable":"$.a","IsNull":true}]"#,
            &["These fields are required: [Next] at /States/A/Choices[0]"],
        ),
        (
            r#"[{"Variable":"$.a","IsNull":true,"Next":1}]"#,
            &["Expected a string, got number at /States/A/Choices[0]/Next"],
        ),
    ];
    for (rules, expected) in table {
        check_schema(&choices(rules), expected);
    }
    check_schema(
        &choice(r#""Default":"Z","End":true"#),
        &[
            "These fields are required: [Choices] at /States/A",
            "Field 'End' is not supported at /States/A",
        ],
    );
}

#[test]
fn what_a_condition_lacks_or_has_too_much_is_told() {
    let only = "Only one of these fields is allowed:";
    let place = "/States/A/Choices[0]";
    let table: [(&str, &[&str]); 9] = [
        (
            r#""Variable":"$.a","StringEquals":"x","IsNull":true"#,
            &[&format!("{only} [StringEquals, IsNull] at {place}")],
        ),
        (
            r#""Variable":"$.a","StringEquals":"x","StringEqualsPath":"$.b""#,
            &[&format!("{only} [StringEquals, StringEqualsPath] at {place}")],
        ),
        (
            r#""And":[{"Variable":"$.a","IsNull":true}],"Or":[]"#,
            &[&format!("{only} [And, Or] at {place}")],
        ),
        (
            r#""Not":{"Variable":"$.a","IsNull":true},"Variable":"$.b""#,
            &[&format!("Field 'Variable' is not supported at {place}")],
        ),
        (
            r#""Variable":"$.a","NumericLessThen":1"#,
            &[
                &format!("A comparison such as StringEquals is required at {place}"),
                &format!(
                    "Field 'NumericLessThen' is not supported at {place} (did you mean \
                     `NumericLessThan`?)"
                ),
            ],
        ),
        (
            r#""Variable":"$.a","StringEqualPath":"$.b""#,
            &[
                &format!("A comparison such as StringEquals is required at {place}"),
                &format!(
                    "Field 'StringEqualPath' is not supported at {place} (did you mean \
                     `StringEqualsPath`?)"
                ),
            ],
        ),
        (
            r#""Variable":"$.a","TimestampEquals":"now""#,
            &[&format!(
                "String does not match RFC3339 timestamp at {place}/TimestampEquals (write it \
                 like 2026-03-01T12:00:00Z)"
            )],
        ),
        (
            r#""Variable":"a","IsNull":true"#,
            &[&format!(
                "Value is not a valid JSONPath: expected `$` (at byte 0) at {place}/Variable"
            )],
        ),
        (
            r#""And":[{"Variable":"$.a","IsNull":true,"Next":"A"}]"#,
            &[&format!("Field 'Next' is not supported at {place}/And[0]")],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&rule(fields), expected);
    }
}

#[test]
fn nested_conditions_are_checked_where_they_stand() {
    let place = "/States/A/Choices[0]";
    let table: [(&str, &[&str]); 4] = [
        (r#""And":[]"#, &[&format!("Value cannot be empty at {place}/And")]),
        (r#""Or":{}"#, &[&format!("Expected an array, got object at {place}/Or")]),
        (r#""Not":[]"#, &[&format!("Expected an object, got array at {place}/Not")]),
        (
            r#""Or":[{"Not":{"Variable":"$.a"}},1]"#,
            &[
                &format!("Expected an object, got number at {place}/Or[1]"),
                &format!("A comparison such as StringEquals is required at {place}/Or[0]/Not"),
            ],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&rule(fields), expected);
    }
}

#[test]
fn conditions_nest_a_hundred_deep_and_no_deeper() {
    let nested = |depth: usize| {
        let (open, close) = (r#"{"Not":"#.repeat(depth - 1), "}".repeat(depth - 1));
        rule(&format!(r#""Not":{open}{{"Variable":"$.a","IsNull":true}}{close}"#))
    };
    parse(&nested(100));
    let place = format!("/States/A/Choices[0]{}", "/Not".repeat(101));
    check_schema(&nested(101), &[&format!("Conditions nest deeper than 100 at {place}")]);
}

#[test]
fn a_choice_may_have_a_default() {
    let text = |default: &str| {
        choice(&format!(r#""Choices":[{{"Variable":"$.a","IsNull":true,"Next":"Z"}}],{default}"#))
    };
    let definition = parse(&text(r#""Default":"A""#));
    let states: Vec<_> = definition.states().collect();
    let [(idx, state), (last, _)] = states.as_slice() else { panic!("two states") };
    let Kind::Choice(choice) = &state.kind else { panic!("a Choice") };
    assert_eq!((choice.default, choice.rules[0].next), (Some(*idx), *last));
    check_schema(&text(r#""Default":null"#), &["Expected a string, got null at /States/A/Default"]);
    check(
        &text(r#""Default":"AA""#),
        &["MISSING_TRANSITION_TARGET: Missing 'Next' target: AA at /States/A/Default"],
    );
    check(
        &choices(r#"[{"Variable":"$.a","IsNull":true,"Next":"Y"}]"#),
        &["MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/A/Choices[0]/Next"],
    );
}
