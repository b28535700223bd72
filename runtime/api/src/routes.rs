//! What is answered at which path.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request as HttpRequest, Response, StatusCode, header};
use axum::routing::{get, post};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::api::{Api, Reply};
use crate::exception::Exception;
use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::operation::Operation;
use crate::options::{Bounds, MetricsText};
use crate::request::Request;
use crate::subject;

/// What every request needs.
pub(crate) struct Site {
    pub api: Api,
    pub gate: Gate,
    pub bounds: Bounds,
    pub metrics: Metrics,
    pub others_metrics: Option<MetricsText>,
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub SocketAddr);

const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
const TARGET: &str = "x-amz-target";
const TRACE_HEADER: &str = "x-amzn-trace-id";
const TARGET_PREFIX: &str = "AWSStepFunctions.";

pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .fallback(nowhere)
        .method_not_allowed_fallback(nowhere)
        .with_state(site)
}

/// A call of the API.
async fn call(State(site): State<Arc<Site>>, request: HttpRequest<Body>) -> Response<Body> {
    let started = std::time::Instant::now();
    let (parts, body) = request.into_parts();
    let target = parts.headers.get(TARGET).and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix(TARGET_PREFIX));
    let operation = operation.and_then(Operation::named);
    let answer = answer(&site, parts, body, operation).await;
    let exception = answer.as_ref().err().map(|exception| exception.name);
    site.metrics.note(operation, exception, started.elapsed());
    reply(Reply::of(answer))
}

async fn answer(
    site: &Site,
    parts: Parts,
    body: Body,
    operation: Option<Operation>,
) -> crate::api::Answer {
    site.gate.check_call(&parts)?;
    let body = read(body, site.bounds).await?;
    let caller = site.gate.identify(&parts, &body)?;
    let operation = operation.ok_or_else(Exception::unknown_operation)?;
    let trace_header = parts.headers.get(TRACE_HEADER).and_then(|header| header.to_str().ok());
    let request = Request::parse(&body)?.in_trace(trace_header);
    // Whoever waits long is to hold little.
    drop((parts, body));
    caller.authorize(operation.name(), &subject::of(&site.api, operation, &request))?;
    site.api.perform(operation, request).await
}

async fn read(body: Body, bounds: Bounds) -> Result<Bytes, Exception> {
    let limited = Limited::new(body, bounds.body_bytes_max);
    match timeout(bounds.body_within, limited.collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("the request is longer than {} bytes", bounds.body_bytes_max);
            Err(Exception { status: 413, ..Exception::new("RequestEntityTooLarge", message) })
        }
        Ok(Err(error)) => Err(Exception::serialization(format!("the request broke off: {error}"))),
        Err(_elapsed) => {
            let message = "the request took too long to come";
            Err(Exception { status: 408, ..Exception::new("RequestTimeout", message) })
        }
    }
}

fn reply(reply: Reply) -> Response<Body> {
    let Reply { status, body } = reply;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    let request_id = uuid::Uuid::new_v4().to_string();
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        headers.insert("x-amzn-requestid", request_id);
    }
    response
}

fn text(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// The process answers.
async fn healthz() -> Response<Body> {
    text(StatusCode::OK, "ok\n")
}

/// Executions can be started and go on.
async fn readyz(State(site): State<Arc<Site>>) -> Response<Body> {
    match site.api.unreadiness() {
        None => text(StatusCode::OK, "ready\n"),
        Some(why) => text(StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}

/// Numbers in Prometheus' format. They name machines, so where there are keys only this computer
/// may look.
async fn metrics(State(site): State<Arc<Site>>, request: HttpRequest<Body>) -> Response<Body> {
    let (parts, _body) = request.into_parts();
    if let Err(exception) = site.gate.check_page(&parts) {
        return text(StatusCode::FORBIDDEN, format!("{}\n", exception.message));
    }
    let is_near = parts.extensions.get::<Peer>().is_some_and(|Peer(peer)| peer.ip().is_loopback());
    if site.gate.has_keys() && !is_near {
        return text(StatusCode::FORBIDDEN, "metrics are for callers on this computer\n");
    }
    let mut shown = site.metrics.to_string();
    if let Some(others) = &site.others_metrics {
        shown.push_str(&others());
    }
    text(StatusCode::OK, shown)
}

/// Nothing is there. The service answers whatever is not a call of it in this way.
async fn nowhere() -> Response<Body> {
    let exception = Exception { status: 404, ..Exception::unknown_operation() };
    reply(Reply::of(Err(exception)))
}
