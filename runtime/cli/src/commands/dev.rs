//! `stepwell dev`: a folder, served; what changes in it is live within a second.
//!
//! The folder is looked at again and again rather than watched: that works on every file system,
//! and a folder that somebody writes workflows in is small. Definitions and tasks are looked at by
//! a thread each, since a build takes long.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use stepwell_api::Api;
use tokio::runtime::{self, Handle};

use super::{build, serve};
use crate::arguments::Dev;
use crate::complaint::Complaint;
use crate::config::{Config, Source, keys};
use crate::printer::Printer;
use crate::{Ended, Exit};

use definitions::Definitions;
use snapshot::Snapshot;

mod definitions;
mod snapshot;

const LOOK: Duration = Duration::from_millis(200);

/// What the threads know of the folder.
#[derive(Debug)]
struct Folder {
    printer: Printer,
    dir: PathBuf,
    registry: PathBuf,
    is_offline: bool,
}

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Dev) -> Ended {
    if !options.dir.is_dir() {
        return Err(Complaint::new(format_args!("{} is not a folder", options.dir.display())));
    }
    let config = config(file, options)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Complaint::of(&error))?;
    let ended = runtime.block_on(dev(printer, &config, options));
    runtime.shutdown_background();
    ended
}

/// Registry and buckets are in the folder, and executions in memory, where nothing else is said.
fn config(file: Option<&Path>, options: &Dev) -> Result<Config, Complaint> {
    let flags = options.server.flags();
    let config = Config::load(file, &flags)?;
    let (registry, buckets) = (options.dir.join("registry"), options.dir.join("buckets"));
    let is_default = config.source(&keys::REGISTRY) == Some(Source::Default);
    if is_default {
        std::fs::create_dir_all(&registry).map_err(|error| {
            Complaint::new(format_args!("cannot make {}: {error}", registry.display()))
        })?;
    }
    let flags = flags.path(&keys::REGISTRY, is_default.then_some(&registry));
    let has_own = config.path(&keys::BUCKETS).is_none() && buckets.is_dir();
    let flags = flags.path(&keys::BUCKETS, has_own.then_some(&buckets));
    let keeps_nothing = config.source(&keys::STORE) == Some(Source::Default);
    let in_memory = PathBuf::from(keys::IN_MEMORY);
    Config::load(file, &flags.path(&keys::STORE, keeps_nothing.then_some(&in_memory)))
}

async fn dev(printer: Printer, config: &Config, options: &Dev) -> Ended {
    let signals = serve::Signals::watch()?;
    let opened = serve::open(printer, config).await?;
    let api = Api::new(opened.stepwell.clone());
    let handle = Handle::current();
    let folder = |printer| Folder {
        printer,
        dir: options.dir.clone(),
        registry: config.registry().to_path_buf(),
        is_offline: options.offline,
    };
    let (of_definitions, of_tasks) = (folder(printer), folder(printer));
    let site = (
        config.text(&keys::REGION).unwrap_or_default().to_owned(),
        config.text(&keys::ACCOUNT).unwrap_or_default().to_owned(),
    );
    let is_over: &'static AtomicBool = Box::leak(Box::default());
    let definitions = thread::spawn(move || {
        let mut definitions = Definitions::new(of_definitions, api, handle, site);
        while !is_over.load(Ordering::Relaxed) {
            definitions.look();
            sleep(LOOK);
        }
    });
    // A build is not waited for at the end.
    thread::spawn(move || of_tasks.build_as_they_change(is_over));
    serve::answer(printer, opened, signals).await;
    is_over.store(true, Ordering::Relaxed);
    // It has told whatever went wrong.
    let _told = definitions.join();
    Ok(Exit::Success)
}

impl Folder {
    fn build_as_they_change(&self, is_over: &AtomicBool) {
        let mut built = Snapshot::default();
        let mut seen = Snapshot::default();
        while !is_over.load(Ordering::Relaxed) {
            let now = self.snapshot(snapshot::is_source);
            // Editors and version control write several files: it is waited until they are done.
            if now != built && now == seen {
                self.build();
                built.clone_from(&now);
            }
            seen = now;
            sleep(LOOK);
        }
    }

    fn build(&self) {
        let dirs = std::slice::from_ref(&self.dir);
        let built = match build::find(dirs, &self.registry) {
            Ok(folders) if folders.is_empty() => Ok(()),
            Ok(_) => build::build(self.printer, dirs, &self.registry, self.is_offline),
            Err(complaint) => Err(complaint),
        };
        if let Err(complaint) = built {
            complaint.print(self.printer);
            self.printer.say("the tasks stay as they are until that is corrected");
        }
    }

    fn snapshot(&self, is_meant: fn(&Path) -> bool) -> Snapshot {
        Snapshot::of(&self.dir, &self.registry, is_meant)
    }
}
