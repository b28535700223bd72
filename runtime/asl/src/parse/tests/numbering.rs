//! The numbers of machines and states, which journals keep.

use super::parse;
use crate::{Definition, Kind, MachineIdx, StateIdx, Transition};

/// All eight types, with machines three deep, and fields in an unusual order.
const NESTED: &str = r#"{
    "States": {
        "Fan": {"Type":"Parallel","Next":"Each","Branches":[
            {"StartAt":"B2","States":{
                "B1":{"Type":"Succeed"},
                "B2":{"Type":"Map","Next":"B1","ItemProcessor":
                    {"StartAt":"C1","States":{"C1":{"Type":"Wait","Seconds":1,"End":true}}}}}},
            {"States":{"B3":{"Type":"Fail"}},"StartAt":"B3"}]},
        "Start": {"Type":"Choice","Default":"Work","Choices":[
            {"Variable":"$.fan","IsPresent":true,"Next":"Fan"}]},
        "Work": {"Type":"Task","Resource":"charge","Next":"Fan"},
        "Each": {"Type":"Map","Next":"Last","Iterator":
            {"StartAt":"D1","States":{
                "D1":{"Type":"Pass","Next":"D2"},
                "D2":{"Type":"Succeed"}}}},
        "Last": {"Type":"Pass","End":true}
    },
    "StartAt": "Start"
}"#;

fn name(definition: &Definition, idx: StateIdx) -> &str {
    &definition.state(idx).name
}

/// The machines of a state, in order.
fn machines(kind: &Kind) -> Vec<MachineIdx> {
    match kind {
        Kind::Parallel(parallel) => parallel.branches.clone(),
        Kind::Map(map) => vec![map.processor],
        Kind::Task(_)
        | Kind::Pass(_)
        | Kind::Choice(_)
        | Kind::Wait(_)
        | Kind::Succeed
        | Kind::Fail(_) => Vec::new(),
    }
}

#[test]
fn states_are_numbered_machine_by_machine_in_the_order_of_the_text() {
    let definition = parse(NESTED);
    let names: Vec<_> = definition.states().map(|(idx, state)| (idx.0, &*state.name)).collect();
    let expected = [
        "Fan", "Start", "Work", "Each", "Last", // the outermost machine
        "B1", "B2", // the first branch, and then what is inside it
        "C1", "B3", // the second branch
        "D1", "D2", // the Map's processor
    ];
    assert_eq!(names, (0..).zip(expected).collect::<Vec<_>>());
}

#[test]
fn every_machine_has_its_own_states_and_its_start() {
    let definition = parse(NESTED);
    let mut found = Vec::new();
    let mut frontier = vec![definition.root()];
    while let Some(idx) = frontier.pop() {
        let machine = definition.machine(idx);
        let names = machine.states.iter().map(|state| name(&definition, *state));
        let names = names.collect::<Vec<_>>().join(" ");
        found.push(format!("{}: {names} from {}", idx.0, name(&definition, machine.start)));
        let inner = machine.states.iter().flat_map(|idx| machines(&definition.state(*idx).kind));
        frontier.extend(inner);
    }
    found.sort();
    assert_eq!(
        found,
        [
            "0: Fan Start Work Each Last from Start",
            "1: B1 B2 from B2",
            "2: C1 from C1",
            "3: B3 from B3",
            "4: D1 D2 from D1",
        ]
    );
}

#[test]
fn transitions_are_numbers_of_states() {
    let definition = parse(NESTED);
    let shown = definition.states().map(|(_, state)| {
        let next = match &state.kind {
            Kind::Task(task) => task.next,
            Kind::Pass(pass) => pass.next,
            Kind::Wait(wait) => wait.next,
            Kind::Parallel(parallel) => parallel.next,
            Kind::Map(map) => map.next,
            Kind::Choice(choice) => Transition::Next(choice.rules[0].next),
            Kind::Succeed | Kind::Fail(_) => return format!("{}.", state.name),
        };
        match next {
            Transition::Next(next) => format!("{} > {}", state.name, name(&definition, next)),
            Transition::End => format!("{} > end", state.name),
        }
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "Fan > Each",
            "Start > Fan",
            "Work > Fan",
            "Each > Last",
            "Last > end",
            "B1.",
            "B2 > B1",
            "C1 > end",
            "B3.",
            "D1 > D2",
            "D2.",
        ]
    );
}
