//! Rows of figures, measured in rounds that alternate.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;

const ROUNDS: usize = 9;
/// How long one engine works on one row in one round.
const SLICE: Duration = Duration::from_millis(10);

/// One piece of work, by every engine that does it.
pub(crate) struct Row<'a> {
    name: String,
    cells: Vec<Cell<'a>>,
}

struct Cell<'a> {
    engine: &'static str,
    /// One round: the microseconds that the work took.
    measure: Box<dyn FnMut() -> Result<f64> + 'a>,
    rounds: Vec<f64>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), cells: Vec::new() }
    }

    /// Adds an engine that works in this process.
    pub(crate) fn engine<T>(self, engine: &'static str, mut once: impl FnMut() -> T + 'a) -> Self {
        self.measured(engine, move || Ok(time(|| drop(black_box(once())))))
    }

    /// Adds an engine that takes its own time.
    pub(crate) fn measured(
        mut self,
        engine: &'static str,
        measure: impl FnMut() -> Result<f64> + 'a,
    ) -> Self {
        self.cells.push(Cell { engine, measure: Box::new(measure), rounds: Vec::new() });
        self
    }
}

/// The microseconds of one call, over as many as fit into a slice.
fn time(mut once: impl FnMut()) -> f64 {
    let (start, mut calls, mut batch) = (Instant::now(), 0_u32, 1_u32);
    loop {
        // Looking at the clock takes as long as the shortest work: it is done ever less often.
        for _ in 0..batch {
            once();
        }
        calls += batch;
        let elapsed = start.elapsed();
        if elapsed >= SLICE {
            return elapsed.as_secs_f64() * 1e6 / f64::from(calls);
        }
        if elapsed < SLICE / 4 {
            batch = calls;
        }
    }
}

pub(crate) fn run(rows: &mut [Row<'_>]) -> Result<()> {
    for round in 0..=ROUNDS {
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
            let time = (cell.measure)()?;
            // The first round warms caches.
            if round > 0 {
                cell.rounds.push(time);
            }
        }
    }
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.rounds.sort_by(f64::total_cmp);
    }
    Ok(())
}

/// Prints a table in Markdown, with a column for every engine of any row.
pub(crate) fn print(rows: &[Row<'_>]) {
    let mut engines = Vec::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        if !engines.contains(&cell.engine) {
            engines.push(cell.engine);
        }
    }
    println!("| | {} |", engines.join(" | "));
    println!("|---{}|", "|---".repeat(engines.len()));
    for row in rows {
        let figures = engines.iter().map(|engine| {
            let cell = row.cells.iter().find(|cell| cell.engine == *engine);
            cell.map_or_else(String::new, Cell::figures)
        });
        println!("| {} | {} |", row.name, figures.collect::<Vec<_>>().join(" | "));
    }
}

impl Cell<'_> {
    fn figures(&self) -> String {
        let at = |nth: usize| self.rounds.get(nth).copied().unwrap_or(f64::NAN);
        format!("{} ({})", digits(at(self.rounds.len() / 2)), digits(at(0)))
    }
}

/// Three digits that count.
fn digits(micros: f64) -> String {
    match micros {
        ..1.0 => format!("{micros:.3}"),
        ..10.0 => format!("{micros:.2}"),
        ..100.0 => format!("{micros:.1}"),
        _ => format!("{micros:.0}"),
    }
}
