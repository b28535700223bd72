use stepwell_task::{TaskError, task};

#[task]
fn show(input: impl ToString) -> Result<String, TaskError> {
    Ok(input.to_string())
}

fn main() {}
