use stepwell_kernel::Failure;
use stepwell_value::{Payload, Value};

use super::Behaviour;

/// What a function answers, and after how many seconds.
fn answer(function: &str, input: &str) -> (u64, Result<String, Failure>) {
    let behaviour = Behaviour::parse(&Value::parse(function).unwrap()).unwrap();
    let (pause, outcome) = behaviour.answer(&Payload::parse(input).unwrap(), 3);
    (pause.as_secs(), outcome.map(|output| output.text().to_owned()))
}

#[test]
fn functions_do_what_their_recordings_say() {
    let table = [
        (r#"{"kind":"echo"}"#, r#"{"a":1}"#, 0, r#"{"a":1}"#),
        (r#"{"kind":"return","value":[1]}"#, "0", 0, "[1]"),
        (r#"{"kind":"return_repeat","char":"a","count":4}"#, "0", 0, r#""aaaa""#),
        (r#"{"kind":"sleep_then_echo","seconds":60}"#, "7", 60, "7"),
        (r#"{"kind":"format","template":"got {event}"}"#, r#""x""#, 0, r#""got x""#),
        (
            r#"{"kind":"format","template":"{event}"}"#,
            r#"{"a":[null,true,1.5,"b","it's"]}"#,
            0,
            r#""{'a': [None, True, 1.5, 'b', \"it's\"]}""#,
        ),
    ];
    for (function, input, seconds, output) in table {
        assert_eq!(answer(function, input), (seconds, Ok(output.to_owned())), "{function}");
    }
}

#[test]
fn a_function_that_raises_fails_with_its_document() {
    let function = r#"{"kind":"raise","errorType":"Bad","errorMessage":"no","stackTrace":["x"]}"#;
    let cause = r#"{"errorMessage":"no","errorType":"Bad","requestId":"00000000-0000-4000-8000-000000000003","stackTrace":["x"]}"#;
    assert_eq!(answer(function, "1"), (0, Err(Failure::new("Bad", cause))));
}

#[test]
fn a_function_that_nobody_knows_is_refused() {
    let parse = |function: &str| {
        let error = Behaviour::parse(&Value::parse(function).unwrap()).unwrap_err();
        error.to_string()
    };
    assert_eq!(parse(r#"{"kind":"sing"}"#), "`sing` is not a behaviour that is known");
    assert_eq!(parse("{}"), "the case has no field `kind`");
    let negative = r#"{"kind":"sleep_then_echo","seconds":-1}"#;
    assert_eq!(parse(negative), "the field `seconds` is negative");
}
