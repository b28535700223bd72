use serde_json::{Value, json};

use super::check;
use crate::tidy::graph::Graph;
use crate::tidy::tests::shown;

/// A workspace of `member > dependency` edges; `!` in front of a dependency makes it one of tests
/// alone, `*` one of the build. Names that begin with `stepwell` or are `xtask` are members.
fn graph(edges: &[(&str, &[&str])]) -> Graph {
    let bare = |name: &str| name.trim_start_matches(['!', '*']).to_owned();
    let mut names: Vec<String> = Vec::new();
    for (name, dependencies) in edges {
        names.push((*name).into());
        names.extend(dependencies.iter().map(|name| bare(name)));
    }
    names.sort();
    names.dedup();
    let is_member = |name: &&String| name.starts_with("stepwell") || name.as_str() == "xtask";
    let dependency = |name: &str| {
        let kind = match name.chars().next() {
            Some('!') => json!("dev"),
            Some('*') => json!("build"),
            _ => Value::Null,
        };
        json!({ "pkg": bare(name), "dep_kinds": [{ "kind": kind }] })
    };
    let nodes: Vec<_> = edges
        .iter()
        .map(|(name, dependencies)| {
            let deps: Vec<_> = dependencies.iter().map(|name| dependency(name)).collect();
            json!({ "id": name, "deps": deps })
        })
        .collect();
    let packages: Vec<_> =
        names.iter().map(|name| json!({ "id": name, "name": name, "version": "1.0.0" })).collect();
    let members: Vec<_> = names.iter().filter(is_member).collect();
    let metadata = json!({ "packages": packages, "workspace_members": members, "resolve": { "nodes": nodes } });
    Graph::from_metadata(&metadata).unwrap()
}

#[test]
fn edges_on_the_list_are_free() {
    let graph = graph(&[
        ("stepwell-value", &["indexmap", "!rand"]),
        ("stepwell-kernel", &["stepwell-value", "!stepwell-host"]),
        ("stepwell-host", &["stepwell-value", "wasmtime", "tokio"]),
        ("stepwell", &["stepwell-host", "stepwell-kernel", "tokio"]),
        ("stepwell-tests", &["stepwell", "wasmtime"]),
    ]);
    assert_eq!(shown(&check(&graph)), Vec::<String>::new());
}

#[test]
fn another_edge_is_a_finding() {
    let expected = ["stepwell-engine: it may not depend on stepwell-host; move the code to where \
                     both can see it, or change the list of xtask/src/tidy/edges.rs and \
                     docs/ARCHITECTURE.md together"];
    for dependency in ["stepwell-host", "*stepwell-host"] {
        let graph = graph(&[("stepwell-engine", &["stepwell-value", dependency])]);
        let expected: Vec<String> = expected.iter().map(|&text| text.into()).collect();
        let about_engine = shown(&check(&graph));
        assert_eq!(about_engine, expected);
    }
}

#[test]
fn a_crate_that_is_not_on_the_list_is_a_finding() {
    let graph = graph(&[("stepwell-surprise", &[])]);
    assert_eq!(
        shown(&check(&graph)),
        ["stepwell-surprise: this crate is not on the list of xtask/src/tidy/edges.rs; add it \
          with the members it may depend on"]
    );
}

#[test]
fn a_clock_in_a_pure_crate_is_found_through_others() {
    let graph = graph(&[
        ("stepwell-kernel", &["stepwell-asl"]),
        ("stepwell-asl", &["nice", "*tokio"]),
        ("nice", &["nicer", "!rand"]),
        ("nicer", &["chrono"]),
    ]);
    let remedy = "take the value as an argument, or switch off the feature that brings it";
    let rule = "a pure crate reads no clock, draws no randomness and does not wait, but it is \
                linked by";
    assert_eq!(
        shown(&check(&graph)),
        [
            format!("stepwell-asl: {rule} stepwell-asl > nice > nicer > chrono; {remedy}"),
            format!(
                "stepwell-kernel: {rule} stepwell-kernel > stepwell-asl > nice > nicer > chrono; \
                 {remedy}"
            ),
        ]
    );
}

#[test]
fn wasmtime_is_the_hosts_alone() {
    let graph = graph(&[("stepwell-cli", &["wasmtime"])]);
    assert_eq!(
        shown(&check(&graph)),
        [
            "stepwell-cli: only stepwell-host knows wasmtime; reach it through that crate's own types"
        ]
    );
}

#[test]
fn metadata_without_its_parts_is_refused() {
    let error = Graph::from_metadata(&json!({ "packages": [] })).unwrap_err();
    assert_eq!(error.to_string(), "the metadata has no list `workspace_members`");
}
