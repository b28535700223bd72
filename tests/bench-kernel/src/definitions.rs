//! Reading a definition of many states, beside what `serde_json` needs to make a tree of its text.

use std::fmt::Write as _;
use std::hint::black_box;

use stepwell_asl::Definition;
use stepwell_value::Value;

use crate::rounds::{alternate, micros};

const STATES: usize = 1000;
const ROUNDS: usize = 200;

pub(crate) fn measure() {
    let text = text();
    let definition = Definition::parse(&text).expect("the definition is valid");
    let [serde, ours, read, printed] = alternate(
        ROUNDS,
        [
            &mut || drop(black_box(serde_json::from_str::<serde_json::Value>(&text))),
            &mut || drop(black_box(Value::parse(&text))),
            &mut || drop(black_box(Definition::parse(&text))),
            &mut || drop(black_box(definition.to_string())),
        ],
    );
    println!("a definition of {STATES} Task states, {} bytes: us, median and fastest", text.len());
    for (name, times) in [
        ("serde_json, to a tree", &serde),
        ("Value::parse", &ours),
        ("Definition::parse", &read),
        ("Definition to text", &printed),
    ] {
        let (median, fastest) = (micros(times.median()), micros(times.fastest()));
        let ratio = fastest / micros(serde.fastest());
        println!("  {name:<24} {median:>9.0} {fastest:>9.0}   {ratio:.2} times serde_json's tree");
    }
}

/// A chain of Tasks with paths, a template, retriers and catchers.
fn text() -> String {
    let mut text = String::from(r#"{"StartAt":"State 0","States":{"#);
    for nth in 0..STATES {
        let next = if nth + 1 == STATES { "End".into() } else { format!("State {}", nth + 1) };
        write!(
            text,
            r#""State {nth}":{{"Type":"Task","Resource":"charge","InputPath":"$.order",
            "Parameters":{{"id.$":"$.order.id","items.$":"$.order.items[0].price"}},
            "ResultPath":"$.results.charge","Retry":[{{"ErrorEquals":["Busy"],"MaxAttempts":2}}],
            "Catch":[{{"ErrorEquals":["States.ALL"],"Next":"End"}}],"Next":"{next}"}},"#,
        )
        .expect("a String takes any text");
    }
    text.push_str(r#""End":{"Type":"Succeed"}}}"#);
    text
}
