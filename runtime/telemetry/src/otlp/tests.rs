use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, mpsc};

use serde_json::{Value, json};
use stepwell_asl::Timestamp;

use super::*;
use crate::{Attribute, SpanId, SpanKind, SpanStatus, TraceId};

fn span(name: &str) -> Span {
    Span {
        trace: TraceId([0xab; 16]),
        id: SpanId([1, 2, 3, 4, 5, 6, 7, 8]),
        parent: Some(SpanId([9; 8])),
        name: name.into(),
        kind: SpanKind::Client,
        start: Timestamp::from_unix_millis(1_500),
        end: Timestamp::from_unix_millis(2_750),
        attributes: vec![
            ("stepwell.task", Attribute::Text("pack".into())),
            ("stepwell.attempt", Attribute::Number(2)),
            ("stepwell.caught", Attribute::Flag(true)),
        ],
        status: SpanStatus::Error("Busy".into()),
    }
}

/// Reads one request: its head in lower case and its body.
fn request(stream: &TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let head = head.to_lowercase();
    let (_, length) = head.split_once("content-length: ").unwrap();
    let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (head, body)
}

/// A collector that gives those answers, each to a connection of its own.
fn collector(answers: &'static [&'static str]) -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            sender.send(request(&stream)).unwrap();
            let rest = "Connection: close\r\nContent-Length: 0\r\n";
            write!(stream, "HTTP/1.1 {answer}\r\n{rest}\r\n").unwrap();
        }
    });
    (endpoint, receiver)
}

fn exporter(endpoint: String, queue_spans: usize) -> (Exporter, Arc<Mutex<Vec<Loss>>>) {
    let losses: Arc<Mutex<Vec<Loss>>> = Arc::default();
    let told = Arc::clone(&losses);
    let settings = Settings {
        endpoint,
        headers: vec![("x-key".into(), "secret".into())],
        service: "shop".into(),
        queue_spans,
        complain: Box::new(move |loss| told.lock().unwrap().push(loss.clone())),
    };
    (Exporter::start(settings).unwrap(), losses)
}

#[test]
fn spans_are_posted_as_the_json_of_the_protocol() {
    let (endpoint, requests) = collector(&["200 OK"]);
    let (exporter, losses) = exporter(format!("{endpoint}/"), QUEUE_SPANS);
    exporter.send(vec![span("a"), span("b")]);
    let (head, body) = requests.recv().unwrap();
    assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    assert!(head.contains("x-key: secret\r\n"), "{head}");
    let body: Value = serde_json::from_slice(&body).unwrap();
    let of = &body["resourceSpans"][0];
    let service = json!([{"key": "service.name", "value": {"stringValue": "shop"}}]);
    assert_eq!(of["resource"]["attributes"], service);
    let spans = of["scopeSpans"][0]["spans"].as_array().unwrap();
    assert_eq!(spans[1]["name"], "b");
    assert_eq!(
        spans[0],
        json!({
            "traceId": "abababababababababababababababab",
            "spanId": "0102030405060708",
            "parentSpanId": "0909090909090909",
            "name": "a",
            "kind": 3,
            "startTimeUnixNano": "1500000000",
            "endTimeUnixNano": "2750000000",
            "attributes": [
                {"key": "stepwell.task", "value": {"stringValue": "pack"}},
                {"key": "stepwell.attempt", "value": {"intValue": "2"}},
                {"key": "stepwell.caught", "value": {"boolValue": true}},
            ],
            "status": {"code": 2, "message": "Busy"},
        })
    );
    drop(exporter);
    assert!(losses.lock().unwrap().is_empty());
}

#[test]
fn a_collector_that_is_busy_is_asked_again() {
    let (endpoint, requests) = collector(&[
        "503 Service Unavailable",
        "429 Too Many Requests\r\nRetry-After: 0",
        "200 OK",
    ]);
    let (exporter, losses) = exporter(endpoint, QUEUE_SPANS);
    exporter.send(vec![span("a")]);
    let bodies: Vec<_> = requests.iter().take(3).map(|(_, body)| body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    drop(exporter);
    assert!(losses.lock().unwrap().is_empty());
}

#[test]
fn what_a_collector_refuses_is_lost_and_told() {
    let (endpoint, requests) = collector(&["400 Bad Request"]);
    let (exporter, losses) = exporter(endpoint.clone(), QUEUE_SPANS);
    exporter.send(vec![span("a"), span("b")]);
    requests.recv().unwrap();
    drop(exporter);
    let losses = losses.lock().unwrap();
    let reason = format!("{endpoint}/v1/traces refuses them: 400 Bad Request");
    assert_eq!(*losses, [Loss { spans: 2, reason }]);
}

#[test]
fn what_does_not_fit_is_lost_and_told_and_the_end_does_not_wait_for_who_is_away() {
    // Nobody listens where somebody has listened.
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (exporter, losses) = exporter(format!("http://{away}"), 600);
    exporter.send((0..1000).map(|nth| span(&nth.to_string())).collect());
    drop(exporter);
    let losses = losses.lock().unwrap();
    let spans: Vec<u64> = losses.iter().map(|loss| loss.spans).collect();
    assert_eq!(spans, [512, 88, 400], "{losses:?}");
    assert!(losses[0].reason.contains("does not take them"), "{losses:?}");
    assert!(losses[1].reason.contains("before the end"), "{losses:?}");
    assert!(losses[2].reason.contains("too many"), "{losses:?}");
}
