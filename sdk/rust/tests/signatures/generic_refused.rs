use stepwell_task::{TaskError, task};

#[task]
fn echo<T>(input: T) -> Result<T, TaskError> {
    Ok(input)
}

fn main() {}
