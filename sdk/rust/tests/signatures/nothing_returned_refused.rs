use stepwell_task::{TaskError, task};

#[task]
fn notify(message: String) {
    stepwell_task::log::info!("{message}");
}

fn unused() -> Option<TaskError> {
    None
}

fn main() {}
