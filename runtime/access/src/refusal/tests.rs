use std::time::Duration;

use super::{Denial, Incomplete, Invalid, Refusal};
use crate::keys::Principal;
use crate::timestamp::Timestamp;

fn denial(explicit: bool) -> Refusal {
    Refusal::AccessDenied(Box::new(Denial {
        principal: Principal::new("123456789012", "ada").unwrap(),
        action: "states:StartExecution".to_owned(),
        resource: "arn:aws:states:us-east-1:123456789012:stateMachine:Order".to_owned(),
        explicit,
    }))
}

/// A new variant does not compile until it has a place in the table.
fn every_refusal() -> Vec<Refusal> {
    let all = vec![
        Refusal::MissingToken,
        Incomplete::Algorithm.into(),
        Refusal::UnrecognizedClient,
        Invalid::Mismatch.into(),
        denial(false),
    ];
    for one in &all {
        match one {
            Refusal::MissingToken
            | Refusal::IncompleteSignature(_)
            | Refusal::UnrecognizedClient
            | Refusal::InvalidSignature(_)
            | Refusal::AccessDenied(_) => {}
        }
    }
    all
}

#[test]
fn every_refusal_is_an_exception_of_the_service() {
    let names: Vec<&str> = every_refusal().iter().map(Refusal::name).collect();
    let expected = [
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "AccessDeniedException",
    ];
    assert_eq!(names, expected);
    assert!(every_refusal().iter().all(|refusal| refusal.http_status() == 400));
}

#[test]
fn a_denial_says_who_wanted_what_and_why_not() {
    let who = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: \
               states:StartExecution on resource: \
               arn:aws:states:us-east-1:123456789012:stateMachine:Order";
    assert_eq!(
        denial(false).to_string(),
        format!("{who} because no identity-based policy allows the states:StartExecution action")
    );
    assert_eq!(
        denial(true).to_string(),
        format!("{who} with an explicit deny in an identity-based policy")
    );
}

#[test]
fn refusals_speak_as_the_service_does() {
    let signed = Timestamp::parse_basic("20150830T123600Z").unwrap();
    let now = Timestamp::parse_basic("20150830T124500Z").unwrap();
    let skew_max = Duration::from_mins(5);
    let table: [(Refusal, &str); 7] = [
        (Refusal::MissingToken, "Missing Authentication Token"),
        (Refusal::UnrecognizedClient, "The security token included in the request is invalid."),
        (
            Invalid::Mismatch.into(),
            "The request signature we calculated does not match the signature you provided. Check \
             your AWS Secret Access Key and signing method. Consult the service documentation for \
             details.",
        ),
        (
            Invalid::Expired { signed, now, skew_max }.into(),
            "Signature expired: 20150830T123600Z is now earlier than 20150830T124000Z \
             (20150830T124500Z - 5 min.)",
        ),
        (Invalid::Service.into(), "Credential should be scoped to correct service: 'states'."),
        (
            Incomplete::Missing(vec!["Credential", "Signature"]).into(),
            "Authorization header requires 'Credential' parameter. Authorization header requires \
             'Signature' parameter.",
        ),
        (
            Invalid::NotYetCurrent { signed: now, now: signed, skew_max: Duration::from_secs(90) }
                .into(),
            "Signature not yet current: 20150830T124500Z is still later than 20150830T123730Z \
             (20150830T123600Z + 90 s.)",
        ),
    ];
    for (refusal, text) in table {
        assert_eq!(refusal.to_string(), text);
    }
}
