//! The compile cache: used when it is there, and only when nobody else can have written it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use stepwell_host::{CacheProblem, Host, Origin};
use stepwell_tests::guests;
use stepwell_tests::tasks::{TaskDirectory, TaskHost, task_ref};

fn tasks() -> (TaskDirectory, PathBuf) {
    let tasks = TaskDirectory::with("echo", guests::echo());
    let cache = tasks.beside("cache");
    (tasks, cache)
}

fn host(tasks: &TaskDirectory, cache: &Path) -> TaskHost {
    tasks.host_with(|builder| builder.cache_dir(cache))
}

async fn origin(tasks: &TaskDirectory, cache: &Path) -> Origin {
    let host = host(tasks, cache);
    assert!(host.host.cache_problem().is_none());
    assert_eq!(host.call("echo", "1").await.as_deref(), Ok("1"));
    let prepared = host.prepare("echo").await.unwrap();
    assert!(prepared.cache_problem().is_none());
    prepared.origin()
}

fn only_file(cache: &Path) -> PathBuf {
    let files: Vec<PathBuf> =
        fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("one file was expected in the cache: {files:?}") };
    file.clone()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_component_is_compiled_once_for_all_hosts() {
    let (tasks, cache) = tasks();
    assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
    assert_eq!(mode(&cache), 0o700);
    assert_eq!(mode(&only_file(&cache)), 0o600);
    assert_eq!(origin(&tasks, &cache).await, Origin::Cache);
}

#[tokio::test]
async fn without_a_cache_nothing_is_kept() {
    let (tasks, cache) = tasks();
    let host = Host::builder(tasks.registry()).build().unwrap();
    for _ in 0..2 {
        let prepared = host.prepare(&task_ref("echo")).await.unwrap();
        assert_eq!(prepared.origin(), Origin::Compiled);
        assert!(prepared.cache_problem().is_none());
    }
    assert!(!cache.exists());
}

#[tokio::test]
async fn a_directory_that_others_can_write_is_not_trusted() {
    let (tasks, cache) = tasks();
    assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
    fs::set_permissions(&cache, Permissions::from_mode(0o770)).unwrap();
    let host = host(&tasks, &cache);
    let problem = host.host.cache_problem().expect("the cache is not used");
    assert!(matches!(problem, CacheProblem::Writable { mode: 0o770, .. }), "{problem}");
    assert!(problem.to_string().contains("chmod go-w"), "{problem}");
    assert_eq!(host.call("echo", "1").await.as_deref(), Ok("1"));
    assert_eq!(host.prepare("echo").await.unwrap().origin(), Origin::Compiled);
}

#[tokio::test]
async fn a_file_that_others_can_write_is_not_trusted() {
    let (tasks, cache) = tasks();
    assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
    fs::set_permissions(only_file(&cache), Permissions::from_mode(0o602)).unwrap();
    assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
    assert_eq!(mode(&only_file(&cache)), 0o600, "the file was replaced");
    assert_eq!(origin(&tasks, &cache).await, Origin::Cache);
}

#[tokio::test]
async fn a_damaged_file_is_replaced() {
    let (tasks, cache) = tasks();
    assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
    let file = only_file(&cache);
    let sound = fs::read(&file).unwrap();
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    for damaged in [&flipped, &sound[..sound.len() / 2], &[]] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(origin(&tasks, &cache).await, Origin::Compiled);
        assert_eq!(fs::read(&file).unwrap(), sound);
    }
}

#[tokio::test]
async fn a_cache_that_cannot_be_opened_is_said_and_done_without() {
    let (tasks, cache) = tasks();
    fs::write(&cache, "a file").unwrap();
    let host = host(&tasks, &cache);
    let problem = host.host.cache_problem().expect("the cache is not used");
    assert!(matches!(problem, CacheProblem::Open { .. }), "{problem}");
    assert_eq!(host.call("echo", "1").await.as_deref(), Ok("1"));
}

#[tokio::test]
async fn a_component_that_cannot_be_kept_runs_all_the_same() {
    let (tasks, cache) = tasks();
    let host = host(&tasks, &cache);
    fs::remove_dir(&cache).unwrap();
    let prepared = host.prepare("echo").await.unwrap();
    let problem = prepared.cache_problem().expect("the directory is gone");
    assert!(matches!(problem, CacheProblem::Write { .. }), "{problem}");
    assert_eq!(host.call("echo", "1").await.as_deref(), Ok("1"));
}
