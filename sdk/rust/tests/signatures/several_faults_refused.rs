use stepwell_task::{TaskError, task};

#[task]
pub async unsafe fn everything<T>() {}

fn unused() -> Option<TaskError> {
    None
}

fn main() {}
