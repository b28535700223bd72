use stepwell_value::Str;

use super::{AliasItem, AliasUpdate, NewAlias};
use crate::catalog::tests::{Fixture, arn, machine, update};
use crate::limits::Limits;
use crate::machines::{MachineUpdate, NewMachine, Occupancy};
use crate::page::PageRequest;
use crate::refusal::{Conflict, Invalid, Quota, Refusal};
use crate::routing::Route;

fn brew(limits: Limits) -> Fixture {
    let mut fixture = Fixture::with(limits);
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    fixture.update(&MachineUpdate { publish: true, ..update("brew", "second") }).unwrap();
    fixture
}

fn route(version: u64, weight: i64) -> Route {
    Route { version_arn: arn(&format!("stateMachine:brew:{version}")), weight }
}

fn alias(name: &str, routes: &[Route]) -> NewAlias {
    NewAlias { name: name.into(), description: None, routes: routes.to_vec() }
}

fn create(fixture: &mut Fixture, alias: &NewAlias) -> Result<AliasItem, Refusal> {
    let decided = fixture.catalog.create_alias(alias, fixture.now);
    fixture.keep(decided)
}

fn listed(fixture: &Fixture, end: &str) -> Result<Vec<Str>, Refusal> {
    let page = fixture.catalog.aliases(&arn(end), &PageRequest::default(), fixture.now)?;
    Ok(page.items.into_iter().map(|item| item.alias_arn).collect())
}

#[test]
fn the_same_alias_again_is_the_one_that_is_there() {
    let mut fixture = brew(Limits::default());
    let prod = alias("prod", &[route(1, 100)]);
    let first = create(&mut fixture, &prod).unwrap();
    assert_eq!(first.alias_arn, arn("stateMachine:brew:prod"));
    assert_eq!(create(&mut fixture, &prod), Ok(first));
    let exists = Err(Refusal::Conflict(Conflict::AliasExists));
    let described = NewAlias { description: Some("x".into()), ..prod };
    assert_eq!(create(&mut fixture, &described), exists);
    assert_eq!(create(&mut fixture, &alias("prod", &[route(2, 100)])), exists);
}

#[test]
fn an_alias_leads_to_what_is_there() {
    let mut fixture = brew(Limits { aliases_max: 1, ..Limits::default() });
    let missing = |end: &str| Refusal::ReferenceNotFound(arn(end));
    let refused = create(&mut fixture, &alias("prod", &[route(1, 50), route(3, 50)]));
    assert_eq!(refused, Err(missing("stateMachine:brew:3")));
    let ale = Route { version_arn: arn("stateMachine:ale:1"), weight: 100 };
    assert_eq!(create(&mut fixture, &alias("prod", &[ale])), Err(missing("stateMachine:ale:1")));
    create(&mut fixture, &alias("prod", &[route(1, 100)])).unwrap();
    let second = create(&mut fixture, &alias("beta", &[route(1, 100)]));
    assert_eq!(second, Err(Refusal::ServiceQuotaExceeded(Quota::Aliases(1))));
    let version = fixture.catalog.delete_version(&arn("stateMachine:brew:1")).unwrap_err();
    assert_eq!(
        version.to_string(),
        "Version to be deleted must not be referenced by an alias. Current list of aliases \
         referencing this version: [prod]"
    );
}

#[test]
fn an_update_changes_what_it_names() {
    let mut fixture = brew(Limits::default());
    let created = create(&mut fixture, &alias("prod", &[route(1, 100)])).unwrap();
    let mut change = |description: Option<&str>, routes: Option<Vec<Route>>| {
        let alias_arn = arn("stateMachine:brew:prod");
        let update = AliasUpdate { alias_arn, description: description.map(Str::from), routes };
        let decided = fixture.catalog.update_alias(&update, fixture.now);
        let updated_at = fixture.keep(decided)?;
        let found = fixture.catalog.describe_alias(&update.alias_arn).unwrap();
        assert_eq!((found.updated_at, found.created_at), (updated_at, created.created_at));
        Ok((found.description, found.routes, updated_at))
    };
    let (description, routes, first) = change(Some("all"), None).unwrap();
    assert_eq!((description.as_deref(), routes), (Some("all"), vec![route(1, 100)]));
    let both = vec![route(1, 40), route(2, 60)];
    let (description, routes, second) = change(None, Some(both.clone())).unwrap();
    assert_eq!((description.as_deref(), &routes), (Some("all"), &both));
    assert!(second > first && first > created.created_at);
    assert_eq!(change(Some("all"), Some(both)).unwrap().2, second, "nothing has changed");
    assert_eq!(change(None, None), Err(Refusal::Validation(Invalid::NothingToUpdate)));
    let gone = Err(Refusal::ReferenceNotFound(arn("stateMachine:brew:9")));
    assert_eq!(change(None, Some(vec![route(9, 100)])), gone);
}

#[test]
fn what_is_no_alias_is_told_from_one_that_is_gone() {
    let mut fixture = brew(Limits::default());
    let prod = arn("stateMachine:brew:prod");
    let shown = fixture.catalog.describe_alias(&prod).unwrap_err().to_string();
    assert_eq!(shown, "Request references a resource that does not exist.");
    let gone = AliasUpdate { description: Some("x".into()), ..AliasUpdate::default() };
    let gone = AliasUpdate { alias_arn: Str::clone(&prod), ..gone };
    let updated = fixture.catalog.update_alias(&gone, fixture.now).unwrap_err();
    assert_eq!(updated, Refusal::ReferenceNotFound(Str::clone(&prod)));
    assert!(fixture.catalog.delete_alias(&prod).unwrap().change.is_empty());
    let version = fixture.catalog.describe_alias(&arn("stateMachine:brew:1")).unwrap_err();
    assert!(matches!(version, Refusal::InvalidArn(_)));
    create(&mut fixture, &alias("prod", &[route(1, 100)])).unwrap();
    let deleted = fixture.catalog.delete_alias(&prod);
    fixture.keep(deleted).unwrap();
    assert!(fixture.catalog.describe_alias(&prod).is_err());
}

#[test]
fn aliases_are_listed_for_a_machine_or_a_version() {
    let mut fixture = brew(Limits::default());
    for (name, routes) in [
        ("b", vec![route(1, 100)]),
        ("a", vec![route(2, 100)]),
        ("c", vec![route(1, 5), route(2, 95)]),
    ] {
        create(&mut fixture, &alias(name, &routes)).unwrap();
    }
    let arns = |names: &[&str]| -> Result<Vec<Str>, Refusal> {
        Ok(names.iter().map(|name| arn(&format!("stateMachine:brew:{name}"))).collect())
    };
    assert_eq!(listed(&fixture, "stateMachine:brew"), arns(&["a", "b", "c"]));
    assert_eq!(listed(&fixture, "stateMachine:brew:1"), arns(&["b", "c"]));
    assert_eq!(listed(&fixture, "stateMachine:brew:2"), arns(&["a", "c"]));
    let gone = arn("stateMachine:brew:3");
    assert_eq!(listed(&fixture, "stateMachine:brew:3"), Err(Refusal::ReferenceNotFound(gone)));
    let ale = arn("stateMachine:ale");
    assert_eq!(listed(&fixture, "stateMachine:ale"), Err(Refusal::StateMachineDoesNotExist(ale)));
    let brew = arn("stateMachine:brew");
    let deleted = fixture.catalog.delete_machine(&brew, Occupancy::Busy);
    fixture.keep(deleted).unwrap();
    assert_eq!(listed(&fixture, "stateMachine:brew"), Err(Refusal::StateMachineDeleting(brew)));
    let version = arn("stateMachine:brew:1");
    let deleting = Refusal::StateMachineDeleting(Str::clone(&version));
    let fourth = create(&mut fixture, &alias("d", &[route(1, 100)]));
    assert_eq!(fourth, Err(deleting.clone()));
    assert_eq!(fixture.catalog.delete_version(&version).unwrap_err(), deleting);
}
