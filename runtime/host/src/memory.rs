//! The memory limit of one call: a total over everything that its instance allocates.
//!
//! Growth beyond the limit is an error of our own and not a refusal to the guest. A guest that is
//! refused memory aborts, and nobody could tell that from a panic.

use wasmtime::{Error, ResourceLimiter};

use crate::limits::TABLE_ELEMENTS_MAX;

/// A table's element is a pointer.
const TABLE_ELEMENT_BYTES: usize = size_of::<usize>();

/// A growth that is allowed counts even if the system cannot carry it out: nothing is ever taken
/// back, so a guest cannot make the sum forget.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    limit_bytes: usize,
    used_bytes: usize,
}

/// The call wanted more memory than it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MemoryExceeded {
    #[error("{wanted_bytes} bytes of memory were wanted, the limit is {limit_bytes}")]
    Total { wanted_bytes: usize, limit_bytes: usize },
    #[error("a table of {wanted} elements was wanted, the limit is {TABLE_ELEMENTS_MAX}")]
    Table { wanted: usize },
}

impl MemoryLimiter {
    pub(crate) fn new(limit_bytes: usize) -> Self {
        Self { limit_bytes, used_bytes: 0 }
    }

    fn grow(&mut self, current_bytes: usize, desired_bytes: usize) -> Result<bool, Error> {
        let added_bytes = desired_bytes.saturating_sub(current_bytes);
        let wanted_bytes = self.used_bytes.saturating_add(added_bytes);
        if wanted_bytes > self.limit_bytes {
            let limit_bytes = self.limit_bytes;
            return Err(MemoryExceeded::Total { wanted_bytes, limit_bytes }.into());
        }
        self.used_bytes = wanted_bytes;
        Ok(true)
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        // Past the maximum that the guest itself has declared, growth fails in the guest's own way.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.grow(current, desired)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        if desired > TABLE_ELEMENTS_MAX {
            return Err(MemoryExceeded::Table { wanted: desired }.into());
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let bytes = |elements: usize| elements.saturating_mul(TABLE_ELEMENT_BYTES);
        self.grow(bytes(current), bytes(desired))
    }
}
