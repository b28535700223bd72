use stepwell_task::{TaskError, task};

#[task]
fn answer() -> Result<u8, TaskError> {
    Ok(42)
}

fn main() {}
