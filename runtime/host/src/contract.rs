//! Whether a file is a task: a component that exports the handler and imports nothing that the
//! host does not offer. It is checked before the first call, so that a call never finds out.

use wasmtime::Engine;
use wasmtime::component::Component;

/// The interface that makes a component a task.
pub(crate) const HANDLER: &str = "stepwell:task/handler@0.1.0";

/// The packages that every component may import, and the versions that are answered.
///
/// The WASI packages are what the standard libraries of languages are built on, so components
/// import them whether or not their code uses them. They give nothing by themselves: no variables,
/// no arguments, no directories, and a network that refuses every socket and every name. Clocks and
/// randomness are open to everyone.
const OFFERED: [(&str, &str); 7] = [
    ("stepwell:task", "0.1"),
    ("wasi:cli", "0.2"),
    ("wasi:clocks", "0.2"),
    ("wasi:filesystem", "0.2"),
    ("wasi:io", "0.2"),
    ("wasi:random", "0.2"),
    ("wasi:sockets", "0.2"),
];

/// Why a file is not a task that this host can run. The same bytes are always refused for the
/// same reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is not WebAssembly")]
    NotWasm,
    #[error(
        "it is a core WebAssembly module, not a component; build it for the target \
         `wasm32-wasip2`, or wrap it as a component"
    )]
    CoreModule,
    #[error("it is compiled machine code; a registry takes only WebAssembly")]
    Compiled,
    #[error("the component cannot be compiled: {reason}")]
    Invalid { reason: String },
    #[error("the compiler failed on the component")]
    CompilerPanicked,
    #[error(
        "the component is not a task: it does not export `{HANDLER}`; it exports {}",
        names(.exports)
    )]
    NoHandler { exports: Vec<String> },
    #[error(
        "the component imports `{interface}`, which this host does not offer and no capability in \
         task.toml grants; a task may import {}",
        offered()
    )]
    Import { interface: String },
    #[error("the component does not fit the interfaces of `stepwell:task`: {reason}")]
    Mismatch { reason: String },
}

/// What can be told from the first bytes, with a better message than the compiler has.
pub(crate) fn check_header(bytes: &[u8]) -> Result<(), Refusal> {
    if Engine::detect_precompiled(bytes).is_some() {
        return Err(Refusal::Compiled);
    }
    match bytes.first_chunk::<8>() {
        Some([0, b'a', b's', b'm', _, _, 0, 0]) => Err(Refusal::CoreModule),
        Some([0, b'a', b's', b'm', _, _, _, _]) => Ok(()),
        Some(_) | None => Err(Refusal::NotWasm),
    }
}

/// Checks what the component exports and imports, by name.
pub(crate) fn check_world(engine: &Engine, component: &Component) -> Result<(), Refusal> {
    let world = component.component_type();
    if component.get_export_index(None, HANDLER).is_none() {
        let exports = world.exports(engine).map(|(name, _)| name.to_owned()).collect();
        return Err(Refusal::NoHandler { exports });
    }
    match world.imports(engine).map(|(name, _)| name).find(|name| !is_offered(name)) {
        Some(name) => Err(Refusal::Import { interface: name.to_owned() }),
        None => Ok(()),
    }
}

/// `wasi:cli/environment@0.2.6` is offered when `wasi:cli` is, in version 0.2.
fn is_offered(import: &str) -> bool {
    let Some((package, rest)) = import.split_once('/') else { return false };
    let version = rest.split_once('@').map_or("", |(_, version)| version);
    OFFERED.iter().any(|(offered, offered_version)| {
        let patch = version.strip_prefix(offered_version);
        package == *offered && patch.is_some_and(|patch| patch.starts_with('.'))
    })
}

fn offered() -> String {
    OFFERED.map(|(package, version)| format!("{package}@{version}")).join(", ")
}

fn names(exports: &[String]) -> String {
    match exports {
        [] => "nothing".to_owned(),
        exports => {
            exports.iter().map(|name| format!("`{name}`")).collect::<Vec<String>>().join(", ")
        }
    }
}
