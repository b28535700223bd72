//! A server for one case, on a port of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use stepwell::Stepwell;
use stepwell_api::{Options, Server};
use stepwell_tests::guests;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::functions::{Functions, ServerAddress};
use super::{Tasks, components};
use crate::tasks::Behaviour;

/// How long tasks have to end that nobody waits for any more.
const PATIENCE: Duration = Duration::from_millis(10);

/// What servers are made with.
#[derive(Debug)]
pub(super) struct Site {
    pub runtime: Runtime,
    /// Whether executions are kept in a file, or in memory.
    pub has_store: bool,
    pub tasks: Tasks,
}

/// A server that answers until it is stopped.
#[derive(Debug)]
pub(super) struct Running {
    pub address: SocketAddr,
    folder: TempDir,
    stepwell: Stepwell,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(site: &Site, behaviours: BTreeMap<String, Behaviour>) -> Result<Self> {
        let folder = TempDir::new().context("cannot make a temporary folder")?;
        let buckets = folder.path().join("buckets");
        std::fs::create_dir(&buckets).context("cannot make the folder of buckets")?;
        let mut builder = Stepwell::builder().buckets(buckets);
        let address_of_server = ServerAddress::default();
        builder = if site.tasks == Tasks::Components {
            let registry = components::registry(folder.path(), &behaviours)?;
            builder.registry(registry).cache_dir(guests::compile_cache())
        } else {
            let functions = Functions::new(behaviours, Arc::clone(&address_of_server));
            builder.tasks(Arc::new(functions))
        };
        if site.has_store {
            builder = builder.store(folder.path().join("store"));
        }
        let _inside = site.runtime.enter();
        let stepwell = builder.build()?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(address, stepwell.clone(), Options::default());
        let server = site.runtime.block_on(server)?;
        let address = server.address();
        address_of_server.set(address).ok().context("the tasks have a server already")?;
        let (stop, stopped) = oneshot::channel();
        let ended = site.runtime.spawn(server.run(async {
            let _dropped = stopped.await;
        }));
        Ok(Self { address, folder, stepwell, stop, ended })
    }

    /// The folder of a bucket.
    pub(super) fn bucket(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("buckets").join(Path::new(name))
    }

    /// Ends when nothing of it is left.
    pub(super) fn stop(self, site: &Site) -> Result<()> {
        drop(self.stop);
        site.runtime.block_on(async {
            self.ended.await?;
            self.stepwell.close(PATIENCE).await;
            Ok(())
        })
    }
}
