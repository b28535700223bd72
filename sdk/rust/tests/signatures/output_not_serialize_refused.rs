use stepwell_task::{TaskError, task};

struct Bill {
    total: u32,
}

#[task]
fn bill(total: u32) -> Result<Bill, TaskError> {
    Ok(Bill { total })
}

fn main() {}
