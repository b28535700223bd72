use crate::catalog::tests::{Drawn, Fixture, arn, definition, machine, update};
use crate::limits::Limits;
use crate::machines::{IncludedData, MachineUpdate, NewMachine};
use crate::page::PageRequest;
use crate::refusal::{Conflict, Quota, Refusal};
use stepwell_value::Str;

fn publish(fixture: &mut Fixture, revision: Option<&str>) -> Result<Str, Refusal> {
    let machine_arn = arn("stateMachine:brew");
    let decided = fixture.catalog.publish_version(&machine_arn, revision, None, fixture.now);
    fixture.keep(decided).map(|published| published.version_arn)
}

fn numbers(fixture: &Fixture) -> Vec<Str> {
    let page =
        fixture.catalog.versions(&arn("stateMachine:brew"), &PageRequest::default(), fixture.now);
    page.unwrap().items.into_iter().map(|item| item.version_arn).collect()
}

fn brew() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.create(&machine("brew")).unwrap();
    fixture
}

#[test]
fn a_revision_is_published_once() {
    let mut fixture = brew();
    let first = arn("stateMachine:brew:1");
    assert_eq!(publish(&mut fixture, None), Ok(Str::clone(&first)));
    assert_eq!(publish(&mut fixture, Some("INITIAL")), Ok(Str::clone(&first)));
    let again = MachineUpdate { publish: true, ..update("brew", "first") };
    assert_eq!(fixture.update(&again), Ok(Some(first)));
    let second = MachineUpdate { publish: true, ..update("brew", "second") };
    assert_eq!(fixture.update(&second), Ok(Some(arn("stateMachine:brew:2"))));
    assert_eq!(numbers(&fixture), [arn("stateMachine:brew:2"), arn("stateMachine:brew:1")]);
}

#[test]
fn only_the_revision_that_is_meant_is_published() {
    let mut fixture = brew();
    let shown = publish(&mut fixture, Some("0f1e")).unwrap_err().to_string();
    assert_eq!(
        shown,
        "Failed to publish the State Machine version for revision 0f1e. The current State Machine \
         revision is INITIAL."
    );
    fixture.update(&update("brew", "second")).unwrap();
    let refused = publish(&mut fixture, Some("INITIAL"));
    assert!(matches!(refused, Err(Refusal::Conflict(Conflict::OtherRevision { .. }))));
    let ale = fixture.catalog.publish_version(&arn("stateMachine:ale"), None, None, fixture.now);
    assert_eq!(ale.unwrap_err(), Refusal::StateMachineDoesNotExist(arn("stateMachine:ale")));
}

#[test]
fn numbers_are_not_used_again() {
    let mut fixture = brew();
    publish(&mut fixture, None).unwrap();
    let deleted = fixture.catalog.delete_version(&arn("stateMachine:brew:1"));
    fixture.keep(deleted).unwrap();
    assert_eq!(publish(&mut fixture, None), Ok(arn("stateMachine:brew:2")));
    let gone = fixture.catalog.delete_version(&arn("stateMachine:brew:1")).unwrap();
    assert!(gone.change.is_empty());
    let shown = fixture.catalog.delete_version(&arn("stateMachine:brew")).unwrap_err();
    assert!(matches!(shown, Refusal::InvalidArn(_)));
}

#[test]
fn a_version_keeps_its_revision_and_takes_it_along() {
    let mut fixture = Fixture::new();
    let description = Some("the first".into());
    let new = NewMachine { publish: true, version_description: description, ..machine("brew") };
    fixture.create(&new).unwrap();
    fixture.update(&update("brew", "second")).unwrap();
    let version_arn = arn("stateMachine:brew:1");
    let described = fixture.catalog.describe_machine(&version_arn, IncludedData::All).unwrap();
    assert_eq!(described.definition, definition("first"));
    assert_eq!(described.description.as_deref(), Some("the first"));
    assert_eq!(described.arn, version_arn);
    let revisions = |fixture: &Fixture| {
        fixture.documents.keys().filter(|key| key.contains("/revision/")).count()
    };
    assert_eq!(revisions(&fixture), 2);
    let deleted = fixture.catalog.delete_version(&version_arn);
    fixture.keep(deleted).unwrap();
    assert_eq!(revisions(&fixture), 1);
    let gone = fixture.catalog.resolve(&version_arn, &mut Drawn(0)).unwrap_err();
    assert_eq!(gone, Refusal::StateMachineDoesNotExist(version_arn));
}

#[test]
fn there_are_only_so_many_versions() {
    let mut fixture = Fixture::with(Limits { versions_max: 1, ..Limits::default() });
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    assert!(publish(&mut fixture, None).is_ok(), "it is there already");
    let second = MachineUpdate { publish: true, ..update("brew", "second") };
    let refused = Err(Refusal::ServiceQuotaExceeded(Quota::Versions(1)));
    assert_eq!(fixture.update(&second), refused);
    let described =
        fixture.catalog.describe_machine(&arn("stateMachine:brew"), IncludedData::All).unwrap();
    assert_eq!(described.definition, definition("first"), "nothing has changed");
}

#[test]
fn versions_are_listed_from_the_newest() {
    let mut fixture = brew();
    for number in 0..12 {
        let next = MachineUpdate { publish: true, ..update("brew", &format!("nr {number}")) };
        fixture.update(&next).unwrap();
    }
    let machine_arn = arn("stateMachine:brew");
    let mut request = PageRequest { max_results: Some(5), next_token: None };
    let mut found = Vec::new();
    loop {
        let page = fixture.catalog.versions(&machine_arn, &request, fixture.now).unwrap();
        found.extend(page.items.into_iter().map(|item| item.version_arn));
        request.next_token = page.next_token;
        if request.next_token.is_none() {
            break;
        }
    }
    let expected: Vec<Str> =
        (1..=12).rev().map(|number| arn(&format!("stateMachine:brew:{number}"))).collect();
    assert_eq!(found, expected);
    let nobody = fixture.catalog.versions(&arn("stateMachine:ale"), &request, fixture.now);
    assert_eq!(nobody.unwrap().items, []);
}
