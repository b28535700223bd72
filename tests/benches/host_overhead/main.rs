//! What a call of the host costs above wasmtime alone.
//!
//! Three ways to run the same component, each in a fresh instance, on one thread: wasmtime with a
//! store that holds next to nothing, the host with a prepared task, and the host with a task's
//! name. All three use the engine of the same host. Processor time is what counts, and the best
//! batch of many, so that other work on the machine disturbs little.
//!
//! `cargo bench -p stepwell-tests --bench host_overhead`; without `--bench` it runs one short round.
#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::time::{Duration, Instant};

use stepwell_host::{Host, Origin};
use stepwell_tests::guests;
use stepwell_tests::tasks::{TaskDirectory, invocation, task_ref};
use tokio::runtime::Runtime;

mod bare;

struct Plan {
    batches: u32,
    calls: u32,
}

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let plan =
        if is_bench { Plan { batches: 200, calls: 500 } } else { Plan { batches: 2, calls: 5 } };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let tasks = TaskDirectory::with("echo", guests::echo());
    tasks.install("hostile.wasm", guests::hostile());
    let build = || Host::builder(tasks.registry()).build().expect("the host can be built");
    let host = build();
    for input in [r#""hi""#.to_owned(), format!("\"{}\"", "x".repeat(100_000))] {
        println!("input of {} bytes", input.len());
        calls(&runtime, &plan, &host, &input);
    }
    for task in ["echo", "hostile"] {
        prepare(&runtime, &tasks, task);
    }
}

fn calls(runtime: &Runtime, plan: &Plan, host: &Host, input: &str) {
    let bare = bare::Bare::new(host.engine(), guests::echo());
    let task = task_ref("echo");
    let prepared = runtime.block_on(host.prepare(&task)).expect("the guest is a task");
    let call = invocation(input);
    let mut best = [Duration::MAX; 3];
    // In turns, so that a disturbance meets all of them.
    for _ in 0..plan.batches {
        best[0] = best[0].min(runtime.block_on(batch(plan, async || {
            bare.call(input).await;
        })));
        best[1] = best[1].min(runtime.block_on(batch(plan, async || {
            host.call_prepared(&prepared, call.clone()).await.expect("the guest succeeds");
        })));
        best[2] = best[2].min(runtime.block_on(batch(plan, async || {
            host.call(&task, call.clone()).await.expect("the guest succeeds");
        })));
    }
    let [bare, prepared, named] = best.map(|time| time.as_secs_f64() * 1e6);
    println!("  wasmtime alone        {bare:8.2} us");
    println!("  host, prepared task   {prepared:8.2} us   {:.3} x", prepared / bare);
    println!("  host, task by name    {named:8.2} us   {:.3} x", named / bare);
}

/// The processor time of one call, on average over a batch.
async fn batch(plan: &Plan, call: impl AsyncFn()) -> Duration {
    let started = thread_time();
    for _ in 0..plan.calls {
        call().await;
    }
    thread_time().saturating_sub(started) / plan.calls
}

fn prepare(runtime: &Runtime, tasks: &TaskDirectory, task: &str) {
    let cache = tasks.beside("cache");
    for expected in [Origin::Compiled, Origin::Cache] {
        let host = Host::builder(tasks.registry()).cache_dir(&cache).build();
        let host = host.expect("the host can be built");
        let started = Instant::now();
        let prepared = runtime.block_on(host.prepare(&task_ref(task))).expect("it is a task");
        let time = started.elapsed().as_secs_f64() * 1e3;
        assert_eq!(prepared.origin(), expected);
        println!("prepare `{task}`, {expected:?}: {time:.2} ms");
    }
}

fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).expect("below 10^9"))
}
