//! A server that encrypts, and a client that trusts it.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::command::{Folder, Ran};
use crate::server::Server;

/// A folder with an authority, and a certificate of its for this computer.
fn folder() -> Folder {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, key).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    Folder::with(&[
        ("authority.pem", &authority.pem()),
        ("certificate.pem", &certificate.pem()),
        ("key.pem", &key.serialize_pem()),
        ("client/stepwell.toml", "[client]\nca = \"../authority.pem\"\n"),
        ("greet.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#),
    ])
}

const SERVE: [&str; 5] = ["serve", "--tls-certificate", "certificate.pem", "--tls-key", "key.pem"];

#[test]
fn a_server_with_a_certificate_is_called_by_whoever_trusts_its_authority() {
    let folder = folder();
    let server = Server::start(&folder, &SERVE);
    assert!(server.endpoint.starts_with("https://127.0.0.1:"), "{}", server.greeting);
    let port = server.endpoint.rsplit(':').next().unwrap();
    for endpoint in [server.endpoint.clone(), format!("https://localhost:{port}")] {
        let trusting = |words: &[&str]| {
            let words = [&["--config", "client/stepwell.toml"], words].concat();
            let mut command = server.command(&words);
            Ran::of(command.env("STEPWELL_ENDPOINT", &endpoint).output().unwrap())
        };
        let deployed = trusting(&["deploy", "greet.asl.json"]);
        assert_eq!(deployed.code, Some(0), "{deployed:?}");
        trusting(&["start", "greet", "--input", "7", "--wait", "-q"]).is(0, "7\n", "");
    }
}

#[test]
fn a_certificate_of_an_unknown_authority_is_not_trusted() {
    let folder = folder();
    let server = Server::start(&folder, &SERVE);
    let ran = server.run("machine list");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let error = format!("error: the server at {} is not trusted: ", server.endpoint);
    assert!(ran.stderr.starts_with(&error), "{ran:?}");
    assert!(ran.stderr.contains("hint: `client.ca` of the configuration, or AWS_CA_BUNDLE"));
    let plain = server.endpoint.replace("https:", "http:");
    let ran = server.run(&format!("machine list --endpoint {plain}"));
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""), "{ran:?}");
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("key.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let ran = folder.run_words(&[&SERVE[..], &["--address", "127.0.0.1:0"]].concat());
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""), "{ran:?}");
    assert!(
        ran.stderr.starts_with("error: the certificate and the key do not go together: "),
        "{ran:?}"
    );
}
