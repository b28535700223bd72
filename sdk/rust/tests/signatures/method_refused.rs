use stepwell_task::{TaskError, task};

struct Counter(u32);

impl Counter {
    #[task]
    fn add(&self, number: u32) -> Result<u32, TaskError> {
        Ok(self.0 + number)
    }
}

fn main() {}
