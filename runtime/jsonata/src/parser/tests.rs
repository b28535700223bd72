use crate::testing::{check, check_on};

#[test]
fn operators_bind_as_in_the_reference() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("-2 + 5", "3"),
        ("1 + 1 = 2 and 2 < 3", "true"),
        ("false and true or true", "true"),
        ("true ? 1 : false ? 2 : 3", "1"),
        ("false ? 1", "undefined"),
        ("($a := $b := 3; $a + $b)", "6"),
        ("'a' & (1 + 2)", "\"a3\""),
        ("1 + 2 & 'a'", "\"3a\""),
        ("[1..3][$ > 1]", "[2,3]"),
        ("1 in [1,2] = true", "true"),
        ("5 ~> $string ~> $length", "1"),
    ]);
}

#[test]
fn keywords_are_names_where_a_name_stands() {
    check_on(
        r#"{"and":{"or":{"in":5}},"function":1}"#,
        &[("and.or.in", "5"), ("function", "1"), ("and.or.in in [5] and true", "true")],
    );
}

#[test]
fn refusals_name_what_was_expected() {
    check(&[
        ("", "S0207: Unexpected end of expression"),
        ("1 2", "S0201: Syntax error: 2"),
        ("a true", "S0201: Syntax error: true"),
        ("[1, 2", "S0203: Expected \"]\" before end of expression"),
        ("{'a' 1}", "S0202: Expected \":\", got 1"),
        ("{'a': 1 'b'}", "S0202: Expected \"}\", got \"b\""),
        ("a^b", "S0202: Expected \"(\", got \"b\""),
        ("1 ~ 2", "S0204: Unknown operator: \"~\""),
        (")", "S0211: The symbol \")\" cannot be used as a unary operator"),
        (
            "function($a, b){1}",
            "S0208: Parameter 2 of function definition must be a variable name (start with $)",
        ),
        ("1 := 2", "S0212: The left side of := must be a variable name (start with $)"),
        ("a@b", "S0214: The right side of \"@\" must be a variable name (start with $)"),
        ("(1; 2", "S0203: Expected \")\" before end of expression"),
    ]);
}
