//! Answers what its environment says.
//!
//! `PAUSE_SECONDS` is how long that takes. Then it fails with `ERROR` and `CAUSE`, or gives `OUTPUT`,
//! or else its input.

use std::env;
use std::thread::sleep;
use std::time::Duration;

use exports::stepwell::task::handler::{Failure, Guest};

wit_bindgen::generate!({ path: "../../../wit", world: "task" });

struct Scripted;

impl Guest for Scripted {
    fn run(input: String) -> Result<String, Failure> {
        if let Some(seconds) = env::var("PAUSE_SECONDS").ok().and_then(|text| text.parse().ok()) {
            sleep(Duration::from_secs(seconds));
        }
        if let Ok(error) = env::var("ERROR") {
            return Err(Failure { error, cause: env::var("CAUSE").unwrap_or_default() });
        }
        Ok(env::var("OUTPUT").unwrap_or(input))
    }
}

export!(Scripted);
