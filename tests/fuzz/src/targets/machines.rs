//! Whole machines in a random world: what must hold after every input holds, and the drivers agree.
//!
//! An input is a scene as the suite reads it: a definition, what its tasks do, what goes in, and the
//! limits. The suite replays the journal at every point and compares it with the live state.

use std::fmt::Write as _;

use stepwell_suite::Scene;

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage;
use crate::documents::document;
use crate::target::Target;

mod jsonata;

pub(crate) const TARGET: Target = Target {
    name: "machines",
    about: "random machines in a random world: replay equals the live state, drivers agree",
    generate,
    check,
    bytes_max: |_| 512 << 20,
    test_iterations: 120,
};

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    if chance.one_in(8) {
        let text = corpus.pick(chance);
        return damage::damaged(text, &["NEXT", "fail", "hang", "heartbeat"], text, chance);
    }
    let definition = machine(chance);
    let tasks = world(chance);
    let input = if chance.one_in(4) {
        document(chance, 30).to_string()
    } else {
        r#"{"items": [1, {"x": 2}, 3], "a": 1, "n": 2, "t": "2026-01-02T12:00:03Z"}"#.to_owned()
    };
    let mut text =
        format!("## A scene\n\n```asl\n{definition}\n```\n\n```json input\n{input}\n```\n");
    write!(text, "\n```tasks\n{tasks}```\n\n```limits\n{}```\n", limits(chance))
        .expect("writing to a string does not fail");
    text
}

fn check(input: &str) -> Result<(), String> {
    // A scene that was damaged may be none, its definition may be refused, and it may call tasks
    // that the world does not have.
    let Ok(Ok(scene)) = Scene::read(input) else { return Ok(()) };
    match scene.check().map_err(|wrong| format!("{wrong:#}")) {
        Err(wrong) if !wrong.contains("no task is called") => Err(wrong),
        _ => Ok(()),
    }
}

/// A definition that is valid.
pub(super) fn machine(chance: &mut Chance) -> String {
    let mut text = String::from("{");
    if chance.one_in(5) {
        write!(text, r#""TimeoutSeconds":{},"#, 1 + chance.below(12))
            .expect("writing to a string does not fail");
    }
    let mut left = 2 + chance.few(20);
    let mut names = 0;
    text.push_str(&states(chance, &mut left, &mut names, 0));
    text + "}"
}

/// States one behind the other, with a last one for all to lead to.
fn states(chance: &mut Chance, left: &mut usize, names: &mut usize, depth: usize) -> String {
    let count = 1 + chance.below(3);
    let first = *names;
    *names += count + 1;
    let mut text = format!(r#""StartAt":"S{first}","States":{{"#);
    for name in first..first + count {
        let fields = state(chance, left, names, depth)
            .replace("NEXT", &format!("S{}", name + 1))
            .replace("SELF", &format!("S{name}"))
            .replace("NAME", &format!("S{name}"));
        write!(text, r#""S{name}":{{{fields}}},"#).expect("writing to a string does not fail");
    }
    let end = chance.pick(&[
        r#""Type":"Succeed""#,
        r#""Type":"Succeed""#,
        r#""Type":"Pass","End":true"#,
        r#""Type":"Fail","Error":"Busy","Cause":"as written""#,
    ]);
    write!(text, r#""S{}":{{{end}}}}}"#, first + count).expect("writing to a string does not fail");
    text
}

/// The fields of a state; `NEXT` stands for the state behind.
fn state(chance: &mut Chance, left: &mut usize, names: &mut usize, depth: usize) -> String {
    let may_nest = depth < 4 && *left > 0;
    *left = left.saturating_sub(1);
    if chance.one_in(3) {
        return jsonata::state(chance, depth);
    }
    match chance.below(if may_nest { 14 } else { 11 }) {
        0..=3 => task(chance),
        4 => callback(chance),
        5 | 6 => pass(chance, depth),
        7 => wait(chance),
        8 => choice(chance),
        // A state that only fails sometimes keeps those behind it reachable.
        9 => r#""Type":"Pass","OutputPath":"$.missing","Next":"NEXT""#.into(),
        10 => looping(chance),
        11 | 12 => {
            let branches = 1 + chance.below(3);
            let branches: Vec<String> = (0..branches)
                .map(|_| format!("{{{}}}", states(chance, left, names, depth + 1)))
                .collect();
            let (recovery, flow) = (recovery(chance), flow(chance));
            let branches = branches.join(",");
            format!(r#""Type":"Parallel","Branches":[{branches}],{recovery}{flow}"Next":"NEXT""#)
        }
        _ => map(chance, left, names, depth),
    }
}

fn map(chance: &mut Chance, left: &mut usize, names: &mut usize, depth: usize) -> String {
    let inner = states(chance, left, names, depth + 1);
    let most = chance.below(3);
    let items = chance.pick(&[
        r#""ItemsPath":"$$.Execution.Input.items","#,
        r#""ItemsPath":"$$.Execution.Input.items","#,
        r#""ItemsPath":"$.items","#,
        "",
    ]);
    let selector = chance
        .pick(&["", r#""ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"#]);
    let (recovery, flow, mode) = (recovery(chance), flow(chance), jsonata::mode(chance));
    format!(
        r#""Type":"Map",{items}{selector}"MaxConcurrency":{most},"ItemProcessor":{{{mode}{inner}}},{recovery}{flow}"Next":"NEXT""#
    )
}

fn task(chance: &mut Chance) -> String {
    let name = chance.pick(&["a", "b", "c"]);
    let resource = chance.pick(&[
        r#""Resource":"NAME","#,
        r#""Resource":"arn:aws:lambda:us-east-1:123456789012:function:NAME","#,
        r#""Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"NAME","Payload.$":"$"},"#,
    ]);
    let resource = resource.replace("NAME", name);
    let (clocks, recovery, flow) = (clocks(chance), recovery(chance), result_flow(chance));
    format!(r#""Type":"Task",{resource}{clocks}{recovery}{flow}"Next":"NEXT""#)
}

fn callback(chance: &mut Chance) -> String {
    let name = chance.pick(&["a", "b", "c"]);
    let (clocks, recovery, flow) = (clocks(chance), recovery(chance), result_flow(chance));
    format!(
        r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{{"FunctionName":"{name}","Payload":{{"t.$":"$$.Task.Token"}}}},{clocks}{recovery}{flow}"Next":"NEXT""#
    )
}

fn pass(chance: &mut Chance, depth: usize) -> String {
    let assign = jsonata::assign_path(chance, depth);
    let fields = chance.pick(&[
        r#""Result":{"x":1},"#,
        r#""Result":1,"ResultPath":"$.x","#,
        r#""Result":[[1],{"items":[1,2,3,4,5]}],"ResultPath":"$.y","#,
        r#""InputPath":"$.x","#,
        r#""Parameters":{"x.$":"$"},"#,
        r#""Parameters":{"x.$":"$","y.$":"$","items":[1,2]},"#,
        r#""Parameters":{"n.$":"$$.State.EnteredTime","r.$":"$$.State.Name"},"#,
        r#""OutputPath":"$..x","#,
        r#""Parameters":{"v.$":"$v0"},"#,
        r#""Parameters":{"n.$":"States.MathAdd($.n, 1)","items.$":"States.ArrayPartition($.items, 2)"},"#,
        r#""InputPath":null,"OutputPath":null,"#,
    ]);
    format!(r#""Type":"Pass",{fields}{assign}"Next":"NEXT""#)
}

fn wait(chance: &mut Chance) -> String {
    let until = match chance.below(4) {
        0 => r#""SecondsPath":"$.n""#.to_owned(),
        1 => r#""TimestampPath":"$.t""#.to_owned(),
        2 => r#""Timestamp":"2026-01-02T12:00:05Z""#.to_owned(),
        _ => format!(r#""Seconds":{}"#, chance.below(4)),
    };
    format!(r#""Type":"Wait",{until},"Next":"NEXT""#)
}

fn choice(chance: &mut Chance) -> String {
    let test = chance.pick(&[
        r#""Variable":"$.x","IsPresent":true"#,
        r#""Variable":"$.n","NumericGreaterThan":1"#,
        r#""Not":{"Variable":"$.a","IsNull":true}"#,
        r#""Variable":"$.t","TimestampLessThan":"2026-01-02T12:00:04Z""#,
        r#""Or":[{"Variable":"$.a","StringMatches":"*"},{"Variable":"$.items[0]","NumericEquals":1}]"#,
    ]);
    let default =
        chance.pick(&[r#""Default":"NEXT""#, r#""Default":"NEXT""#, r#""Comment":"none""#]);
    format!(r#""Type":"Choice","Choices":[{{{test},"Next":"NEXT"}}],{default}"#)
}

/// Comes back to itself until time has passed, or until the history is full.
fn looping(chance: &mut Chance) -> String {
    let test = chance.pick(&[
        r#""Variable":"$$.State.EnteredTime","TimestampGreaterThan":"2026-01-02T12:00:02Z""#,
        r#""Variable":"$.x","IsPresent":true"#,
        r#""Variable":"$.items[2]","IsPresent":true"#,
    ]);
    format!(r#""Type":"Choice","Choices":[{{{test},"Next":"NEXT"}}],"Default":"SELF""#)
}

fn clocks(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "",
        "",
        r#""TimeoutSeconds":3,"#,
        r#""HeartbeatSeconds":2,"#,
        r#""TimeoutSeconds":3,"HeartbeatSeconds":2,"#,
        r#""TimeoutSecondsPath":"$.n","#,
    ])
}

fn recovery(chance: &mut Chance) -> String {
    let retry = chance.pick(&[
        "",
        "",
        r#""Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2,"BackoffRate":1.5}],"#,
        r#""Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"JitterStrategy":"FULL"}],"#,
        r#""Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxDelaySeconds":2},{"ErrorEquals":["States.ALL"],"MaxAttempts":3}],"#,
    ]);
    let catch = chance.pick(&[
        "",
        r#""Catch":[{"ErrorEquals":["States.ALL"],"Next":"NEXT"}],"#,
        r#""Catch":[{"ErrorEquals":["Busy","States.HeartbeatTimeout"],"ResultPath":"$.f","Next":"NEXT"}],"#,
    ]);
    format!("{retry}{catch}")
}

fn flow(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "",
        "",
        "",
        r#""ResultPath":"$.x","#,
        r#""ResultPath":null,"#,
        r#""OutputPath":"$[0]","#,
    ])
}

fn result_flow(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "",
        "",
        r#""ResultPath":"$.x","#,
        r#""ResultPath":null,"#,
        r#""ResultSelector":{"s.$":"$","items":[1]},"#,
        r#""InputPath":"$$.Execution.Input","#,
    ])
}

fn world(chance: &mut Chance) -> String {
    let mut lines = ["a", "b", "c"].map(|name| format!("{name}: {}\n", calls(chance))).to_vec();
    let token = calls(chance);
    // States are numbered from 0; a token's line serves whichever states have one.
    lines.extend((0..40).map(|state| format!("token of S{state}: {token}\n")));
    if let Some(actions) = whole(chance) {
        lines.push(format!("the execution: {actions}\n"));
    }
    if chance.one_in(2) {
        lines.push("chance: 0.1, 0.9, 0.5\n".into());
    }
    lines.concat()
}

/// What happens to the execution as a whole.
fn whole(chance: &mut Chance) -> Option<String> {
    let stop = chance.one_in(7).then(|| format!("after {}s stop Enough", chance.below(9)));
    let redrives = if chance.one_in(2) { 1 + chance.below(3) } else { 0 };
    let redrives = (0..redrives).map(|_| format!("after {}s redrive", chance.below(15)));
    let actions: Vec<String> = stop.into_iter().chain(redrives).collect();
    (!actions.is_empty()).then(|| actions.join(" then "))
}

fn calls(chance: &mut Chance) -> String {
    let calls = 1 + chance.below(3);
    let calls: Vec<String> = (0..calls).map(|_| call(chance)).collect();
    calls.join("; ")
}

fn call(chance: &mut Chance) -> String {
    let actions = 1 + chance.below(3);
    let actions: Vec<String> = (0..actions)
        .map(|_| {
            let verb = chance.pick(&[
                "succeed {\"x\": 2}",
                "succeed [1]",
                "succeed {\"items\": [1, [2], {\"x\": null}], \"n\": 0}",
                "echo",
                "echo",
                "fail Busy",
                "fail Broken \"why\"",
                "fail States.Timeout",
                "fail",
                "hang",
                "heartbeat",
            ]);
            format!("after {}s {verb}", chance.below(4))
        })
        .collect();
    actions.join(" then ")
}

fn limits(chance: &mut Chance) -> String {
    let payload = chance.pick(&["30", "300", "100000", "262144"]);
    let events = chance.pick(&["12", "30", "100", "300"]);
    let (concurrency, decisions) = (1 + chance.below(4), 1 + chance.below(9));
    format!(
        "payload_bytes_max: {payload}\nhistory_events_max: {events}\nmap_concurrency_max: \
         {concurrency}\ndecisions_per_step: {decisions}\njsonata_steps_max: 20000\n"
    )
}
