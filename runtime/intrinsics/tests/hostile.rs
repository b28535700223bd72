//! Every function with every combination of odd arguments ends in a value or in a failure.

use std::cell::Cell;

use stepwell_intrinsics::{Call, Failure, Function};
use stepwell_jsonpath::Path;
use stepwell_value::{DEPTH_MAX, Value};

const ODD: [&str; 22] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    "3",
    "2147483647",
    "-2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "0.5",
    "-0.0",
    "1e308",
    r#""""#,
    r#""{}""#,
    r#""\\""#,
    r#""YQ=""#,
    r#""\u0000é😀""#,
    "[]",
    r#"[1,1.0,"a",[],{"b":null}]"#,
    r#"{"a":{"b":[]}}"#,
];

#[test]
fn no_arguments_make_a_function_panic() {
    let odd: Vec<Value> = ODD.iter().map(|json| Value::parse(json).unwrap()).collect();
    for function in Function::ALL {
        for count in (0..=3).filter(|count| function.arity().contains(count)) {
            let call = Call::parse(&format!("{function}({})", vec!["$"; count].join(","))).unwrap();
            for nth in 0..odd.len().pow(u32::try_from(count).unwrap()) {
                evaluate(&call, &odd, nth);
            }
        }
    }
}

/// The digits of `nth`, to the base of how many values there are, choose the arguments.
fn evaluate(call: &Call, odd: &[Value], nth: usize) {
    let rest = Cell::new(nth);
    let mut read = |_: &Path| {
        let index = rest.get() % odd.len();
        rest.set(rest.get() / odd.len());
        Ok::<_, Failure>(odd[index].clone())
    };
    if let Err(failure) = call.evaluate(&mut read, &mut || u64::MAX) {
        let message = failure.to_string();
        assert!(message.starts_with("Invalid arguments in States."), "{message}");
    }
}

#[test]
fn values_that_nest_as_deep_as_a_document_can_are_calculated_with() {
    let nested = (0..DEPTH_MAX).fold(Value::Null, |inner, _| Value::from(vec![inner]));
    let other = Value::parse(&nested.to_string()).unwrap();
    let wrap = |call: &str| call.replace("DEEP", "States.Array(States.Array(States.Array($)))");
    for (call, wanted) in [
        ("States.ArrayContains(DEEP, States.Array(States.Array($other)))", Some(Value::from(true))),
        ("States.ArrayLength(States.ArrayUnique(DEEP))", Some(Value::Int(1))),
        ("States.ArrayLength(States.ArrayPartition(DEEP, 1))", Some(Value::Int(1))),
        ("States.JsonToString(DEEP)", Some(format!("[[[{nested}]]]").into())),
        ("States.Format('{}', DEEP)", None),
        ("States.StringToJson(States.JsonToString($))", Some(nested.clone())),
        // One deeper than a document may nest.
        ("States.StringToJson(States.JsonToString(States.Array($)))", None),
    ] {
        let mut read = |path: &Path| {
            let is_other = path.to_string() == "$other";
            Ok::<_, Failure>(if is_other { other.clone() } else { nested.clone() })
        };
        let result = Call::parse(&wrap(call)).unwrap().evaluate(&mut read, &mut || 0);
        match wanted {
            Some(wanted) => assert_eq!(result, Ok(wanted), "{call}"),
            None if call.starts_with("States.Format") => {
                assert!(result.unwrap().as_str().unwrap().contains("[[...]]"), "{call}");
            }
            None => assert!(result.unwrap_err().to_string().contains("nest deeper"), "{call}"),
        }
    }
}

#[test]
fn a_value_that_is_read_is_shared_and_not_copied() {
    let document = Value::parse(r#"{"big":{"a":[1,2,3]}}"#).unwrap();
    let address = |value: &Value| value.as_object().unwrap().address();
    let big = address(document.get("big").unwrap());
    for call in [
        "States.ArrayGetItem(States.Array($.big), 0)",
        "States.ArrayGetItem(States.ArrayUnique(States.Array($.big, $.big)), 0)",
        "States.ArrayGetItem(States.ArrayGetItem(States.ArrayPartition(States.Array($.big), 1), 0), 0)",
    ] {
        let mut read = |path: &Path| Ok::<_, Failure>(path.read(&document).unwrap());
        let value = Call::parse(call).unwrap().evaluate(&mut read, &mut || 0).unwrap();
        assert_eq!(address(&value), big, "{call}");
    }
}

#[test]
fn a_call_is_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone + std::fmt::Debug>() {}
    is_shared::<Call>();
}

#[test]
fn the_first_error_of_the_reader_ends_the_evaluation() {
    #[derive(Debug, PartialEq)]
    enum Trouble {
        Missing(String),
        Failed(Failure),
    }
    impl From<Failure> for Trouble {
        fn from(failure: Failure) -> Self {
            Self::Failed(failure)
        }
    }
    let mut seen = Vec::new();
    let mut read = |path: &Path| {
        seen.push(path.to_string());
        if path.to_string() == "$.b" {
            Err(Trouble::Missing("b".to_owned()))
        } else {
            Ok(Value::Null)
        }
    };
    let call = Call::parse("States.Array($.a, States.Array($.b), States.MathAdd(null, 1), $.c)");
    let result = call.unwrap().evaluate(&mut read, &mut || 0);
    assert_eq!(result, Err(Trouble::Missing("b".to_owned())));
    assert_eq!(seen, ["$.a", "$.b"]);
}

#[test]
fn a_uuid_is_of_version_4_whatever_the_bits_are() {
    let mut read = |_: &Path| Ok::<_, Failure>(Value::Null);
    let call = Call::parse("States.UUID()").unwrap();
    for (bits, wanted) in [
        (0, "00000000-0000-4000-8000-000000000000"),
        (u64::MAX, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        (0x0123_4567_89ab_cdef, "01234567-89ab-4def-8123-456789abcdef"),
    ] {
        let uuid = call.evaluate(&mut read, &mut || bits).unwrap();
        assert_eq!(uuid, Value::from(wanted));
    }
}
