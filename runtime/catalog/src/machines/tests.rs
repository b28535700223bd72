use stepwell_asl::MachineType;
use stepwell_value::Str;

use super::{IncludedData, MachineUpdate, NewMachine, Occupancy};
use crate::catalog::tests::{Fixture, ROLE, arn, definition, machine, update};
use crate::limits::Limits;
use crate::page::PageRequest;
use crate::record::{RevisionId, Status};
use crate::refusal::Refusal;
use crate::settings::Tracing;
use crate::tags::Tag;

fn brew() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.create(&machine("brew")).unwrap();
    fixture
}

#[test]
fn the_same_request_again_is_answered_as_before() {
    let mut fixture = brew();
    let documents = fixture.documents.clone();
    let tags = vec![Tag { key: "k".into(), value: "v".into() }];
    let other_role = format!("{ROLE}-2").as_str().into();
    let again = NewMachine { role_arn: other_role, tags, ..machine("brew") };
    let created = fixture.catalog.create_machine(&again, fixture.now);
    let created = fixture.keep(created).unwrap();
    assert_eq!(created.created_at.unix_millis(), 1_700_000_000_123);
    assert_eq!(fixture.documents, documents, "role and tags stay as they were");

    let exists = Err(Refusal::StateMachineAlreadyExists(arn("stateMachine:brew")));
    let others = [
        NewMachine { definition: definition("other"), ..machine("brew") },
        NewMachine { definition: format!("{} ", definition("first")).into(), ..machine("brew") },
        NewMachine { machine_type: MachineType::Express, ..machine("brew") },
        NewMachine { tracing: Some(Tracing::Enabled), ..machine("brew") },
        NewMachine { publish: true, ..machine("brew") },
    ];
    for other in others {
        assert_eq!(fixture.create(&other), exists, "{other:?}");
    }
}

#[test]
fn requests_that_are_not_in_order_are_refused() {
    let mut fixture = Fixture::new();
    let long = "x".repeat(257).into();
    let mut small = Fixture::with(Limits { definition_bytes_max: 10, ..Limits::default() });
    let shown = small.create(&machine("brew")).unwrap_err().to_string();
    assert_eq!(
        shown,
        "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member \
         must have length less than or equal to 10"
    );
    let table = [
        (NewMachine { name: "a b".into(), ..machine("x") }, "Invalid Name: 'a b'"),
        (
            NewMachine { role_arn: "brewer".into(), ..machine("x") },
            "Invalid Arn: 'Invalid ARN prefix: brewer'",
        ),
        (
            NewMachine { version_description: Some("v".into()), ..machine("x") },
            "Version description can only be set when publish is true",
        ),
        (
            NewMachine { version_description: Some(long), publish: true, ..machine("x") },
            "1 validation error detected: Value at 'versionDescription' failed",
        ),
        (
            NewMachine { definition: r#"{"StartAt": "A"}"#.into(), ..machine("x") },
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are \
             required: [States] at /'",
        ),
    ];
    for (request, expected) in table {
        let shown = fixture.create(&request).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{shown}");
    }
    let several = r#"{"StartAt": 1, "States": 2}"#;
    let several = fixture.create(&NewMachine { definition: several.into(), ..machine("x") });
    assert!(several.unwrap_err().to_string().contains(", SCHEMA_VALIDATION_FAILED: "));
}

#[test]
fn there_are_only_so_many_machines() {
    let mut fixture = Fixture::with(Limits { machines_max: 1, ..Limits::default() });
    fixture.create(&machine("a")).unwrap();
    assert_eq!(fixture.create(&machine("b")), Err(Refusal::StateMachineLimitExceeded(1)));
    assert!(fixture.create(&machine("a")).is_ok(), "it is there already");
}

#[test]
fn an_update_makes_a_revision_when_something_changes() {
    let mut fixture = brew();
    let describe = |fixture: &Fixture| {
        fixture.catalog.describe_machine(&arn("stateMachine:brew"), IncludedData::All).unwrap()
    };
    assert_eq!(describe(&fixture).revision_id, RevisionId::Initial);
    fixture.update(&update("brew", "first")).unwrap();
    assert_eq!(describe(&fixture).revision_id, RevisionId::Initial, "it is the same");

    fixture.update(&update("brew", "second")).unwrap();
    let second = describe(&fixture);
    let id = second.revision_id.shown().unwrap();
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!((parts, id.as_bytes()[14]), (vec![8, 4, 4, 4, 12], b'4'), "{id}");
    assert_eq!(second.definition, definition("second"));
    assert_eq!(second.created_at.unix_millis(), 1_700_000_000_123);
    let revisions = fixture.documents.keys().filter(|key| key.contains("/revision/")).count();
    assert_eq!(revisions, 1, "of the first one the definition is not kept any more");

    let role = MachineUpdate {
        machine_arn: arn("stateMachine:brew"),
        role_arn: Some(format!("{ROLE}-2").into()),
        ..MachineUpdate::default()
    };
    fixture.update(&role).unwrap();
    let third = describe(&fixture);
    assert_ne!(third.revision_id, second.revision_id);
    assert_eq!(third.definition, second.definition);
}

#[test]
fn updates_that_are_not_in_order_are_refused() {
    let mut fixture = brew();
    let nothing =
        MachineUpdate { machine_arn: arn("stateMachine:brew"), ..MachineUpdate::default() };
    let at = |end: &str| MachineUpdate { machine_arn: arn(end), ..update("brew", "second") };
    let table = [
        (nothing.clone(), Refusal::MissingRequiredParameter),
        (MachineUpdate { publish: true, ..nothing }, Refusal::MissingRequiredParameter),
        (at("stateMachine:ale"), Refusal::StateMachineDoesNotExist(arn("stateMachine:ale"))),
        (at("stateMachine:brew:1"), Refusal::StateMachineDoesNotExist(arn("stateMachine:brew:1"))),
    ];
    for (request, expected) in table {
        assert_eq!(fixture.update(&request), Err(expected));
    }
    let labelled = fixture.update(&at("stateMachine:brew/mash")).unwrap_err();
    assert!(matches!(labelled, Refusal::Validation(crate::Invalid::LabelledArn(_))));
    let activity = fixture.update(&at("activity:brew")).unwrap_err().to_string();
    assert_eq!(activity, "Invalid Arn: 'Resource type not valid in this context: activity'");
}

#[test]
fn a_machine_whose_executions_run_is_deleted_when_they_are_gone() {
    let mut fixture = brew();
    let machine_arn = arn("stateMachine:brew");
    let deleted = fixture.catalog.delete_machine(&machine_arn, Occupancy::Busy);
    fixture.keep(deleted).unwrap();
    let described = fixture.catalog.describe_machine(&machine_arn, IncludedData::All).unwrap();
    assert_eq!(described.status, Status::Deleting);
    assert_eq!(fixture.catalog.deleting().map(|name| &**name).collect::<Vec<_>>(), ["brew"]);
    let deleting = Err(Refusal::StateMachineDeleting(Str::clone(&machine_arn)));
    assert_eq!(fixture.create(&machine("brew")), deleting);
    assert_eq!(fixture.update(&update("brew", "x")).map(drop), deleting.map(drop));

    let change = fixture.catalog.finish_deletion("brew");
    fixture.keep(Ok(crate::Decision { answer: (), change })).unwrap();
    assert!(fixture.documents.is_empty(), "{:?}", fixture.documents);
    assert!(fixture.catalog.finish_deletion("brew").is_empty());
    let again = fixture.catalog.delete_machine(&machine_arn, Occupancy::Idle).unwrap();
    assert!(again.change.is_empty());
}

#[test]
fn an_idle_machine_goes_with_everything_at_once() {
    let mut fixture = Fixture::new();
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    fixture.update(&MachineUpdate { publish: true, ..update("brew", "second") }).unwrap();
    let deleted = fixture.catalog.delete_machine(&arn("stateMachine:brew"), Occupancy::Idle);
    fixture.keep(deleted).unwrap();
    assert!(fixture.documents.is_empty(), "{:?}", fixture.documents);
}

#[test]
fn metadata_alone_has_no_definition() {
    let fixture = brew();
    let machine_arn = arn("stateMachine:brew");
    let described = fixture.catalog.describe_machine(&machine_arn, IncludedData::MetadataOnly);
    assert_eq!(&*described.unwrap().definition, "{}");
}

#[test]
fn machines_are_listed_by_name() {
    let mut fixture = Fixture::new();
    for name in ["c", "a", "b"] {
        fixture.create(&machine(name)).unwrap();
    }
    let mut request = PageRequest { max_results: Some(2), next_token: None };
    let first = fixture.catalog.machines(&request, fixture.now).unwrap();
    request.next_token = first.next_token;
    let second = fixture.catalog.machines(&request, fixture.now).unwrap();
    assert!(second.next_token.is_none());
    let names: Vec<Str> =
        first.items.into_iter().chain(second.items).map(|item| item.name).collect();
    assert_eq!(names, ["a", "b", "c"].map(Str::from));
}
