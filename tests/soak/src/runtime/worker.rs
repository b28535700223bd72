//! A worker of the activity: it takes work, dawdles, and reports. What it has taken when it is killed
//! nobody reports.

use std::time::Duration;

use stepwell_engine::{Engine, TokenError};
use stepwell_value::{Payload, Value};

use super::say;
use crate::names::ACTIVITY;

pub(super) async fn work(engine: Engine) {
    while let Ok(work) = engine.take_activity(ACTIVITY, Some("worker".into())).await {
        let value = work.input.value().get("value").and_then(Value::as_int).unwrap_or_default();
        tokio::time::sleep(Duration::from_millis(value.unsigned_abs() % 20)).await;
        let answer = Payload::from(Value::from("yes"));
        match engine.report_token(&work.token, Ok(answer)).await {
            Ok(()) | Err(TokenError::Ended | TokenError::Stopped) => {}
            Err(wrong) => say(&format!("wrong a worker's token was not taken: {wrong}")),
        }
    }
}
