use crate::aliases::NewAlias;
use crate::catalog::tests::{Drawn, Fixture, ROLE, arn, definition, machine, update};
use crate::machines::{MachineUpdate, NewMachine, Occupancy};
use crate::refusal::Refusal;
use crate::routing::Route;

fn brew() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.create(&NewMachine { publish: true, ..machine("brew") }).unwrap();
    fixture.update(&MachineUpdate { publish: true, ..update("brew", "second") }).unwrap();
    fixture.update(&update("brew", "third")).unwrap();
    let route = |version, weight| Route {
        version_arn: arn(&format!("stateMachine:brew:{version}")),
        weight,
    };
    let routes = vec![route(1, 25), route(2, 75)];
    let alias = NewAlias { name: "prod".into(), description: None, routes };
    let decided = fixture.catalog.create_alias(&alias, fixture.now);
    fixture.keep(decided).unwrap();
    fixture
}

#[test]
fn an_arn_means_a_revision() {
    let fixture = brew();
    let table = [
        ("stateMachine:brew", 0, "third", None, None),
        ("stateMachine:brew:1", 0, "first", Some("1"), None),
        ("stateMachine:brew:2", 0, "second", Some("2"), None),
        ("stateMachine:brew:prod", 24, "first", Some("1"), Some("prod")),
        ("stateMachine:brew:prod", 25, "second", Some("2"), Some("prod")),
    ];
    for (end, drawn, comment, version, alias) in table {
        let target = fixture.catalog.resolve(&arn(end), &mut Drawn(drawn)).unwrap();
        let qualified =
            |part: Option<&str>| part.map(|part| arn(&format!("stateMachine:brew:{part}")));
        assert_eq!(*target.definition.text(), definition(comment), "{end}");
        assert_eq!(target.version_arn, qualified(version));
        assert_eq!(target.alias_arn, qualified(alias));
        assert_eq!(target.machine_arn, arn("stateMachine:brew"));
        assert_eq!((&*target.role_arn, &*target.name), (ROLE, "brew"));
    }
}

#[test]
fn what_is_not_there_is_not_started() {
    let mut fixture = brew();
    let ends = ["stateMachine:ale", "stateMachine:brew:3", "stateMachine:brew:beta"];
    for end in ends {
        let refused = fixture.catalog.resolve(&arn(end), &mut Drawn(0));
        assert_eq!(refused, Err(Refusal::StateMachineDoesNotExist(arn(end))));
    }
    let elsewhere = "arn:aws:states:eu-west-1:210987654321:stateMachine:brew";
    assert!(fixture.catalog.resolve(elsewhere, &mut Drawn(0)).is_err());
    let labelled = fixture.catalog.resolve(&arn("stateMachine:brew/mash"), &mut Drawn(0));
    assert!(matches!(labelled, Err(Refusal::Validation(crate::Invalid::LabelledArn(_)))));
    let deleted = fixture.catalog.delete_machine(&arn("stateMachine:brew"), Occupancy::Busy);
    fixture.keep(deleted).unwrap();
    let prod = arn("stateMachine:brew:prod");
    let refused = fixture.catalog.resolve(&prod, &mut Drawn(0));
    assert_eq!(refused, Err(Refusal::StateMachineDeleting(prod)));
}
