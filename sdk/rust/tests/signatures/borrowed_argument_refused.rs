use stepwell_task::{TaskError, task};

#[task]
fn length(text: &str) -> Result<usize, TaskError> {
    Ok(text.len())
}

fn main() {}
