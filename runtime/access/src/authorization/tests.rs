use proptest::prelude::*;

use super::Authorization;
use crate::refusal::{Incomplete, Invalid, Refusal};

const CREDENTIAL: &str = "Credential=ID/20150830/us-east-1/states/aws4_request";

#[track_caller]
fn refused(parameters: &str, expected: impl Into<Refusal>) {
    let value = format!("AWS4-HMAC-SHA256 {parameters}");
    assert_eq!(Authorization::parse(&value).unwrap_err(), expected.into(), "{value}");
}

#[test]
fn parameters_may_come_in_any_order_with_or_without_spaces() {
    for value in [
        format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=date;host, Signature=ab"),
        format!("AWS4-HMAC-SHA256 Signature=ab,SignedHeaders=date;host,{CREDENTIAL}"),
        format!(" AWS4-HMAC-SHA256   {CREDENTIAL} ,\tSignedHeaders=date;host  ,Signature=ab, "),
    ] {
        let read = Authorization::parse(&value).unwrap();
        assert_eq!((read.key_id, read.date, read.region), ("ID", "20150830", "us-east-1"));
        assert_eq!((read.signed_headers.as_slice(), read.signature), (&["date", "host"][..], "ab"));
    }
}

#[test]
fn another_algorithm_is_refused() {
    for value in ["AWS4-ECDSA-P256-SHA256 a=b", "Basic YTpi", "aws4-hmac-sha256 a=b", "AWS4"] {
        assert_eq!(Authorization::parse(value).unwrap_err(), Incomplete::Algorithm.into());
    }
}

#[test]
fn what_is_missing_is_named() {
    let missing = |names: &[&'static str]| Incomplete::Missing(names.to_vec());
    refused("", missing(&["Credential", "SignedHeaders", "Signature"]));
    refused(CREDENTIAL, missing(&["SignedHeaders", "Signature"]));
    refused("SignedHeaders=host, Signature=ab", missing(&["Credential"]));
    refused(&format!("{CREDENTIAL}, SignedHeaders=, Signature=ab"), missing(&["SignedHeaders"]));
}

#[test]
fn parameters_that_are_not_known_or_come_twice_are_refused() {
    refused(&format!("{CREDENTIAL}, {CREDENTIAL}"), Incomplete::Parameter);
    refused("Signature=ab, Signature=ab", Incomplete::Parameter);
    refused("Signature=ab, Else=1", Incomplete::Parameter);
    refused("Signature", Incomplete::Parameter);
}

#[test]
fn a_credential_has_five_elements() {
    let rest = ", SignedHeaders=host, Signature=ab";
    refused(&format!("Credential=ID{rest}"), Incomplete::Credential { elements: 1 });
    let long = format!("Credential=I/D/20150830/us-east-1/states/aws4_request{rest}");
    refused(&long, Incomplete::Credential { elements: 6 });
    refused(&format!("Credential=ID/20150830/r/s3/aws4_request{rest}"), Invalid::Service);
    refused(&format!("Credential=ID/20150830/r/states/aws4{rest}"), Invalid::Terminator);
}

#[test]
fn signed_headers_are_in_order_and_in_lower_case() {
    let many: Vec<String> = (0..101).map(|at| format!("h{at:03}")).collect();
    for names in ["Host", "host;date", "host;host", "host;", ";host", "a b", &many.join(";")] {
        let parameters = format!("{CREDENTIAL}, SignedHeaders={names}, Signature=ab");
        refused(&parameters, Incomplete::SignedHeaders);
    }
}

#[test]
fn no_refusal_repeats_what_came() {
    let value = "AWS4-HMAC-SHA256 Credential=hush, SignedHeaders=hush, Signature=hush";
    let refusal = Authorization::parse(value).unwrap_err();
    assert!(!format!("{refusal} {refusal:?}").contains("hush"));
}

proptest! {
    #[test]
    fn parsing_any_text_does_not_panic(text in "(AWS4-HMAC-SHA256 )?([A-Za-z]*[=,;/ ]|.){0,40}") {
        let _read = Authorization::parse(&text);
    }
}
