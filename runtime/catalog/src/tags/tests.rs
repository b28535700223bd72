use stepwell_value::Str;

use super::Tag;
use crate::catalog::tests::{Fixture, arn, machine};
use crate::limits::Limits;
use crate::machines::NewMachine;
use crate::refusal::Refusal;

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.into(), value: value.into() }
}

fn brew(limits: Limits) -> Fixture {
    let mut fixture = Fixture::with(limits);
    let tags = vec![tag("b", "1")];
    fixture.create(&NewMachine { tags, ..machine("brew") }).unwrap();
    fixture
}

#[test]
fn tags_are_added_replaced_and_removed() {
    let mut fixture = brew(Limits::default());
    let brew = arn("stateMachine:brew");
    let tagged = fixture.catalog.tag_resource(&brew, &[tag("a", ""), tag("b", "2")]);
    fixture.keep(tagged).unwrap();
    assert_eq!(fixture.catalog.tags_of(&brew), Ok(vec![tag("a", ""), tag("b", "2")]));
    let untagged = fixture.catalog.untag_resource(&brew, &["a".into(), "z".into()]);
    fixture.keep(untagged).unwrap();
    assert_eq!(fixture.catalog.tags_of(&brew), Ok(vec![tag("b", "2")]));
    let nothing = fixture.catalog.untag_resource(&brew, &["z".into()]).unwrap();
    assert!(nothing.change.is_empty());
}

#[test]
fn a_resource_has_so_many_tags() {
    let fixture = brew(Limits { tags_max: 2, ..Limits::default() });
    let brew = arn("stateMachine:brew");
    assert!(fixture.catalog.tag_resource(&brew, &[tag("a", ""), tag("b", "")]).is_ok());
    let refused = fixture.catalog.tag_resource(&brew, &[tag("a", ""), tag("c", "")]);
    let expected = Refusal::TooManyTags { resource: brew, count: 3, max: 2 };
    assert_eq!(refused.unwrap_err(), expected);
}

#[test]
fn machines_and_activities_alone_have_tags() {
    let fixture = brew(Limits::default());
    for end in ["stateMachine:brew:1", "stateMachine:brew/mash", "stateMachine:ale", "activity:x"] {
        let refused = fixture.catalog.tags_of(&arn(end));
        assert_eq!(refused, Err(Refusal::ResourceNotFound(arn(end))));
    }
    let elsewhere: Str = "arn:aws:states:us-east-1:123456789012:stateMachine:brew".into();
    let refused = fixture.catalog.tags_of(&elsewhere);
    assert_eq!(refused, Err(Refusal::ResourceNotFound(elsewhere)));
    for end in ["execution:brew:x", "nothing"] {
        assert!(matches!(fixture.catalog.tags_of(&arn(end)), Err(Refusal::InvalidArn(_))));
    }
}

#[test]
fn tags_have_bounds() {
    let fixture = brew(Limits::default());
    let refuse = |tag| fixture.catalog.tag_resource(&arn("stateMachine:brew"), &[tag]);
    let long_key = "k".repeat(129);
    let long_value = "v".repeat(257);
    let table = [
        (
            tag("", "v"),
            "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (tag(&long_key, "v"), "Member must have length less than or equal to 128"),
        (tag("k", &long_value), "Member must have length less than or equal to 256"),
        (tag("aws:k", "v"), "Tag keys must not begin with 'aws:': 'aws:k'"),
        (tag("AWS:k", "v"), "Tag keys must not begin with 'aws:': 'AWS:k'"),
        (tag("k!", "v"), "white space and _.:/=+-@: 'k!'"),
        (tag("k", "v;"), "white space and _.:/=+-@: 'v;'"),
    ];
    for (tag, expected) in table {
        let shown = refuse(tag).unwrap_err().to_string();
        assert!(shown.ends_with(expected), "{shown}");
    }
    assert!(refuse(tag("Größe /:=+-@_.", "für 2")).is_ok());
}
