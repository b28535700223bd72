use stepwell_task::{TaskError, task};

#[task]
fn parse(text: String) -> Result<u32, String> {
    text.parse().map_err(|_| TaskError::FAILED.to_owned())
}

fn main() {}
