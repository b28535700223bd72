//! Things that a sandbox has to live with.

use std::hint::black_box;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

pub fn print(stdout: &str, stderr: &str) -> Value {
    println!("{stdout}");
    eprintln!("{stderr}");
    json!(null)
}

pub fn print_unfinished(stdout: &str) -> Value {
    use std::io::Write;
    print!("{stdout}");
    std::io::stdout().flush().expect("standard output is there");
    json!(null)
}

/// How often this instance was called.
pub fn count_in_memory() -> Value {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    json!(CALLS.fetch_add(1, Ordering::Relaxed) + 1)
}

pub fn run_for_ever() -> Value {
    let mut rounds = 0_u64;
    loop {
        rounds = black_box(rounds.wrapping_add(1));
    }
}

pub fn sleep(seconds: u64) -> Value {
    std::thread::sleep(Duration::from_secs(seconds));
    json!("slept")
}

pub fn eat_memory_in_steps() -> Value {
    let mut eaten: Vec<Vec<u8>> = Vec::new();
    loop {
        eaten.push(black_box(vec![1; 1 << 20]));
    }
}

pub fn eat_memory_at_once(bytes: usize) -> Value {
    let eaten = black_box(vec![1_u8; bytes]);
    json!(eaten.len())
}

pub fn grow_memory(pages: usize) -> Value {
    json!(core::arch::wasm32::memory_grow::<0>(pages))
}

#[expect(unconditional_recursion, reason = "it is meant to end with the stack")]
pub fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth + 1))) + depth
}

pub fn flood_stdout(lines: u64) -> Value {
    for _ in 0..lines {
        println!("{}", "x".repeat(100));
    }
    json!(null)
}

#[inline(never)]
pub fn trap() -> Value {
    core::arch::wasm32::unreachable()
}

#[inline(never)]
pub fn read_out_of_bounds() -> Value {
    let nowhere = black_box(0xffff_fff0_usize) as *const u64;
    // SAFETY: there is none: the address lies outside the memory, which is the point.
    json!(unsafe { nowhere.read_volatile() })
}

pub fn connect(address: &str) -> Value {
    outcome(TcpStream::connect(address).map(|_| "connected"))
}

pub fn resolve(host: &str) -> Value {
    outcome((host, 80).to_socket_addrs().map(|_| "resolved"))
}

/// What became of something that may be refused.
pub fn outcome(result: std::io::Result<impl Into<Value>>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value.into() }),
        Err(error) => json!({ "err": error.kind().to_string() }),
    }
}
