use stepwell_task::{TaskError, task};

mod prices {
    #[super::task]
    fn double(number: u32) -> Result<u32, super::TaskError> {
        Ok(number * 2)
    }
}

#[task]
fn triple(number: u32) -> Result<u32, TaskError> {
    Ok(number * 3)
}

fn main() {}
