use super::{Called, Site, short};

fn site() -> Site {
    Site { region: "us-east-1".into(), account: "000000000000".into() }
}

#[test]
fn a_machine_is_called_by_its_name_with_or_without_a_version_or_an_alias() {
    let cases = [
        ("order", "arn:aws:states:us-east-1:000000000000:stateMachine:order"),
        ("order:3", "arn:aws:states:us-east-1:000000000000:stateMachine:order:3"),
        ("order:prod", "arn:aws:states:us-east-1:000000000000:stateMachine:order:prod"),
        ("arn:aws:states:eu-west-1:1:stateMachine:x", "arn:aws:states:eu-west-1:1:stateMachine:x"),
    ];
    for (called, arn) in cases {
        assert_eq!(site().machine(called), arn);
    }
    let activity = "arn:aws:states:us-east-1:000000000000:activity:review";
    assert_eq!(site().activity("review"), activity);
}

#[test]
fn an_execution_is_called_by_its_machine_and_its_name() {
    let arn = |arn: &str| Called::Arn(arn.to_owned());
    let cases = [
        ("order:one", arn("arn:aws:states:us-east-1:000000000000:execution:order:one")),
        ("order:one:uuid", arn("arn:aws:states:us-east-1:000000000000:express:order:one:uuid")),
        ("arn:aws:states:r:a:execution:m:n", arn("arn:aws:states:r:a:execution:m:n")),
        ("one", Called::Name("one".into())),
    ];
    for (called, meant) in cases {
        assert_eq!(site().execution(called), meant, "{called}");
    }
}

#[test]
fn the_short_form_of_an_arn_is_what_would_be_typed() {
    for called in ["order", "order:3"] {
        assert_eq!(short(&site().machine(called)), called);
    }
    assert_eq!(short("arn:aws:states:r:a:execution:order:one"), "order:one");
    assert_eq!(short("order"), "order");
    assert_eq!(short("arn:aws"), "arn:aws");
}
