//! What the kernel costs, and the reading of a definition: no tasks, no threads, no disk.
//!
//! Each figure is of a whole run that ends in memory: deciding, evaluating, and committing each
//! batch to a vector of events, as the in-memory journal keeps them. What is compared with each
//! other is measured in rounds that alternate.
#![expect(clippy::print_stdout, reason = "printing is what the program is for")]

mod definitions;
mod execution;
mod rounds;

fn main() {
    definitions::measure();
    println!();
    execution::measure_pass();
    println!();
    execution::measure_map();
}
