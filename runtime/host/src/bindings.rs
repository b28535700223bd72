//! What wasmtime generates from `wit/`. Nothing but this macro stands here, and nothing outside
//! this crate sees what it makes.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "task",
    imports: { default: trappable },
    exports: { default: async },
});
