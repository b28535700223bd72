//! What a server costs that reads a call, answers and does nothing.

use anyhow::Result;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::post;
use stepwell_value::Value;

/// Listens, says where, and answers until the process is ended.
pub(crate) fn serve(answer: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let answer = answer.to_owned();
        let handler = move |body: String| {
            let answer = answer.clone();
            async move {
                let kind = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
                match Value::parse(&body) {
                    Ok(_) => (StatusCode::OK, kind, answer),
                    Err(error) => (StatusCode::BAD_REQUEST, kind, error.to_string()),
                }
            }
        };
        axum::serve(listener, Router::new().route("/", post(handler))).await?;
        Ok(())
    })
}
