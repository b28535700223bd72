//! How long it takes to read a definition of many states: `cargo run --release --example speed 1000`.
#![expect(clippy::print_stdout, reason = "printing is what the program is for")]

use std::fmt::Write as _;
use std::time::Instant;

use stepwell_asl::Definition;

fn main() {
    let states: usize = std::env::args()
        .nth(1)
        .map_or(1000, |count| count.parse().expect("the argument is the number of states"));
    let text = definition(states);
    let mut times: Vec<_> = (0..100)
        .map(|_| {
            let start = Instant::now();
            Definition::parse(&text).expect("the definition is valid");
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("{states} states, {} bytes: {:?} (median)", text.len(), times[times.len() / 2]);
}

/// A chain of Tasks with paths, a template, retriers and catchers.
fn definition(states: usize) -> String {
    let mut text = String::from(r#"{"StartAt":"State 0","States":{"#);
    for nth in 0..states {
        write!(
            text,
            r#""State {nth}":{{"Type":"Task","Resource":"charge","InputPath":"$.order",
            "Parameters":{{"id.$":"$.order.id","items.$":"$.order.items[0].price"}},
            "ResultPath":"$.results.charge","Retry":[{{"ErrorEquals":["Busy"],"MaxAttempts":2}}],
            "Catch":[{{"ErrorEquals":["States.ALL"],"Next":"End"}}],"Next":"{}"}},"#,
            if nth + 1 == states { "End".into() } else { format!("State {}", nth + 1) }
        )
        .expect("a String takes any text");
    }
    text.push_str(r#""End":{"Type":"Succeed"}}}"#);
    text
}
