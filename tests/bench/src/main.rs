//! Prints what a state costs, beside what it is built on, in one run.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use stepwell_asl::{Definition, Timestamp};
use stepwell_engine::{Engine, TaskRequest, Tasks};
use stepwell_kernel::{Entropy, Env, Execution, Failure, Identity, Input, Limits};
use stepwell_value::Payload;

struct Echo;
impl Tasks for Echo {
    fn run(&self, request: TaskRequest) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let input = request.call.call.input.clone();
        Box::pin(async move { Ok(input) })
    }
}

fn chain(state: &str, length: usize) -> Arc<Definition> {
    let states: Vec<String> = (0..length)
        .map(|nth| {
            let next = if nth + 1 == length { r#""End":true"#.into() } else { format!(r#""Next":"S{}""#, nth + 1) };
            format!(r#""S{nth}":{{{state},{next}}}"#)
        })
        .collect();
    let text = format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","));
    Arc::new(Definition::parse(&text).expect("the bench's definition is valid"))
}
fn identity() -> Identity {
    Identity {
        execution_arn: "arn:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
    }
}
struct Zero;
impl Entropy for Zero { fn next_u64(&mut self) -> u64 { 0 } }

fn kernel_pass() -> Duration {
    let d = chain(r#""Type":"Pass""#, 1000);
    let limits = Limits { decisions_per_step: 100_000, ..Limits::default() };
    let mut best = Duration::MAX;
    for _ in 0..200 {
        let mut e = Execution::default();
        let t = Instant::now();
        let b = e.handle(&d, Input::Start { identity: identity(), input: Payload::parse("{}").expect("x") }, Env { now: Timestamp::default(), entropy: &mut Zero, limits: &limits });
        best = best.min(t.elapsed() / 1000);
        drop(b);
    }
    best
}

async fn engine(state: &str, length: usize) -> Duration {
    let engine = Engine::builder(Arc::new(Echo)).start();
    let d = chain(state, length);
    let mut best = Duration::MAX;
    for _ in 0..200 {
        let t = Instant::now();
        let mut h = engine.start(Arc::clone(&d), identity(), Payload::parse("{}").expect("x")).await.expect("y");
        h.outcome().await.expect("z");
        best = best.min(t.elapsed() / u32::try_from(length).expect("w"));
        engine.forget(h.execution);
    }
    best
}

#[tokio::main]
async fn main() {
    println!("kernel pass {:?}", kernel_pass());
    println!("engine pass {:?}", engine(r#""Type":"Pass""#, 1000).await);
    println!("engine task {:?}", engine(r#""Type":"Task","Resource":"echo""#, 1000).await);
}
