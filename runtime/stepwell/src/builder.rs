//! How the parts are put together.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use stepwell_buckets::{Buckets, Directory};
use stepwell_engine::{Engine, Observer, Tasks};
use stepwell_host::{Host, LogSink};
use stepwell_kernel::Limits;

use crate::execution::Stepwell;
use crate::host_tasks::HostTasks;

/// Gathers what a [`Stepwell`] is made of.
#[derive(Default)]
pub struct Builder {
    registry: Option<PathBuf>,
    cache: Option<PathBuf>,
    buckets: Option<PathBuf>,
    tasks: Option<Arc<dyn Tasks>>,
    logs: Option<Arc<dyn LogSink>>,
    observer: Option<Observer>,
    limits: Limits,
}

/// Why the parts do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("there is nothing to run tasks with: give a registry directory, or tasks of your own")]
    NoTasks,
    #[error("cannot open the directory of buckets {}", directory.display())]
    Buckets { directory: PathBuf, source: io::Error },
    #[error(transparent)]
    Host(#[from] stepwell_host::BuildError),
}

impl Builder {
    /// The directory in which components are found by name.
    #[must_use]
    pub fn registry(self, directory: impl Into<PathBuf>) -> Self {
        Self { registry: Some(directory.into()), ..self }
    }

    /// Where compiled components are kept from one start to the next. Without it each start
    /// compiles them anew.
    #[must_use]
    pub fn cache_dir(self, directory: impl Into<PathBuf>) -> Self {
        Self { cache: Some(directory.into()), ..self }
    }

    /// The directory of the buckets from which Distributed Maps read items and to which they write
    /// results: the bucket `b` is the directory `b` in it. Without it such a map fails.
    #[must_use]
    pub fn buckets(self, directory: impl Into<PathBuf>) -> Self {
        Self { buckets: Some(directory.into()), ..self }
    }

    /// Runs tasks with something else than a registry.
    #[must_use]
    pub fn tasks(self, tasks: Arc<dyn Tasks>) -> Self {
        Self { tasks: Some(tasks), ..self }
    }

    /// Takes what tasks print and log.
    #[must_use]
    pub fn logs(self, logs: Arc<dyn LogSink>) -> Self {
        Self { logs: Some(logs), ..self }
    }

    /// Sees the events of every execution right after they are kept.
    #[must_use]
    pub fn observer(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// What an execution may use; AWS's quotas by default.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Starts the engine in the current tokio runtime.
    pub fn build(self) -> Result<Stepwell, BuildError> {
        let buckets = self.buckets.map(open_buckets).transpose()?;
        let (tasks, host): (Arc<dyn Tasks>, _) = match (self.tasks, self.registry) {
            (Some(tasks), _) => (tasks, None),
            (None, None) => return Err(BuildError::NoTasks),
            (None, Some(registry)) => {
                let mut builder = Host::builder(registry);
                if let Some(cache) = self.cache {
                    builder = builder.cache_dir(cache);
                }
                if let Some(logs) = self.logs {
                    builder = builder.logs(logs);
                }
                let host = builder.build()?;
                (Arc::new(HostTasks::new(host.clone())), Some(host))
            }
        };
        let mut engine = Engine::builder(tasks).limits(self.limits);
        if let Some(buckets) = buckets {
            engine = engine.items(Arc::new(buckets));
        }
        if let Some(observer) = self.observer {
            engine = engine.observer(observer);
        }
        Ok(Stepwell::new(engine.start(), host))
    }
}

fn open_buckets(directory: PathBuf) -> Result<Buckets, BuildError> {
    let opened = Directory::open(&directory);
    let opened = opened.map_err(|source| BuildError::Buckets { directory, source })?;
    Ok(Buckets::new(Arc::new(opened)))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("registry", &self.registry)
            .field("cache", &self.cache)
            .field("buckets", &self.buckets)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
