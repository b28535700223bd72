use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use stepwell::Object;

use super::{Client, text, texts};
use crate::complaint::Complaint;
use crate::config::{Config, Flags, keys};

/// A server that gives the answers in turn, one a connection, and tells what it was asked.
fn server(answers: Vec<(u16, String)>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let mut asked = Vec::new();
        for (status, answer) in answers {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.unwrap().parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            asked.push(format!("{head}{}", String::from_utf8(body).unwrap()));
            let length = answer.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n");
            let answer = format!("{head}connection: close\r\n\r\n{answer}");
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
        }
        asked
    });
    (endpoint, serving)
}

fn client(endpoint: &str) -> Client {
    let flags = Flags::default().text(&keys::ENDPOINT, Some(&endpoint.to_owned()));
    Client::new(&Config::load(None, &flags).unwrap()).unwrap()
}

#[test]
fn a_call_is_a_post_that_names_its_operation() {
    let (endpoint, serving) = server(vec![(200, r#"{"b":1,"a":2.5}"#.into())]);
    let answer = client(&endpoint).call("StopExecution", texts([("a", Some("x")), ("b", None)]));
    assert_eq!(answer.unwrap().to_string(), r#"{"b":1,"a":2.5}"#);
    let asked = serving.join().unwrap().remove(0);
    assert!(asked.starts_with("post / http/1.1\r\n"), "{asked}");
    for header in
        ["x-amz-target: awsstepfunctions.stopexecution", "content-type: application/x-amz-json-1.0"]
    {
        assert!(asked.contains(header), "{asked}");
    }
    assert!(asked.ends_with("\r\n\r\n{\"a\":\"x\"}"), "{asked}");
}

#[test]
fn a_refusal_is_told_apart_from_what_is_no_answer() {
    let refusal = r#"{"__type":"com.amazonaws.states#InvalidName","message":"no"}"#;
    let (endpoint, serving) = server(vec![(400, refusal.into()), (502, "<html>".into())]);
    let client = client(&endpoint);
    let refused = client.call("CreateActivity", Object::new()).unwrap_err();
    assert!(refused.is_refused_as("InvalidName"));
    let foreign = Complaint::from(client.call("CreateActivity", Object::new()).unwrap_err());
    let said = foreign.to_string();
    assert!(said.contains("answers with status 502 and no JSON: <html>"), "{said}");
    serving.join().unwrap();
}

#[test]
fn pages_are_followed_up_to_the_limit() {
    let page = |from: u32, token: &str| {
        let items: Vec<String> = (from..from + 2).map(|n| format!("{{\"n\":\"{n}\"}}")).collect();
        (200, format!("{{\"items\":[{}]{token}}}", items.join(",")))
    };
    let next = r#","nextToken":"more""#;
    let (endpoint, serving) = server(vec![page(0, next), page(2, next)]);
    let items = client(&endpoint).list("ListMachines", Object::new(), "items", 3).unwrap();
    let numbers: Vec<&str> = items.iter().map(|item| text(item, "n")).collect();
    assert_eq!(numbers, ["0", "1", "2"]);
    let asked = serving.join().unwrap();
    assert!(asked[0].ends_with("{\"maxResults\":3}"), "{}", asked[0]);
    assert!(asked[1].ends_with("{\"maxResults\":1,\"nextToken\":\"more\"}"), "{}", asked[1]);
}

#[test]
fn what_signs_a_request_gives_its_headers() {
    let signer = super::Signer::with("AKID", "secret", "us-east-1");
    let signed = signer.sign("http://localhost:1/", &[("x-amz-target", "X.Y")], "{}").unwrap();
    let named = |name: &str| signed.iter().find(|(header, _)| header == name).map(|(_, v)| &**v);
    assert!(named("x-amz-date").is_some());
    let authorization = named("authorization").unwrap();
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"), "{authorization}");
    assert!(authorization.contains("/us-east-1/states/aws4_request, "), "{authorization}");
    assert!(
        authorization.contains("SignedHeaders=host;x-amz-date;x-amz-target, "),
        "{authorization}"
    );
}

#[test]
fn the_endpoint_is_where_the_server_would_listen() {
    let endpoint = |address: &str| {
        let flags = Flags::default().text(&keys::ADDRESS, Some(&address.to_owned()));
        super::endpoint(&Config::load(None, &flags).unwrap())
    };
    assert_eq!(endpoint("127.0.0.1:99"), "http://127.0.0.1:99");
    assert_eq!(endpoint("0.0.0.0:99"), "http://127.0.0.1:99");
    assert_eq!(endpoint("[::]:99"), "http://[::1]:99");
}
