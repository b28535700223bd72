//! A task that nobody calls on the host is not reported as unused.
#![deny(dead_code)]

use stepwell_task::{TaskError, task};

#[task]
fn shout(text: String) -> Result<String, TaskError> {
    Ok(text.to_uppercase())
}

fn main() {}
