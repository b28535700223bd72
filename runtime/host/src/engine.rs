//! How wasmtime is set up.
//!
//! Every call gets a fresh instance. The pooling allocator makes that cheap: it keeps slots of
//! address space ready and resets only the pages that a call has touched.

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
    WasmBacktraceDetails,
};

use crate::limits::{MEMORY_BYTES_MAX, TABLE_ELEMENTS_MAX};

/// Memories and tables that the pool holds for each instance it can hold. A component that needs
/// more counts as several instances, see [`permits`].
const MEMORIES_PER_INSTANCE: u32 = 2;
const TABLES_PER_INSTANCE: u32 = 4;
const MEMORIES_PER_COMPONENT_MAX: u32 = 4;
const TABLES_PER_COMPONENT_MAX: u32 = 16;
/// What the largest component counts as.
const PERMITS_MAX: u32 = 4;
const CORE_INSTANCES_PER_COMPONENT_MAX: u32 = 50;
/// What a slot keeps mapped between two calls. The kernel tells which pages a call has written,
/// so that only those are reset.
const MEMORY_KEPT_BYTES: usize = 1 << 20;
const TABLE_KEPT_BYTES: usize = 64 << 10;
const WASM_STACK_BYTES: usize = 512 << 10;
const ASYNC_STACK_BYTES: usize = 2 << 20;

pub(crate) fn new(instances_max: u32) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(instances_max)))
        .epoch_interruption(true)
        .concurrency_support(false)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(ASYNC_STACK_BYTES)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    Engine::new(&config)
}

fn pool(instances_max: u32) -> PoolingAllocationConfig {
    // However few the instances, one of the largest components has room.
    let slots = instances_max.max(PERMITS_MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances_max)
        .total_stacks(instances_max)
        .total_core_instances(instances_max.saturating_mul(CORE_INSTANCES_PER_COMPONENT_MAX))
        .total_memories(slots.saturating_mul(MEMORIES_PER_INSTANCE))
        .total_tables(slots.saturating_mul(TABLES_PER_INSTANCE))
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT_MAX)
        .max_memories_per_component(MEMORIES_PER_COMPONENT_MAX)
        .max_tables_per_component(TABLES_PER_COMPONENT_MAX)
        .max_memory_size(MEMORY_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(TABLE_KEPT_BYTES)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// How many of the pool's instances a component stands for. With as many permits as instances,
/// no call that holds its permits can find the pool empty.
pub(crate) fn permits(component: &wasmtime::component::Component) -> u32 {
    let (memories, tables) = match component.resources_required() {
        Some(required) => (required.num_memories, required.num_tables),
        None => (MEMORIES_PER_COMPONENT_MAX, TABLES_PER_COMPONENT_MAX),
    };
    memories.div_ceil(MEMORIES_PER_INSTANCE).max(tables.div_ceil(TABLES_PER_INSTANCE)).max(1)
}
