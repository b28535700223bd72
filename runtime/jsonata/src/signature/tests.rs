use super::*;
use crate::testing::check;

fn arrange(
    signature: &str,
    arguments: &[Value],
    context: &Value,
) -> Result<Vec<Option<Value>>, String> {
    let arguments = arguments.iter().map(|argument| Out::from(argument.clone())).collect();
    Signature::parse(signature)
        .unwrap()
        .arrange(arguments, &Out::from(context.clone()))
        .map(|arranged| arranged.into_iter().map(|argument| argument.value).collect())
        .map_err(|error| error.code().to_owned())
}

#[test]
fn arguments_take_the_places_of_the_parameters() {
    let (text, number, other) = (Value::from("t"), Value::Int(1), Value::Int(2));
    let one = |value: &Value| Some(value.clone());
    let wrapped = Some(Value::from(vec![number.clone()]));
    for (signature, arguments, context, wanted) in [
        ("<sn>", vec![&text, &number], &other, vec![one(&text), one(&number)]),
        ("<s-n>", vec![&number], &text, vec![one(&text), one(&number)]),
        ("<n-n>", vec![&number], &other, vec![one(&other), one(&number)]),
        ("<sn?>", vec![&text], &other, vec![one(&text), None]),
        ("<a>", vec![&number], &other, vec![wrapped.clone()]),
        ("<a<n>>", vec![&number], &other, vec![wrapped]),
        ("<n+>", vec![&number, &other], &text, vec![one(&number), one(&other)]),
        ("<(sn)>", vec![&number], &text, vec![one(&number)]),
        ("<x:s>", vec![&text], &other, vec![one(&text)]),
    ] {
        let arguments: Vec<Value> = arguments.into_iter().cloned().collect();
        assert_eq!(arrange(signature, &arguments, context), Ok(wanted), "{signature}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (text, number) = (Value::from("t"), Value::Int(1));
    for (signature, arguments, code) in [
        ("<s>", vec![&number], "T0410"),
        ("<s>", vec![], "T0410"),
        ("<s>", vec![&text, &text], "T0410"),
        ("<s-n>", vec![&number], "T0411"),
        ("<a<s>>", vec![&number], "T0412"),
    ] {
        let arguments: Vec<Value> = arguments.into_iter().cloned().collect();
        assert_eq!(arrange(signature, &arguments, &number), Err(code.to_owned()), "{signature}");
    }
}

#[test]
fn malformed_signatures_are_refused_with_their_place() {
    assert_eq!(Signature::parse("<n<n>>"), Err((Code::S0401, 2)));
    assert_eq!(Signature::parse("<(na<n>)>"), Err((Code::S0402, 1)));
}

#[test]
fn lambdas_check_their_arguments() {
    check(&[
        ("($f := function($a, $b)<n-s:s>{$b & $a}; $n := 5; $n.$f('x'))", "\"x5\""),
        (
            "($f := function($a)<s>{$a}; $f(1))",
            "T0410: Argument 1 of function \"f\" does not match function signature",
        ),
        (
            "($f := function($a)<a<b>>{$a}; $f([1]))",
            "T0412: Argument 1 of function \"f\" must be an array of \"booleans\"",
        ),
    ]);
}
