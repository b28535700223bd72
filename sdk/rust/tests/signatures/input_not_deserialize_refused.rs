use stepwell_task::{TaskError, task};

struct Order {
    price: u32,
}

#[task]
fn price(order: Order) -> Result<u32, TaskError> {
    Ok(order.price)
}

fn main() {}
