use super::Memory;
use crate::ExecutionId;
use crate::behaviour::{Backend, Waiter, birth, block_on};
use crate::{Journal, Record};

struct InMemory;

impl Backend for InMemory {
    type Journal = Memory;

    fn create(&self) -> Memory {
        Memory::new()
    }

    fn reopen(&self, journal: Memory) -> Memory {
        journal
    }
}

crate::behaviours!(InMemory);

#[test]
fn what_is_forgotten_is_empty() {
    let journal = Memory::new();
    let (_, batch) = Waiter::start("run-1", stepwell_value::Payload::parse("1").unwrap());
    let record = Record { execution: ExecutionId(1), birth: Some(birth()), batch };
    block_on(journal.append(vec![record])).unwrap();
    assert!(!journal.read(ExecutionId(1)).is_empty());
    journal.forget(ExecutionId(1));
    assert_eq!(journal.read(ExecutionId(1)), []);
}
