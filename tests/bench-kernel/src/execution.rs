//! Executions from their start to their end: what a Pass state costs, and an item of a Map.

use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{Entropy, Env, Event, Execution, Identity, Input, Limits, Outcome};
use stepwell_value::{Payload, Value};

use crate::rounds::{alternate, micros};

/// States in a chain, so that the execution's start and end do not count.
const STATES: u32 = 1000;
const ROUNDS: usize = 100;

pub(crate) fn measure_pass() {
    let plain = chain("");
    let jsonata = chain(r#","QueryLanguage":"JSONata","Output":{"n":"{% $states.input.n + 1 %}"}"#);
    let context =
        chain(r#","QueryLanguage":"JSONata","Output":{"n":"{% $states.context.State.Name %}"}"#);
    let input = Payload::parse(r#"{"n":0}"#).expect("the input is JSON");
    let limits = Limits::default();
    let run = |definition: &Definition| drop(run(definition, input.clone(), &limits));
    let [plain, jsonata, context] =
        alternate(ROUNDS, [&mut || run(&plain), &mut || run(&jsonata), &mut || run(&context)]);
    println!(
        "a Pass state: decide, evaluate, commit to a vector of events; us, median and fastest"
    );
    for (name, times) in [
        ("that hands its input on", plain),
        ("with an Output in JSONata", jsonata),
        ("whose Output reads context", context),
    ] {
        let of_one = |time: Duration| micros(time) / f64::from(STATES);
        println!("  {name:<28} {:>7.2} {:>7.2}", of_one(times.median()), of_one(times.fastest()));
    }
}

pub(crate) fn measure_map() {
    println!("a Map over N items, none of the quotas; us for each item, fastest of the rounds");
    println!("  {:<44} {:>9} {:>9} {:>9}", "", "1,000", "10,000", "100,000");
    let bounded = Limits { map_concurrency_max: 40, ..Limits::unbounded() };
    let unbounded = Limits::unbounded();
    let pass = r#""StartAt":"P","States":{"P":{"Type":"Pass","End":true}}"#;
    let fork = r#""StartAt":"F","States":{"F":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}]}}"#;
    let all_but_one_wait = r#""StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":-1,"Next":"F"}],"Default":"W"},
        "F":{"Type":"Fail","Error":"Last"},"W":{"Type":"Wait","Seconds":60,"End":true}}"#;
    let rows = [
        ("of a Pass state, 40 at a time", pass, &bounded),
        ("of a Pass state, all at a time", pass, &unbounded),
        ("of a Parallel state, all at a time", fork, &unbounded),
        ("that waits, until the last of them fails", all_but_one_wait, &unbounded),
    ];
    for (name, machine, limits) in rows {
        let definition = parse(&format!(
            r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,"ItemProcessor":{{{machine}}}}}}}}}"#
        ));
        let times = [1_000, 10_000, 100_000].map(|items| {
            let input = input(items);
            let rounds = if items == 100_000 { 3 } else { 10 };
            let [times] =
                alternate(rounds, [&mut || drop(run(&definition, input.clone(), limits))]);
            micros(times.fastest()) / f64::from(items)
        });
        println!("  {name:<44} {:>9.2} {:>9.2} {:>9.2}", times[0], times[1], times[2]);
    }
}

/// The numbers from 1, and -1 at the end.
fn input(items: u32) -> Payload {
    let last = Value::Int(-1);
    let items: Vec<Value> = (1..items).map(Value::from).chain([last]).collect();
    Payload::from(Value::from(items))
}

fn chain(fields: &str) -> Definition {
    let states = (0..STATES).map(|nth| match nth + 1 {
        STATES => format!(r#""S{nth}":{{"Type":"Pass","End":true{fields}}}"#),
        next => format!(r#""S{nth}":{{"Type":"Pass","Next":"S{next}"{fields}}}"#),
    });
    let states: Vec<_> = states.collect();
    parse(&format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(",")))
}

fn parse(text: &str) -> Definition {
    Definition::parse(text).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

/// Plays an execution that waits for nothing. Gives its journal.
fn run(definition: &Definition, input: Payload, limits: &Limits) -> Vec<Event> {
    let mut journal = Vec::new();
    let mut execution = Execution::Created;
    let mut next = Input::Start { identity: identity(), input };
    while execution.outcome().is_none() {
        let env = Env { now: Timestamp::EPOCH, entropy: &mut Constant, limits };
        let batch = execution.handle(definition, next, env).expect("the execution goes on");
        let committed = batch.commit(|events| {
            journal.extend_from_slice(events);
            Ok::<_, std::convert::Infallible>(())
        });
        let Ok(_released) = committed;
        next = Input::Continue;
    }
    match execution.outcome() {
        Some(Outcome::Succeeded { .. }) => {}
        Some(Outcome::Failed { failure }) if failure.error.as_deref() == Some("Last") => {}
        other => panic!("the execution ends with {other:?}"),
    }
    journal
}

fn identity() -> Identity {
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:bench";
    Identity {
        execution_arn: "arn:aws:states:us-east-1:123456789012:execution:bench:one".into(),
        execution_name: "one".into(),
        state_machine_arn: machine.into(),
        state_machine_name: "bench".into(),
        role_arn: "arn:aws:iam::123456789012:role/bench".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

/// Nothing here draws.
struct Constant;

impl Entropy for Constant {
    fn next_u64(&mut self) -> u64 {
        0
    }
}
