//! Which crate may know which: dependencies point one way, and some crates stay pure.

use super::Finding;
use super::graph::{Graph, Package};

/// Every member and the members that it may be built with. Tests may use what they like.
const ALLOWED: &[(&str, &[&str])] = &[
    ("stepwell-value", &[]),
    ("stepwell-access", &["stepwell-value"]),
    ("stepwell-items", &["stepwell-value"]),
    ("stepwell-jsonpath", &["stepwell-value"]),
    ("stepwell-jsonata", &["stepwell-value"]),
    ("stepwell-intrinsics", &["stepwell-jsonpath", "stepwell-value"]),
    (
        "stepwell-asl",
        &["stepwell-intrinsics", "stepwell-jsonata", "stepwell-jsonpath", "stepwell-value"],
    ),
    (
        "stepwell-kernel",
        &[
            "stepwell-asl",
            "stepwell-intrinsics",
            "stepwell-jsonata",
            "stepwell-jsonpath",
            "stepwell-value",
        ],
    ),
    ("stepwell-wire", &["stepwell-asl", "stepwell-kernel", "stepwell-value"]),
    ("stepwell-journal", &["stepwell-asl", "stepwell-kernel", "stepwell-value"]),
    (
        "stepwell-journal-sqlite",
        &["stepwell-asl", "stepwell-journal", "stepwell-kernel", "stepwell-value"],
    ),
    (
        "stepwell-journal-postgres",
        &["stepwell-asl", "stepwell-journal", "stepwell-kernel", "stepwell-value"],
    ),
    (
        "stepwell-catalog",
        &["stepwell-asl", "stepwell-journal", "stepwell-kernel", "stepwell-value"],
    ),
    (
        "stepwell-telemetry",
        &["stepwell-asl", "stepwell-catalog", "stepwell-kernel", "stepwell-value", "stepwell-wire"],
    ),
    ("stepwell-engine", &["stepwell-asl", "stepwell-journal", "stepwell-kernel", "stepwell-value"]),
    ("stepwell-host", &["stepwell-value"]),
    (
        "stepwell-buckets",
        &["stepwell-asl", "stepwell-engine", "stepwell-items", "stepwell-kernel", "stepwell-value"],
    ),
    (
        "stepwell",
        &[
            "stepwell-asl",
            "stepwell-buckets",
            "stepwell-catalog",
            "stepwell-engine",
            "stepwell-host",
            "stepwell-journal",
            "stepwell-journal-postgres",
            "stepwell-journal-sqlite",
            "stepwell-kernel",
            "stepwell-telemetry",
            "stepwell-trial",
            "stepwell-value",
        ],
    ),
    (
        "stepwell-trial",
        &[
            "stepwell-asl",
            "stepwell-buckets",
            "stepwell-engine",
            "stepwell-kernel",
            "stepwell-value",
        ],
    ),
    (
        "stepwell-api",
        &[
            "stepwell",
            "stepwell-access",
            "stepwell-asl",
            "stepwell-catalog",
            "stepwell-kernel",
            "stepwell-telemetry",
            "stepwell-trial",
            "stepwell-value",
            "stepwell-wire",
        ],
    ),
    (
        "stepwell-cli",
        &[
            "stepwell",
            "stepwell-access",
            "stepwell-api",
            "stepwell-asl",
            "stepwell-kernel",
            "stepwell-telemetry",
            "stepwell-trial",
            "stepwell-value",
        ],
    ),
    ("stepwell-task", &["stepwell-task-macros"]),
    ("stepwell-task-macros", &[]),
    ("xtask", &[]),
];

/// Packages of tests and benches, which see everything.
const UNBOUND: &[&str] = &[
    "stepwell-tests",
    "stepwell-bench",
    "stepwell-bench-expressions",
    "stepwell-bench-api",
    "stepwell-bench-durable",
    "stepwell-bench-kernel",
    "stepwell-conformance",
    "stepwell-fuzz",
    "stepwell-soak",
    "stepwell-simulation",
    "stepwell-suite",
];

/// Crates that read no clock, draw no randomness and do not wait.
const PURE: &[&str] = &[
    "stepwell-value",
    "stepwell-items",
    "stepwell-jsonpath",
    "stepwell-jsonata",
    "stepwell-intrinsics",
    "stepwell-asl",
    "stepwell-kernel",
    "stepwell-wire",
    "stepwell-catalog",
];

/// What a pure crate is not linked with, directly or through others.
const IMPURE: &[&str] =
    &["tokio", "wasmtime", "chrono", "time", "jiff", "rand", "getrandom", "fastrand", "uuid"];

/// Dependencies that are the business of a few members alone.
const RESERVED: &[(&str, &[&str])] = &[
    ("wasmtime", &["stepwell-host"]),
    ("wasmtime-wasi", &["stepwell-host"]),
    ("rusqlite", &["stepwell-journal-sqlite"]),
    ("axum", &["stepwell-api"]),
    ("ureq", &["stepwell-cli", "stepwell-telemetry"]),
];

pub(super) fn check(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in graph.members().filter(|member| !UNBOUND.contains(&member.name.as_str())) {
        findings.extend(member_edges(graph, member));
        findings.extend(reserved(graph, member));
        if PURE.contains(&member.name.as_str()) {
            findings.extend(impurities(graph, member));
        }
    }
    findings
}

fn member_edges(graph: &Graph, member: &Package) -> Vec<Finding> {
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == member.name) else {
        let message = "this crate is not on the list of xtask/src/tidy/edges.rs; add it with the \
                       members it may depend on";
        return vec![Finding::new(&member.name, message)];
    };
    let members = graph.dependencies(member).filter(|dependency| dependency.is_member);
    let forbidden = members.filter(|dependency| !allowed.contains(&dependency.name.as_str()));
    let finding = |dependency: &Package| {
        let message = format!(
            "it may not depend on {}; move the code to where both can see it, or change the list \
             of xtask/src/tidy/edges.rs and docs/ARCHITECTURE.md together",
            dependency.name
        );
        Finding::new(&member.name, message)
    };
    forbidden.map(finding).collect()
}

fn reserved(graph: &Graph, member: &Package) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in graph.dependencies(member) {
        let owners = RESERVED.iter().find(|(name, _)| *name == dependency.name);
        if let Some((name, owners)) = owners.filter(|(_, owners)| !owners.contains(&&*member.name))
        {
            let message = format!(
                "only {} knows {name}; reach it through that crate's own types",
                owners.join(" and ")
            );
            findings.push(Finding::new(&member.name, message));
        }
    }
    findings
}

fn impurities(graph: &Graph, member: &Package) -> Vec<Finding> {
    let chains = IMPURE.iter().filter_map(|impure| graph.chain(member, impure));
    let finding = |chain: Vec<&str>| {
        let message = format!(
            "a pure crate reads no clock, draws no randomness and does not wait, but it is linked \
             by {}; take the value as an argument, or switch off the feature that brings it",
            chain.join(" > ")
        );
        Finding::new(&member.name, message)
    };
    chains.map(finding).collect()
}

#[cfg(test)]
mod tests;
