use stepwell_value::Str;

use super::{ActivityItem, NewActivity};
use crate::catalog::tests::{Fixture, arn};
use crate::limits::Limits;
use crate::page::PageRequest;
use crate::refusal::Refusal;
use crate::settings::{Encryption, EncryptionType, NewEncryption};
use crate::tags::Tag;

fn activity(name: &str) -> NewActivity {
    NewActivity { name: name.into(), encryption: None, tags: Vec::new() }
}

fn create(fixture: &mut Fixture, activity: &NewActivity) -> Result<ActivityItem, Refusal> {
    let decided = fixture.catalog.create_activity(activity, fixture.now);
    fixture.keep(decided)
}

#[test]
fn an_activity_is_known_by_its_name_alone() {
    let mut fixture = Fixture::with(Limits { activities_max: 1, ..Limits::default() });
    let first = create(&mut fixture, &activity("stir")).unwrap();
    assert_eq!(first.activity_arn, arn("activity:stir"));
    let tags = vec![Tag { key: "k".into(), value: "v".into() }];
    assert_eq!(create(&mut fixture, &NewActivity { tags, ..activity("stir") }), Ok(first));
    assert_eq!(fixture.catalog.tags_of(&arn("activity:stir")), Ok(Vec::new()));
    let own = NewEncryption {
        kind: EncryptionType::CustomerManagedKmsKey,
        kms_key_id: Some("k".into()),
        data_key_reuse_seconds: None,
    };
    let own = NewActivity { encryption: Some(own), ..activity("stir") };
    let exists = Err(Refusal::ActivityAlreadyExists(arn("activity:stir")));
    assert_eq!(create(&mut fixture, &own), exists);
    let full = Err(Refusal::ActivityLimitExceeded(1));
    assert_eq!(create(&mut fixture, &activity("shake")), full);
    assert!(matches!(create(&mut fixture, &activity("a b")), Err(Refusal::InvalidName(_))));
}

#[test]
fn an_activity_that_is_gone_is_not_described() {
    let mut fixture = Fixture::new();
    create(&mut fixture, &activity("stir")).unwrap();
    let stir = arn("activity:stir");
    let described = fixture.catalog.describe_activity(&stir).unwrap();
    assert_eq!((&*described.name, described.encryption), ("stir", Encryption::AwsOwnedKey));
    let deleted = fixture.catalog.delete_activity(&stir);
    fixture.keep(deleted).unwrap();
    let gone = Err(Refusal::ActivityDoesNotExist(Str::clone(&stir)));
    assert_eq!(fixture.catalog.describe_activity(&stir), gone);
    assert!(fixture.catalog.delete_activity(&stir).unwrap().change.is_empty());
    let elsewhere = "arn:aws:states:us-east-1:123456789012:activity:stir";
    create(&mut fixture, &activity("stir")).unwrap();
    assert!(fixture.catalog.describe_activity(elsewhere).is_err());
    let machine = fixture.catalog.describe_activity(&arn("stateMachine:stir")).unwrap_err();
    assert_eq!(
        machine.to_string(),
        "Invalid Arn: 'Resource type not valid in this context: stateMachine'"
    );
}

#[test]
fn activities_are_listed_by_name() {
    let mut fixture = Fixture::new();
    for name in ["z", "b", "y"] {
        create(&mut fixture, &activity(name)).unwrap();
    }
    let page = fixture.catalog.activities(&PageRequest::default(), fixture.now).unwrap();
    let names: Vec<Str> = page.items.into_iter().map(|item| item.name).collect();
    assert_eq!(names, ["b", "y", "z"].map(Str::from));
}
