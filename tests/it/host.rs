//! The WebAssembly host, seen from outside: real guests in a real registry.

mod cache;
mod calls;
mod endings;
mod grants;
mod logs;
mod prepare;
