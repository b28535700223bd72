//! Where in the guest a trap happened, for people: names instead of addresses, and without the
//! frames of the machinery that turns a panic into a trap.

use std::fmt::Write as _;

use rustc_demangle::demangle;
use wasmtime::{FrameInfo, FrameSymbol, WasmBacktrace};

const FRAMES_MAX: usize = 16;
const NAME_CHARS_MAX: usize = 160;

/// What a panic passes through on its way from the line that panicked to the trap.
const PANIC_MACHINERY: [&str; 12] = [
    "abort",
    "__rust",
    "rust_panic",
    "rust_begin_unwind",
    "std::panicking::",
    "core::panicking::",
    "std::process::abort",
    "std::sys::",
    "std::alloc::",
    "alloc::alloc::",
    "alloc::raw_vec::handle_error",
    "panic_abort::",
];

/// One frame a line, the innermost first; empty when nothing is known.
pub(crate) fn describe(backtrace: &WasmBacktrace) -> String {
    let frames: Vec<String> = backtrace.frames().iter().flat_map(frame_lines).collect();
    describe_lines(&frames)
}

pub(crate) fn describe_lines(frames: &[String]) -> String {
    let inner = frames.iter().take_while(|line| is_panic_machinery(line)).count();
    // A backtrace of nothing but machinery is better than none.
    let shown = if inner == frames.len() { frames } else { &frames[inner..] };
    let mut text = String::new();
    for line in shown.iter().take(FRAMES_MAX) {
        writeln!(text, "  at {line}").expect("a string takes everything");
    }
    if shown.len() > FRAMES_MAX {
        writeln!(text, "  … and {} more", shown.len() - FRAMES_MAX)
            .expect("a string takes everything");
    }
    text
}

/// A frame, with the functions that were inlined into it before it.
fn frame_lines(frame: &FrameInfo) -> Vec<String> {
    let symbols: Vec<String> = frame.symbols().iter().filter_map(symbol_line).collect();
    if !symbols.is_empty() {
        return symbols;
    }
    let name = frame.func_name().map(readable);
    vec![name.unwrap_or_else(|| format!("function {} of the component", frame.func_index()))]
}

fn symbol_line(symbol: &FrameSymbol) -> Option<String> {
    let mut line = readable(symbol.name()?);
    if let Some(file) = symbol.file() {
        write!(line, " ({file}").expect("a string takes everything");
        if let Some(number) = symbol.line() {
            write!(line, ":{number}").expect("a string takes everything");
        }
        line.push(')');
    }
    Some(line)
}

/// A name from the guest: demangled if it is Rust's, on one line, and not too long.
fn readable(name: &str) -> String {
    let name = format!("{:#}", demangle(name));
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}

fn is_panic_machinery(line: &str) -> bool {
    let name = line.trim_start_matches(['<', '_']);
    PANIC_MACHINERY.iter().any(|prefix| line.starts_with(prefix) || name.starts_with(prefix))
}
