//! To which versions an alias leads, and how often to each.

use stepwell_kernel::Entropy;
use stepwell_value::Str;

use crate::arn::{Arn, Misread, Qualifier, Resource, Site};
use crate::constraint::{Constraints, Rule};
use crate::refusal::{Invalid, Refusal};

/// `RoutingConfigurationListItem`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub version_arn: Str,
    /// Of a hundred.
    pub weight: i64,
}

const ROUTES_MAX: usize = 2;
const WEIGHT_MAX: i64 = 100;

/// One or two versions of one machine, whose weights make a hundred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Routing(Vec<Share>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub version: u64,
    pub weight: u8,
}

/// Routes that are in order, of whatever machine.
#[derive(Debug)]
pub(crate) struct Routed {
    pub site: Site,
    pub machine: Str,
    pub routing: Routing,
}

impl Routing {
    pub(crate) fn of(shares: Vec<Share>) -> Option<Self> {
        let sum: u32 = shares.iter().map(|share| u32::from(share.weight)).sum();
        let is_counted = (1..=ROUTES_MAX).contains(&shares.len());
        (is_counted && i64::from(sum) == WEIGHT_MAX).then_some(Self(shares))
    }

    pub(crate) fn shares(&self) -> &[Share] {
        &self.0
    }

    pub(crate) fn versions(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|share| share.version)
    }

    pub(crate) fn leads_to(&self, version: u64) -> bool {
        self.versions().any(|number| number == version)
    }

    /// A version, drawn by weight.
    pub(crate) fn draw(&self, entropy: &mut dyn Entropy) -> u64 {
        let [first, rest @ ..] = self.0.as_slice() else { unreachable!("there is a route") };
        let Some(second) = rest.first() else { return first.version };
        // What the remainder prefers is one in 10^17.
        let drawn = entropy.next_u64() % 100;
        if drawn < u64::from(first.weight) { first.version } else { second.version }
    }
}

pub(crate) fn check(routes: &[Route]) -> Result<Routed, Refusal> {
    check_bounds(routes)?;
    let arns: Vec<Arn> = routes
        .iter()
        .map(|route| Arn::parse(&route.version_arn))
        .collect::<Result<_, Misread>>()?;
    let received = || routes.iter().map(|route| Str::clone(&route.version_arn)).collect();
    let refuse = |invalid| Err(Refusal::Validation(invalid));
    let versions: Option<Vec<(Site, Str, u64)>> = arns.into_iter().map(version).collect();
    let Some(versions) = versions else { return refuse(Invalid::RoutesToNoVersion(received())) };
    let (site, machine, first) = &versions[0];
    if versions.iter().any(|(at, name, _)| (at, name) != (site, machine)) {
        return refuse(Invalid::RoutesToOtherMachine(received()));
    }
    if versions[1..].iter().any(|(_, _, number)| number == first) {
        return refuse(Invalid::RoutesTwice(received()));
    }
    let shares = versions.iter().zip(routes).map(|((_, _, version), route)| {
        let weight = u8::try_from(route.weight).expect("weights are checked");
        Share { version: *version, weight }
    });
    let Some(routing) = Routing::of(shares.collect()) else {
        let weights = routes.iter().map(|route| route.weight).collect();
        return refuse(Invalid::WeightsNotWhole(weights));
    };
    Ok(Routed { site: site.clone(), machine: Str::clone(machine), routing })
}

fn version(arn: Arn) -> Option<(Site, Str, u64)> {
    match arn.resource {
        Resource::Machine { name, qualifier: Qualifier::Version(number) } => {
            Some((arn.site, name, number))
        }
        _ => None,
    }
}

fn check_bounds(routes: &[Route]) -> Result<(), Refusal> {
    const MEMBER: &str = "routingConfiguration";
    let mut constraints = Constraints::default();
    for (number, Route { weight, .. }) in (1..).zip(routes) {
        constraints.value(&format!("{MEMBER}.{number}.member.weight"), *weight, 0..=WEIGHT_MAX);
    }
    match routes.len() {
        0 => constraints.violate(MEMBER, "[]", Rule::LengthMin(1)),
        1..=ROUTES_MAX => {}
        _ => constraints.violate(MEMBER, &shown(routes), Rule::LengthMax(ROUTES_MAX)),
    }
    constraints.finish()
}

/// A list of routes as the service's messages quote it.
fn shown(routes: &[Route]) -> String {
    let items = routes.iter().map(|Route { version_arn, weight }| {
        format!(
            "RoutingConfigurationListItem(stateMachineVersionArn={version_arn}, weight={weight})"
        )
    });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
