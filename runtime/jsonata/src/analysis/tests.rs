use super::*;
use crate::Expression;

fn refusals(text: &str) -> Vec<String> {
    let expression = Expression::parse(text).unwrap();
    expression
        .references()
        .iter()
        .filter_map(|found| found.refusal(&["input", "context"]))
        .collect()
}

fn variables(text: &str) -> Vec<String> {
    let expression = Expression::parse(text).unwrap();
    let references = expression.references().iter();
    references
        .filter_map(|found| match found {
            Reference::Variable { name, members } => Some(
                std::iter::once(name)
                    .chain(members)
                    .map(|part| &**part)
                    .collect::<Vec<_>>()
                    .join("."),
            ),
            Reference::TopLevel(_) | Reference::Root => None,
        })
        .collect()
}

#[test]
fn bare_names_are_refused_where_the_context_is_undefined() {
    let refusal = "Reference to 'phone' at the top level is not supported.";
    for text in [
        "phone",
        "phone.number",
        "phone[0]",
        "1 + phone",
        "{'a': phone}",
        "[phone]",
        "$f(phone)",
        "(1; phone)",
        "phone ~> $f",
        "function($x){phone}",
        "$states.input.a[0] = phone ? 1",
    ] {
        assert_eq!(refusals(text), [refusal], "{text}");
    }
}

#[test]
fn names_below_a_value_are_free() {
    for text in [
        "$states.input.phone",
        "$states.input[phone = 1]",
        "$states.input^(phone).x",
        "$states.input.(phone)",
        "$states.input{phone: number}",
        "$x ~> |phone|{'a': b}|",
        "$map($x, function($v){$v.phone})",
        "$",
        "$uppercase('phone')",
    ] {
        assert!(refusals(text).is_empty(), "{text}");
    }
}

#[test]
fn the_root_and_members_that_do_not_exist_are_refused() {
    assert_eq!(refusals("$$.a"), ["Reference to '$$' is not supported."]);
    assert_eq!(refusals("$states.result"), ["Field '$states.result' does not exist."]);
    assert_eq!(
        refusals("$states.errorOutput.Cause"),
        ["Field '$states.errorOutput' does not exist."]
    );
    assert!(refusals("$states").is_empty());
}

#[test]
fn only_variables_from_outside_are_listed() {
    for (text, wanted) in [
        ("$a + $b.c.d[0].e", vec!["a", "b.c.d.e"]),
        ("($a := 1; $a + $b)", vec!["b"]),
        ("(($a := 1); $a)", vec!["a"]),
        ("($f := function($x){$x > 0 ? $f($x - 1) : $y}; $f(1))", vec!["y"]),
        ("$i@$v#$n.($v + $n + $m)", vec!["i", "m"]),
        ("$sum($l) & $now()", vec!["l"]),
        ("$a := $a", vec!["a"]),
    ] {
        assert_eq!(variables(text), wanted, "{text}");
    }
}
