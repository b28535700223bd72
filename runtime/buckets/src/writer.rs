//! The results of a map run, as files.

use std::io;
use std::sync::Arc;

use stepwell_asl::{Distributed, OutputType, Transformation};
use stepwell_engine::ItemResult;
use stepwell_items as items;
use stepwell_items::{Child, ChildResult, Ending, Export, Location, Place, Target, WriterConfig};
use stepwell_kernel::{Failure, MapRunCall, Outcome, error_name};
use stepwell_value::{Payload, Str, Value};

use crate::arguments;
use crate::store::{NewObject, Store};

/// Writes all results and then the manifest. Gives what the Map state gives in their place.
pub fn write(
    store: &Arc<dyn Store>,
    mode: &Distributed,
    run: &MapRunCall,
    results: &[ItemResult],
) -> Result<Payload, Failure> {
    let failed = |cause: String| Failure::new(error_name::RESULT_WRITER_FAILED, cause);
    let arguments = run.writer.as_ref().map_or(&Value::Null, Payload::value);
    let place = place(arguments, run).map_err(failed)?;
    let objects = Objects { store: Arc::clone(store), bucket: Str::clone(&place.bucket) };
    let mut export = Export::new(place.clone(), config(mode), objects);
    let written = results.iter().try_for_each(|result| export.write(&child_result(result)));
    let finished = written.and_then(|()| export.finish());
    finished.map_err(|error| failed(error.to_string()))?;
    Ok(Payload::from(place.state_output()))
}

fn place(arguments: &Value, run: &MapRunCall) -> Result<Place, String> {
    let bucket = arguments::required(arguments, "Bucket")?;
    let prefix = arguments::optional(arguments, "Prefix")?.unwrap_or_default();
    Ok(Place { bucket, prefix, map_run_arn: Str::clone(&run.map_run_arn) })
}

fn config(mode: &Distributed) -> WriterConfig {
    let Some(writer) = &mode.writer else { return WriterConfig::default() };
    let transformation = match writer.transformation {
        Transformation::None => items::Transformation::None,
        Transformation::Compact => items::Transformation::Compact,
        Transformation::Flatten => items::Transformation::Flatten,
    };
    let output_type = match writer.output_type {
        OutputType::Json => items::OutputType::Json,
        OutputType::JsonLines => items::OutputType::JsonLines,
    };
    WriterConfig { transformation, output_type, ..WriterConfig::default() }
}

fn child_result(result: &ItemResult) -> ChildResult {
    let identity = &result.child.identity;
    let child = Child {
        execution_arn: Str::clone(&identity.execution_arn),
        name: Str::clone(&identity.execution_name),
        state_machine_arn: Str::clone(&identity.state_machine_arn),
        start_date: result.started_at.to_string().into(),
        stop_date: result.ended_at.to_string().into(),
        redrive_count: 0,
    };
    let ending = match result.outcome.clone() {
        Outcome::Succeeded { output } => Ending::Succeeded { child, output },
        Outcome::Failed { failure: Failure { error, cause } } => {
            Ending::Failed { child, error, cause }
        }
        Outcome::TimedOut { failure: Failure { error, cause } } => {
            Ending::TimedOut { child, error, cause }
        }
        Outcome::Aborted { failure: Failure { error, cause } } => {
            Ending::Aborted { child, error, cause }
        }
    };
    ChildResult { input: result.child.input.clone(), ending }
}

/// The objects of a bucket, as files to write.
struct Objects {
    store: Arc<dyn Store>,
    bucket: Str,
}

impl Target for Objects {
    type File = Box<dyn NewObject>;

    fn open(&mut self, key: &str) -> io::Result<Self::File> {
        let at = Location { bucket: Str::clone(&self.bucket), key: Str::from(key) };
        self.store.create(&at).map_err(io::Error::other)
    }

    fn close(&mut self, _key: &str, file: Self::File) -> io::Result<()> {
        file.complete()
    }
}
