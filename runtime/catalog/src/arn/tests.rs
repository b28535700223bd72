use super::{Arn, Misread, Qualifier, Resource};

#[test]
fn arns_print_as_they_were_read() {
    let kinds = [
        "stateMachine:brew",
        "stateMachine:brew/mash",
        "stateMachine:brew:12",
        "stateMachine:brew:prod",
        "stateMachine:brew:012",
        "execution:brew:monday",
        "execution:brew/mash:monday",
        "express:brew:monday:0f1e",
        "express:brew/mash:monday:0f1e",
        "activity:stir",
        "mapRun:brew/mash:0f1e",
    ];
    for kind in kinds {
        let text = format!("arn:aws-cn:states:cn-north-1:123456789012:{kind}");
        let arn = Arn::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(arn.to_string(), text);
        assert!(kind.starts_with(arn.resource.kind()));
        assert_eq!(&*arn.site.partition, "aws-cn");
    }
}

#[test]
fn what_is_no_arn_of_the_service_is_quoted() {
    let texts = [
        "",
        "brew",
        "arn:aws:states:eu-west-1:123456789012",
        "arn:aws:states:eu-west-1:123456789012:",
        "arn:aws:lambda:eu-west-1:123456789012:function:brew",
        "arn:aws:states::123456789012:stateMachine:brew",
        "arn:aws:states:eu-west-1:123456789012:stateMachine",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:brew:",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:brew:1:2",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:brew/mash:1",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:brew/",
        "arn:aws:states:eu-west-1:123456789012:mapRun:brew:0f1e",
        "arn:aws:states:eu-west-1:123456789012:kettle:brew",
    ];
    for text in texts {
        assert_eq!(Arn::parse(text), Err(Misread::Prefix(text.into())));
    }
    let shown = Arn::parse("brew").unwrap_err().to_string();
    assert_eq!(shown, "Invalid ARN prefix: brew");
}

#[test]
fn only_a_plain_number_is_a_version() {
    let table = [
        ("7", Qualifier::Version(7)),
        ("07", Qualifier::Alias("07".into())),
        ("+7", Qualifier::Alias("+7".into())),
        ("99999999999999999999999", Qualifier::Alias("99999999999999999999999".into())),
    ];
    for (text, expected) in table {
        let arn = Arn::parse(&format!("arn:aws:states:r:a:stateMachine:brew:{text}")).unwrap();
        assert_eq!(
            arn.resource,
            Resource::Machine { name: "brew".into(), qualifier: expected },
            "{text}"
        );
    }
}
