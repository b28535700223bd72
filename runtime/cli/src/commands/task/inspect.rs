//! `stepwell task inspect`: what a task is, and what it may touch.

use std::sync::Arc;

use stepwell::host::{
    Access, Capabilities, Digest, Entry, EnvironmentValue, Host, HostBuilder, Limits, Manifest,
    Prepared, Registry, TaskRef,
};
use tokio::runtime;

use super::{entries, open};
use crate::arguments::Format;
use crate::complaint::{Complaint, chain};
use crate::config::{Config, keys};
use crate::duration::Took;
use crate::json_text::{ObjectText, array, texts};
use crate::printer::{self, Printer};
use crate::visible::Visible;
use crate::{Ended, Exit};

/// A task as the registry and the sandbox see it.
struct Inspected {
    entry: Entry,
    /// The components by version; a single file has none.
    components: Vec<(Option<String>, Digest)>,
    /// Which version was asked for, if the task can be called.
    prepared: Option<Arc<Prepared>>,
    problems: Vec<String>,
}

pub(super) fn run(printer: Printer, name: &str, config: &Config, output: Format) -> Ended {
    let task = TaskRef::parse(name).map_err(|error| Complaint::of(&error))?;
    let inspected = inspect(&task, &open(config.registry())?, config)?;
    match output {
        Format::Text => printer::data(inspected.to_text())?,
        Format::Json => printer::data(inspected.to_json())?,
    }
    for problem in &inspected.problems {
        printer.error(format_args!("task `{}`: {problem}", Visible(task.name())));
    }
    Ok(if inspected.prepared.is_some() { Exit::Success } else { Exit::BadInput })
}

fn inspect(task: &TaskRef, registry: &Registry, config: &Config) -> Result<Inspected, Complaint> {
    let entry = entries(registry)?.into_iter().find(|entry| entry.name == task.name());
    let Some(entry) = entry else {
        // Asked for by its reference, the registry says which name is near.
        let missing = registry.digest(task).map_err(|error| Complaint::of(&error));
        return Err(missing.err().unwrap_or_else(|| Complaint::new("the registry is changing")));
    };
    let mut problems: Vec<String> = entry.problems.iter().map(|problem| chain(problem)).collect();
    let components = components(registry, &entry);
    let prepared = prepare(task, config)?;
    let prepared = prepared.map_err(|problem| {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    });
    Ok(Inspected { entry, components, prepared: prepared.ok(), problems })
}

/// Compiles the task as a call would, or says why it cannot be called.
fn prepare(task: &TaskRef, config: &Config) -> Result<Result<Arc<Prepared>, String>, Complaint> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Complaint::of(&error))?;
    let builder = Host::builder(config.registry());
    let builder = config.path(&keys::CACHE).into_iter().fold(builder, HostBuilder::cache_dir);
    let host = builder.build().map_err(|error| Complaint::of(&error))?;
    Ok(runtime.block_on(host.prepare(task)).map_err(|error| chain(&error)))
}

fn components(registry: &Registry, entry: &Entry) -> Vec<(Option<String>, Digest)> {
    let digest = |reference: &str| {
        let task = TaskRef::parse(reference).ok()?;
        // What cannot be read is among the problems.
        registry.digest(&task).ok()
    };
    if entry.versions.is_empty() {
        return digest(&entry.name).map(|digest| (None, digest)).into_iter().collect();
    }
    let versions = entry.versions.iter().rev().filter_map(|version| {
        let version = version.to_string();
        let digest = digest(&format!("{}@{version}", entry.name))?;
        Some((Some(version), digest))
    });
    versions.collect()
}

impl Inspected {
    fn limits(&self) -> Limits {
        let defaults = Limits::default();
        self.entry
            .manifest
            .as_ref()
            .map_or_else(|| defaults.clone(), |found| found.limits(&defaults))
    }

    fn to_text(&self) -> String {
        let mut rows = vec![("name".to_owned(), self.entry.name.clone())];
        let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
        let manifest = self.entry.manifest.clone().unwrap_or_default();
        if let Some(description) = &manifest.description {
            row("description", description.clone());
        }
        for (version, digest) in &self.components {
            let version =
                version.as_ref().map(|version| format!("{version}  ")).unwrap_or_default();
            row("component", format!("{version}sha256:{digest}"));
        }
        for (alias, version) in &manifest.aliases {
            row("alias", format!("{alias} -> {version}"));
        }
        for capability in capability_texts(&manifest.capabilities) {
            row("may", capability);
        }
        if manifest.capabilities == Capabilities::default() {
            row("may", "touch nothing outside of itself".to_owned());
        }
        row("when run twice", run_twice(&manifest).to_owned());
        for (name, value) in limit_texts(&self.limits()) {
            row("limit", format!("{name} {value}"));
        }
        let prepared = self.prepared.as_ref().map(|prepared| prepared.digest());
        let callable =
            prepared.map_or_else(|| "no".to_owned(), |digest| format!("yes, sha256:{digest}"));
        row("callable", callable);
        let row = |(name, value): &(String, String)| format!("{name:<14}  {}", Visible(value));
        rows.iter().map(row).collect::<Vec<_>>().join("\n")
    }

    fn to_json(&self) -> String {
        let manifest = self.entry.manifest.clone().unwrap_or_default();
        let components = self.components.iter().map(|(version, digest)| {
            ObjectText::new()
                .some_text("version", version.as_deref())
                .text("sha256", &digest.to_string())
                .finish()
        });
        let aliases =
            manifest.aliases.iter().fold(ObjectText::new(), |object, (alias, version)| {
                object.text(alias, version.as_str())
            });
        let limits = self.limits();
        let object = ObjectText::new()
            .text("name", &self.entry.name)
            .some_text("description", manifest.description.as_deref())
            .json("components", array(components))
            .json("aliases", aliases.finish())
            .json("idempotent", manifest.idempotent)
            .json("environment", environment(&manifest.capabilities))
            .json("directories", directories(&manifest.capabilities));
        let limits = ObjectText::new()
            .json("timeout_seconds", limits.timeout.as_secs_f64())
            .json("memory_bytes", limits.memory_bytes)
            .json("output_bytes", limits.output_bytes)
            .json("log_bytes", limits.log_bytes);
        let prepared = self.prepared.as_ref().map(|prepared| prepared.digest().to_string());
        object
            .json("limits", limits.finish())
            .some_text("callable_sha256", prepared.as_deref())
            .json("problems", texts(&self.problems))
            .finish()
    }
}

fn run_twice(manifest: &Manifest) -> &'static str {
    match (manifest.capabilities.is_pure(), manifest.idempotent) {
        (true, _) => "as if run once: it cannot change anything outside of itself",
        (false, true) => "as if run once: its manifest says that it is idempotent",
        (false, false) => "it may leave its traces twice",
    }
}

fn capability_texts(Capabilities { environment, directories }: &Capabilities) -> Vec<String> {
    let variables = environment.iter().map(|(name, value)| match value {
        EnvironmentValue::Literal(text) => format!("see the variable {name}={text}"),
        EnvironmentValue::FromHost(from) => {
            format!("see the variable {name}, which is {from} of the environment")
        }
    });
    let directories = directories.iter().map(|directory| {
        let access = match directory.access {
            Access::Read => "read",
            Access::Write => "read and write",
        };
        format!("{access} {} as {}", directory.host.display(), directory.guest)
    });
    variables.chain(directories).collect()
}

fn limit_texts(limits: &Limits) -> [(&'static str, String); 4] {
    [
        ("time", Took(limits.timeout).to_string()),
        ("memory", size(limits.memory_bytes)),
        ("output", size(limits.output_bytes)),
        ("logs", size(limits.log_bytes)),
    ]
}

/// In the unit in which a manifest would say it.
fn size(bytes: usize) -> String {
    let kib = bytes >> 10;
    if kib.is_multiple_of(1024) { format!("{} MiB", kib >> 10) } else { format!("{kib} KiB") }
}

fn environment(capabilities: &Capabilities) -> String {
    let variables = capabilities.environment.iter();
    let object = variables.fold(ObjectText::new(), |object, (name, value)| match value {
        EnvironmentValue::Literal(text) => object.text(name, text),
        EnvironmentValue::FromHost(from) => {
            object.json(name, ObjectText::new().text("from", from).finish())
        }
    });
    object.finish()
}

fn directories(capabilities: &Capabilities) -> String {
    array(capabilities.directories.iter().map(|directory| {
        let access = match directory.access {
            Access::Read => "read",
            Access::Write => "write",
        };
        ObjectText::new()
            .text("guest", &directory.guest)
            .text("host", &directory.host.display().to_string())
            .text("access", access)
            .finish()
    }))
}
