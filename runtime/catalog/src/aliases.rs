//! Aliases: names that lead to versions.

use stepwell_asl::Timestamp;
use stepwell_value::Str;

use crate::arn::{Misread, Qualifier};
use crate::catalog::{Catalog, Decided, Named, check_active, moment};
use crate::change::Write;
use crate::machines::check_bounds;
use crate::name;
use crate::page::{Page, PageRequest, Pager, TOKEN_LENGTH_MAX};
use crate::record::{AliasRecord, Machine};
use crate::refusal::{Conflict, Invalid, Quota, Refusal};
use crate::routing::{self, Route, Routed, Routing};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlias {
    pub name: Str,
    pub description: Option<Str>,
    pub routes: Vec<Route>,
}

/// What is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AliasUpdate {
    pub alias_arn: Str,
    pub description: Option<Str>,
    pub routes: Option<Vec<Route>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasItem {
    pub alias_arn: Str,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasDescription {
    pub alias_arn: Str,
    pub name: Str,
    pub description: Option<Str>,
    pub routes: Vec<Route>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The machine's and the alias's names, with what there is of the two.
type Found<'a> = (Str, Str, Option<(&'a Machine, &'a AliasRecord)>);

impl Catalog {
    /// `CreateStateMachineAlias`. The same request again changes nothing.
    pub fn create_alias(&self, request: &NewAlias, now: Timestamp) -> Decided<AliasItem> {
        let alias = name::check_alias(&request.name)?;
        self.check_description(request.description.as_ref())?;
        let (name, machine, routing) = self.routed(&request.routes)?;
        let qualifier = Qualifier::Alias(Str::clone(&alias));
        let alias_arn = self.machine_arn(&name, qualifier);
        if let Some(found) = machine.aliases.get(&alias) {
            if found.routing != routing || found.description != request.description {
                return Err(Refusal::Conflict(Conflict::AliasExists));
            }
            let item = AliasItem { alias_arn, created_at: found.created_at };
            return Ok(self.decide(item, Vec::new()));
        }
        if machine.aliases.len() >= self.limits.aliases_max {
            let quota = Quota::Aliases(self.limits.aliases_max);
            return Err(Refusal::ServiceQuotaExceeded(quota));
        }
        let now = moment(now);
        let description = request.description.clone();
        let record = AliasRecord { description, routing, created_at: now, updated_at: now };
        let write = Write::Alias { machine: name, name: alias, record: Some(record) };
        Ok(self.decide(AliasItem { alias_arn, created_at: now }, vec![write]))
    }

    /// `DescribeStateMachineAlias`
    pub fn describe_alias(&self, alias_arn: &str) -> Result<AliasDescription, Refusal> {
        let (name, alias, found) = self.alias(alias_arn)?;
        let (_, record) = found.ok_or_else(|| Refusal::ReferenceNotFound(alias_arn.into()))?;
        let routes = record.routing.shares().iter().map(|share| Route {
            version_arn: self.machine_arn(&name, Qualifier::Version(share.version)),
            weight: share.weight.into(),
        });
        Ok(AliasDescription {
            alias_arn: alias_arn.into(),
            name: alias,
            description: record.description.clone(),
            routes: routes.collect(),
            created_at: record.created_at,
            updated_at: record.updated_at,
        })
    }

    /// `UpdateStateMachineAlias`, answered with the time of the last change.
    pub fn update_alias(&self, request: &AliasUpdate, now: Timestamp) -> Decided<Timestamp> {
        if request.description.is_none() && request.routes.is_none() {
            return Err(Refusal::Validation(Invalid::NothingToUpdate));
        }
        self.check_description(request.description.as_ref())?;
        let (name, alias, found) = self.alias(&request.alias_arn)?;
        let missing = || Refusal::ReferenceNotFound(Str::clone(&request.alias_arn));
        let (machine, old) = found.ok_or_else(missing)?;
        check_active(machine, &request.alias_arn)?;
        let mut record = old.clone();
        if let Some(routes) = &request.routes {
            let (other, _, routing) = self.routed(routes)?;
            if other != name {
                let arns = routes.iter().map(|route| Str::clone(&route.version_arn)).collect();
                return Err(Refusal::Validation(Invalid::RoutesToOtherMachine(arns)));
            }
            record.routing = routing;
        }
        if let Some(description) = &request.description {
            record.description = Some(Str::clone(description));
        }
        if record == *old {
            return Ok(self.decide(old.updated_at, Vec::new()));
        }
        record.updated_at = moment(now);
        let updated_at = record.updated_at;
        let write = Write::Alias { machine: name, name: alias, record: Some(record) };
        Ok(self.decide(updated_at, vec![write]))
    }

    /// `DeleteStateMachineAlias`. One that is not there is deleted.
    pub fn delete_alias(&self, alias_arn: &str) -> Decided<()> {
        let (machine, name, found) = self.alias(alias_arn)?;
        let write = found.map(|_| Write::Alias { machine, name, record: None });
        Ok(self.decide((), write.into_iter().collect()))
    }

    /// `ListStateMachineAliases`, by their names: those of a machine, or those that lead to a
    /// version.
    pub fn aliases(
        &self,
        arn: &str,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AliasItem>, Refusal> {
        let Named { name, qualifier, machine } = self.named(arn)?;
        let missing = || Refusal::StateMachineDoesNotExist(arn.into());
        let machine = machine.ok_or_else(missing)?;
        check_active(machine, arn)?;
        let version = match qualifier {
            Qualifier::None => None,
            Qualifier::Version(number) if machine.versions.contains_key(&number) => Some(number),
            Qualifier::Version(_) => return Err(Refusal::ReferenceNotFound(arn.into())),
            Qualifier::Label(_) | Qualifier::Alias(_) => return Err(missing()),
        };
        let subject = format!("aliases of {arn}");
        let pager = Pager::new(request, &subject, now, &self.limits, TOKEN_LENGTH_MAX)?;
        let is_asked =
            |record: &AliasRecord| version.is_none_or(|number| record.routing.leads_to(number));
        let rest =
            machine.aliases.range::<str, _>((pager.lower_bound(), std::ops::Bound::Unbounded));
        let rest = rest.filter(|(_, record)| is_asked(record));
        Ok(pager.page(rest.map(|(alias, record)| {
            let alias_arn = self.machine_arn(&name, Qualifier::Alias(Str::clone(alias)));
            (Str::clone(alias), AliasItem { alias_arn, created_at: record.created_at })
        })))
    }

    /// What an alias's ARN names.
    fn alias(&self, arn: &str) -> Result<Found<'_>, Refusal> {
        let Named { name, qualifier, machine } = self.named(arn)?;
        let Qualifier::Alias(alias) = qualifier else {
            return Err(Refusal::InvalidArn(Misread::Kind("stateMachine")));
        };
        let found = machine.and_then(|machine| Some((machine, machine.aliases.get(&alias)?)));
        Ok((name, alias, found))
    }

    /// Routes to versions that are there.
    fn routed(&self, routes: &[Route]) -> Result<(Str, &Machine, Routing), Refusal> {
        let Routed { site, machine: name, routing } = routing::check(routes)?;
        let first_arn = || Str::clone(&routes[0].version_arn);
        let machine = self.machines.get(&name).filter(|_| site == self.site);
        let machine = machine.ok_or_else(|| Refusal::ReferenceNotFound(first_arn()))?;
        check_active(machine, &first_arn())?;
        let gone = routing.versions().find(|number| !machine.versions.contains_key(number));
        if let Some(number) = gone {
            let arn = self.machine_arn(&name, Qualifier::Version(number));
            return Err(Refusal::ReferenceNotFound(arn));
        }
        Ok((name, machine, routing))
    }

    fn check_description(&self, description: Option<&Str>) -> Result<(), Refusal> {
        check_bounds(None, description.map(|text| ("description", text)), &self.limits)
    }
}

#[cfg(test)]
mod tests;
