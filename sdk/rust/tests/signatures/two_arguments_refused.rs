use stepwell_task::{TaskError, task};

#[task]
fn add(first: u32, second: u32) -> Result<u32, TaskError> {
    Ok(first + second)
}

fn main() {}
