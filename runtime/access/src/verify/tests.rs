//! Signatures made by two signers, and every way in which a request that had one is refused.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use proptest::prelude::*;

use super::SKEW_MAX;
use crate::refusal::{Incomplete, Invalid, Refusal};
use crate::timestamp::Timestamp;
use crate::{Key, Keys, Policy, Principal, Request, Secret};

mod vectors;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const BODY: &str = "{\"stateMachineArn\":\
    \"arn:aws:states:us-east-1:123456789012:stateMachine:Order\",\"input\":\"{}\"}";
const SIGNED_AT: &str = "20150830T123600Z";

/// A request that a test may change after it was signed.
#[derive(Clone, Debug)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    fn unsigned() -> Self {
        let mut sent = Self {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: BODY.as_bytes().to_vec(),
        };
        sent.set("Host", "localhost:8083");
        sent.set("X-Amz-Target", "AWSStepFunctions.StartExecution");
        sent.set("Content-Type", "application/x-amz-json-1.0");
        sent
    }

    fn signed() -> Self {
        Self::unsigned().sign(ID, SECRET, "states", SIGNED_AT)
    }

    /// Signs with the signer of AWS's own clients.
    fn sign(mut self, id: &str, secret: &str, service: &str, at: &str) -> Self {
        let identity = Credentials::new(id, secret, None, None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(service)
            .time(instant(at))
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let uri = match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        };
        let headers = self.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.as_str(), std::str::from_utf8(value).unwrap()));
        let body = SignableBody::Bytes(&self.body);
        let signable = SignableRequest::new(&self.method, uri, headers, body).unwrap();
        let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
        let (added, _) = instructions.into_parts();
        for header in added {
            self.set(header.name(), header.value());
        }
        self
    }

    fn get(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).unwrap();
        String::from_utf8(found.1.clone()).unwrap()
    }

    fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.remove(name);
        self.add(name, value);
    }

    fn add(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
    }

    fn remove(&mut self, name: &str) {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
    }

    fn replace(&mut self, name: &str, from: &str, to: &str) {
        let value = self.get(name);
        assert!(value.contains(from), "{name} has no {from}: {value}");
        self.set(name, value.replacen(from, to, 1));
    }

    fn verify_at(&self, keys: &Keys, now: SystemTime) -> Result<String, Refusal> {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        let request = Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: headers.collect(),
            body: &self.body,
        };
        keys.verify(&request, now, SKEW_MAX).map(|key| key.principal.to_string())
    }

    fn verify(&self) -> Result<String, Refusal> {
        self.verify_at(&keys(None), instant(SIGNED_AT))
    }
}

fn keys(session_token: Option<&str>) -> Keys {
    let key = |id: &str, secret: &str, name: &str| Key {
        id: id.to_owned(),
        secret: Secret::new(secret),
        session_token: session_token.map(Secret::new),
        principal: Principal::new("123456789012", name).unwrap(),
        policy: Policy::parse(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#)
            .unwrap(),
    };
    Keys::new([key(ID, SECRET, "ada"), key("AKIDOTHER", "another secret", "bob")]).unwrap()
}

fn instant(text: &str) -> SystemTime {
    Timestamp::parse_basic(text).unwrap().instant()
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Sent), expected: impl Into<Refusal>) {
    let mut sent = Sent::signed();
    change(&mut sent);
    assert_eq!(sent.verify(), Err(expected.into()));
}

#[test]
fn a_request_signed_by_aws_sigv4_is_verified() {
    assert_eq!(Sent::signed().verify().unwrap(), "arn:aws:iam::123456789012:user/ada");
}

#[test]
fn the_key_that_signed_says_who_calls() {
    let sent = Sent::unsigned().sign("AKIDOTHER", "another secret", "states", SIGNED_AT);
    assert_eq!(sent.verify().unwrap(), "arn:aws:iam::123456789012:user/bob");
}

#[test]
fn names_of_headers_may_come_in_any_case_and_order() {
    let mut sent = Sent::signed();
    sent.headers.reverse();
    for (name, _) in &mut sent.headers {
        *name = name.to_uppercase();
    }
    assert!(sent.verify().is_ok());
}

#[test]
fn headers_that_were_not_signed_may_change() {
    let mut sent = Sent::signed();
    sent.add("User-Agent", "proxied");
    sent.add("Content-Length", "12");
    sent.add("Accept", [0xff]);
    assert!(sent.verify().is_ok());
}

#[test]
fn repeated_headers_are_joined_in_order() {
    let mut sent = Sent::unsigned();
    sent.add("X-Amz-Meta", "one");
    sent.add("X-Amz-Meta", "two");
    let mut sent = sent.sign(ID, SECRET, "states", SIGNED_AT);
    assert!(sent.verify().is_ok());
    let last = sent.headers.iter().position(|(_, value)| value == b"two").unwrap();
    sent.headers.swap(last, last - 1);
    assert_eq!(sent.verify(), Err(Invalid::Mismatch.into()));
}

#[test]
fn nothing_that_was_signed_may_change() {
    refused(|sent| sent.body.push(b' '), Invalid::Mismatch);
    refused(|sent| sent.body.clear(), Invalid::Mismatch);
    refused(|sent| sent.method = "PUT".to_owned(), Invalid::Mismatch);
    refused(|sent| sent.path = "/other".to_owned(), Invalid::Mismatch);
    refused(|sent| sent.query = "a=1".to_owned(), Invalid::Mismatch);
    refused(|sent| sent.replace("X-Amz-Target", "Start", "Stop"), Invalid::Mismatch);
    refused(|sent| sent.replace("Content-Type", "1.0", "1.1"), Invalid::Mismatch);
    refused(|sent| sent.replace("Host", "8083", "8084"), Invalid::Mismatch);
    refused(|sent| sent.set("X-Amz-Date", "20150830T123601Z"), Invalid::Mismatch);
    refused(|sent| sent.replace("Authorization", "us-east-1", "us-east-2"), Invalid::Mismatch);
    refused(|sent| sent.replace("Authorization", ID, "AKIDOTHER"), Invalid::Mismatch);
    refused(|sent| sent.add("Content-Type", "text/plain"), Invalid::Mismatch);
    refused(|sent| sent.add("X-Amz-Target", "AWSStepFunctions.StopExecution"), Invalid::Mismatch);
}

#[test]
fn every_digit_of_the_signature_counts() {
    let signature_at = Sent::signed().get("Authorization").find("Signature=").unwrap() + 10;
    for at in 0..64 {
        refused(
            |sent| {
                let mut value = sent.get("Authorization").into_bytes();
                let digit = &mut value[signature_at + at];
                *digit = if *digit == b'0' { b'1' } else { b'0' };
                sent.set("Authorization", value);
            },
            Invalid::Mismatch,
        );
    }
    refused(|sent| sent.replace("Authorization", "Signature=", "Signature=0"), Invalid::Mismatch);
    let cut = |sent: &mut Sent| {
        let value = sent.get("Authorization");
        sent.set("Authorization", value.split_at(value.len() - 1).0);
    };
    refused(cut, Invalid::Mismatch);
}

#[test]
fn another_secret_makes_another_signature() {
    let sent =
        Sent::unsigned().sign(ID, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY ", "states", SIGNED_AT);
    assert_eq!(sent.verify(), Err(Invalid::Mismatch.into()));
}

#[test]
fn a_key_that_is_not_known_is_unrecognized() {
    let sent = Sent::unsigned().sign("AKIDNOBODY", SECRET, "states", SIGNED_AT);
    assert_eq!(sent.verify(), Err(Refusal::UnrecognizedClient));
    assert_eq!(
        Sent::signed().verify_at(&Keys::default(), instant(SIGNED_AT)),
        Err(Refusal::UnrecognizedClient)
    );
}

#[test]
fn a_request_is_good_for_as_long_as_the_clocks_may_differ() {
    let at = |now: &str| Sent::signed().verify_at(&keys(None), instant(now));
    assert!(at("20150830T124100Z").is_ok());
    assert!(at("20150830T123100Z").is_ok());
    let late = at("20150830T124101Z").unwrap_err();
    assert_eq!(late.name(), "InvalidSignatureException");
    assert_eq!(
        late.to_string(),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z \
         (20150830T124101Z - 5 min.)"
    );
    assert_eq!(
        at("20150830T123059Z").unwrap_err().to_string(),
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z \
         (20150830T123059Z + 5 min.)"
    );
    assert!(matches!(
        at("20160830T123600Z"),
        Err(Refusal::InvalidSignature(Invalid::Expired { .. }))
    ));
}

#[test]
fn the_scope_is_for_this_service_and_the_day_of_the_request() {
    let sent = Sent::unsigned().sign(ID, SECRET, "lambda", SIGNED_AT);
    assert_eq!(sent.verify(), Err(Invalid::Service.into()));
    let signed = Timestamp::of(instant(SIGNED_AT));
    refused(
        |sent| sent.replace("Authorization", "20150830/", "20150829/"),
        Invalid::ScopeDate { signed },
    );
    refused(|sent| sent.replace("Authorization", "/aws4_request", "/aws4"), Invalid::Terminator);
}

#[test]
fn what_decides_about_a_request_has_to_be_signed() {
    refused(|sent| sent.replace("Authorization", "host;", ""), Invalid::HostNotSigned);
    for name in ["x-amz-date", "x-amz-target"] {
        refused(
            |sent| sent.replace("Authorization", &format!(";{name}"), ""),
            Invalid::HeaderNotSigned(name.to_owned()),
        );
    }
    refused(
        |sent| sent.add("X-Amz-Expected-Owner", "1"),
        Invalid::HeaderNotSigned("x-amz-expected-owner".to_owned()),
    );
    refused(
        |sent| sent.remove("Content-Type"),
        Incomplete::SignedHeaderAbsent("content-type".to_owned()),
    );
    refused(|sent| sent.remove("Host"), Incomplete::SignedHeaderAbsent("host".to_owned()));
    refused(|sent| sent.add("Host", "localhost:8083"), Incomplete::Host);
}

#[test]
fn a_request_needs_one_time() {
    refused(|sent| sent.remove("X-Amz-Date"), Incomplete::NoDate);
    refused(|sent| sent.add("X-Amz-Date", SIGNED_AT), Incomplete::Date);
    refused(|sent| sent.set("X-Amz-Date", "2015-08-30T12:36:00Z"), Incomplete::Date);
    refused(|sent| sent.set("X-Amz-Date", "20150830T123600+"), Incomplete::Date);
}

#[test]
fn a_request_needs_one_whole_authorization() {
    refused(|sent| sent.remove("Authorization"), Refusal::MissingToken);
    refused(|sent| sent.set("Authorization", " "), Refusal::MissingToken);
    refused(|sent| sent.add("Authorization", "Basic YTpi"), Incomplete::Header);
    refused(|sent| sent.set("Authorization", [0xff]), Incomplete::Header);
    refused(|sent| sent.set("Authorization", "Bearer abc"), Incomplete::Algorithm);
}

#[test]
fn a_hash_of_the_body_has_to_be_the_hash_of_the_body() {
    let with_hash = |hash: &str| {
        let mut sent = Sent::unsigned();
        sent.set("X-Amz-Content-Sha256", hash);
        sent.sign(ID, SECRET, "states", SIGNED_AT).verify()
    };
    assert!(with_hash("8a674a9174e214e025db4d1fd7f8d3b87a07ec91f54cff49e9d12bd56f0a10da").is_ok());
    assert_eq!(with_hash(&"0".repeat(64)), Err(Invalid::Mismatch.into()));
    let unsigned = Invalid::PayloadNotSigned("UNSIGNED-PAYLOAD");
    assert_eq!(with_hash("UNSIGNED-PAYLOAD"), Err(unsigned.into()));
    let streaming = Invalid::PayloadNotSigned("STREAMING-...");
    assert_eq!(with_hash("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), Err(streaming.into()));
}

#[test]
fn a_signature_in_the_query_is_refused() {
    for query in ["X-Amz-Signature=ab", "a=1&x-amz-credential", "X-Amz-Algorithm=AWS4-HMAC-SHA256"]
    {
        refused(|sent| sent.query = query.to_owned(), Invalid::Presigned);
    }
}

#[test]
fn a_target_that_would_be_read_in_two_ways_is_refused() {
    for path in ["/?a=1", "/#a", "", "other"] {
        refused(|sent| sent.path = path.to_owned(), Invalid::Mismatch);
    }
    refused(|sent| sent.query = "#".to_owned(), Invalid::Mismatch);
}

#[test]
fn a_token_is_given_exactly_when_the_key_has_one() {
    let send = |given: Option<&str>, known: Option<&str>| {
        let mut sent = Sent::unsigned();
        if let Some(token) = given {
            sent.set("X-Amz-Security-Token", token);
        }
        let sent = sent.sign(ID, SECRET, "states", SIGNED_AT);
        sent.verify_at(&keys(known), instant(SIGNED_AT))
    };
    assert!(send(None, None).is_ok());
    assert!(send(Some("token"), Some("token")).is_ok());
    assert_eq!(send(Some("token"), None), Err(Refusal::UnrecognizedClient));
    assert_eq!(send(None, Some("token")), Err(Refusal::UnrecognizedClient));
    assert_eq!(send(Some("tokem"), Some("token")), Err(Refusal::UnrecognizedClient));
}

#[test]
fn no_answer_tells_a_secret() {
    let mut wrong = Sent::signed();
    wrong.body.clear();
    let refusal = wrong.verify().unwrap_err();
    let shown = format!("{refusal} {refusal:?} {:?}", keys(Some("the token")));
    assert!(!shown.contains("wJalr") && !shown.contains("the token"), "{shown}");
}

#[test]
fn more_values_than_any_client_sends_are_refused() {
    refused(
        |sent| (0..super::SIGNED_VALUES_MAX).for_each(|_| sent.add("Content-Type", "a")),
        Incomplete::SignedHeaders,
    );
}

proptest! {
    #[test]
    fn one_byte_changed_in_the_body_is_noticed(
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let mut sent = Sent::signed();
        let at = at.index(sent.body.len());
        sent.body[at] ^= flip;
        prop_assert!(sent.verify().is_err());
    }

    #[test]
    fn one_byte_changed_in_a_header_is_noticed(
        header in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in b'!'..=b'~',
    ) {
        let mut sent = Sent::signed();
        let header = header.index(sent.headers.len());
        let value = &mut sent.headers[header].1;
        let at = at.index(value.len());
        prop_assume!(value[at] != byte);
        value[at] = byte;
        prop_assert!(sent.verify().is_err());
    }

    #[test]
    fn no_header_makes_the_server_panic(
        names in prop::collection::vec("[!-~]{0,12}", 0..4),
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4),
        authorization in prop::collection::vec(any::<u8>(), 0..200),
        path in ".{0,20}",
        query in ".{0,20}",
        method in ".{0,5}",
        keep in any::<bool>(),
    ) {
        let mut sent = Sent::signed();
        if !keep {
            sent.set("Authorization", &authorization);
        }
        for (name, value) in names.iter().zip(&values) {
            sent.add(name, value);
            if keep {
                sent.replace("Authorization", "host;", &format!("host;{name};"));
            }
        }
        (sent.path, sent.query, sent.method) = (path, query, method);
        prop_assert!(sent.verify().is_err());
    }

    #[test]
    fn a_time_of_any_clock_is_compared_without_a_panic(seconds in any::<u64>()) {
        let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        if let Some(now) = now {
            let distance = seconds.abs_diff(1_440_938_160);
            prop_assert_eq!(Sent::signed().verify_at(&keys(None), now).is_ok(), distance <= 300);
        }
    }
}
