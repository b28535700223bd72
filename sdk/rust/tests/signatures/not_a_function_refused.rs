use stepwell_task::{TaskError, task};

#[task]
struct Verdict {
    approved: bool,
}

fn unused() -> Option<TaskError> {
    None
}

fn main() {}
