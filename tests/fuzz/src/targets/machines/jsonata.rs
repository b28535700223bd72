//! States in JSONata, variables, intrinsic functions and map runs, for the machines of this target.

use crate::chance::Chance;

/// Expressions over what a state may see. Some of them fail, some do not end, and some grow.
const EXPRESSIONS: &[&str] = &[
    "$states.input",
    "$states.input.x",
    "$states.input.items",
    "$states.input.missing",
    "$states.context.State.Name",
    "$states.context.Execution.Input.n",
    "$v0",
    "$exists($v0) ? $v0 : 1",
    "[$states.input, $states.input]",
    "{'x': $states.input.n, 'items': [1..3]}",
    "$count($states.input.items) + 1",
    "$states.input.n / 0",
    "'a' + 1",
    "$uuid()",
    "$random()",
    "$now()",
    "[1..1000]",
    "($f := function($n) { $f($n + 1) }; $f(0))",
    "$map($states.input.items, function($i) { $string($i) })",
    "$sum",
];

/// The fields of a state in JSONata; `NEXT` stands for the state behind.
pub(super) fn state(chance: &mut Chance, depth: usize) -> String {
    let assign = assign(chance, depth);
    let output = output(chance);
    let fields = match chance.below(5) {
        0 => r#""Type":"Pass","#.to_owned(),
        1 => {
            let (name, catch) = (chance.pick(&["a", "b", "c"]), catch(chance, depth));
            let arguments = template(chance);
            format!(r#""Type":"Task","Resource":"{name}","Arguments":{arguments},{catch}"#)
        }
        2 => {
            let (condition, own) = (expression(chance), template(chance));
            let choice = format!(
                r#""Type":"Choice","Choices":[{{"Condition":"{condition}","Output":{own},"Next":"NEXT"}}],"Default":"NEXT""#
            );
            return format!(r#""QueryLanguage":"JSONata",{assign}{output}{choice}"#);
        }
        3 => {
            let seconds = chance.pick(&["1", "\"{% 1 %}\"", "\"{% $states.input.n %}\""]);
            format!(r#""Type":"Wait","Seconds":{seconds},"#)
        }
        _ => {
            let items = chance.pick(&[
                r#""{% [1..3] %}""#,
                r#""{% $states.input.items %}""#,
                r#"[1,"{% $v0 %}",{"x":"{% $states.input.x %}"}]"#,
            ]);
            let (selector, mode) = (template(chance), mode(chance));
            format!(
                r#""Type":"Map","Items":{items},"ItemSelector":{selector},"MaxConcurrency":"{{% 1 + 1 %}}","ItemProcessor":{{{mode}"StartAt":"NAMEi","States":{{"NAMEi":{{"Type":"Pass","QueryLanguage":"JSONata","Output":{output},"End":true}}}}}},"#,
                output = template(chance),
            )
        }
    };
    format!(r#""QueryLanguage":"JSONata",{fields}{assign}{output}"Next":"NEXT""#)
}

/// The mode of a Map, as the beginning of its processor.
pub(super) fn mode(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "",
        "",
        r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#,
        r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"#,
    ])
}

/// `Assign` in JSONPath, with intrinsic functions.
pub(super) fn assign_path(chance: &mut Chance, depth: usize) -> String {
    let value = chance.pick(&[
        r#""vD.$":"$""#,
        r#""vD.$":"$.items""#,
        r#""vD.$":"States.Array($, $v0)""#,
        r#""vD.$":"States.ArrayRange(0, 9, 2)""#,
        r#""vD.$":"States.Format('{}-{}', $$.State.Name, $.n)""#,
        r#""vD":{"x":1},"wD.$":"States.UUID()""#,
    ]);
    if chance.one_in(2) {
        return String::new();
    }
    format!(r#""Assign":{{{}}},"#, value.replace('D', &depth.to_string()))
}

fn expression(chance: &mut Chance) -> String {
    format!("{{% {} %}}", chance.pick(EXPRESSIONS))
}

fn template(chance: &mut Chance) -> String {
    let (one, other) = (expression(chance), expression(chance));
    match chance.below(4) {
        0 | 1 => format!(r#""{one}""#),
        2 => format!(r#"{{"x":"{one}","items":[1,"{other}"]}}"#),
        _ => r#"{"x":1,"n":2,"items":[1,2]}"#.to_owned(),
    }
}

/// A machine may not assign what one around it does, so a name tells the depth.
fn assign(chance: &mut Chance, depth: usize) -> String {
    if chance.one_in(2) {
        return String::new();
    }
    format!(r#""Assign":{{"v{depth}":{}}},"#, template(chance))
}

fn output(chance: &mut Chance) -> String {
    if chance.one_in(3) { String::new() } else { format!(r#""Output":{},"#, template(chance)) }
}

fn catch(chance: &mut Chance, depth: usize) -> String {
    if chance.one_in(2) {
        return String::new();
    }
    let assign = assign(chance, depth);
    format!(
        r#""Catch":[{{"ErrorEquals":["States.ALL"],{assign}"Output":"{{% $states.errorOutput %}}","Next":"NEXT"}}],"#
    )
}
