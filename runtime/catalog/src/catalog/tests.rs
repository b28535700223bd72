use std::collections::BTreeMap;

use proptest::prelude::*;
use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::Document;
use stepwell_kernel::Entropy;
use stepwell_value::Str;

use super::{Catalog, Decided};
use crate::activities::NewActivity;
use crate::aliases::{AliasUpdate, NewAlias};
use crate::arn::Site;
use crate::document::Corrupt;
use crate::limits::Limits;
use crate::machines::{MachineUpdate, NewMachine, Occupancy};
use crate::refusal::Refusal;
use crate::routing::Route;
use crate::settings::{EncryptionType, LogLevel, Logging, NewEncryption, Tracing};
use crate::tags::Tag;

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/brewer";

/// A catalog with the place where its documents are kept.
pub(crate) struct Fixture {
    pub catalog: Catalog,
    pub documents: BTreeMap<Str, Str>,
    pub now: Timestamp,
    /// The next number that is drawn.
    drawn: u64,
}

impl Entropy for Fixture {
    fn next_u64(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(11);
        self.drawn
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        let catalog = Catalog::new(site(), limits);
        let now = Timestamp::from_unix_millis(1_700_000_000_123);
        Self { catalog, documents: BTreeMap::new(), now, drawn: 5 }
    }

    /// Writes and applies what was decided, and lets a second go by.
    pub(crate) fn keep<T>(&mut self, decided: Decided<T>) -> Result<T, Refusal> {
        self.now = Timestamp::from_unix_millis(self.now.unix_millis() + 1000);
        let decision = decided?;
        for Document { key, text } in decision.change.documents() {
            match text {
                Some(text) => self.documents.insert(key, text),
                None => self.documents.remove(&key),
            };
        }
        self.catalog.apply(decision.change);
        Ok(decision.answer)
    }

    pub(crate) fn create(&mut self, machine: &NewMachine) -> Result<Str, Refusal> {
        let decided = self.catalog.create_machine(machine, self.now);
        self.keep(decided).map(|created| created.machine_arn)
    }

    pub(crate) fn update(&mut self, update: &MachineUpdate) -> Result<Option<Str>, Refusal> {
        let mut entropy = Drawn(self.next_u64());
        let decided = self.catalog.update_machine(update, self.now, &mut entropy);
        self.keep(decided).map(|updated| updated.version_arn)
    }

    pub(crate) fn reopened(&self) -> Result<Catalog, Corrupt> {
        let documents = self
            .documents
            .iter()
            .rev()
            .map(|(key, text)| Document { key: Str::clone(key), text: Some(Str::clone(text)) });
        Catalog::open(site(), Limits::default(), documents)
    }
}

/// Gives one number, and then its successors.
pub(crate) struct Drawn(pub u64);

impl Entropy for Drawn {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        self.0.wrapping_sub(1)
    }
}

fn site() -> Site {
    Site { partition: "aws".into(), region: "eu-west-1".into(), account: "123456789012".into() }
}

pub(crate) fn arn(end: &str) -> Str {
    format!("arn:aws:states:eu-west-1:123456789012:{end}").into()
}

pub(crate) fn definition(comment: &str) -> Str {
    let states = r#"{"Only": {"Type": "Succeed"}}"#;
    format!(r#"{{"Comment": "{comment}", "StartAt": "Only", "States": {states}}}"#).into()
}

pub(crate) fn machine(name: &str) -> NewMachine {
    NewMachine {
        name: name.into(),
        definition: definition("first"),
        role_arn: ROLE.into(),
        machine_type: MachineType::Standard,
        logging: None,
        tracing: None,
        encryption: None,
        tags: Vec::new(),
        publish: false,
        version_description: None,
    }
}

pub(crate) fn update(name: &str, comment: &str) -> MachineUpdate {
    MachineUpdate {
        machine_arn: arn(&format!("stateMachine:{name}")),
        definition: Some(definition(comment)),
        ..MachineUpdate::default()
    }
}

/// One request with small choices, so that requests meet.
#[derive(Clone, Debug)]
enum Step {
    Create { machine: u8, publish: bool, rich: bool },
    Update { machine: u8, comment: u8, publish: bool },
    Delete { machine: u8, busy: bool },
    Finish { machine: u8 },
    Publish { machine: u8 },
    DeleteVersion { machine: u8, version: u8 },
    Alias { machine: u8, alias: u8, versions: (u8, u8) },
    Reroute { machine: u8, alias: u8, version: u8 },
    DeleteAlias { machine: u8, alias: u8 },
    Activity { activity: u8 },
    DeleteActivity { activity: u8 },
    Tag { end: u8, key: u8 },
    Untag { end: u8, key: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let small = || 0..3_u8;
    let version = || 1..5_u8;
    prop_oneof![
        (small(), any::<bool>(), any::<bool>()).prop_map(|(machine, publish, rich)| Step::Create {
            machine,
            publish,
            rich
        }),
        (small(), small(), any::<bool>()).prop_map(|(machine, comment, publish)| Step::Update {
            machine,
            comment,
            publish
        }),
        (small(), any::<bool>()).prop_map(|(machine, busy)| Step::Delete { machine, busy }),
        small().prop_map(|machine| Step::Finish { machine }),
        small().prop_map(|machine| Step::Publish { machine }),
        (small(), version())
            .prop_map(|(machine, version)| Step::DeleteVersion { machine, version }),
        (small(), small(), (version(), version()))
            .prop_map(|(machine, alias, versions)| Step::Alias { machine, alias, versions }),
        (small(), small(), version()).prop_map(|(machine, alias, version)| Step::Reroute {
            machine,
            alias,
            version
        }),
        (small(), small()).prop_map(|(machine, alias)| Step::DeleteAlias { machine, alias }),
        small().prop_map(|activity| Step::Activity { activity }),
        small().prop_map(|activity| Step::DeleteActivity { activity }),
        (0..6_u8, small()).prop_map(|(end, key)| Step::Tag { end, key }),
        (0..6_u8, small()).prop_map(|(end, key)| Step::Untag { end, key }),
    ]
}

/// Two machines with versions and an alias, so that the steps find something to change.
fn prelude() -> Vec<Step> {
    let steps = |machine| {
        [
            Step::Create { machine, publish: true, rich: machine == 0 },
            Step::Update { machine, comment: 1, publish: true },
            Step::Alias { machine, alias: 0, versions: (1, 2) },
        ]
    };
    [0, 1].into_iter().flat_map(steps).collect()
}

fn rich(mut machine: NewMachine) -> NewMachine {
    let group = "arn:aws:logs:eu-west-1:123456789012:log-group:brewery:*";
    machine.logging = Some(Logging {
        level: LogLevel::Error,
        include_execution_data: true,
        destinations: Some(vec![group.into()]),
    });
    machine.tracing = Some(Tracing::Enabled);
    machine.encryption = Some(NewEncryption {
        kind: EncryptionType::CustomerManagedKmsKey,
        kms_key_id: Some("key \"one\"".into()),
        data_key_reuse_seconds: Some(300),
    });
    machine.machine_type = MachineType::Express;
    machine.tags = vec![Tag { key: "Größe".into(), value: String::new().into() }];
    machine
}

fn machine_end(machine: u8) -> String {
    format!("stateMachine:brew-{machine}")
}

fn tagged(end: u8) -> Str {
    if end < 3 { arn(&machine_end(end)) } else { arn(&format!("activity:stir-{}", end - 3)) }
}

/// Whether the request was granted.
#[expect(clippy::too_many_lines, reason = "a flat match")]
fn play(fixture: &mut Fixture, step: &Step) -> bool {
    let now = fixture.now;
    let version = |machine, version| arn(&format!("{}:{version}", machine_end(machine)));
    let alias_arn = |machine, alias| arn(&format!("{}:to-{alias}", machine_end(machine)));
    let catalog = &fixture.catalog;
    match *step {
        Step::Create { machine: number, publish, rich: is_rich } => {
            let plain = machine(&format!("brew-{number}"));
            let description = publish.then(|| "the first".into());
            let plain = NewMachine { publish, version_description: description, ..plain };
            fixture.create(&if is_rich { rich(plain) } else { plain }).is_ok()
        }
        Step::Update { machine, comment, publish } => {
            let update = update(&format!("brew-{machine}"), &format!("number {comment}"));
            fixture.update(&MachineUpdate { publish, ..update }).is_ok()
        }
        Step::Delete { machine, busy } => {
            let occupancy = if busy { Occupancy::Busy } else { Occupancy::Idle };
            let decided = catalog.delete_machine(&arn(&machine_end(machine)), occupancy);
            fixture.keep(decided).is_ok()
        }
        Step::Finish { machine } => {
            let change = catalog.finish_deletion(&format!("brew-{machine}"));
            fixture.keep(Ok(super::Decision { answer: (), change })).is_ok()
        }
        Step::Publish { machine } => {
            let decided = catalog.publish_version(&arn(&machine_end(machine)), None, None, now);
            fixture.keep(decided).is_ok()
        }
        Step::DeleteVersion { machine, version: number } => {
            let decided = catalog.delete_version(&version(machine, number));
            fixture.keep(decided).is_ok()
        }
        Step::Alias { machine, alias, versions: (first, second) } => {
            let route = |number, weight| Route { version_arn: version(machine, number), weight };
            let routes = vec![route(first, 30), route(second, 70)];
            let name = format!("to-{alias}").into();
            let decided = catalog.create_alias(&NewAlias { name, description: None, routes }, now);
            fixture.keep(decided).is_ok()
        }
        Step::Reroute { machine, alias, version: number } => {
            let alias_arn = alias_arn(machine, alias);
            let routes = vec![Route { version_arn: version(machine, number), weight: 100 }];
            let description = Some("elsewhere".into());
            let update = AliasUpdate { alias_arn, description, routes: Some(routes) };
            let decided = catalog.update_alias(&update, now);
            fixture.keep(decided).is_ok()
        }
        Step::DeleteAlias { machine, alias } => {
            let decided = catalog.delete_alias(&alias_arn(machine, alias));
            fixture.keep(decided).is_ok()
        }
        Step::Activity { activity } => {
            let name = format!("stir-{activity}").into();
            let activity = NewActivity { name, encryption: None, tags: Vec::new() };
            let decided = catalog.create_activity(&activity, now);
            fixture.keep(decided).is_ok()
        }
        Step::DeleteActivity { activity } => {
            let decided = catalog.delete_activity(&arn(&format!("activity:stir-{activity}")));
            fixture.keep(decided).is_ok()
        }
        Step::Tag { end, key } => {
            let tag = Tag { key: format!("key {key}").into(), value: "v".into() };
            let decided = catalog.tag_resource(&tagged(end), &[tag]);
            fixture.keep(decided).is_ok()
        }
        Step::Untag { end, key } => {
            let decided = catalog.untag_resource(&tagged(end), &[format!("key {key}").into()]);
            fixture.keep(decided).is_ok()
        }
    }
}

proptest! {
    #[test]
    fn a_catalog_that_is_opened_again_is_the_one_in_memory(
        steps in proptest::collection::vec(step(), 0..60)
    ) {
        let mut fixture = Fixture::with(Limits { superseded_max: 2, ..Limits::default() });
        for step in &prelude() {
            prop_assert!(play(&mut fixture, step));
        }
        for step in &steps {
            let before = fixture.documents.clone();
            let is_granted = play(&mut fixture, step);
            prop_assert!(is_granted || before == fixture.documents);
            for machine in fixture.catalog.machines.values() {
                prop_assert!(machine.superseded.len() <= 2);
                let line: Vec<_> = machine.line().map(|(id, _)| id).collect();
                prop_assert!(machine.superseded.keys().all(|id| line.contains(&id)));
                prop_assert!(!machine.superseded.keys().any(|id| machine.revisions.contains_key(id)));
            }
        }
        let reopened = fixture.reopened().unwrap();
        prop_assert_eq!(&reopened.machines, &fixture.catalog.machines);
        prop_assert_eq!(&reopened.activities, &fixture.catalog.activities);
    }
}

#[test]
fn what_is_decided_is_not_so_before_it_is_applied() {
    let fixture = Fixture::new();
    let decision = fixture.catalog.create_machine(&machine("brew"), fixture.now).unwrap();
    let asked =
        fixture.catalog.describe_machine(&decision.answer.machine_arn, crate::IncludedData::All);
    let missing = Refusal::StateMachineDoesNotExist(arn("stateMachine:brew"));
    assert_eq!(asked, Err(missing));
    let keys: Vec<Str> = decision.change.documents().into_iter().map(|one| one.key).collect();
    assert_eq!(
        keys.iter().map(|key| &**key).collect::<Vec<_>>(),
        ["machine/brew", "machine/brew/revision/INITIAL"]
    );
}

#[test]
#[should_panic(expected = "changes are decided and applied one at a time")]
fn a_change_that_another_has_overtaken_is_not_applied() {
    let mut fixture = Fixture::new();
    let first = fixture.catalog.create_machine(&machine("brew"), fixture.now).unwrap();
    let second = fixture.catalog.create_machine(&machine("brew"), fixture.now).unwrap();
    fixture.catalog.apply(first.change);
    fixture.catalog.apply(second.change);
}

#[test]
fn a_definition_is_written_once_for_each_revision() {
    let mut fixture = Fixture::new();
    let machine_arn = fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    let tag = Tag { key: "k".into(), value: "v".into() };
    let tagged = fixture.catalog.tag_resource(&machine_arn, &[tag]).unwrap();
    let routes = vec![Route { version_arn: arn("stateMachine:brew:1"), weight: 100 }];
    let new = NewAlias { name: "prod".into(), description: None, routes };
    let alias = fixture.catalog.create_alias(&new, fixture.now).unwrap();
    for change in [tagged.change, alias.change] {
        let documents = change.documents();
        assert_eq!(documents.len(), 1);
        assert!(!documents[0].text.as_ref().unwrap().contains("StartAt"), "{documents:?}");
    }
}
