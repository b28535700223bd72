//! Packages and their dependencies, as `cargo metadata` tells them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context as _, Result};
use serde_json::Value;

#[derive(Debug)]
pub(super) struct Graph {
    packages: BTreeMap<String, Package>,
}

#[derive(Debug)]
pub(super) struct Package {
    pub name: String,
    pub version: String,
    pub licence: Option<String>,
    pub is_member: bool,
    /// The ids of packages that it is built with; those for its tests alone are left out.
    dependencies: BTreeSet<String>,
    /// Those of them that are linked into it, and do not merely run at its build.
    linked: BTreeSet<String>,
}

impl Graph {
    pub(super) fn from_metadata(metadata: &Value) -> Result<Self> {
        let members = array(metadata, "workspace_members")?;
        let mut packages = BTreeMap::new();
        for package in array(metadata, "packages")? {
            let id = text(package, "id")?;
            let licence = package.get("license").and_then(Value::as_str).map(Into::into);
            let package = Package {
                name: text(package, "name")?,
                version: text(package, "version")?,
                licence,
                is_member: members.iter().any(|member| member.as_str() == Some(&id)),
                dependencies: BTreeSet::new(),
                linked: BTreeSet::new(),
            };
            packages.insert(id, package);
        }
        let resolve = metadata.get("resolve").context("the metadata has no `resolve`")?;
        for node in array(resolve, "nodes")? {
            let package = packages.get_mut(&text(node, "id")?);
            package.context("a node of an unknown package")?.read_dependencies(node)?;
        }
        Ok(Self { packages })
    }

    pub(super) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.values()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages().filter(|package| package.is_member)
    }

    /// What a package is built with, its tests apart.
    pub(super) fn dependencies(&self, package: &Package) -> impl Iterator<Item = &Package> {
        package.dependencies.iter().filter_map(|id| self.packages.get(id))
    }

    /// The shortest chain of linked packages from one package to another, by their names.
    pub(super) fn chain(&self, from: &Package, to: &str) -> Option<Vec<&str>> {
        let mut seen = BTreeSet::new();
        let mut frontier = VecDeque::from([(from, Vec::new())]);
        while let Some((package, mut chain)) = frontier.pop_front() {
            chain.push(package.name.as_str());
            if package.name == to {
                return Some(chain.iter().filter_map(|name| self.named(name)).collect());
            }
            for id in &package.linked {
                if let (true, Some(next)) = (seen.insert(id), self.packages.get(id)) {
                    frontier.push_back((next, chain.clone()));
                }
            }
        }
        None
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.packages().find(|package| package.name == name).map(|package| package.name.as_str())
    }
}

impl Package {
    fn read_dependencies(&mut self, node: &Value) -> Result<()> {
        for dependency in array(node, "deps")? {
            let id = text(dependency, "pkg")?;
            // Cargo gives null to an ordinary dependency.
            let kinds = array(dependency, "dep_kinds")?;
            let has = |wanted: Option<&str>| {
                kinds.iter().any(|kind| kind.get("kind").and_then(Value::as_str) == wanted)
            };
            if has(None) {
                self.linked.insert(id.clone());
            }
            if has(None) || has(Some("build")) {
                self.dependencies.insert(id);
            }
        }
        Ok(())
    }
}

fn array<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    let array = value.get(name).and_then(Value::as_array);
    array.with_context(|| format!("the metadata has no list `{name}`"))
}

fn text(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    text.map(Into::into).with_context(|| format!("the metadata has no text `{name}`"))
}
