//! Spans as the JSON of an OTLP request.

use serde_json::{Value, json};
use stepwell_asl::Timestamp;

use crate::{Attribute, Span, SpanKind, SpanStatus};

pub(super) fn request(service: &str, spans: &[Span]) -> Vec<u8> {
    let request = json!({
        "resourceSpans": [{
            "resource": { "attributes": [text("service.name", service)] },
            "scopeSpans": [{
                "scope": { "name": "stepwell", "version": env!("CARGO_PKG_VERSION") },
                "spans": spans.iter().map(span).collect::<Vec<_>>(),
            }],
        }],
    });
    request.to_string().into_bytes()
}

fn span(span: &Span) -> Value {
    let mut encoded = json!({
        "traceId": span.trace.to_string(),
        "spanId": span.id.to_string(),
        "name": &*span.name,
        "kind": match span.kind {
            SpanKind::Internal => 1,
            SpanKind::Server => 2,
            SpanKind::Client => 3,
        },
        "startTimeUnixNano": nanos(span.start),
        "endTimeUnixNano": nanos(span.end),
        "attributes": span.attributes.iter().map(attribute).collect::<Vec<_>>(),
    });
    if let Some(parent) = span.parent {
        encoded["parentSpanId"] = parent.to_string().into();
    }
    if let SpanStatus::Error(message) = &span.status {
        encoded["status"] = json!({ "code": 2, "message": &**message });
    }
    encoded
}

fn attribute((name, value): &(&'static str, Attribute)) -> Value {
    match value {
        Attribute::Text(value) => text(name, value),
        // Whole numbers of 64 bits are texts.
        Attribute::Number(number) => {
            json!({ "key": name, "value": { "intValue": number.to_string() } })
        }
        Attribute::Flag(flag) => json!({ "key": name, "value": { "boolValue": flag } }),
    }
}

fn text(name: &str, value: &str) -> Value {
    json!({ "key": name, "value": { "stringValue": value } })
}

/// Since 1970; there is nothing before.
fn nanos(at: Timestamp) -> String {
    let nanos = i128::from(at.unix_seconds()) * 1_000_000_000 + i128::from(at.subsec_nanos());
    nanos.max(0).to_string()
}
