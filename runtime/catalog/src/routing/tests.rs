use stepwell_kernel::Entropy;

use super::{Route, Routing, Share, check};

fn routes(of: &[(&str, i64)]) -> Vec<Route> {
    let arn = |end| format!("arn:aws:states:eu-west-1:123456789012:stateMachine:{end}").into();
    of.iter().map(|(end, weight)| Route { version_arn: arn(end), weight: *weight }).collect()
}

#[test]
fn routes_lead_to_distinct_versions_of_one_machine() {
    let table: &[(&[(&str, i64)], &str)] = &[
        (&[], "1 validation error detected: Value '[]' at 'routingConfiguration'"),
        (
            &[("b:1", 50), ("b:2", 30), ("b:3", 20)],
            "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=arn:aws:states:eu-west-1:123456789012:stateMachine:b:1, weight=50), ",
        ),
        (
            &[("b:1", 101)],
            "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
        ),
        (
            &[("b:1", 100), ("b:2", -1)],
            "1 validation error detected: Value '-1' at 'routingConfiguration.2.member.weight' failed to satisfy constraint: Member must have value greater than or equal to 0",
        ),
        (
            &[("b", 100)],
            "Routing configuration must contain state machine version ARNs. Received: [arn:aws:states:eu-west-1:123456789012:stateMachine:b]",
        ),
        (
            &[("b:1", 50), ("b:x", 50)],
            "Routing configuration must contain state machine version ARNs. Received: [",
        ),
        (
            &[("b:1", 50), ("b:1", 50)],
            "Routing configuration must contain distinct state machine version ARNs. Received: [",
        ),
        (
            &[("b:1", 50), ("c:2", 50)],
            "Routing configuration must contain versions of one state machine. Received: [",
        ),
        (
            &[("b:1", 60), ("b:2", 41)],
            "Sum of routing configuration weights must equal 100. Received: [60, 41]",
        ),
        (&[("b:1", 99)], "Sum of routing configuration weights must equal 100. Received: [99]"),
        (&[("b:1:2", 100)], "Invalid Arn: 'Invalid ARN prefix: "),
    ];
    for (given, expected) in table {
        let shown = check(&routes(given)).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{given:?}: {shown}");
    }
    let routed = check(&routes(&[("b:1", 0), ("b:2", 100)])).unwrap();
    assert_eq!(&*routed.machine, "b");
    assert_eq!(routed.routing.versions().collect::<Vec<_>>(), [1, 2]);
}

/// Gives numbers one after the other and counts.
struct Counter(u64);

impl Entropy for Counter {
    fn next_u64(&mut self) -> u64 {
        self.0 += 1;
        self.0 - 1
    }
}

#[test]
fn of_a_hundred_draws_each_version_has_its_weight() {
    for weight in [0, 1, 37, 100] {
        let shares = vec![Share { version: 4, weight }, Share { version: 9, weight: 100 - weight }];
        let routing = Routing::of(shares).unwrap();
        let mut entropy = Counter(0);
        let firsts = (0..100).filter(|_| routing.draw(&mut entropy) == 4).count();
        assert_eq!(firsts, usize::from(weight));
    }
    let mut entropy = Counter(0);
    let only = Routing::of(vec![Share { version: 3, weight: 100 }]).unwrap();
    assert_eq!((only.draw(&mut entropy), entropy.0), (3, 0), "there is nothing to draw");
}
