use stepwell_asl::Timestamp;
use stepwell_journal::{Digest, Revision};
use stepwell_value::Str;

use super::RevisionDescription;
use crate::catalog::tests::{Fixture, ROLE, arn, definition, machine, update};
use crate::limits::Limits;
use crate::machines::{MachineUpdate, NewMachine, Occupancy};
use crate::settings::Tracing;

/// The revision of an execution that starts now.
fn now(fixture: &Fixture) -> Option<RevisionDescription> {
    at(fixture, fixture.now)
}

fn at(fixture: &Fixture, time: Timestamp) -> Option<RevisionDescription> {
    fixture.catalog.revision_at(&arn("stateMachine:brew"), None, time, None)
}

fn digest(comment: &str) -> Digest {
    Revision::new(definition(comment)).digest()
}

fn role(role_arn: &str) -> MachineUpdate {
    MachineUpdate {
        machine_arn: arn("stateMachine:brew"),
        role_arn: Some(role_arn.into()),
        ..MachineUpdate::default()
    }
}

fn brew(limits: Limits) -> Fixture {
    let mut fixture = Fixture::with(limits);
    fixture.create(&machine("brew")).unwrap();
    fixture
}

#[test]
fn a_machine_is_told_as_it_was() {
    let mut fixture = brew(Limits::default());
    let mut past = vec![now(&fixture).unwrap()];
    assert_eq!(past[0].updated_at.unix_millis(), 1_700_000_000_123);
    assert_eq!((&*past[0].role_arn, past[0].definition), (ROLE, digest("first")));
    let traced = MachineUpdate { tracing: Some(Tracing::Enabled), ..update("brew", "second") };
    for update in [traced, role("arn:aws:iam::123456789012:role/other"), update("brew", "third")] {
        fixture.update(&update).unwrap();
        past.push(now(&fixture).unwrap());
    }
    let mut ids: Vec<_> = past.iter().map(|revision| revision.revision_id.clone()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!((past[2].definition, past[2].tracing), (digest("second"), Tracing::Enabled));
    assert_eq!(&*past[2].role_arn, "arn:aws:iam::123456789012:role/other");

    let catalog = fixture.reopened().unwrap();
    for (nth, expected) in (0..).zip(&past) {
        let time = Timestamp::from_unix_millis(1_700_000_000_123 + nth * 1000);
        assert_eq!(at(&fixture, time).as_ref(), Some(expected));
        let found = catalog.revision_at(&arn("stateMachine:brew"), None, time, None);
        assert_eq!(found.as_ref(), Some(expected));
    }
    let before = Timestamp::from_unix_millis(1_700_000_000_122);
    assert_eq!(at(&fixture, before), None, "there was no machine");
    let definitions = fixture.documents.values().filter(|text| text.contains("StartAt")).count();
    assert_eq!(definitions, 1, "{:?}", fixture.documents);
}

#[test]
fn of_revisions_of_one_moment_the_newest_is_in_force() {
    let mut fixture = brew(Limits::default());
    let moment = fixture.now;
    for comment in ["second", "third", "fourth", "fifth"] {
        fixture.now = moment;
        fixture.update(&update("brew", comment)).unwrap();
        let found = at(&fixture, moment).unwrap();
        assert_eq!((found.definition, found.updated_at), (digest(comment), moment));
    }
}

#[test]
fn an_execution_that_started_late_is_known_by_its_definition() {
    let mut fixture = brew(Limits::default());
    fixture.update(&update("brew", "second")).unwrap();
    let of = |definition| {
        let machine_arn = arn("stateMachine:brew");
        let found =
            fixture.catalog.revision_at(&machine_arn, None, fixture.now, Some(digest(definition)));
        found.map(|found| found.definition)
    };
    assert_eq!(of("second"), Some(digest("second")));
    assert_eq!(of("first"), Some(digest("first")));
    assert_eq!(of("third"), None);
}

#[test]
fn a_version_is_told_by_its_number() {
    let mut fixture = Fixture::new();
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    fixture.update(&update("brew", "second")).unwrap();
    let of = |fixture: &Fixture, end: &str, time| {
        let version_arn = arn(end);
        let machine_arn = arn("stateMachine:brew");
        let found = fixture.catalog.revision_at(&machine_arn, Some(&version_arn), time, None);
        found.map(|found| found.definition)
    };
    let (start, later) = (Timestamp::from_unix_millis(1_700_000_000_123), fixture.now);
    assert_eq!(of(&fixture, "stateMachine:brew:1", later), Some(digest("first")));
    let before = Timestamp::from_unix_millis(start.unix_millis() - 1);
    assert_eq!(of(&fixture, "stateMachine:brew:1", before), None);
    for end in ["stateMachine:brew:2", "stateMachine:ale:1", "stateMachine:brew"] {
        assert_eq!(of(&fixture, end, later), None);
    }
    let deleted = fixture.catalog.delete_version(&arn("stateMachine:brew:1"));
    fixture.keep(deleted).unwrap();
    assert_eq!(of(&fixture, "stateMachine:brew:1", later), None);
    // It was the current one as well.
    assert_eq!(at(&fixture, start).unwrap().definition, digest("first"));
    assert_eq!(fixture.documents.keys().filter(|key| key.contains("/revision/")).count(), 1);
}

#[test]
fn nothing_was_started_through_a_version_before_there_was_one() {
    let mut fixture = brew(Limits::default());
    let (machine_arn, version_arn) = (arn("stateMachine:brew"), arn("stateMachine:brew:1"));
    let published_at = fixture.now;
    let decided = fixture.catalog.publish_version(&machine_arn, None, None, published_at);
    fixture.keep(decided).unwrap();
    let of = |time| fixture.catalog.revision_at(&machine_arn, Some(&version_arn), time, None);
    assert!(of(published_at).is_some());
    assert_eq!(of(Timestamp::from_unix_millis(published_at.unix_millis() - 1)), None);
}

#[test]
fn names_that_are_no_machine_s_are_told_nothing() {
    let fixture = brew(Limits::default());
    let found = |arn: &str| fixture.catalog.revision_at(arn, None, fixture.now, None);
    assert!(found(&arn("stateMachine:brew/Label")).is_some());
    let elsewhere = "arn:aws:states:eu-west-1:210987654321:stateMachine:brew";
    let ends = ["stateMachine:ale", "stateMachine:brew:1", "stateMachine:brew:prod", "activity:a"];
    for wrong in ends.map(arn).iter().map(|arn| &**arn).chain([elsewhere, "brew"]) {
        assert_eq!(found(wrong), None, "{wrong}");
    }
}

#[test]
fn the_oldest_are_forgotten_and_nothing_else_is_told_for_them() {
    let mut fixture = Fixture::with(Limits { superseded_max: 2, ..Limits::default() });
    // The first stays, as version 1, and is not taken for those that came after it.
    let mut times = vec![fixture.now];
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    for comment in ["second", "third", "fourth", "fifth"] {
        times.push(fixture.now);
        fixture.update(&update("brew", comment)).unwrap();
    }
    let told = |fixture: &Fixture| {
        let found = times.iter().map(|time| at(fixture, *time).map(|found| found.definition));
        found.collect::<Vec<_>>()
    };
    let kept = |comment| Some(digest(comment));
    let expected = [None, None, kept("third"), kept("fourth"), kept("fifth")];
    assert_eq!(told(&fixture), expected);
    let found = |key: &Str| key.contains("/superseded/");
    assert_eq!(fixture.documents.keys().filter(|key| found(key)).count(), 2);
    let version_arn = arn("stateMachine:brew:1");
    let machine_arn = arn("stateMachine:brew");
    let first = |fixture: &Fixture| {
        fixture.catalog.revision_at(&machine_arn, Some(&version_arn), fixture.now, None)
    };
    assert_eq!(first(&fixture).unwrap().definition, digest("first"));
    // Nobody could find it any more.
    let deleted = fixture.catalog.delete_version(&version_arn);
    fixture.keep(deleted).unwrap();
    assert_eq!(told(&fixture), expected);
    assert_eq!(fixture.documents.len(), 4, "{:?}", fixture.documents);
}

#[test]
fn a_version_that_is_deleted_takes_its_place_in_the_line() {
    let mut fixture = Fixture::with(Limits { superseded_max: 2, ..Limits::default() });
    let mut times = vec![fixture.now];
    fixture.create(&machine("brew")).unwrap();
    for (comment, publish) in [("second", true), ("third", false), ("fourth", false)] {
        times.push(fixture.now);
        fixture.update(&MachineUpdate { publish, ..update("brew", comment) }).unwrap();
    }
    let told = |fixture: &Fixture| {
        let found = times.iter().map(|time| at(fixture, *time).map(|found| found.definition));
        found.collect::<Vec<_>>()
    };
    let all = ["first", "second", "third", "fourth"].map(|comment| Some(digest(comment)));
    assert_eq!(told(&fixture), all);
    let deleted = fixture.catalog.delete_version(&arn("stateMachine:brew:1"));
    fixture.keep(deleted).unwrap();
    let [_, later @ ..] = all;
    assert_eq!(told(&fixture)[0], None);
    assert_eq!(told(&fixture)[1..], later);
}

#[test]
fn a_machine_that_took_another_s_name_does_not_answer_for_it() {
    let mut fixture = brew(Limits::default());
    let before = fixture.now;
    fixture.update(&update("brew", "second")).unwrap();
    let deleted = fixture.catalog.delete_machine(&arn("stateMachine:brew"), Occupancy::Idle);
    fixture.keep(deleted).unwrap();
    assert!(fixture.documents.is_empty(), "{:?}", fixture.documents);
    fixture.create(&machine("brew")).unwrap();
    assert_eq!(at(&fixture, before), None);
    assert!(now(&fixture).is_some());
}
