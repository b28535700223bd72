use stepwell_task::{TaskError, task};

#[task]
async fn wait(seconds: u32) -> Result<u32, TaskError> {
    Ok(seconds)
}

fn main() {}
