//! Reads a file of delimited text, puts its rows into batches, and writes what became of them.
//!
//! `cargo run -p stepwell-items --example ratings [FILE]`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::fs::File;
use std::io;
use std::num::NonZeroU64;

use stepwell_items::{
    Batcher, Child, ChildResult, CsvConfig, Delimiter, Ending, Export, Format, Headers, Items,
    OutputType, Place, ReaderConfig, Target, Transformation, WriterConfig,
};
use stepwell_value::{Object, Payload, Str, Value};

const RATINGS: &str = "user,film,stars\n1,\"Rome, Open City\",4\n2,Tokyo Story,5\n3,Ordet,5\n";

/// Files that are shown when they are whole.
struct Shown;

impl Target for Shown {
    type File = Vec<u8>;

    fn open(&mut self, _key: &str) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn close(&mut self, key: &str, file: Vec<u8>) -> io::Result<()> {
        println!("{key}:\n{}", String::from_utf8_lossy(&file));
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let csv = CsvConfig { headers: Headers::FirstRow, delimiter: Delimiter::Comma };
    let config = ReaderConfig::new(Format::Csv(csv));
    if let Some(path) = std::env::args_os().nth(1) {
        return count(Items::new(config, File::open(path)?));
    }
    let items = Items::new(config, RATINGS.as_bytes());
    let batch_input = Value::from([("currency", "stars")].into_iter().collect::<Object>());
    let items_max = NonZeroU64::new(2);
    let batcher = Batcher { items_max, bytes_max: None, batch_input: Some(batch_input) };

    let map_run_arn = Str::from("arn:aws:states:local:000000000000:mapRun:films/Map:0001");
    let place = Place { bucket: Str::from("results"), prefix: Str::from("ratings"), map_run_arn };
    let (transformation, output_type) = (Transformation::Flatten, OutputType::JsonLines);
    let config = WriterConfig { transformation, output_type, ..WriterConfig::default() };
    let mut export = Export::new(place.clone(), config, Shown);
    for (nth, batch) in batcher.batches(items).enumerate() {
        let input = batch?.input;
        println!("child {nth} is started with {input}");
        let output = input.get("Items").cloned().unwrap_or_default();
        export.write(&succeeded(&nth.to_string(), input, output))?;
    }
    export.finish()?;
    println!("the state gives {}", place.state_output());
    Ok(())
}

/// A child that gives back what it was given.
fn succeeded(name: &str, input: Value, output: Value) -> ChildResult {
    let arn = |kind: &str| format!("arn:aws:states:local:000000000000:{kind}:films/Map");
    let child = Child {
        execution_arn: Str::from(format!("{}:{name}", arn("execution"))),
        name: Str::from(name),
        state_machine_arn: Str::from(arn("stateMachine")),
        start_date: Str::from("2026-01-01T00:00:00Z"),
        stop_date: Str::from("2026-01-01T00:00:01Z"),
        redrive_count: 0,
    };
    let (input, output) = (Payload::from(input), Payload::from(output));
    ChildResult { input, ending: Ending::Succeeded { child, output } }
}

/// Only reads, for files that are too long to be shown.
fn count<E: Error + 'static>(
    items: impl Iterator<Item = Result<Value, E>>,
) -> Result<(), Box<dyn Error>> {
    let mut count = 0_u64;
    for item in items {
        item?;
        count += 1;
    }
    println!("{count} items");
    Ok(())
}
