use stepwell_task::{TaskError, task};

#[task]
fn double(number: u32) -> u32 {
    number * 2
}

fn unused() -> Option<TaskError> {
    None
}

fn main() {}
