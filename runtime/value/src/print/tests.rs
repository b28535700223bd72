use proptest::prelude::*;

use crate::Value;

#[test]
fn prints_compact_and_indented() {
    let value = Value::parse(r#"{"a":[1,{"b":[]},{}],"c":"\u0000\n\""}"#).unwrap();
    assert_eq!(value.to_string(), r#"{"a":[1,{"b":[]},{}],"c":"\u0000\n\""}"#);
    let indented = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    },\n    {}\n  ],\n  \
                    \"c\": \"\\u0000\\n\\\"\"\n}";
    assert_eq!(format!("{value:#}"), indented);
}

#[test]
fn integers_at_the_ends_of_their_range() {
    for number in [0, 1, -1, 9, 10, -10, i64::MAX, i64::MIN] {
        assert_eq!(Value::Int(number).to_string(), number.to_string());
    }
}

/// Numbers that few digits describe, and their neighbours, which they do not.
#[expect(clippy::cast_precision_loss, reason = "any number will do")]
fn short_decimal() -> impl Strategy<Value = f64> {
    let decimal = (any::<i64>(), 0..20_i32, 0..8_i32);
    (decimal, -2..3_i64).prop_map(|((digits, shift, places), step)| {
        let number = (digits >> (3 * shift)) as f64 / 10_f64.powi(places);
        f64::from_bits(number.to_bits().saturating_add_signed(step))
    })
}

proptest! {
    /// The standard library's text is the model. Where two texts are as short and as near, the
    /// choice may differ.
    #[test]
    fn floats_print_as_the_shortest_text(number in prop_oneof![any::<f64>(), short_decimal()]) {
        prop_assume!(number.is_finite());
        let (text, model) = (Value::Float(number).to_string(), format!("{number:?}"));
        prop_assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()), "{}", text);
        prop_assert_eq!((text.len(), text.find(['.', 'e'])), (model.len(), model.find(['.', 'e'])));
    }

    /// `serde_json` escapes the same characters.
    #[test]
    fn strings_print_as_a_second_printer_prints_them(text in "[\u{0}-\u{24}\\\\é😀a-c]{0,80}") {
        let model = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(Value::from(text).to_string(), model);
    }
}
