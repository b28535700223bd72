use stepwell_task::{TaskError, task};

#[task]
unsafe fn double(number: u32) -> Result<u32, TaskError> {
    Ok(number * 2)
}

fn main() {}
