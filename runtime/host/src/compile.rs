//! From bytes to something that can be instantiated: compiled once, kept by digest.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OnceCell, Semaphore};
use tokio::task::spawn_blocking;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::bindings::TaskPre;
use crate::cache::{Cache, CacheProblem};
use crate::call::CallState;
use crate::contract::{self, Refusal};
use crate::{Digest, engine};

/// A component that is ready to be instantiated.
pub(crate) struct Compiled {
    pub(crate) instance_pre: TaskPre<CallState>,
    /// How many of the pool's instances one call stands for.
    pub(crate) permits: u32,
    pub(crate) origin: Origin,
    pub(crate) cache_problem: Option<CacheProblem>,
}

/// Where a compiled component came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was compiled by this host.
    Compiled,
    /// It was compiled earlier, and found in the cache.
    Cache,
}

/// All components that are compiled or being compiled, by digest.
pub(crate) struct Compiler {
    shared: Arc<Shared>,
    /// Callers that prepare tasks look here; the lock is held only to find or add a cell.
    cells: Mutex<HashMap<Digest, Arc<Cell>>>,
    /// One compilation at a time. It uses every core by itself, and its memory adds up.
    turn: Semaphore,
}

type Cell = OnceCell<Result<Arc<Compiled>, Refusal>>;

struct Shared {
    engine: Engine,
    linker: Linker<CallState>,
    cache: Option<Cache>,
}

impl Compiler {
    pub(crate) fn new(engine: Engine, linker: Linker<CallState>, cache: Option<Cache>) -> Self {
        let shared = Arc::new(Shared { engine, linker, cache });
        Self { shared, cells: Mutex::default(), turn: Semaphore::new(1) }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    /// The component with these bytes. Whoever asks first compiles it; the others wait.
    pub(crate) async fn compile(
        &self,
        bytes: Vec<u8>,
        digest: Digest,
    ) -> Result<Arc<Compiled>, Refusal> {
        let cell = self.cell(digest);
        let compiled = cell.get_or_init(|| async {
            let shared = Arc::clone(&self.shared);
            let bytes = match spawn_blocking(move || shared.look_up(bytes, digest)).await {
                Ok(LookUp::Answer(answer)) => return answer.map(Arc::new),
                Ok(LookUp::Miss(bytes)) => bytes,
                Err(_panicked) => return Err(Refusal::CompilerPanicked),
            };
            let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
            let shared = Arc::clone(&self.shared);
            match spawn_blocking(move || shared.compile(&bytes, digest)).await {
                Ok(answer) => answer.map(Arc::new),
                Err(_panicked) => Err(Refusal::CompilerPanicked),
            }
        });
        compiled.await.clone()
    }

    /// Finds or adds a cell, and forgets those that nobody uses any more.
    fn cell(&self, digest: Digest) -> Arc<Cell> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = cells.get(&digest) {
            return Arc::clone(cell);
        }
        cells.retain(|_, cell| is_used(cell));
        Arc::clone(cells.entry(digest).or_default())
    }
}

/// Whether somebody waits for the component, or has a task that was prepared from it.
fn is_used(cell: &Arc<Cell>) -> bool {
    let has_tasks = match cell.get() {
        Some(Ok(compiled)) => Arc::strong_count(compiled) > 1,
        Some(Err(_)) | None => false,
    };
    Arc::strong_count(cell) > 1 || has_tasks
}

enum LookUp {
    Answer(Result<Compiled, Refusal>),
    Miss(Vec<u8>),
}

impl Shared {
    fn look_up(&self, bytes: Vec<u8>, digest: Digest) -> LookUp {
        if let Err(refusal) = contract::check_header(&bytes) {
            return LookUp::Answer(Err(refusal));
        }
        match self.cache.as_ref().and_then(|cache| cache.load(&self.engine, digest)) {
            Some(component) => LookUp::Answer(self.link(&component, Origin::Cache, None)),
            None => LookUp::Miss(bytes),
        }
    }

    fn compile(&self, bytes: &[u8], digest: Digest) -> Result<Compiled, Refusal> {
        let component = Component::new(&self.engine, bytes)
            .map_err(|error| Refusal::Invalid { reason: reason(&error) })?;
        let stored = self.cache.as_ref().map(|cache| cache.store(&component, digest));
        self.link(&component, Origin::Compiled, stored.and_then(Result::err))
    }

    fn link(
        &self,
        component: &Component,
        origin: Origin,
        cache_problem: Option<CacheProblem>,
    ) -> Result<Compiled, Refusal> {
        contract::check_world(&self.engine, component)?;
        let instance_pre = self
            .linker
            .instantiate_pre(component)
            .and_then(TaskPre::new)
            .map_err(|error| Refusal::Mismatch { reason: reason(&error) })?;
        Ok(Compiled { instance_pre, permits: engine::permits(component), origin, cache_problem })
    }
}

/// The whole chain: wasmtime's outermost message says where, its innermost says why.
fn reason(error: &wasmtime::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<String>>().join(": ")
}

impl fmt::Debug for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiler").field("cache", &self.shared.cache).finish_non_exhaustive()
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").field("origin", &self.origin).finish_non_exhaustive()
    }
}
