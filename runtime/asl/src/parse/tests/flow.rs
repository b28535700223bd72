//! Paths, templates, and what stands for them when they are left out.

use stepwell_value::Value;

use super::{check_schema, parse, state, task};
use crate::{Flow, PathFlow, ResultPath, Selection, Template};

/// Gives the flow of the only state to a function that looks at it.
fn with_flow<T>(text: &str, look: impl FnOnce(&PathFlow) -> T) -> T {
    let definition = parse(text);
    let (_, state) = definition.states().next().expect("a definition has a state");
    let Flow::Path(flow) = &state.flow else { panic!("a state in JSONPath") };
    look(flow)
}

fn shown(template: &Template) -> String {
    match template {
        Template::Literal(value) => value.to_string(),
        Template::Path { path, field } => format!("<{field} {path}>"),
        Template::Intrinsic { field, .. } => format!("<{field} call>"),
        Template::Jsonata { expression, field } => format!("<{field} {expression}>"),
        Template::Array(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(","))
        }
        Template::Object(members) => {
            let members = members.iter().map(|(name, part)| format!("{name}:{}", shown(part)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn input_and_output_may_be_whole_empty_or_a_path() {
    let shown = |selection: &Selection| match selection {
        Selection::Whole => "whole".into(),
        Selection::Empty => "empty".into(),
        Selection::Path(path) => path.to_string(),
    };
    let table = [
        ("", "whole", "whole"),
        (r#","InputPath":"$","OutputPath":"$""#, "whole", "whole"),
        (r#","InputPath":null,"OutputPath":null"#, "empty", "empty"),
        (r#","InputPath":"$.a","OutputPath":"$.b[0]""#, "$.a", "$.b[0]"),
        (r#","InputPath":"$$","OutputPath":"$$.State""#, "$$", "$$.State"),
    ];
    for (fields, input, output) in table {
        for kind in [r#""Type":"Succeed""#, r#""Type":"Pass","End":true"#] {
            let found = with_flow(&state(&format!("{kind}{fields}")), |flow| {
                (shown(&flow.input), shown(&flow.output))
            });
            assert_eq!(found, (input.into(), output.into()), "{kind}{fields}");
        }
    }
}

#[test]
fn the_result_may_be_all_nothing_or_at_a_place() {
    let table = [
        ("", "all"),
        (r#","ResultPath":"$""#, "all"),
        (r#","ResultPath":null"#, "nothing"),
        (r#","ResultPath":"$.a['b c'][0]""#, "$.a['b c'][0]"),
    ];
    for (fields, expected) in table {
        let found = with_flow(&task(fields), |flow| match &flow.result {
            ResultPath::Whole => "all".into(),
            ResultPath::Discard => "nothing".into(),
            ResultPath::Into(path) => path.to_string(),
        });
        assert_eq!(found, expected, "{fields}");
    }
}

#[test]
fn paths_are_compiled_and_refused_with_the_place_of_the_mistake() {
    let table: [(&str, &[&str]); 7] = [
        (
            r#","InputPath":1,"OutputPath":true"#,
            &[
                "Expected a string or null, got number at /States/A/InputPath",
                "Expected a string or null, got boolean at /States/A/OutputPath",
            ],
        ),
        (
            r#","InputPath":"$.a b""#,
            &["Value is not a valid JSONPath: a blank is not allowed here; write such a name as \
               ['a b'] (at byte 3) at /States/A/InputPath"],
        ),
        (
            r#","OutputPath":"$.a..""#,
            &["Value is not a valid JSONPath: a path cannot end with `..` (at byte 5) at \
               /States/A/OutputPath"],
        ),
        (r#","ResultPath":1"#, &["Expected a string or null, got number at /States/A/ResultPath"]),
        (
            r#","ResultPath":"$.a[*]""#,
            &["Value is not a Reference Path: a reference path has names and single indexes only \
               (at byte 0) at /States/A/ResultPath (a Reference Path names one place, such as \
               $.order.items[0])"],
        ),
        (
            r#","ResultPath":"a""#,
            &["Value is not a Reference Path: expected `$` (at byte 0) at /States/A/ResultPath \
               (a Reference Path names one place, such as $.order.items[0])"],
        ),
        (
            r#","ResultPath":"$$.State.Name""#,
            &[
                "Value is not a Reference Path: a result goes into the state's input, and this path \
               begins elsewhere at /States/A/ResultPath (a Reference Path names one place, such \
               as $.order.items[0])",
            ],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&task(fields), expected);
    }
}

#[test]
fn templates_compute_what_ends_in_a_dollar() {
    let table = [
        (r#"{"a":1,"b":[{}]}"#, r#"{"a":1,"b":[{}]}"#),
        (r#"{"a.$":"$.x","b":2}"#, "{a:<a.$ $.x>,b:2}"),
        (r#"[{"a.$":"$$.State.Name"},"$.x"]"#, r#"[{a:<a.$ $$.State.Name>},"$.x"]"#),
        (r#"{"a":{"b":{"c.$":"$"}},"d":null}"#, "{a:{b:{c:<c.$ $>}},d:null}"),
        (r#""$.x""#, r#""$.x""#),
        ("null", "null"),
    ];
    for (template, expected) in table {
        let text = task(&format!(r#","Parameters":{template},"ResultSelector":{template}"#));
        let found = with_flow(&text, |flow| {
            [&flow.parameters, &flow.result_selector].map(|part| part.as_ref().map(shown))
        });
        assert_eq!(found, [Some(expected.into()), Some(expected.into())], "{template}");
    }
}

#[test]
fn a_template_without_anything_to_compute_is_one_literal() {
    let text = task(r#","Parameters":{"a":[1,{"b":{}}]}"#);
    let is_literal = with_flow(&text, |flow| {
        matches!(&flow.parameters, Some(Template::Literal(Value::Object(_))))
    });
    assert!(is_literal);
}

#[test]
fn what_a_template_computes_is_a_path() {
    let refused = |name: &str, hint: &str| {
        format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic \
             function call at /States/A/Parameters{hint}"
        )
    };
    let table = [
        // The text and the place are the service's.
        (
            r#"{"parsed.$":"States.StringToJson('\\\"')"}"#,
            refused(
                "parsed.$",
                " (a backslash stands only in `\\'`, `\\{`, `\\}` and `\\\\` (at byte 21))",
            ),
        ),
        (r#"{"a":[{"b.$":"plain"}]}"#, refused("b.$", "")),
        (r#"{"a.$":1}"#, refused("a.$", "")),
        (r#"{"a.$":null}"#, refused("a.$", "")),
        (
            r#"{"a.$":"$.b c"}"#,
            refused(
                "a.$",
                " (a blank is not allowed here; write such a name as ['a b'] (at byte 3))",
            ),
        ),
    ];
    for (template, expected) in table {
        check_schema(&task(&format!(r#","Parameters":{template}"#)), &[&expected]);
    }
}

#[test]
fn each_state_type_has_the_flow_fields_that_the_language_gives_it() {
    let fields = ["InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath"];
    let inner = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#;
    let table = [
        (r#""Type":"Task","Resource":"charge","End":true"#.into(), [true; 5]),
        (format!(r#""Type":"Parallel","Branches":[{inner}],"End":true"#), [true; 5]),
        (format!(r#""Type":"Map","ItemProcessor":{inner},"End":true"#), [true; 5]),
        (r#""Type":"Pass","End":true"#.into(), [true, true, false, true, true]),
        (r#""Type":"Wait","Seconds":1,"End":true"#.into(), [true, false, false, false, true]),
        (r#""Type":"Succeed""#.into(), [true, false, false, false, true]),
        (r#""Type":"Fail""#.into(), [false; 5]),
    ];
    for (kind, allowed) in table {
        for (field, allowed) in fields.into_iter().zip(allowed) {
            let text = state(&format!(r#"{kind},"{field}":"$""#));
            let finding = format!("Field '{field}' is not supported at /States/A");
            let expected: &[&str] = if allowed { &[] } else { &[&finding] };
            check_schema(&text, expected);
        }
    }
}
