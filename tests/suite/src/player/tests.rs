//! Random definitions in a random world: whatever happens, the drivers agree, and what must hold
//! after every input holds.

use std::fmt::Write;

use proptest::prelude::*;
use stepwell_asl::Definition;
use stepwell_kernel::Limits;
use stepwell_value::Payload;

use super::{Driver, play};
use crate::case::lasting;
use crate::render::{self, HistoryColumns};
use crate::script::Script;

/// A state without its name and its way on.
#[derive(Clone, Debug)]
enum State {
    /// The state's fields.
    Plain(String),
    Parallel(String, Vec<Vec<Self>>),
    Map(String, Vec<Self>),
    /// A Map in distributed mode, and of which kind its executions are.
    Distributed(String, &'static str, Vec<Self>),
    Fail,
}

fn machine() -> impl Strategy<Value = Vec<State>> {
    let states = prop::collection::vec(plain(), 1..4);
    states.prop_recursive(3, 24, 4, |inner| {
        let fork = prop_oneof![
            (recovery(), prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(recovery, branches)| State::Parallel(recovery, branches)),
            (recovery(), 0_u32..3, inner.clone()).prop_map(|(recovery, most, inner)| {
                State::Map(format!(r#""MaxConcurrency":{most},{recovery}"#), inner)
            }),
            (recovery(), 0_u32..3, select(&["STANDARD", "EXPRESS"]), inner).prop_map(
                |(recovery, most, kind, inner)| {
                    let fields = format!(r#""MaxConcurrency":{most},{recovery}"#);
                    State::Distributed(fields, kind, inner)
                }
            ),
        ];
        prop::collection::vec(prop_oneof![plain(), fork], 1..4)
    })
}

fn plain() -> impl Strategy<Value = State> {
    let task =
        (select(&["a", "b", "c"]), clocks(), recovery()).prop_map(|(name, clocks, recovery)| {
            format!(r#""Type":"Task","Resource":"{name}",{clocks}{recovery}"#)
        });
    let callback = (select(&["a", "b", "c"]), clocks(), recovery()).prop_map(
        |(name, clocks, recovery)| {
            format!(
                r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters":{{"FunctionName":"{name}","Payload":{{"t.$":"$$.Task.Token"}}}},{clocks}{recovery}"#
            )
        },
    );
    let pass = select(&[
        r#""Type":"Pass","Result":{"x":1},"#,
        r#""Type":"Pass","Result":1,"ResultPath":"$.x","#,
        r#""Type":"Pass","InputPath":"$.x","#,
        r#""Type":"Pass","Parameters":{"x.$":"$"},"#,
    ]);
    let wait = (0_u32..4).prop_map(|seconds| format!(r#""Type":"Wait","Seconds":{seconds},"#));
    prop_oneof![
        4 => task.prop_map(State::Plain),
        2 => callback.prop_map(State::Plain),
        2 => pass.prop_map(|pass| State::Plain(pass.into())),
        2 => wait.prop_map(State::Plain),
        1 => Just(State::Fail),
    ]
}

fn clocks() -> impl Strategy<Value = &'static str> {
    select(&[
        "",
        "",
        r#""TimeoutSeconds":3,"#,
        r#""HeartbeatSeconds":2,"#,
        r#""TimeoutSeconds":3,"HeartbeatSeconds":2,"#,
    ])
}

/// `NEXT` stands for the state behind.
fn recovery() -> impl Strategy<Value = String> {
    let retry = select(&[
        "",
        "",
        r#""Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2,"BackoffRate":1.5}],"#,
        r#""Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"JitterStrategy":"FULL"}],"#,
    ]);
    let catch = select(&[
        "",
        r#""Catch":[{"ErrorEquals":["States.ALL"],"Next":"NEXT"}],"#,
        r#""Catch":[{"ErrorEquals":["Busy","States.HeartbeatTimeout"],"ResultPath":"$.f","Next":"NEXT"}],"#,
    ]);
    (retry, catch).prop_map(|(retry, catch)| format!("{retry}{catch}"))
}

fn world() -> impl Strategy<Value = String> {
    let action = select(&[
        "succeed {\"x\": 2}",
        "succeed [1]",
        "echo",
        "fail Busy",
        "fail Broken \"why\"",
        "fail",
        "hang",
        "heartbeat",
    ]);
    let timed = (0_u32..4, action).prop_map(|(after, verb)| format!("after {after}s {verb}"));
    let call = prop::collection::vec(timed, 1..4).prop_map(|actions| actions.join(" then "));
    let calls = prop::collection::vec(call, 1..4).prop_map(|calls| calls.join("; "));
    let stop = prop_oneof![
        6 => Just(String::new()),
        1 => (0_u32..9).prop_map(|after| format!("the execution: after {after}s stop Enough\n")),
        3 => (0_u32..9, 1_u32..9).prop_map(|(stop, again)| {
            format!("the execution: after {stop}s stop Enough then after {again}s redrive\n")
        }),
        3 => (0_u32..20).prop_map(|after| {
            let redrive = format!("after {after}s redrive");
            format!("the execution: {redrive} then {redrive} then {redrive}\n")
        }),
    ];
    (prop::array::uniform4(calls), stop).prop_map(|([a, b, c, token], stop)| {
        // States are numbered from 0; a token's line serves whichever states have one.
        let tokens =
            (0..30).map(|n| format!("token of S{n}: {token}\n")).collect::<Vec<_>>().concat();
        format!("a: {a}\nb: {b}\nc: {c}\n{tokens}{stop}")
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    (
        prop_oneof![Just(30_usize), Just(100_000)],
        prop_oneof![Just(30_u64), Just(2_000)],
        1_u32..4,
        1_u32..9,
    )
        .prop_map(
            |(payload_bytes_max, history_events_max, map_concurrency_max, decisions_per_step)| {
                Limits {
                    payload_bytes_max,
                    history_events_max,
                    map_concurrency_max,
                    decisions_per_step,
                    ..lasting()
                }
            },
        )
}

fn select(options: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(options)
}

fn definition_text(states: &[State], timeout: Option<u32>) -> String {
    let mut names = 0;
    let machine = machine_text(states, &mut names);
    let timeout =
        timeout.map_or(String::new(), |timeout| format!(r#""TimeoutSeconds":{timeout},"#));
    format!("{{{timeout}{machine}}}")
}

/// States one behind the other, with a last one for all to lead to.
fn machine_text(states: &[State], names: &mut u32) -> String {
    let first = *names;
    let last = first + u32::try_from(states.len()).unwrap();
    *names = last + 1;
    let mut text = format!(r#""StartAt":"S{first}","States":{{"#);
    for (name, state) in (first..).zip(states) {
        let next = format!("S{}", name + 1);
        let fields = match state {
            State::Plain(fields) => fields.replace("NEXT", &next),
            State::Parallel(fields, branches) => {
                let branches: Vec<_> = branches
                    .iter()
                    .map(|states| format!("{{{}}}", machine_text(states, names)))
                    .collect();
                format!(
                    r#""Type":"Parallel","Branches":[{}],{}"#,
                    branches.join(","),
                    fields.replace("NEXT", &next)
                )
            }
            State::Map(fields, states) => format!(
                r#""Type":"Map","ItemsPath":"$$.Execution.Input.items","ItemProcessor":{{{}}},{}"#,
                machine_text(states, names),
                fields.replace("NEXT", &next)
            ),
            State::Distributed(fields, kind, states) => format!(
                r#""Type":"Map","ItemsPath":"$$.Execution.Input.items","ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{kind}"}},{}}},{}"#,
                machine_text(states, names),
                fields.replace("NEXT", &next)
            ),
            // A state that only fails sometimes keeps those behind it reachable.
            State::Fail => r#""Type":"Pass","OutputPath":"$.missing","#.into(),
        };
        write!(text, r#""S{name}":{{{fields}"Next":"{next}"}},"#).unwrap();
    }
    write!(text, r#""S{last}":{{"Type":"Succeed"}}}}"#).unwrap();
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_drivers_agree_whatever_happens(
        states in machine(),
        timeout in prop::option::weighted(0.2, 1_u32..12),
        world in world(),
        limits in limits(),
    ) {
        let text = definition_text(&states, timeout);
        let definition = Definition::parse(&text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        let script = Script::parse(&world).unwrap();
        let input = Payload::parse(r#"{"items": [1, {"x": 2}, 3]}"#).unwrap();
        // A call that is given up within the step that scheduled it is never made, so which answers
        // come too late depends on the driver.
        let columns = HistoryColumns { ids: true, data: true, stale: false };
        let [calm, crashed, stepped] = Driver::ALL.map(|driver| {
            let played = play(&definition, &script, input.clone(), &limits, driver)
                .unwrap_or_else(|problem| panic!("{}: {problem:?}\n{text}\n{world}", driver.as_str()));
            render::history(&played, columns)
        });
        // The drivers come to the executions of a map run in different orders, so chance differs.
        if !text.contains("DISTRIBUTED") {
            prop_assert_eq!(&calm, &crashed, "{}", text);
            prop_assert_eq!(&calm, &stepped, "{}", text);
        }
    }
}
