use super::Memory;
use crate::behaviour::Backend;

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
