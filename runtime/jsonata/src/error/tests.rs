use super::*;

#[test]
fn templates_quote_two_braces_and_not_three() {
    let error = Error::new(Code::T2001).token("+").at(3);
    assert_eq!(error.to_string(), "The left side of the \"+\" operator must evaluate to a number");
    assert_eq!((error.code(), error.position()), ("T2001", Some(3)));
    let error = Error::new(Code::T1005).token("sum");
    assert_eq!(error.to_string(), "Attempted to invoke a non-function. Did you mean $sum?");
    let error = Error::new(Code::T0412).argument(2).token("f").second("numbers");
    assert_eq!(error.to_string(), "Argument 2 of function \"f\" must be an array of \"numbers\"");
}

#[test]
fn what_is_unknown_is_undefined() {
    let error = Error::new(Code::T0410).argument(1);
    assert_eq!(
        error.to_string(),
        "Argument 1 of function undefined does not match function signature"
    );
}

#[test]
fn the_service_names_codes_except_for_limits() {
    let coded = Error::new(Code::T1006).service_text();
    assert_eq!(coded, ". T1006: Attempted to invoke a non-function");
    let limit = Error::new(Code::OutOfTime).service_text();
    assert_eq!(limit, ": Expression evaluation timeout: Check for infinite loop");
}

#[test]
fn a_value_in_braces_is_not_taken_for_a_field() {
    let error = Error::new(Code::D3137).message("{{token}}");
    assert_eq!(error.to_string(), "{{token}}");
}
